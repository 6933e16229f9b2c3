import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AgentAdapter, AgentRequest } from '../../src/core/agent-port/index.ts';
import { type Asked, askCase } from '../support/ask-agent.ts';
import { AGENT_KEY, HTTP_AGENTS, type HttpAgents, openHttpAgents } from '../support/http-agents.ts';
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
const probe = (adapter: AgentAdapter): Promise<unknown> => adapter.probe(new AbortController().signal);

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a server that says no', () => {
  it.each([
    [408, 'agent.http_error', true],
    [409, 'agent.http_error', true],
    [413, 'agent.http_error', false],
    [422, 'agent.http_error', false],
    [425, 'agent.http_error', true],
    [502, 'agent.http_error', true],
    [503, 'agent.overloaded', true],
  ] as const)('%i is %s, worth a retry: %s', async (status, code, retryable) => {
    model.script(() => ({ status, body: { error: { message: 'because' } } }));
    const error = await ask(agents.at('openai', model)).failure();
    expect(error.toRecord()).toMatchObject({ code, retryable, details: { status } });
    expect(error.message).toContain('because');
    expect(error.hint).not.toBe('');
  });

  it.each([
    [{ 'retry-after': '2.5' }, 2500],
    [{ 'retry-after-ms': '120' }, 120],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:10 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '6m0.5s' }, 360_500],
    [{ 'x-ratelimit-remaining-requests': '3', 'x-ratelimit-reset-requests': '6m0s' }, undefined],
    [{ 'anthropic-ratelimit-tokens-remaining': '0', 'anthropic-ratelimit-tokens-reset': '1970-01-01T00:00:00Z' }, 0],
  ])('says how long to wait: %j', async (headers, wait) => {
    model.script([{ status: 429, headers }]);
    const { details } = await ask(agents.at('anthropic', model)).failure();
    expect(details?.retry_after_ms).toBe(wait);
  });

  it('does not wait for an account that has nothing left', async () => {
    model.script([
      { status: 429, body: { error: { message: 'You exceeded your quota.', code: 'insufficient_quota' } } },
    ]);
    expect((await ask(agents.at('openai', model)).failure()).toRecord()).toMatchObject({
      code: 'agent.rate_limited',
      retryable: false,
    });
  });

  it('shows no page and no wall of text', async () => {
    model.script([
      { status: 500, body: `<html>${'x'.repeat(5000)}` },
      { status: 500, body: 'y'.repeat(200_000) },
    ]);
    expect((await ask(agents.at('ollama', model)).failure()).message).toBe("'ollama' answered 500.");
    expect((await ask(agents.at('ollama', model)).failure()).message.length).toBeLessThan(400);
  });

  it('names the model that a server does not have, and what to do', async () => {
    const error = await ask(agents.at('ollama', model), { model: 'unknown-7b' }).failure();
    expect(error.message).toContain("'unknown-7b'");
    expect(error.hint).toBe('Pull it with: ollama pull unknown-7b');
  });

  it('says so when a model of ollama cannot call tools', async () => {
    model.script([{ status: 400, body: { error: 'registry.ollama.ai/library/llama3:latest does not support tools' } }]);
    const tools = [{ name: 'a.b', description: '', parameters: { type: 'object' } }];
    expect((await ask(agents.at('ollama', model), { tools }).failure()).code).toBe('agent.incompatible');
  });
});

describe('a stream that goes wrong', () => {
  const sse = { 'content-type': 'text/event-stream' };
  it.each([
    [
      'anthropic',
      'data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
      'agent.overloaded',
    ],
    [
      'anthropic',
      'data: {"type":"error","error":{"type":"rate_limit_error","message":"Slow"}}\n\n',
      'agent.rate_limited',
    ],
    ['openai', 'data: {"error":{"message":"The server had an error"}}\n\n', 'agent.http_error'],
    ['ollama', '{"error":"an error was encountered while running the model"}\n', 'agent.http_error'],
    ['openai', 'data: {"choices":[{"delta":{"content":"a"}}]}\n\n', 'agent.connection_lost'],
    ['openai', 'data: {"choices":\n\n', 'agent.invalid_reply'],
    ['openai', 'data: [DONE]\n\n', 'agent.invalid_reply'],
    ['anthropic', 'data: {"type":"message_stop"', 'agent.invalid_reply'],
    ['ollama', '{"message":{"content":"a"},"done":false}\n{"mess', 'agent.connection_lost'],
    ['ollama', 'null\n', 'agent.invalid_reply'],
    ['ollama', '', 'agent.invalid_reply'],
  ] as const)('%s: %s', async (format, body, code) => {
    model.script([{ status: 200, body, headers: sse }]);
    expect((await ask(agents.at(format, model)).failure()).toRecord()).toMatchObject({ code, retryable: true });
  });

  it.each([
    ['openai', 'data: {"choices":[{"delta":{"refusal":"I cannot help."},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'],
    [
      'anthropic',
      'data: {"type":"message_delta","delta":{"stop_reason":"refusal"}}\n\ndata: {"type":"message_stop"}\n\n',
    ],
  ] as const)('%s: a model that refuses', async (format, body) => {
    model.script([{ status: 200, body, headers: sse }]);
    expect((await ask(agents.at(format, model)).failure()).toRecord()).toMatchObject({
      code: 'agent.failed',
      retryable: false,
    });
  });

  it.each(HTTP_AGENTS)('%s: a key that comes back within the stream is not repeated', async (format) => {
    const body = `${format === 'ollama' ? '' : 'data: '}{"type":"error","error":{"message":"bad ${AGENT_KEY}"}}\n\n`;
    model.script([{ status: 200, body, headers: sse }]);
    expect((await ask(agents.at(format, model)).failure()).message).toBe(`'${format}' broke off its answer: bad ***`);
  });

  it('an answer that was cut at its limit is given, with a word about it', async () => {
    const body = '{"message":{"content":"It is"},"done":true,"done_reason":"length"}\n';
    model.script([{ status: 200, body }]);
    const asked = ask(agents.at('ollama', model));
    expect((await asked.reply).text).toBe('It is');
    expect(asked.notes.at(-1)).toMatchObject({ kind: 'note', level: 'warning' });
  });

  it('ends slow answers at the time of the step', async () => {
    model.script([{ text: 'a b c d e f g h i j k l m n o p q r s t', slow: 200 }]);
    const asked = ask(agents.at('openai', model), { timeoutMs: 2_872 });
    expect((await asked.failure()).toRecord()).toMatchObject({
      code: 'agent.timed_out',
      message: "'openai' did not answer within 2.9 seconds.",
    });
    // What it wrote until then was paid for.
    expect(asked.calls).toMatchObject([{ error: { code: 'agent.timed_out' }, saidChars: asked.said('text').length }]);
    expect(asked.said('text')).not.toBe('');
    expect(await Promise.all(model.questions().map(({ closed }) => closed))).not.toContain('answered');
  });
});

describe('a server that is not there', () => {
  it.each(HTTP_AGENTS)('%s: nothing was sent, so a retry is safe', async (format) => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const adapter = agents.at(format, model, { api_base_url: url });
    const expected = { code: 'agent.connection_lost', retryable: true, details: { phase: 'connect' } };
    expect((await ask(adapter).failure()).toRecord()).toMatchObject(expected);
    await expect(probe(adapter)).rejects.toMatchObject(expected);
  });

  it('a redirect to a place that nobody wrote down is refused, and the key stays here', async () => {
    const other = await startModelServer();
    try {
      model.script(() => ({ status: 307, headers: { location: `${other.url}/v1/messages` } }));
      const error = await ask(agents.at('anthropic', model)).failure();
      expect(error.toRecord()).toMatchObject({ code: 'agent.not_configured', retryable: false });
      for (const host of ['169.254.169.254', 'elsewhere.example']) {
        model.script(() => ({ status: 307, headers: { location: `http://${host}/latest/meta-data` } }));
        const failure = await ask(agents.at('anthropic', model)).failure();
        expect(failure.toRecord()).toMatchObject({
          code: 'trust.not_declared',
          details: { kind: 'hosts', name: host },
        });
      }
      expect(other.requests).toEqual([]);
    } finally {
      await other.close();
    }
  });
});

describe('an agent that is not set up', () => {
  it.each([
    ['openai', 'OPENAI_API_KEY'],
    ['anthropic', 'ANTHROPIC_API_KEY'],
  ] as const)('%s: without a key nothing is sent', async (format, name) => {
    const adapter = agents.make(format, { config: {}, hostEnv: { [name]: '  ' } });
    const expected = { code: 'agent.not_logged_in', message: expect.stringContaining(`${name} is not set`) };
    expect((await ask(adapter).failure()).toRecord()).toMatchObject(expected);
    await expect(probe(adapter)).rejects.toMatchObject(expected);
  });

  it('a key that stands where its name belongs is not repeated', async () => {
    const config = { api_base_url: model.url, api_key: 'sk-ant-api03-not-a-name' };
    const error = await ask(agents.make('anthropic', { config, hostEnv: {} })).failure();
    expect(error.code).toBe('agent.not_configured');
    expect(JSON.stringify(error.toRecord())).not.toContain('api03');
  });

  it.each(['http://ann:pa55word@127.0.0.1:1/v1', 'ftp://pa55word.example', 'pa55word', 'file:///pa55word'])(
    'the base URL %s is refused without being repeated',
    async (url) => {
      const adapter = agents.at('openai', model, { api_base_url: url });
      const error = await ask(adapter).failure();
      expect(error.code).toBe('agent.not_configured');
      expect(JSON.stringify(error.toRecord())).not.toContain('pa55word');
    },
  );

  it('a key with a line break cannot be sent', async () => {
    const adapter = agents.make('openai', {
      config: { api_base_url: model.openAiUrl, api_key: 'K' },
      hostEnv: { K: 'abc\r\nx-evil: 1', AIWORKFLOW_AGENT_KEYS: 'K' },
    });
    const error = await ask(adapter).failure();
    expect(error.code).toBe('agent.not_configured');
    expect(JSON.stringify(error.toRecord())).not.toContain('x-evil');
  });
});

describe('the health check', () => {
  it('knows the version of ollama, the others do not say one', async () => {
    expect(await probe(agents.at('ollama', model))).toEqual({ version: '0.14.2' });
    expect(await probe(agents.at('openai', model))).toEqual({ version: null });
    expect(await probe(agents.at('anthropic', model))).toEqual({ version: null });
    expect(model.requests.map(({ path }) => path)).toEqual(['/api/tags', '/api/version', '/v1/models', '/v1/models']);
  });

  it('finds a refused key and a sick server, and forgives a compatible one that has no list', async () => {
    model.tell('/v1/models', { status: 401 });
    await expect(probe(agents.at('anthropic', model))).rejects.toMatchObject({ code: 'agent.not_logged_in' });
    model.tell('/v1/models', { status: 404 });
    await probe(agents.at('openai', model));
    model.tell('/api/tags', { status: 500 });
    await expect(probe(agents.at('ollama', model))).rejects.toMatchObject({ code: 'agent.http_error' });
  });

  it('asks no model', async () => {
    for (const format of HTTP_AGENTS) await probe(agents.at(format, model));
    expect(model.questions()).toEqual([]);
  });
});
