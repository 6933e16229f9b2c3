import type { JsonMap } from '../../../shared/json.ts';
import type { TokenUsage } from '../../../shared/model/agent.ts';
import { createSseReader } from '../../streams/index.ts';
import { DEFAULT_CAPABILITIES } from '../capabilities/capability-words.ts';
import { readContent, textPiece, thoughtsIn } from '../output/answer-content.ts';
import { type CallPieces, callsIn, createCallPieces } from './call-pieces.ts';
import { repeatableName } from './function-names.ts';
import { countIn, listIn, mapIn, textIn } from './json-reading.ts';
import type { Assembly, CallResult, Dialogue, ModelTurn, Provider, Question, Say, WantedCall } from './provider.ts';

/** Chat completions of OpenAI and of the many services that speak like it (SPEC §4.4). */
export const OPENAI: Provider = {
  provider: 'openai',
  capabilities: {
    ...DEFAULT_CAPABILITIES,
    toolCalling: 'native',
    reasoning: 'advanced',
    codeExecution: false,
    fileCreation: false,
    mcpViaBridge: true,
    contextWindow: 128_000,
  },
  defaultModel: 'gpt-4o',
  names: { keys: ['OPENAI_API_KEY'], baseUrl: 'OPENAI_BASE_URL', model: 'OPENAI_MODEL' },
  defaultBaseUrl: 'https://api.openai.com/v1',
  needsKey: true,
  normaliseBase: (url) => (/^https?:\/\/[^/?#]+\/?$/i.test(url) ? `${url.replace(/\/$/, '')}/v1` : url),
  chatPath: '/chat/completions',
  headers: (key) => (key === null ? {} : { authorization: `Bearer ${key}` }),
  probe: { list: '/models', version: null, mayLackList: true },
  unknownModelHint: (_model, agent) =>
    `Set agent.configs.${agent}.model, or --model, to a model that the service has; check api_base_url.`,
  createReader: createSseReader,
  endMark: '[DONE]',
  begin: beginDialogue,
};

/** How plainly the schema is asked for: many compatible servers know only some of these. */
type FormatLevel = 'json_schema' | 'json_object' | 'none';

function beginDialogue(question: Question): Dialogue {
  const { schema, functions, settings } = question;
  const messages: JsonMap[] = [{ role: 'user', content: question.prompt }];
  let level: FormatLevel = schema === null ? 'none' : 'json_schema';
  let wantsUsage = true;
  let limitName = 'max_tokens';
  const limit = question.maxTokens ?? settings.maxTokens;
  return {
    body: () => ({
      ...settings.options,
      ...(limit === null ? {} : { [limitName]: limit }),
      model: question.model,
      messages,
      stream: true,
      ...(wantsUsage ? { stream_options: { include_usage: true } } : {}),
      ...(functions.length === 0 ? {} : { tools: functions.map(toolOf) }),
      ...(level === 'none' ? {} : { response_format: formatOf(level, schema) }),
    }),
    relax: (said) => {
      // Newer models know the limit by another name than compatible servers do.
      if (limit !== null && limitName === 'max_tokens' && /max_completion_tokens/.test(said)) {
        limitName = 'max_completion_tokens';
      } else if (wantsUsage && /stream_options|include_usage/.test(said)) wantsUsage = false;
      else if (level === 'none') return false;
      else level = level === 'json_schema' ? 'json_object' : 'none';
      return true;
    },
    assemble,
    addTurn: (turn, results) => messages.push(turn.message, ...results.map(resultOf)),
    wantsClosing: () => false,
  };
}

const formatOf = (level: FormatLevel, schema: JsonMap | null): JsonMap =>
  level === 'json_schema' ? { type: level, json_schema: { name: 'answer', schema: schema ?? {} } } : { type: level };

const toolOf = (one: Question['functions'][number]): JsonMap => ({
  type: 'function',
  function: { name: one.name, description: one.description, parameters: one.parameters },
});

const resultOf = ({ call, text }: CallResult): JsonMap => ({ role: 'tool', tool_call_id: call.id, content: text });

interface Pieces {
  text: string;
  refusal: string;
  readonly calls: CallPieces;
}

function assemble(say: Say): Assembly {
  const pieces: Pieces = { text: '', refusal: '', calls: createCallPieces() };
  let finish: string | null = null;
  let used: JsonMap | null = null;
  let model: string | null = null;
  return {
    take: (event) => {
      model ??= textIn(event.model) || null;
      if (typeof event.usage === 'object' && event.usage !== null) used = mapIn(event.usage);
      const choice = mapIn(listIn(event.choices)[0]);
      finish = textIn(choice.finish_reason) || finish;
      // A server that does not stream sends the whole message in place of its pieces.
      takeDelta(mapIn(choice.delta ?? choice.message), pieces, say);
    },
    isComplete: () => finish !== null,
    usage: () => (used === null ? null : usageOf(used)),
    turn: () => ({ ...turnOf(pieces, finish), model }),
  };
}

function takeDelta(delta: JsonMap, pieces: Pieces, say: Say): void {
  const content = readContent(delta.content);
  const thinking =
    thoughtsIn(delta.reasoning_content) || thoughtsIn(delta.reasoning) || thoughtsIn(delta.reasoning_details);
  for (const thought of [thinking, content.thinking]) if (thought !== '') say.thinking(thought);
  if (content.text !== '') say.text(content.text);
  pieces.text += content.text;
  pieces.refusal += textPiece(delta.refusal, 'refusal') + content.refusal;
  for (const piece of callsIn(delta.tool_calls)) pieces.calls.take(piece);
  // The form that came before `tool_calls`; some servers still write it.
  if (Object.keys(mapIn(delta.function_call)).length > 0) pieces.calls.take({ function: delta.function_call ?? null });
}

function turnOf({ text, refusal, calls: pieces }: Pieces, finish: string | null): Omit<ModelTurn, 'model'> {
  const calls = pieces.calls();
  const isRefused = refusal !== '' || finish === 'content_filter';
  return {
    text: isRefused && text === '' ? refusal : text,
    calls,
    stop: isRefused ? 'refused' : finish === 'length' ? 'cut' : 'end',
    message: {
      role: 'assistant',
      content: text === '' && calls.length > 0 ? null : text,
      ...(calls.length === 0 ? {} : { tool_calls: calls.map(repeatCall) }),
    },
  };
}

/** Arguments that cannot be read are not repeated: servers refuse a talk that holds broken JSON. */
const repeatCall = ({ id, name, arguments: { input } }: WantedCall): JsonMap => ({
  id,
  type: 'function',
  function: { name: repeatableName(name), arguments: JSON.stringify(input ?? {}) },
});

function usageOf(used: JsonMap): TokenUsage | null {
  const [input, output] = [countIn(used.prompt_tokens), countIn(used.completion_tokens)];
  if (input === null && output === null) return null;
  const cached = countIn(mapIn(used.prompt_tokens_details).cached_tokens) ?? 0;
  const reasoning = countIn(mapIn(used.completion_tokens_details).reasoning_tokens) ?? 0;
  const isEstimated = input === null || output === null;
  // Google and xAI leave thoughts out of what was written; only their sum has them, and they are paid as output.
  const apart = isEstimated ? 0 : Math.max(0, (countIn(used.total_tokens) ?? 0) - input - output);
  const written = (output ?? 0) + apart;
  return {
    inputTokens: input ?? 0,
    outputTokens: written,
    cachedTokens: Math.min(cached, input ?? 0),
    cacheWriteTokens: 0,
    reasoningTokens: Math.min(Math.max(reasoning, apart), written),
    isEstimated,
  };
}
