import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dir, failure, makeTool, notes, output, packageServer, prepareMcpLab, run } from '../support/mcp/mcp-lab.ts';
import { waitUntil } from '../support/wait-until.ts';

/** SPEC §5.3 against real servers of the registry and a scripted one. */
prepareMcpLab();

describe('server-everything over stdio', () => {
  const everything = () => makeTool({ server: packageServer('server-everything/dist/index.js', ['stdio']) });

  test('lists its tools with schemas and traits; what is known needs no server', async () => {
    const { tool, pin } = everything();
    expect(tool.known()).toBeNull();
    expect(tool.operations).toBeNull();
    const { operations, hash } = await tool.describe(new AbortController().signal);
    expect(tool.known()).toBeNull();
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const sum = operations.find((one) => one.name === 'get-sum');
    expect(sum?.parameters).toMatchObject({ type: 'object', required: ['a', 'b'] });
    expect(operations.find((one) => one.name === 'get-structured-content')?.outputSchema).toMatchObject({
      type: 'object',
    });
    expect(tool.server?.()).toMatchObject({ name: 'mcp-servers/everything', version: '2.0.0', state: 'running' });
    expect(await output(tool, 'get-sum', { a: 2, b: 3 })).toBe('The sum of 2 and 3 is 5.');
    expect(pin.accepted()?.hash).toBe(hash);
    expect(tool.operations).toContain('echo');
    expect(tool.traits('get_sum')).toEqual({
      effect: 'idempotent',
      readOnly: true,
      repeatable: true,
      timeoutMs: 30_000,
    });
  });

  test('`-` and `_` are equal; structured content wins; several parts stay parts; metadata names tool and server', async () => {
    const { tool } = everything();
    const result = await run(tool, 'get_structured_content', { location: 'Chicago' });
    expect(result.output).toEqual({ temperature: 36, conditions: 'Light rain / drizzle', humidity: 82 });
    expect(result.metadata).toEqual({ tool: 'get-structured-content', server: 'mcp-servers/everything' });
    expect(await output(tool, 'get_tiny_image')).toMatchObject([{ type: 'text' }, { type: 'image' }, { type: 'text' }]);
  });

  test('arguments are checked before anything is sent', async () => {
    const { tool } = everything();
    const error = await failure(run(tool, 'get-sum', { a: 'two', b: 3 }));
    expect(error).toMatchObject({
      code: 'tool.invalid_params',
      message: 'Invalid parameters for lab.get-sum: a must be number',
    });
    expect(tool.check('get-sum', { a: '{{ x }}' })).toMatchObject([
      { code: 'tool.invalid_params', message: "Parameter 'b' is required." },
    ]);
    expect(tool.check('get-sun', {})).toMatchObject([
      { code: 'tool.unknown_operation', message: 'MCP tool not found: get-sun' },
    ]);
    expect(await failure(run(tool, 'nothing'))).toMatchObject({
      code: 'tool.unknown_operation',
      message: 'MCP tool not found: nothing',
    });
  });

  test('its environment is clean', async () => {
    const { tool } = makeTool({
      server: {
        ...packageServer('server-everything/dist/index.js', ['stdio']),
        env: { GIVEN: 'yes', FROM_HOST: 'x-${HOST_VALUE}' },
      } as never,
      hostEnv: { ...process.env, HOST_VALUE: 'of the host', AWS_SECRET_ACCESS_KEY: 'planted-key-0001' },
    });
    const env = await output(tool, 'get-env');
    // What came from a variable of the host is taken for a key: the server got it, and cannot repeat it.
    expect(env).toMatchObject({ GIVEN: 'yes', FROM_HOST: 'x-[redacted]', AIWORKFLOW_TOOL: 'lab' });
    expect(JSON.stringify(env)).not.toContain('planted-key');
    expect(Object.keys(env as object)).not.toContain('HOST_VALUE');
  });

  test('functions and the server itself for agents', async () => {
    const { tool } = everything();
    const functions = await tool.functions?.(new AbortController().signal);
    expect(functions?.find((one) => one.name === 'lab.echo')).toMatchObject({ parameters: { required: ['message'] } });
    const spec = await tool.mcpServer?.();
    expect(spec).toMatchObject({
      name: 'lab',
      command: process.execPath,
      cwd: dir,
      tools: expect.arrayContaining(['get-sum']),
    });
  });

  test('a long call is timed out and called off', async () => {
    const { tool } = everything();
    await tool.describe(new AbortController().signal);
    const error = await failure(
      run(tool, 'trigger-long-running-operation', { duration: 600, steps: 2 }, { timeoutMs: 300 }),
    );
    expect(error).toMatchObject({
      code: 'tool.timed_out',
      message: "MCP tool 'trigger-long-running-operation' timed out after 0.3 seconds",
    });
    expect(await output(tool, 'echo', { message: 'well' })).toBe('Echo: well');
  });
});

describe('server-filesystem over stdio', () => {
  test('reads and writes; a failed call says so', async () => {
    const home = realpathSync(dir);
    mkdirSync(join(home, 'files'));
    writeFileSync(join(home, 'files', 'a.txt'), 'hello');
    const { tool, pin } = makeTool({ server: packageServer('server-filesystem/dist/index.js', [join(home, 'files')]) });
    expect(await output(tool, 'read_text_file', { path: join(home, 'files', 'a.txt') })).toEqual({ content: 'hello' });
    await run(tool, 'write_file', { path: join(home, 'files', 'b.txt'), content: 'new' });
    expect(await output(tool, 'list-directory', { path: join(home, 'files') })).toMatchObject({
      content: expect.stringContaining('b.txt'),
    });
    const error = await failure(run(tool, 'read_text_file', { path: '/etc/passwd' }));
    expect(error).toMatchObject({ code: 'tool.failed', retryable: false });
    expect(error.message).toMatch(/^MCP tool call failed: .*Access denied/s);
    const writing = pin.accepted()?.operations.find((one) => one.name === 'move_file');
    expect(writing?.effect).toBe('effect');
    expect(tool.traits('move_file').repeatable).toBe(false);
    expect(tool.traits('read_text_file')).toMatchObject({ effect: 'idempotent', repeatable: true });
  });

  test('`security.allowed_paths` holds for what is handed over, links followed', async () => {
    const home = realpathSync(dir);
    mkdirSync(join(home, 'in'));
    const { tool } = makeTool({
      server: packageServer('server-filesystem/dist/index.js', [home]),
      commons: { allowedPaths: [join(home, 'in')] },
    });
    writeFileSync(join(home, 'in', 'a.txt'), 'inside');
    writeFileSync(join(home, 'out.txt'), 'outside');
    expect(await output(tool, 'read_text_file', { path: join(home, 'in', 'a.txt') })).toEqual({ content: 'inside' });
    for (const path of [join(home, 'out.txt'), `${home}/in/../out.txt`, '../out.txt', '~/x', `file://${home}/out.txt`])
      expect(await failure(run(tool, 'read_text_file', { path }))).toMatchObject({ code: 'tool.denied' });
    expect(await tool.mcpServer?.()).toBeNull();
  });
});

describe('results', () => {
  test('a single text is JSON where it is JSON', async () => {
    const { tool } = makeTool();
    expect(await output(tool, 'echo', { text: ' {"a": [1, null]} ' })).toEqual({ a: [1, null] });
    expect(await output(tool, 'echo', { text: 'plain {' })).toBe('plain {');
    expect(await output(tool, 'echo', { a: { b: 1 } })).toEqual({ a: { b: 1 } });
    expect(await output(tool, 'raw', { result: { content: [] } })).toEqual([]);
  });

  test('errors of the tool and of the protocol', async () => {
    const { tool } = makeTool();
    expect(await failure(run(tool, 'fail'))).toMatchObject({
      code: 'tool.failed',
      message: 'MCP tool call failed: no such thing',
      retryable: false,
    });
    const rpc = await failure(run(tool, 'rpc-error'));
    expect(rpc).toMatchObject({
      code: 'tool.failed',
      message: 'MCP tool call failed: MCP error -32602: bad [31mwords',
      details: { rpc_code: -32602 },
    });
  });

  test('stderr and notes of the server are lines of the step', async () => {
    const { tool } = makeTool();
    const lines: string[] = [];
    await run(tool, 'notify', {}, { log: (stream, text, level) => lines.push(`${stream} ${level} ${text}`) });
    expect(lines).toEqual(expect.arrayContaining(['stderr warning a note of the server']));
  });

  test('include and exclude', async () => {
    const { tool } = makeTool({ settings: { include: ['echo', 'add_note', 'pid'], exclude: ['pid'] } });
    expect((await tool.describe(new AbortController().signal)).operations.map((one) => one.name)).toEqual([
      'echo',
      'add-note',
    ]);
    expect(await failure(run(tool, 'pid'))).toMatchObject({ code: 'tool.unknown_operation' });
  });

  test('all pages are read; initialized is said first', async () => {
    const { tool } = makeTool({ mode: 'paged' });
    const { operations } = await tool.describe(new AbortController().signal);
    expect(operations.map((one) => one.name)).toEqual(expect.arrayContaining(['tool-', 'tool-1', 'tool-2', 'echo']));
    expect(notes().slice(1, 4)).toEqual(['initialized', 'list ', 'list 1']);
  });

  test('a server without tools has none', async () => {
    const { tool } = makeTool({ mode: 'toolless' });
    expect((await tool.describe(new AbortController().signal)).operations).toEqual([]);
  });
});

describe('cancel', () => {
  test('reaches the server with the id of the request', async () => {
    const { tool } = makeTool();
    await tool.describe(new AbortController().signal);
    const abort = new AbortController();
    const call = failure(run(tool, 'hang', {}, { signal: abort.signal }));
    await waitUntil('the call has reached the server', () => notes().some((line) => line.startsWith('hang ')));
    abort.abort();
    expect(await call).toMatchObject({ code: 'run.cancelled' });
    const id = notes()
      .find((line) => line.startsWith('hang '))
      ?.slice(5);
    await waitUntil('the server has heard it', () => notes().includes(`cancelled ${id}`));
    expect(await output(tool, 'echo', { text: 'on' })).toBe('on');
  });

  test('a signal that is aborted already starts nothing', async () => {
    const { tool } = makeTool();
    expect(await failure(run(tool, 'echo', {}, { signal: AbortSignal.abort() }))).toMatchObject({
      code: 'run.cancelled',
    });
    expect(notes()).toEqual([]);
  });
});
