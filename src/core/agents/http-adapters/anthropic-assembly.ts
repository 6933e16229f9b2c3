import type { JsonMap } from '../../../shared/json.ts';
import type { TokenUsage } from '../../../shared/model/agent.ts';
import { repeatableName } from './function-names.ts';
import { countIn, mapIn, textIn } from './json-reading.ts';
import type { Assembly, ModelTurn, Say, WantedCall } from './provider.ts';
import { parseArguments } from './tool-arguments.ts';

/** A content block as its deltas build it. */
interface Block {
  readonly start: JsonMap;
  /** Text, thinking or arguments. */
  text: string;
  signature: string;
}

/**
 * Puts the events `message_start` to `message_stop` together. `answerFunction` is the function whose arguments are the answer; null =
 * the answer is text.
 */
export function assembleAnthropic(say: Say, answerFunction: string | null): Assembly {
  const blocks = new Map<number, Block>();
  let used: JsonMap | null = null;
  let model: string | null = null;
  let stop: string | null = null;
  let isComplete = false;
  return {
    take: (event) => {
      switch (event.type) {
        case 'message_start': {
          const message = mapIn(event.message);
          model = textIn(message.model) || null;
          used = mapIn(message.usage);
          break;
        }
        case 'content_block_start':
          openBlock(event, blocks);
          break;
        case 'content_block_delta':
          takeDelta(event, blocks, { say, answerFunction });
          break;
        case 'message_delta':
          stop = textIn(mapIn(event.delta).stop_reason) || stop;
          // Counts are the whole of the message, not what is new; a null says nothing.
          used = { ...used, ...withoutNulls(mapIn(event.usage)) };
          break;
        case 'message_stop':
          isComplete = true;
          break;
      }
    },
    isComplete: () => isComplete,
    usage: () => (used === null ? null : usageOf(used)),
    turn: () => ({ ...turnOf([...blocks.values()], stop, answerFunction), model }),
  };
}

function openBlock(event: JsonMap, blocks: Map<number, Block>): void {
  const start = mapIn(event.content_block);
  blocks.set(countIn(event.index) ?? blocks.size, { start, text: textIn(start.text), signature: '' });
}

function takeDelta(
  event: JsonMap,
  blocks: ReadonlyMap<number, Block>,
  { say, answerFunction }: { readonly say: Say; readonly answerFunction: string | null },
): void {
  const block = blocks.get(countIn(event.index) ?? -1);
  if (block === undefined) return;
  const delta = mapIn(event.delta);
  const piece = textIn(delta.text) + textIn(delta.thinking) + textIn(delta.partial_json);
  block.text += piece;
  block.signature += textIn(delta.signature);
  const isAnswer = block.start.type === 'tool_use' && block.start.name === answerFunction;
  if (piece === '') return;
  if (block.start.type === 'text' || isAnswer) say.text(piece);
  else if (block.start.type === 'thinking') say.thinking(piece);
}

function turnOf(
  blocks: readonly Block[],
  stop: string | null,
  answerFunction: string | null,
): Omit<ModelTurn, 'model'> {
  const calls = blocks.filter(({ start }) => start.type === 'tool_use').map(callOf);
  const answer = calls.find((call) => call.name === answerFunction) ?? null;
  const said = blocks.filter(({ start }) => start.type === 'text').map(({ text }) => text);
  const written = blocks.find(({ start }) => start.type === 'tool_use' && start.name === answerFunction)?.text ?? '';
  return {
    text: answer === null ? said.join('') : written,
    // The answer ends the talk; what else is asked for beside it would come too late for it.
    calls: answer === null ? calls : [],
    stop: stop === 'refusal' ? 'refused' : stop === 'max_tokens' ? 'cut' : 'end',
    ...(answer?.arguments.problem === null ? { structured: answer.arguments.input } : {}),
    message: { role: 'assistant', content: blocks.flatMap(repeatBlock) },
  };
}

const callOf = ({ start, text }: Block): WantedCall => ({
  id: textIn(start.id),
  name: textIn(start.name),
  arguments: parseArguments(text),
});

/** A block as the next request repeats it; thinking has to come back with its signature. */
function repeatBlock(block: Block): readonly JsonMap[] {
  const { start, text, signature } = block;
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
          input: parseArguments(text).input ?? {},
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
  };
}
