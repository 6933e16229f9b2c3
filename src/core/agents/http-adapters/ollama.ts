import { AppError } from '../../../shared/errors.ts';
import type { JsonMap } from '../../../shared/json.ts';
import type { TokenUsage } from '../../../shared/model/agent.ts';
import { createNdjsonReader } from '../../streams/index.ts';
import { DEFAULT_CAPABILITIES } from '../capabilities/capability-words.ts';
import { readContent, thoughtsIn } from '../output/answer-content.ts';
import { findJson } from '../output/parse-reply.ts';
import { withoutThoughts } from '../output/thoughts.ts';
import { callsIn } from './call-pieces.ts';
import { repeatableName } from './function-names.ts';
import { countIn, mapIn, textIn } from './json-reading.ts';
import type { Assembly, CallResult, Dialogue, ModelTurn, Provider, Question, Say, WantedCall } from './provider.ts';
import { readArguments } from './tool-arguments.ts';

/** Options that belong under `options` of a request; everything else that is written goes beside them (`keep_alive`, `think`). */
const MODEL_OPTIONS: ReadonlySet<string> = new Set([
  'frequency_penalty',
  'main_gpu',
  'min_p',
  'num_batch',
  'num_ctx',
  'num_gpu',
  'num_keep',
  'num_predict',
  'num_thread',
  'presence_penalty',
  'repeat_last_n',
  'repeat_penalty',
  'seed',
  'stop',
  'temperature',
  'top_k',
  'top_p',
  'typical_p',
  'use_mmap',
]);

/** Ollama: `POST /api/chat`, one JSON object a line (SPEC §4.4). */
export const OLLAMA: Provider = {
  provider: 'ollama',
  capabilities: {
    ...DEFAULT_CAPABILITIES,
    toolCalling: 'supported',
    codeExecution: false,
    fileCreation: false,
    mcpViaBridge: true,
  },
  defaultModel: 'llama3',
  names: { keys: [], baseUrl: 'OLLAMA_HOST', model: 'OLLAMA_MODEL' },
  defaultBaseUrl: 'http://127.0.0.1:11434',
  needsKey: false,
  normaliseBase: normaliseHost,
  chatPath: '/api/chat',
  headers: (key) => (key === null ? {} : { authorization: `Bearer ${key}` }),
  probe: { list: '/api/tags', version: '/api/version', mayLackList: false },
  unknownModelHint: (model) => `Pull it with: ollama pull ${model}`,
  createReader: createNdjsonReader,
  endMark: null,
  begin: beginDialogue,
};

/** `OLLAMA_HOST` as Ollama itself reads it: without a scheme the port is 11434, and an address to listen on means this machine. */
function normaliseHost(written: string): string {
  const hasScheme = /^[a-z]+:\/\//i.test(written);
  const url = URL.parse(hasScheme ? written : `http://${written}`);
  if (url === null) return written;
  if (!hasScheme && url.port === '') url.port = '11434';
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  return url.href;
}

function beginDialogue(question: Question): Dialogue {
  const messages: JsonMap[] = [{ role: 'user', content: question.prompt }];
  const hasFunctions = question.functions.length > 0;
  let isClosing = false;
  return {
    body: () => ({
      ...settingsOf(question),
      model: question.model,
      messages,
      stream: true,
      // With `format` a model cannot write a function call, so the two never go together.
      ...(hasFunctions && !isClosing ? { tools: question.functions.map(toolOf) } : {}),
      ...(question.schema !== null && (!hasFunctions || isClosing) ? { format: question.schema } : {}),
    }),
    relax: (said) => {
      if (!/does not support tools/i.test(said)) return false;
      throw new AppError('agent.incompatible', `The model '${question.model}' cannot call tools.`, {
        hint: 'Choose a model that supports tools, or take the tools from the step.',
      });
    },
    assemble,
    addTurn: (turn, results) => messages.push(turn.message, ...results.map(resultOf)),
    wantsClosing: (turn) => {
      if (question.schema === null || !hasFunctions || isClosing || holdsAnswer(turn.text)) return false;
      messages.push(turn.message, { role: 'user', content: 'Now give your answer as JSON that matches the schema.' });
      isClosing = true;
      return true;
    },
  };
}

/** An answer that is there already is not asked, and paid, for again. */
function holdsAnswer(text: string): boolean {
  const found = findJson(withoutThoughts(text));
  return found !== null && found.from !== 'text';
}

function settingsOf({ settings, maxTokens }: Question): JsonMap {
  const { options: written, ...others } = settings.options;
  const entries = Object.entries(others);
  const limit = maxTokens ?? settings.maxTokens;
  const options: JsonMap = {
    ...mapIn(written),
    ...Object.fromEntries(entries.filter(([key]) => MODEL_OPTIONS.has(key))),
    ...(limit === null ? {} : { num_predict: limit }),
  };
  return {
    ...Object.fromEntries(entries.filter(([key]) => !MODEL_OPTIONS.has(key))),
    ...(Object.keys(options).length === 0 ? {} : { options }),
  };
}

const toolOf = (one: Question['functions'][number]): JsonMap => ({
  type: 'function',
  function: { name: one.name, description: one.description, parameters: one.parameters },
});

const resultOf = ({ call, text }: CallResult): JsonMap => ({
  role: 'tool',
  tool_name: repeatableName(call.name),
  content: text,
});

function assemble(say: Say): Assembly {
  const calls: WantedCall[] = [];
  let text = '';
  let thinking = '';
  let last: JsonMap | null = null;
  let model: string | null = null;
  const take = (event: JsonMap): void => {
    const message = mapIn(event.message);
    model ??= textIn(event.model) || null;
    const said = readContent(message.content);
    const thought = thoughtsIn(message.thinking) + said.thinking;
    thinking += thought;
    text += said.text;
    if (thought !== '') say.thinking(thought);
    if (said.text !== '') say.text(said.text);
    for (const one of callsIn(message.tool_calls)) calls.push(callOf(one, calls.length));
    if (event.done === true) last = event;
  };
  return {
    take,
    isComplete: () => last !== null,
    usage: () => (last === null ? null : usageOf(last)),
    turn: (): ModelTurn => ({
      text,
      calls,
      model,
      stop: last?.done_reason === 'length' ? 'cut' : 'end',
      message: {
        role: 'assistant',
        content: text,
        ...(thinking === '' ? {} : { thinking }),
        ...(calls.length === 0 ? {} : { tool_calls: calls.map(repeatCall) }),
      },
    }),
  };
}

/** Ollama's calls have no ids of their own: their place is one. Some models write the arguments as text. */
function callOf(call: JsonMap, place: number): WantedCall {
  const { name, arguments: written } = mapIn(call.function);
  const given = written === undefined || written === null ? [] : [written];
  return { id: textIn(call.id) || `call_${place + 1}`, name: textIn(name), arguments: readArguments(given) };
}

const repeatCall = ({ name, arguments: { input } }: WantedCall): JsonMap => ({
  function: { name: repeatableName(name), arguments: input ?? {} },
});

function usageOf(end: JsonMap): TokenUsage | null {
  const [input, output] = [countIn(end.prompt_eval_count), countIn(end.eval_count)];
  if (input === null && output === null) return null;
  return {
    inputTokens: input ?? 0,
    outputTokens: output ?? 0,
    cachedTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    // A prompt that is still in Ollama's memory is not counted by it.
    isEstimated: input === null || output === null,
  };
}
