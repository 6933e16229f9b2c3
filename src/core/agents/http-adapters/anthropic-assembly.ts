import type { Json, JsonMap } from '../../../shared/json.ts';
import { paidCalls, type TokenUsage } from '../../../shared/model/agent.ts';
import { readContent, textPiece, thoughtsIn } from '../output/answer-content.ts';
import { repeatableName } from './function-names.ts';
import { countIn, listIn, mapIn, textIn } from './json-reading.ts';
import type { Assembly, ModelTurn, Say, WantedCall } from './provider.ts';
import { readArguments } from './tool-arguments.ts';

/** A content block as its deltas build it. */
interface Block {
  readonly start: JsonMap;
  /** Text or thinking. */
  text: string;
  /** Arguments as they came: with the start of the block, in pieces of text, or both. */
  readonly written: Json[];
  signature: string;
}

/**
 * Puts the events `message_start` to `message_stop` together. `answerFunction` is the function whose arguments are the answer; null =
 * the answer is text.
 */
export function assembleAnthropic(say: Say, answerFunction: string | null): Assembly {
  const blocks = new Map<number, Block>();
  const reading: Reading = { blocks, say, answerFunction };
  let used: JsonMap | null = null;
  let model: string | null = null;
  let stop: string | null = null;
  let isOver = false;
  const begin = (message: JsonMap): void => {
    model = textIn(message.model) || model;
    used = mapIn(message.usage);
  };
  return {
    take: (event) => {
      switch (event.type) {
        case 'message_start':
          begin(mapIn(event.message));
          break;
        case 'message':
          // A server that does not stream sends the whole message.
          begin(event);
          for (const [index, block] of listIn(event.content).entries())
            openBlock({ index, content_block: block }, reading);
          stop = textIn(event.stop_reason) || stop;
          isOver = true;
          break;
        case 'content_block_start':
          openBlock(event, reading);
          break;
        case 'content_block_delta':
          takeDelta(event, reading);
          break;
        case 'message_delta':
          stop = textIn(mapIn(event.delta).stop_reason) || stop;
          // Counts are the whole of the message, not what is new; a null says nothing.
          used = { ...used, ...withoutNulls(mapIn(event.usage)) };
          break;
        case 'message_stop':
          isOver = true;
          break;
      }
    },
    // The reason of its end comes when everything is said; some servers send nothing after it.
    isComplete: () => isOver || stop !== null,
    usage: () => (used === null ? null : usageOf(used)),
    turn: () => ({ ...turnOf([...blocks.values()], stop, answerFunction), model }),
  };
}

interface Reading {
  readonly blocks: Map<number, Block>;
  readonly say: Say;
  readonly answerFunction: string | null;
}

/** A block may hold all or some of what it says from its start. */
function openBlock(event: JsonMap, reading: Reading): void {
  const start = mapIn(event.content_block);
  const { type, input } = start;
  const text = type === 'thinking' ? thoughtsIn(start.thinking) : type === 'text' ? textPiece(start.text, 'text') : '';
  const written = type !== 'tool_use' || input === undefined || input === null ? [] : [input];
  const block: Block = { start, text: '', written, signature: textIn(start.signature) };
  reading.blocks.set(countIn(event.index) ?? reading.blocks.size, block);
  const isAnswer = type === 'tool_use' && start.name === reading.answerFunction;
  if (isAnswer && Object.keys(mapIn(input)).length > 0) reading.say.text(JSON.stringify(input));
  addText(block, text, reading);
}

function takeDelta(event: JsonMap, reading: Reading): void {
  const block = reading.blocks.get(countIn(event.index) ?? reading.blocks.size - 1);
  if (block === undefined) return;
  const delta = mapIn(event.delta);
  block.signature += textIn(delta.signature);
  const { partial_json: json } = delta;
  if (json !== undefined && json !== null && json !== '') {
    block.written.push(json);
    if (block.start.name === reading.answerFunction)
      reading.say.text(typeof json === 'string' ? json : JSON.stringify(json));
  }
  const text = block.start.type === 'thinking' ? thoughtsIn(delta.thinking) : readContent(delta.text).text;
  addText(block, text, reading);
}

function addText(block: Block, text: string, { say }: Reading): void {
  if (text === '') return;
  block.text += text;
  if (block.start.type === 'text') say.text(text);
  else if (block.start.type === 'thinking') say.thinking(text);
}

function turnOf(
  blocks: readonly Block[],
  stop: string | null,
  answerFunction: string | null,
): Omit<ModelTurn, 'model'> {
  const calls = blocks.filter(({ start }) => start.type === 'tool_use').map(callOf);
  const answer = calls.find((call) => call.name === answerFunction) ?? null;
  const said = blocks.filter(({ start }) => start.type === 'text').map(({ text }) => text);
  const written = blocks.find(({ start }) => start.type === 'tool_use' && start.name === answerFunction)?.written ?? [];
  return {
    text: answer === null ? said.join('') : textOf(answer, written),
    // The answer ends the talk; what else is asked for beside it would come too late for it.
    calls: answer === null ? calls : [],
    stop: stop === 'refusal' ? 'refused' : stop === 'max_tokens' ? 'cut' : 'end',
    ...(answer?.arguments.problem === null
      ? { structured: answer.arguments.input, notices: answer.arguments.notices }
      : {}),
    message: { role: 'assistant', content: blocks.flatMap(repeatBlock) },
  };
}

const callOf = ({ start, written }: Block): WantedCall => ({
  id: textIn(start.id),
  name: textIn(start.name),
  arguments: readArguments(written),
});

/** The answer as text: as it was written where that is one. */
function textOf({ arguments: { input } }: WantedCall, written: readonly Json[]): string {
  const texts = written.filter((one) => typeof one === 'string').join('');
  return texts === '' && input !== null ? JSON.stringify(input) : texts;
}

/** A block as the next request repeats it; thinking has to come back with its signature. */
function repeatBlock(block: Block): readonly JsonMap[] {
  const { start, text, written, signature } = block;
  switch (start.type) {
    case 'text':
      return text === '' ? [] : [{ type: 'text', text }];
    case 'thinking':
      return [{ type: 'thinking', thinking: text, signature }];
    case 'tool_use':
      return [
        {
          type: 'tool_use',
          id: textIn(start.id),
          name: repeatableName(textIn(start.name)),
          input: readArguments(written).input ?? {},
        },
      ];
    default:
      return [start];
  }
}

const withoutNulls = (map: JsonMap): JsonMap =>
  Object.fromEntries(Object.entries(map).filter(([, value]) => value !== null));

/** What is read from and written to the cache is not part of `input_tokens` there; here it is (SPEC §11). */
function usageOf(used: JsonMap): TokenUsage | null {
  const [input, output] = [countIn(used.input_tokens), countIn(used.output_tokens)];
  if (input === null && output === null) return null;
  const cached = countIn(used.cache_read_input_tokens) ?? 0;
  const written = countIn(used.cache_creation_input_tokens) ?? 0;
  const reasoning = countIn(mapIn(used.output_tokens_details).thinking_tokens) ?? 0;
  return {
    inputTokens: (input ?? 0) + cached + written,
    outputTokens: output ?? 0,
    cachedTokens: cached,
    cacheWriteTokens: written,
    reasoningTokens: Math.min(reasoning, output ?? 0),
    isEstimated: input === null || output === null,
    ...paidCalls(Object.values(mapIn(used.server_tool_use)).reduce<number>((sum, one) => sum + (countIn(one) ?? 0), 0)),
  };
}
