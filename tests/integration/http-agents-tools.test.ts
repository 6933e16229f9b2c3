import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AgentAdapter, AgentRequest } from '../../src/core/agent-port/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { JsonMap } from '../../src/shared/json.ts';
import { type Asked, askCase } from '../support/ask-agent.ts';
import { functionTool, HTTP_AGENTS, type HttpAgents, openHttpAgents } from '../support/http-agents.ts';
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

const TOOLS = [functionTool('files.read'), functionTool('git.log'), functionTool('files.read-all')];
const usage = { inputTokens: 100, outputTokens: 10 };

interface Run {
  readonly asked: Asked;
  readonly called: (readonly [string, JsonMap])[];
}

/** Asks with tools; every call of one is answered with its name and input. */
function askWithTools(adapter: AgentAdapter, changes: Partial<AgentRequest> = {}): Run {
  const called: (readonly [string, JsonMap])[] = [];
  const callTool: AgentRequest['callTool'] = async (name, input) => {
    called.push([name, input]);
    return { text: `${name} says ${JSON.stringify(input)}`, isError: false };
  };
  return { asked: askCase({ adapter }, { tools: TOOLS, callTool, ...changes }), called };
}

describe.each(HTTP_AGENTS)('%s calls tools', (format) => {
  const adapter = (): AgentAdapter => agents.at(format, model);

  it('several in one answer, in order, and reads what they say', async () => {
    model.script([
      {
        thinking: 'I need files.',
        text: 'I look.',
        toolCalls: [
          { name: 'files__read', input: { path: 'b' } },
          { name: 'git__log', input: { path: 'a' } },
        ],
        usage,
      },
      { toolCalls: [{ name: 'files__read-all', input: {} }], usage },
      { text: 'All read.', usage },
    ]);
    const { asked, called } = askWithTools(adapter());
    const reply = await asked.reply;
    expect(reply.text).toBe('All read.');
    expect(asked.calls).toMatchObject([{ usage }, { usage }, { usage }]);
    expect(called).toEqual([
      ['files.read', { path: 'b' }],
      ['git.log', { path: 'a' }],
      ['files.read-all', {}],
    ]);
    const [first, second, third] = model.questions();
    expect(first?.toolNames).toEqual(['files__read', 'git__log', 'files__read-all']);
    expect(second?.toolResults.map((one) => one.text)).toEqual([
      'files.read says {"path":"b"}',
      'git.log says {"path":"a"}',
    ]);
    expect(third?.toolResults.map((one) => one.text)).toEqual(['files.read-all says {}']);
  });

  it('shows calls and results, each tied to its own', async () => {
    model.script([{ toolCalls: [{ name: 'git__log', input: { path: 'x' } }] }, { text: 'ok' }]);
    const { asked } = askWithTools(adapter());
    await asked.reply;
    const [call, result] = asked.notes.filter(({ kind }) => kind === 'tool_call' || kind === 'tool_result');
    expect(call).toMatchObject({ tool: 'git.log', input: { path: 'x' } });
    expect(result).toMatchObject({ text: 'git.log says {"path":"x"}', isError: false });
    expect(call?.kind === 'tool_call' && result?.kind === 'tool_result' && call.id === result.id).toBe(true);
  });

  it('a tool that nobody granted is not run: the model hears so and goes on', async () => {
    model.script([{ toolCalls: [{ name: 'shell__run', input: { command: 'rm -rf /' } }] }, { text: 'Then not.' }]);
    const { asked, called } = askWithTools(adapter());
    expect((await asked.reply).text).toBe('Then not.');
    expect(called).toEqual([]);
    expect(model.questions()[1]?.toolResults[0]?.text).toBe("The tool 'shell__run' is not granted to this step.");
    expect(asked.notes).toContainEqual({
      kind: 'note',
      level: 'warning',
      text: "The tool 'shell__run' is not granted to this step.",
    });
  });

  it('arguments that cannot be read are not run', async () => {
    model.script([{ toolCalls: [{ name: 'files__read', input: '{"path": ' }] }, { text: 'Sorry.' }]);
    const { asked, called } = askWithTools(adapter());
    await asked.reply;
    expect(called).toEqual([]);
    expect(model.questions()[1]?.toolResults[0]?.text).toMatch(
      /^The arguments (are not valid JSON|must be a JSON object)\.$/,
    );
  });

  it('a failed tool is an answer for the model', async () => {
    model.script([{ toolCalls: [{ name: 'files__read', input: {} }] }, { text: 'It failed.' }]);
    const callTool = async () => ({ text: 'file.not_found: no such file', isError: true });
    expect((await askWithTools(adapter(), { callTool }).asked.reply).text).toBe('It failed.');
    expect(model.questions()[1]?.toolResults[0]?.text).toBe('file.not_found: no such file');
  });

  it('a long result is cut for the model, with a word about it', async () => {
    model.script([{ toolCalls: [{ name: 'files__read', input: {} }] }, { text: 'Long.' }]);
    const callTool = async () => ({ text: 'ü'.repeat(150_000), isError: false });
    await askWithTools(adapter(), { callTool }).asked.reply;
    expect(model.questions()[1]?.toolResults[0]?.text).toBe(
      `${'ü'.repeat(102_400)}\n[cut: the first 204,800 of 300,000 bytes]`,
    );
  });

  it('a model that never ends is ended after 25 turns, and no call runs whose result nobody reads', async () => {
    model.script(() => ({ toolCalls: [{ name: 'git__log', input: {} }], usage }));
    const { asked, called } = askWithTools(adapter());
    expect((await asked.failure()).toRecord()).toMatchObject({
      code: 'agent.turn_limit',
      retryable: false,
      details: { turns: 25 },
    });
    expect(asked.calls).toHaveLength(25);
    expect([model.questions().length, called.length]).toEqual([25, 24]);
  });

  it('of a flood of calls in one answer 32 are run', async () => {
    const flood = Array.from({ length: 500 }, (_, n) => ({ name: 'git__log', input: { path: String(n) } }));
    model.script([{ toolCalls: flood }, { text: 'ok' }]);
    const { asked, called } = askWithTools(adapter());
    await asked.reply;
    expect(called).toHaveLength(32);
    expect(asked.notes.filter(({ kind }) => kind === 'note')).toHaveLength(1);
    expect(model.questions()[1]?.toolResults).toHaveLength(500);
  });

  it('a run that is cancelled while a tool works ends the question', async () => {
    model.script([{ toolCalls: [{ name: 'git__log', input: {} }] }]);
    const callTool = (): Promise<never> => Promise.reject(new AppError('run.cancelled', 'Stopped.'));
    expect((await askWithTools(adapter(), { callTool }).asked.failure()).code).toBe('run.cancelled');
    expect(model.questions()).toHaveLength(1);
  });
});

it('anthropic: thinking comes back with its signature, a failed tool is marked', async () => {
  model.script([{ thinking: 'Hm.', toolCalls: [{ name: 'git__log', input: {}, id: 'toolu_1' }] }, { text: 'ok' }]);
  const callTool = async () => ({ text: 'no', isError: true });
  await askWithTools(agents.at('anthropic', model), { callTool }).asked.reply;
  expect(model.questions()[1]?.body?.messages).toMatchObject([
    { role: 'user' },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: expect.stringMatching(/.+/) },
        { type: 'tool_use', id: 'toolu_1', name: 'git__log', input: {} },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'no', is_error: true }] },
  ]);
});

it('anthropic: with tools and a schema the model may call either, and the answer ends the talk', async () => {
  const schema: JsonMap = { type: 'object', properties: { n: { type: 'integer' } } };
  model.script([
    { toolCalls: [{ name: 'git__log', input: {} }] },
    {
      toolCalls: [
        { name: 'give_answer', input: { n: 1 } },
        { name: 'git__log', input: { late: true } },
      ],
    },
  ]);
  const { asked, called } = askWithTools(agents.at('anthropic', model), { schema });
  expect(await asked.reply).toMatchObject({ structured: { n: 1 } });
  expect(called).toEqual([['git.log', {}]]);
  expect(model.questions()[0]?.body?.tool_choice).toEqual({ type: 'any' });
});
