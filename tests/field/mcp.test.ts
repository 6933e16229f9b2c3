import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { dir, failure, type Lab, makeTool, prepareMcpLab, run, type ToolSetup } from '../support/mcp/mcp-lab.ts';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';

/** MCP servers as people meet them (`README.md` names the reports): what they do is right, how they write it is odd. */
prepareMcpLab();

const SERVER = fileURLToPath(new URL('fixtures/desk-server.mjs', import.meta.url));
const ID = '1182937465019283746';
let children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children) child.kill();
  children = [];
});

const desk = (odd: string, setup: ToolSetup = {}): Lab =>
  makeTool({
    ...setup,
    server: { kind: 'command', command: process.execPath, args: [SERVER, odd], env: {}, folders: [dir], ...setup.env },
  });

/** The same server over streamable HTTP, its answers as JSON or as events. */
async function deskOverHttp(odd: string, way: 'json' | 'events'): Promise<Lab> {
  const child = spawn(process.execPath, [SERVER, odd, way], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return makeTool({ server: { kind: 'url', url: `http://127.0.0.1:${port}/mcp`, headers: {} } });
}

const OVER_HTTP: readonly (readonly [string, (odd: string) => Promise<Lab>])[] = [
  ['HTTP, JSON', (odd) => deskOverHttp(odd, 'json')],
  ['HTTP, events', (odd) => deskOverHttp(odd, 'events')],
];

describe('over stdio', () => {
  const open = desk;

  test.each([
    ['error-null', 'hello Ann', "'error: null' beside a result"],
    ['error-empty', 'hello Ann', "'error: {}' beside a result"],
    ['id-text', 'hello Ann', 'an id that is a text instead of a number'],
    ['no-version', 'hello Ann', 'a message without \'"jsonrpc": "2.0"\''],
    ['latin-1', 'gr\uFFFD\uFFFD dich Ann', 'bytes that are no UTF-8'],
    ['print-before', 'hello Ann', 'a text before a message in one line (took 3 ms)'],
  ])('%s: the answer counts, the oddity is named in the log', async (odd, output, oddity) => {
    const { tool } = await open(odd);
    const lines: string[] = [];
    const result = await run(tool, 'greet', { who: 'Ann' }, { log: (_stream, text) => lines.push(text) });
    expect(result.output).toBe(output);
    expect(lines.join('\n')).toContain(`[odd answer of the server: ${oddity}`);
  });

  test.each([
    'cursor-null',
    'cursor-empty',
    'extra-keys',
    'batch',
    'null-fields',
    'null-content',
    'null-in-parts',
    'untyped-schema',
  ])('%s: nothing is wrong with the answer', async (odd) => {
    const { tool } = await open(odd);
    expect(await run(tool, 'greet', { who: 'Ann' })).toMatchObject({ output: 'hello Ann', warnings: [] });
  });

  test.each([
    ['utf-16', 'it is no JSON in UTF-8'],
    ['half', 'it is no JSON in UTF-8'],
    ['python-repr', 'it is no JSON in UTF-8'],
    ['result-null', 'its result is null instead of a map'],
  ])('%s: the call fails at once and says what came', async (odd, problem) => {
    const { tool } = await open(odd);
    const error = await failure(run(tool, 'greet', { who: 'Ann' }));
    expect(error).toMatchObject({ code: 'tool.invalid_reply', retryable: false });
    expect(error.message).toContain(problem);
  });

  test.each([
    ['error-text', 'the desk is closed'],
    ['error-no-id', 'closed'],
  ])('%s: an error without the form of one is the error', async (odd, text) => {
    const { tool } = await open(odd);
    const error = await failure(run(tool, 'greet', { who: 'Ann' }));
    expect(error).toMatchObject({ code: 'tool.failed' });
    expect(error.message).toMatch(new RegExp(`^MCP tool call failed: .*${text}$`));
  });

  test('a tool that is malformed costs itself alone, and is named', async () => {
    const { tool } = await open('malformed-tool');
    const lines: string[] = [];
    const result = await run(tool, 'greet', { who: 'Ann' }, { log: (_stream, text) => lines.push(text) });
    expect(result.output).toBe('hello Ann');
    expect(lines).toEqual([
      "The tool 'broken' of the server is left out: inputSchema: expected object, received string.",
      "The tool 'number 2' of the server is left out: it has no usable name.",
    ]);
    expect(await failure(run(tool, 'broken'))).toMatchObject({ code: 'tool.unknown_operation' });
  });

  test('an output schema without structured content: the work is done, its text counts with a warning', async () => {
    const { tool } = await open('output-schema');
    expect(await run(tool, 'greet', { who: 'Ann' })).toMatchObject({
      output: { text: 'hello Ann' },
      warnings: [
        {
          code: 'tool.no_structured_content',
          message: "'greet' declares an output schema and answered without structured content: its text counts",
        },
      ],
    });
  });

  test('no digit is lost, neither on the way out nor on the way back', async () => {
    const { tool } = await open('big-id');
    expect(await run(tool, 'greet', { who: 'Ann', id: ID })).toMatchObject({
      output: { id: ID, given: ID },
      warnings: [{ message: `id: ${ID} is kept as text` }],
    });
    const { tool: inText } = await open('big-id-text');
    expect(await run(inText, 'greet', { who: 'Ann' })).toMatchObject({
      output: { id: ID, mean: null },
      warnings: [
        { message: `id: ${ID} is kept as text` },
        { message: 'mean: NaN is no number that can be kept; it became null' },
      ],
    });
  });
});

describe.each(OVER_HTTP)('over %s', (_way, open) => {
  test.each(['error-null', 'id-text', 'print-before', 'cursor-null', 'batch'])('%s: the answer counts', async (odd) => {
    const { tool } = await open(odd);
    expect((await run(tool, 'greet', { who: 'Ann' })).output).toBe('hello Ann');
  });

  test.each(['python-repr', 'result-null'])('%s: the call fails at once', async (odd) => {
    const { tool } = await open(odd);
    expect(await failure(run(tool, 'greet', { who: 'Ann' }))).toMatchObject({ code: 'tool.invalid_reply' });
  });

  test('no digit is lost, neither on the way out nor on the way back', async () => {
    const { tool } = await open('big-id');
    expect((await run(tool, 'greet', { who: 'Ann', id: ID })).output).toEqual({ id: ID, given: ID });
  });

  test('an answer under another id ends the request with its connection', async () => {
    const { tool } = await open('id-wrong');
    const error = await failure(run(tool, 'greet', { who: 'Ann' }));
    expect(['tool.invalid_reply', 'tool.connection_lost']).toContain(error.code);
  });
});

test('an answer under another id and printed lines are named in the message of the timeout', async () => {
  const { tool } = desk('id-wrong');
  // It runs before the time of the call begins.
  await tool.describe(new AbortController().signal);
  const error = await failure(run(tool, 'greet', { who: 'Ann' }, { timeoutMs: 1500 }));
  expect(error.message).toBe(
    "MCP tool 'greet' timed out after 1.5 seconds. What the server wrote was odd: 1 × an answer under an id that nobody asked (id 4711).",
  );
});

test('printed lines cost nothing and stand in the log', async () => {
  const { tool } = desk('print-lines');
  const lines: string[] = [];
  const result = await run(tool, 'greet', { who: 'Ann' }, { log: (_stream, text) => lines.push(text) });
  expect(result.output).toBe('hello Ann');
  expect(lines).toEqual(['[not a message, ignored] starting', '[not a message, ignored] done']);
});

test('over HTTP, JSON that is not said to be any is JSON', async () => {
  const { tool } = await deskOverHttp('no-type', 'json');
  expect(await run(tool, 'greet', { who: 'Ann' })).toMatchObject({ output: 'hello Ann' });
});

test('keys that a server was given do not come back in what it answers, whatever they are called', async () => {
  const env = { DESK_KEY: 'planted-key-1357', DESK_PASS: '${OFFICE_VALUE}' };
  const { tool } = makeTool({
    server: { kind: 'command', command: process.execPath, args: [SERVER, 'echo-key'], env, folders: [dir] },
    hostEnv: { ...process.env, OFFICE_VALUE: 'planted-word-2468' },
  });
  expect((await run(tool, 'greet', { who: 'Ann' })).output).toBe('hello Ann, my key is [redacted] and [redacted]');
});

describe('through the command line', () => {
  let world: CliWorld;
  beforeAll(async () => {
    world = await openCliWorld();
    cpSync(SERVER, join(world.project, 'server.mjs'));
  });
  afterAll(() => world.dispose());

  test.each([
    ['error-null', '"got":"hello Ann"'],
    ['cursor-null', '"got":"hello Ann"'],
    ['output-schema', '"text":"hello Ann"'],
  ])('%s: the workflow gets its answer', async (odd, expected) => {
    world.write({
      '.aiworkflow/tools/registry.yaml': `tools: [{name: ${odd}, implementations: [{type: mcp}]}]\n`,
      [`.aiworkflow/tools/mcp/${odd}.yaml`]: `server: {command: node, args: [server.mjs, ${odd}]}\ntimeout: 20\n`,
      'flow.md': [
        '---\nworkflow: {id: flow, name: Flow}\n---\n# Flow\n## Step 1: Call\n\n```yaml',
        `action: ${odd}.greet\ninputs: {who: Ann}\noutput_variable: got\ntimeout: 30s\n\`\`\`\n`,
        '## Step 2: Hand on\n\n```yaml\naction: workflow.set_outputs\ninputs: {got: "{{ got }}"}\n```\n',
      ].join('\n'),
    });
    const { exitCode, stdout, stderr } = await world.run('--json', 'run', 'flow.md');
    expect(`${exitCode} ${stderr}`, stdout).toBe('0 ');
    expect(stdout).toContain(expected);
  });
});
