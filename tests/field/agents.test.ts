import { readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Json, JsonMap } from '../../src/shared/json.ts';
import { bundleText } from '../support/gated-project.ts';
import { LocalProject } from '../support/local-project.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';

/** What agents and the servers behind them say, and what must come of it (`README.md` names the reports). */
let project: LocalProject;
let model: ModelServer;
beforeAll(async () => {
  model = await startModelServer();
  const at = (url: string): string => `{api_base_url: "${url}", model: house-model}`;
  project = new LocalProject([
    'agent:',
    '  primary: ollama',
    `  configs: {openai: ${at(model.openAiUrl)}, anthropic: ${at(model.url)}, ollama: ${at(model.url)}}`,
  ]);
  project.write('.aiworkflow/tools/registry.yaml', REGISTRY);
  project.write('.aiworkflow/tools/mcp/ledger.yaml', 'server: {command: node, args: ["ledger.mjs"]}\n');
  project.write('ledger.mjs', LEDGER);
  project.write('.aiworkflow/agents/profiles/codex.yaml', 'command: codex\nprompt: stdin\n');
  process.env.PATH = `${join(project.path, 'bin')}${delimiter}${process.env.PATH ?? ''}`;
  process.env.HOME = project.root;
  process.env.ANTHROPIC_API_KEY = 'key-of-a-test-1234';
});
afterAll(async () => {
  await project.close();
  await model.close();
});
beforeEach(() => model.reset());

const REGISTRY = `tools:
  - {name: ledger, description: The ledger, implementations: [{type: mcp, config_path: mcp/ledger.yaml}]}
`;

/** An MCP server with one tool that says what it was called with. */
const LEDGER = `
import { createInterface } from 'node:readline';
const TOOLS = [{ name: 'book', description: 'Books an amount', inputSchema: { type: 'object', properties: { who: { type: 'string' }, amount: { type: 'number' } } } }];
const answers = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'ledger', version: '1' } }),
  'tools/list': () => ({ tools: TOOLS }),
  'tools/call': (params) => ({ content: [{ type: 'text', text: 'booked ' + JSON.stringify(params.arguments) }] }),
};
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method]?.(params) ?? {} }) + '\\n');
});
`;

interface Asking {
  readonly agent: string;
  readonly tools?: readonly string[];
  readonly schema?: JsonMap;
  readonly retry?: number;
}

interface Ended {
  readonly status: string;
  readonly said: Json | undefined;
  readonly code: string | undefined;
  readonly hint: string | undefined;
  readonly message: string | undefined;
  readonly warnings: readonly string[];
  /** What was said in the conversation, by kind. */
  readonly talk: (kind: 'text' | 'thinking') => string;
}

let count = 0;

/** Runs one question to an agent and hands its answer on. */
async function run({ agent, tools = [], schema, retry }: Asking): Promise<Ended> {
  const id = `flow-${++count}`;
  const prompt = 'Book 10 for Ann and 20 for Bob.';
  const ask = [
    'action: agent.run',
    `agent: ${agent}`,
    `inputs: ${JSON.stringify({ prompt, ...(schema === undefined ? {} : { output_schema: schema }) })}`,
    'output_variable: said',
    ...(retry === undefined ? [] : [`retry: ${retry}`]),
  ];
  const handOn = ['action: workflow.set_outputs', 'inputs: {said: "{{ said }}"}'];
  project.addWorkflow(id, [ask, handOn], [`requirements: {tools: [${tools.join(', ')}]}`]);
  const runId = await project.run(id);
  const { run: row, steps, outputs } = await project.call('runs.get', { runId });
  const { entries } = await project.call('runs.conversation', { runId });
  const error = steps[0]?.error;
  return {
    status: row.status,
    said: outputs.said,
    code: error?.code,
    hint: error?.hint,
    message: error?.message,
    warnings: steps.flatMap((one) => one.warnings.map(({ message }) => message)),
    talk: (kind) => entries.map(({ item }) => (item.kind === kind ? item.text : '')).join(''),
  };
}

const SSE = { 'content-type': 'text/event-stream' };
const sse = (...events: readonly (JsonMap | string)[]): string =>
  events.map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`).join('');
const delta = (said: JsonMap, finish: string | null = null): JsonMap => ({
  model: 'house-model',
  choices: [{ index: 0, delta: said, finish_reason: finish }],
});
const call = (id: string, given: Json): JsonMap =>
  delta({ tool_calls: [{ index: 0, id, type: 'function', function: { name: 'ledger__book', arguments: given } }] });
const answers = (...bodies: readonly string[]): void => {
  const left = [...bodies];
  model.script((request) => ({
    status: 200,
    headers: SSE,
    // After its last body the server repeats what the tools gave back.
    body:
      left.shift() ??
      sse(delta({ content: request.toolResults.map(({ text }) => text).join(' | ') }, 'stop'), '[DONE]'),
  }));
};
const ANN = { who: 'Ann', amount: 10 };

describe('what a model asks a tool', () => {
  it('arguments as a map are the arguments', async () => {
    answers(sse(call('a', ANN), delta({}, 'tool_calls'), '[DONE]'));
    const { said } = await run({ agent: 'openai', tools: ['ledger'] });
    expect(said).toBe('booked {"who":"Ann","amount":10}');
  });

  it('two ids under one index are two calls', async () => {
    const bob = { who: 'Bob', amount: 20 };
    answers(sse(call('a', JSON.stringify(ANN)), call('b', JSON.stringify(bob)), delta({}, 'tool_calls'), '[DONE]'));
    const { said } = await run({ agent: 'openai', tools: ['ledger'] });
    expect(said).toBe('booked {"who":"Ann","amount":10} | booked {"who":"Bob","amount":20}');
  });

  it('arguments as a list are refused, and the tool is not called with nothing', async () => {
    answers(sse(call('a', [ANN]), delta({}, 'tool_calls'), '[DONE]'));
    const { said } = await run({ agent: 'openai', tools: ['ledger'] });
    expect(said).toBe('The arguments must be a JSON object.');
  });

  it('anthropic: input that comes with the start of its block alone', async () => {
    const block = (content: JsonMap): JsonMap => ({ type: 'content_block_start', index: 0, content_block: content });
    const end = (reason: string): JsonMap => ({ type: 'message_delta', delta: { stop_reason: reason } });
    answers(
      sse(block({ type: 'tool_use', id: 't', name: 'ledger__book', input: ANN }), end('tool_use'), {
        type: 'message_stop',
      }),
      sse(block({ type: 'text', text: 'done' }), end('end_turn'), { type: 'message_stop' }),
    );
    const ended = await run({ agent: 'anthropic', tools: ['ledger'] });
    expect(ended.said).toBe('done');
    expect(model.questions()[1]?.toolResults[0]?.text).toBe('booked {"who":"Ann","amount":10}');
  });
});

describe('a script tool that the workflow requires', () => {
  /** Says what it was called with. */
  const BOOK = '#!/usr/bin/env node\nconsole.log(JSON.stringify({ args: process.argv.slice(2) }));\n';
  const MANIFEST = `tools:
  - name: ledger2
    script: tools/ledger2.mjs
    description: The ledger
    operations:
      book: {description: Books an amount, parameters: {who: {type: string, required: true}, amount: {type: integer}}}
`;
  const bundle = (id: string, tools: Readonly<Record<string, string>>): void => {
    const steps = [
      ['action: agent.run', 'agent: openai', 'prompt: Book it.', 'output_variable: said'],
      ['action: workflow.set_outputs', 'inputs: {said: "{{ said }}"}'],
    ];
    const required = `requirements: {tools: [${id}]}`;
    project.write(
      `.aiworkflow/bundles/${id}/workflow.md`,
      bundleText(id, { name: id, steps, frontmatter: [required] }),
    );
    for (const [file, text] of Object.entries(tools)) project.write(`.aiworkflow/bundles/${id}/${file}`, text);
  };
  const asks = (name: string, given: Json): string =>
    sse(
      delta({ tool_calls: [{ index: 0, id: 'a', function: { name, arguments: given } }] }),
      delta({}, 'tool_calls'),
      '[DONE]',
    );

  it('is offered with what its manifest says, and its calls are child steps', async () => {
    bundle('ledger2', { 'tools.yaml': MANIFEST, 'tools/ledger2.mjs': BOOK });
    answers(asks('ledger2__book', '{"who": "Ann", "amount": 12345678901234567890}'));
    const runId = await project.run('ledger2');
    const { steps, outputs } = await project.call('runs.get', { runId });
    expect(outputs.said).toEqual({ args: ['book', '--who=Ann', '--amount=12345678901234567890'] });
    expect(steps.filter(({ path }) => path.includes('.call[')).map(({ path, status }) => [path, status])).toEqual([
      ['step_1.call[0]', 'completed'],
    ]);
    const [offered] = (model.questions()[0]?.body?.tools ?? []) as readonly JsonMap[];
    expect(offered?.function).toMatchObject({
      name: 'ledger2__book',
      description: 'Books an amount',
      parameters: { properties: { who: { type: 'string' }, amount: { type: 'integer' } }, required: ['who'] },
    });
  });

  it('without a manifest takes any map; wrong parameters are told to the model and never run', async () => {
    bundle('free', { 'tools/free.mjs': BOOK });
    answers(asks('free__run', { who: 'Ann' }));
    const free = await project.call('runs.get', { runId: await project.run('free') });
    expect(free.outputs.said).toEqual({ args: ['--who=Ann'] });
    answers(asks('ledger2__book', { amount: 1 }));
    const wrong = await project.call('runs.get', { runId: await project.run('ledger2') });
    expect(wrong.outputs.said).toContain('tool.invalid_params');
    expect(wrong.steps.some(({ path }) => path.includes('.call['))).toBe(false);
  });
});

describe('an answer that is there', () => {
  it('is taken without a finish_reason, and not paid for again', async () => {
    answers(sse(delta({ content: 'Ten for Ann, ' }), delta({ content: 'twenty for Bob.' }), '[DONE]'));
    const { said } = await run({ agent: 'openai' });
    expect(said).toBe('Ten for Ann, twenty for Bob.');
    expect(model.questions()).toHaveLength(1);
  });

  it('is taken when its last event has no blank line, and when an error follows it', async () => {
    answers(`${sse(delta({ content: 'Ten.' }))}data: ${JSON.stringify(delta({}, 'stop'))}`);
    expect((await run({ agent: 'openai' })).said).toBe('Ten.');
    answers(sse(delta({ content: 'Ten.' }, 'stop'), { error: { message: 'The server is busy.' } }));
    expect((await run({ agent: 'openai' })).said).toBe('Ten.');
    expect(model.questions()).toHaveLength(2);
  });

  it('as a list of parts is its text; a picture is no empty answer', async () => {
    answers(sse(delta({ content: [{ type: 'text', text: 'Ten.' }] }), '[DONE]'));
    expect((await run({ agent: 'openai' })).said).toBe('Ten.');
    answers(sse(delta({ content: [{ type: 'image_url', image_url: {} }] }), '[DONE]'));
    const ended = await run({ agent: 'openai' });
    expect(ended).toMatchObject({ status: 'failed', message: expect.stringContaining("a part of type 'image_url'") });
    expect(model.questions()).toHaveLength(2);
  });

  it('keeps the digits of an integer, with a warning', async () => {
    model.script([{ text: '{"id": 12345678901234567890, "amount": 10}' }]);
    const schema = { type: 'object', properties: { id: { type: 'integer' }, amount: { type: 'number' } } };
    const ended = await run({ agent: 'ollama', schema });
    expect(ended.said).toEqual({ id: '12345678901234567890', amount: 10 });
    expect(ended.warnings).toEqual(['id: 12345678901234567890 is kept as text']);
    expect(model.questions()).toHaveLength(1);
  });
});

describe('thoughts', () => {
  const schema = {
    type: 'object',
    properties: { who: { type: 'string' }, amount: { type: 'number' } },
    required: ['who', 'amount'],
  };
  const draft = '{"who": "nobody", "amount": 0}';

  it.each([
    ['before the answer', `<think>\nThe form could be ${draft}.\n</think>\n\n{"who": "Ann", "amount": 10}`],
    ['opened by the prompt', `The form could be ${draft}.\n</think>\n\n{"who": "Ann", "amount": 10}`],
    ['with the tag named in them', `<think>Not <think> again: ${draft}</think>{"who": "Ann", "amount": 10}`],
  ])('%s are not the answer', async (_what, text) => {
    model.script([{ text }]);
    const ended = await run({ agent: 'openai', schema });
    expect(ended.said).toEqual(ANN);
    expect(model.questions()).toHaveLength(1);
  });

  it('are not handed on by a step without a schema, and stand in the conversation', async () => {
    model.script([{ text: '<think>Ten or nine?</think>Ten.' }]);
    const ended = await run({ agent: 'ollama' });
    expect(ended.said).toBe('Ten.');
    expect(ended.talk('thinking')).toBe('Ten or nine?');
    expect(ended.talk('text')).toBe('Ten.');
  });

  it('alone are no answer', async () => {
    model.script([{ text: '<think>and then' }]);
    const ended = await run({ agent: 'ollama', retry: 0 });
    expect(ended).toMatchObject({ status: 'failed', message: "'ollama' gave its thoughts, but no answer." });
  });
});

describe('a login that ran out', () => {
  /** A program that stands in for an agent, counts its questions and answers with these lines. */
  const program = (lines: readonly string[], exit: number, after = ''): string =>
    [
      '#!/usr/bin/env bash',
      'case "$1" in --version) echo "2.0.14"; exit 0 ;; auth) echo \'{"loggedIn": true}\'; exit 0 ;; esac',
      'cat > /dev/null; echo asked >> "$HOME/asked-$(basename "$0")"',
      ...lines.map((line) => `echo '${line}'`),
      after,
      `exit ${exit}`,
    ].join('\n');
  const expired = 'Failed to authenticate. API Error: 401 OAuth token has expired.';

  it.each([
    [
      'claude-code',
      'claude',
      program([JSON.stringify({ type: 'result', subtype: 'success', is_error: true, result: expired, usage: {} })], 1),
      'claude once and log in',
    ],
    [
      'claude-code',
      'claude',
      program([], 1, 'echo "Invalid API key · Please run /login" >&2'),
      'claude once and log in',
    ],
    [
      'opencode',
      'opencode',
      program([JSON.stringify({ type: 'error', error: { name: 'APIError', data: { message: expired } } })], 1),
      'opencode auth login',
    ],
    ['codex', 'codex', program([], 1, 'echo "Your session has expired." >&2'), 'codex login'],
  ])('%s (%s): says how to sign in, is asked once, and opens no breaker', async (agent, command, text, hint) => {
    project.write(`bin/${command}`, text);
    expect(await run({ agent })).toMatchObject({
      status: 'failed',
      code: 'agent.not_logged_in',
      hint: expect.stringContaining(hint),
    });
    expect(readFileSync(join(project.root, `asked-${command}`), 'utf8')).toBe('asked\n');
    rmSync(join(project.root, `asked-${command}`));
    const { agents } = await project.call('agents.list', {});
    expect(agents.find(({ name }) => name === agent)?.breaker).toMatchObject({ state: 'closed', failures: 0 });
  });
});
