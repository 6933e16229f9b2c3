import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AgentAdapter, AgentRequest } from '../../src/core/agent-port/index.ts';
import type { JsonMap } from '../../src/shared/json.ts';
import { NO_USAGE } from '../../src/shared/model/agent.ts';
import { type Asked, askCase } from '../support/ask-agent.ts';
import { AGENT_KEY, functionTool, HTTP_AGENTS, type HttpAgents, openHttpAgents } from '../support/http-agents.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';

let model: ModelServer;
let agents: HttpAgents;
beforeAll(async () => {
  model = await startModelServer();
});
afterAll(() => model.close());
beforeEach(() => {
  model.reset();
  agents = openHttpAgents();
});
afterEach(() => agents.close());

const ask = (adapter: AgentAdapter, changes: Partial<AgentRequest> = {}): Asked => askCase({ adapter }, changes);
const bodies = (): readonly (JsonMap | null)[] => model.questions().map(({ body }) => body);

const SCHEMA: JsonMap = { type: 'object', properties: { count: { type: 'integer' } }, required: ['count'] };

describe('what goes to the server', () => {
  it('ollama: options under options, the rest beside them, the limit as num_predict', async () => {
    const config = { temperature: 0.2, num_ctx: 8192, seed: 7, keep_alive: '10m', extra: { top_p: 0.9, think: false } };
    await ask(agents.at('ollama', model, { ...config, model: 'qwen3' }), { maxTokens: 99 }).reply;
    expect(bodies()).toEqual([
      {
        model: 'qwen3',
        messages: [{ role: 'user', content: 'Analyse it.' }],
        stream: true,
        keep_alive: '10m',
        think: false,
        options: { temperature: 0.2, num_ctx: 8192, seed: 7, top_p: 0.9, num_predict: 99 },
      },
    ]);
  });

  it('openai: usage is asked for, the key goes as bearer, options go as they are written', async () => {
    await ask(agents.at('openai', model, { temperature: 0, max_tokens: 500 }), { model: 'gpt-4o-mini' }).reply;
    expect(bodies()).toEqual([
      {
        model: 'gpt-4o-mini',
        messages: [{ role: 'user', content: 'Analyse it.' }],
        stream: true,
        stream_options: { include_usage: true },
        temperature: 0,
        max_tokens: 500,
      },
    ]);
    expect(model.questions()[0]?.headers.authorization).toBe(`Bearer ${AGENT_KEY}`);
  });

  it('anthropic: the limit is 4096 unless somebody says otherwise, version and key are headers', async () => {
    const adapter = agents.at('anthropic', model);
    await ask(adapter).reply;
    await ask(adapter, { maxTokens: 77 }).reply;
    await ask(agents.at('anthropic', model, { max_tokens: 88 })).reply;
    expect(bodies().map((body) => body?.max_tokens)).toEqual([4096, 77, 88]);
    expect(model.questions()[0]?.headers).toMatchObject({ 'x-api-key': AGENT_KEY, 'anthropic-version': '2023-06-01' });
  });

  it.each(HTTP_AGENTS)('%s: no option of the project takes the place of what the step says', async (format) => {
    const extra = { model: 'other', messages: [], stream: false, tools: [{ name: 'smuggled' }] };
    await ask(agents.at(format, model, { model: 'mine', extra }), { tools: [functionTool('files.read')] }).reply;
    expect(model.questions()[0]).toMatchObject({
      model: 'mine',
      isStreaming: true,
      prompt: 'Analyse it.',
      toolNames: ['files__read'],
    });
  });
});

describe('the address', () => {
  it('openai: a base without a path means /v1, one with a path is taken as it is', async () => {
    await ask(agents.at('openai', model, { api_base_url: model.url })).reply;
    await ask(agents.at('openai', model, { api_base_url: `${model.url}/v1/` })).reply;
    expect(model.requests.map(({ path }) => path)).toEqual(['/v1/chat/completions', '/v1/chat/completions']);
  });

  it('anthropic: the version at its end is not doubled', async () => {
    await ask(agents.at('anthropic', model, { api_base_url: `${model.url}/v1` })).reply;
    expect(model.requests[0]?.path).toBe('/v1/messages');
  });

  it('comes from the environment where the project says nothing, with the model', async () => {
    const hostEnv = { OLLAMA_HOST: `0.0.0.0:${model.port}`, OLLAMA_MODEL: 'phi4' };
    const adapter = agents.make('ollama', { config: {}, hostEnv });
    expect(adapter.defaultModel).toBe('phi4');
    await ask(adapter).reply;
    expect(model.questions()[0]?.model).toBe('phi4');
    const key = { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: model.url };
    await ask(agents.make('anthropic', { config: {}, hostEnv: key })).reply;
    const other = { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: model.openAiUrl };
    await ask(agents.make('openai', { config: {}, hostEnv: other })).reply;
    expect(model.questions()).toHaveLength(3);
  });

  it('a key that is set later counts', async () => {
    const hostEnv: Record<string, string> = { AIWORKFLOW_AGENT_KEYS: 'OTHER_KEY, LATE_KEY' };
    const adapter = agents.make('openai', { config: { api_base_url: model.openAiUrl, api_key: 'LATE_KEY' }, hostEnv });
    expect((await ask(adapter).failure()).code).toBe('agent.not_logged_in');
    hostEnv.LATE_KEY = 'now';
    await ask(adapter).reply;
    expect(model.questions()[0]?.headers.authorization).toBe('Bearer now');
  });
});

describe('an answer that has to meet a schema', () => {
  it('ollama: the schema is the format', async () => {
    const reply = await ask(agents.at('ollama', model), { schema: SCHEMA }).reply;
    expect(bodies()[0]?.format).toEqual(SCHEMA);
    expect(reply.text).toBe('{"count":1}');
  });

  it('ollama: with tools the format comes in a last question of its own, unless the answer is JSON already', async () => {
    model.script([{ text: 'There are three.' }, { json: { count: 3 } }, { json: { count: 4 } }]);
    const tools = [functionTool('files.read')];
    const asked = ask(agents.at('ollama', model), { schema: SCHEMA, tools });
    const reply = await asked.reply;
    expect(reply.text).toBe('{"count":3}');
    expect(bodies().map((body) => [body?.format ?? null, body?.tools === undefined])).toEqual([
      [null, false],
      [SCHEMA, true],
    ]);
    expect(asked.calls.map((call) => call.usage?.inputTokens)).toEqual([120, 120]);
    expect((await ask(agents.at('ollama', model), { schema: SCHEMA, tools }).reply).text).toBe('{"count":4}');
    expect(bodies()).toHaveLength(3);
  });

  it('openai: plainer forms are tried where a server does not know one', async () => {
    const refusal = { status: 400, body: { error: { message: 'response_format is not supported' } } };
    model.script([refusal, refusal, { text: '{"count": 2}' }]);
    const reply = await ask(agents.at('openai', model), { schema: SCHEMA }).reply;
    expect(reply.text).toBe('{"count": 2}');
    expect(bodies().map((body) => body?.response_format ?? null)).toEqual([
      { type: 'json_schema', json_schema: { name: 'answer', schema: SCHEMA } },
      { type: 'json_object' },
      null,
    ]);
  });

  it('openai: a request that is wrong otherwise fails with what the server said last', async () => {
    model.script(() => ({
      status: 400,
      body: { error: { message: "This model's maximum context length is 8192 tokens." } },
    }));
    const error = await ask(agents.at('openai', model), { schema: SCHEMA }).failure();
    expect(error.code).toBe('agent.http_error');
    expect(error.message).toContain('maximum context length');
  });

  it('openai: servers without stream options and models with another limit are met half-way', async () => {
    model.script([
      { status: 400, body: { error: { message: "Unrecognized request argument 'stream_options'" } } },
      { status: 400, body: { error: { message: "Use 'max_completion_tokens' instead." } } },
      { text: 'ok' },
    ]);
    expect((await ask(agents.at('openai', model), { maxTokens: 5 }).reply).usage).toBeNull();
    expect(bodies()[2]).toMatchObject({ max_completion_tokens: 5 });
    expect(Object.keys(bodies()[2] ?? {})).not.toEqual(expect.arrayContaining(['max_tokens']));
  });

  it('anthropic: it is the argument of a function that has to be called', async () => {
    model.script([{ json: { count: 5 } }]);
    const asked = ask(agents.at('anthropic', model), { schema: SCHEMA });
    expect(await asked.reply).toMatchObject({ text: '{"count":5}', structured: { count: 5 } });
    expect(bodies()[0]).toMatchObject({
      tools: [{ name: 'give_answer', input_schema: SCHEMA }],
      tool_choice: { type: 'tool', name: 'give_answer' },
    });
    // A person sees it come; nobody is told of a tool that the step never granted.
    expect(asked.said('text')).toBe('{"count":5}');
    expect(asked.notes.map(({ kind }) => kind)).not.toContain('tool_call');
  });

  it('anthropic: with thinking, or for a list, nothing is forced', async () => {
    await ask(agents.at('anthropic', model, { extra: { thinking: { type: 'enabled', budget_tokens: 1024 } } }), {
      schema: SCHEMA,
    }).reply;
    await ask(agents.at('anthropic', model), { schema: { type: 'array' } }).reply;
    expect(bodies().map((body) => body?.tool_choice ?? null)).toEqual([{ type: 'auto' }, null]);
  });
});

describe('what an answer used', () => {
  const said = { inputTokens: 100, outputTokens: 50, cachedTokens: 30, cacheWriteTokens: 20, reasoningTokens: 10 };
  it.each([
    ['ollama', { cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }],
    ['openai', { cachedTokens: 30, cacheWriteTokens: 0, reasoningTokens: 10 }],
    ['anthropic', { cachedTokens: 30, cacheWriteTokens: 20, reasoningTokens: 0 }],
  ] as const)('%s: cached tokens are part of the input', async (format, parts) => {
    model.script([{ text: 'ok', usage: said, model: 'the-real-one' }]);
    const asked = ask(agents.at(format, model));
    expect(await asked.reply).toMatchObject({ model: 'the-real-one', usage: null, reportedCost: null });
    const usage = { ...NO_USAGE, inputTokens: 100, outputTokens: 50, ...parts };
    expect(asked.calls).toMatchObject([{ model: 'the-real-one', usage, error: null }]);
  });

  /** What Google, and xAI with the parts told apart, say in OpenAI's words: thoughts stand in the sum alone. */
  it.each([
    ['Google', { prompt_tokens_details: { cached_tokens: 30 } }],
    ['xAI', { prompt_tokens_details: { cached_tokens: 30 }, completion_tokens_details: { reasoning_tokens: 382 } }],
  ] as const)('%s: thoughts beside what was written are output', async (_who, details) => {
    const usage = { prompt_tokens: 100, completion_tokens: 151, total_tokens: 633, ...details };
    const message = { role: 'assistant', content: 'ok' };
    model.script([{ status: 200, body: { model: 'm', choices: [{ message, finish_reason: 'stop' }], usage } }]);
    const asked = ask(agents.at('openai', model));
    await asked.reply;
    const counted = { inputTokens: 100, outputTokens: 533, cachedTokens: 30, reasoningTokens: 382, isEstimated: false };
    expect(asked.calls).toMatchObject([{ usage: counted }]);
  });

  it('counts that cannot be are no counts', async () => {
    const usage = { prompt_tokens: -5, completion_tokens: 4, total_tokens: -1 };
    const message = { role: 'assistant', content: 'ok' };
    model.script([{ status: 200, body: { model: 'm', choices: [{ message, finish_reason: 'stop' }], usage } }]);
    const asked = ask(agents.at('openai', model));
    await asked.reply;
    expect(asked.calls).toMatchObject([{ usage: { inputTokens: 0, outputTokens: 4, isEstimated: true } }]);
  });

  it.each(HTTP_AGENTS)('%s: nothing is made up where the server does not say', async (format) => {
    model.script([{ text: 'ok', usage: null }]);
    const asked = ask(agents.at(format, model));
    await asked.reply;
    expect(asked.calls).toMatchObject([{ usage: null, saidChars: 'ok'.length }]);
  });

  it('each call is on record as it ends, also the one that is cut; what came of that one is estimated', async () => {
    const usage = { inputTokens: 70, outputTokens: 7 };
    model.script([
      { toolCalls: [{ name: 'files__read', input: {} }], usage },
      { text: 'one two three four', cut: 5, usage },
    ]);
    const asked = ask(agents.at('anthropic', model), { tools: [functionTool('files.read')] });
    expect((await asked.failure()).code).toBe('agent.connection_lost');
    expect(asked.calls).toMatchObject([
      { usage: { inputTokens: 70, outputTokens: 7, isEstimated: false }, error: null },
      { usage: { inputTokens: 70, isEstimated: true }, error: { code: 'agent.connection_lost' } },
    ]);
    const [, cut] = asked.calls;
    expect(cut?.usage?.outputTokens).toBe(Math.ceil((cut?.saidChars ?? 0) / 4));
    expect(cut?.saidChars).toBeGreaterThan(0);
  });
});

describe('streams of every kind', () => {
  it.each(HTTP_AGENTS)('%s: thinking is not part of the answer', async (format) => {
    model.script([{ thinking: 'Let me see …', text: 'The answer.' }]);
    const asked = ask(agents.at(format, model));
    expect((await asked.reply).text).toBe('The answer.');
    expect(asked.said('thinking')).toBe('Let me see …');
    expect(asked.said('text')).toBe('The answer.');
  });

  it.each(HTTP_AGENTS)('%s: a complete answer counts though its connection stays open', async (format) => {
    model.script([{ text: 'done', linger: true }]);
    expect((await ask(agents.at(format, model)).reply).text).toBe('done');
  });

  it('openai: a server that answers as a whole is understood', async () => {
    const message = { role: 'assistant', content: 'All at once.' };
    const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
    model.script([{ status: 200, body: { model: 'm', choices: [{ message, finish_reason: 'stop' }], usage } }]);
    const asked = ask(agents.at('openai', model));
    expect((await asked.reply).text).toBe('All at once.');
    expect(asked.calls).toMatchObject([{ usage: { inputTokens: 3, outputTokens: 4 } }]);
  });

  it.each(HTTP_AGENTS)('%s: 10 MiB of answer are the end of it', async (format) => {
    model.script([{ text: 'x'.repeat(10 * 1024 * 1024 + 1) }]);
    expect((await ask(agents.at(format, model)).failure()).code).toBe('agent.output_too_large');
  });

  it.each(HTTP_AGENTS)('%s: an empty answer is none', async (format) => {
    model.script([{ text: '' }]);
    expect((await ask(agents.at(format, model)).failure()).code).toBe('agent.invalid_reply');
  });
});
