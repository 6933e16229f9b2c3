import type { JsonMap } from '../../../shared/json.ts';
import { createSseReader } from '../../streams/index.ts';
import { DEFAULT_CAPABILITIES } from '../capabilities/capability-words.ts';
import { assembleAnthropic } from './anthropic-assembly.ts';
import { ANSWER_FUNCTION } from './function-names.ts';
import { mapIn } from './json-reading.ts';
import type { CallResult, Dialogue, Provider, Question } from './provider.ts';

const DEFAULT_MAX_TOKENS = 4096;

/** Claude models: `POST /v1/messages` (SPEC §4.4). */
export const ANTHROPIC: Provider = {
  provider: 'anthropic',
  capabilities: {
    ...DEFAULT_CAPABILITIES,
    toolCalling: 'native',
    reasoning: 'advanced',
    codeExecution: false,
    fileCreation: false,
    mcpViaBridge: true,
    extendedReasoning: true,
    contextWindow: 200_000,
  },
  defaultModel: 'claude-sonnet-4-5',
  names: { keys: ['ANTHROPIC_API_KEY'], baseUrl: 'ANTHROPIC_BASE_URL', model: 'ANTHROPIC_MODEL' },
  defaultBaseUrl: 'https://api.anthropic.com',
  needsKey: true,
  normaliseBase: (url) => url.replace(/\/v1\/?$/, ''),
  chatPath: '/v1/messages',
  headers: (key) => ({ 'anthropic-version': '2023-06-01', ...(key === null ? {} : { 'x-api-key': key }) }),
  probe: { list: '/v1/models', version: null, mayLackList: false },
  unknownModelHint: (_model, agent) => `Set agent.configs.${agent}.model, or --model, to a model that the service has.`,
  createReader: createSseReader,
  endMark: null,
  begin: beginDialogue,
};

function beginDialogue(question: Question): Dialogue {
  const { functions, settings } = question;
  const messages: JsonMap[] = [{ role: 'user', content: question.prompt }];
  const answer = answerFunction(question);
  const offered = [...functions.map(toolOf), ...(answer === null ? [] : [answer])];
  return {
    body: () => ({
      ...settings.options,
      model: question.model,
      max_tokens: question.maxTokens ?? settings.maxTokens ?? DEFAULT_MAX_TOKENS,
      messages,
      stream: true,
      ...(offered.length === 0 ? {} : { tools: offered }),
      ...(answer === null ? {} : { tool_choice: choiceOf(question) }),
    }),
    relax: () => false,
    assemble: (say) => assembleAnthropic(say, answer === null ? null : ANSWER_FUNCTION),
    addTurn: (turn, results) => {
      messages.push(turn.message, { role: 'user', content: results.map(resultOf) });
    },
    wantsClosing: () => false,
  };
}

/** Parameters of a function are always an object; another kind of answer is only asked for in the prompt. */
function answerFunction({ schema }: Question): JsonMap | null {
  if (schema?.type !== 'object') return null;
  return { name: ANSWER_FUNCTION, description: 'Gives the final answer.', input_schema: schema };
}

/** With thinking switched on the service refuses to be told which function to call. */
function choiceOf({ settings, functions }: Question): JsonMap {
  const { type } = mapIn(settings.options.thinking);
  if (type !== undefined && type !== 'disabled') return { type: 'auto' };
  return functions.length === 0 ? { type: 'tool', name: ANSWER_FUNCTION } : { type: 'any' };
}

const toolOf = (one: Question['functions'][number]): JsonMap => ({
  name: one.name,
  description: one.description,
  input_schema: one.parameters,
});

const resultOf = ({ call, text, isError }: CallResult): JsonMap => ({
  type: 'tool_result',
  tool_use_id: call.id,
  content: text,
  ...(isError ? { is_error: true } : {}),
});
