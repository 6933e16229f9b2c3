import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { failure, makeTool, output, prepareMcpLab, run, type ToolSetup } from '../support/mcp/mcp-lab.ts';
import { waitUntil } from '../support/wait-until.ts';

/** MCP over streamable HTTP (SPEC §5.3) against a real server and servers that break what they promise. */
prepareMcpLab();

let child: ChildProcess | null = null;
let server: Server | null = null;
afterEach(async () => {
  const ended = child === null ? null : new Promise((resolve) => child?.once('exit', resolve));
  child?.kill('SIGKILL');
  await ended;
  server?.closeAllConnections();
  server?.close();
  child = null;
  server = null;
});

const overHttp = (port: number, setup: ToolSetup = {}, headers: Readonly<Record<string, string>> = {}) =>
  makeTool({ ...setup, server: { kind: 'url', url: `http://127.0.0.1:${port}/mcp`, headers } });

async function startEverything(port: number): Promise<void> {
  const bin = fileURLToPath(
    new URL('../../node_modules/@modelcontextprotocol/server-everything/dist/index.js', import.meta.url),
  );
  const started = spawn(process.execPath, [bin, 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child = started;
  let said = '';
  started.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await waitUntil('the server listens', () => said.includes('listening'));
}

type Reply = (
  message: { readonly id?: number; readonly method: string },
  request: IncomingMessage,
  response: ServerResponse,
) => void;

/** A server that initializes and lists like any other; the rest is the test's. */
async function startScripted(reply: Reply, diesAt?: string): Promise<number> {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      if (request.method !== 'POST') return void response.writeHead(405).end();
      const message = JSON.parse(body) as { readonly id?: number; readonly method: string };
      if (message.method === diesAt) return void request.socket.destroy();
      const results: Record<string, object> = {
        initialize: {
          protocolVersion: '2025-06-18',
          capabilities: { tools: {} },
          serverInfo: { name: 'scripted', version: '1' },
        },
        'tools/list': {
          tools: [
            { name: 'go', inputSchema: { type: 'object' } },
            { name: 'look', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } },
          ],
        },
        ping: {},
      };
      const result = results[message.method];
      if (result !== undefined) return json(response, message.id, result);
      if (message.id === undefined && message.method !== 'notifications/cancelled')
        return void response.writeHead(202).end();
      return reply(message, request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

function json(response: ServerResponse, id: number | undefined, result: object): void {
  response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 'session-1' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
}

const events = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });
const words = { content: [{ type: 'text', text: 'well' }] };

describe('server-everything', () => {
  test('lists, calls, times out and goes on', async () => {
    const port = await freePort();
    await startEverything(port);
    const { tool, pin } = overHttp(port);
    expect(await output(tool, 'get_sum', { a: 1, b: 2 })).toBe('The sum of 1 and 2 is 3.');
    expect(await output(tool, 'get-structured-content', { location: 'New York' })).toMatchObject({ temperature: 33 });
    expect(pin.accepted()?.operations.length).toBeGreaterThan(8);
    expect(tool.server?.()).toMatchObject({ state: 'running', pid: null, reachedBy: `http://127.0.0.1:${port}/mcp` });
    const slow = run(tool, 'trigger-long-running-operation', { duration: 600, steps: 1 }, { timeoutMs: 500 });
    expect(await failure(slow)).toMatchObject({ code: 'tool.timed_out' });
    expect(await Promise.all([1, 2, 3].map((a) => output(tool, 'get-sum', { a, b: 0 })))).toEqual(
      [1, 2, 3].map((a) => `The sum of ${a} and 0 is ${a}.`),
    );
    expect(await tool.mcpServer?.()).toMatchObject({ name: 'lab', url: `http://127.0.0.1:${port}/mcp` });
  });

  test('killed under a call: lost; not there: nothing began; back again: works', async () => {
    const port = await freePort();
    await startEverything(port);
    const { tool } = overHttp(port);
    await output(tool, 'echo', { message: 'a' });
    const call = failure(run(tool, 'trigger-long-running-operation', { duration: 600, steps: 1 }));
    await waitUntil('it runs', () => tool.server?.().state === 'running');
    const gone = new Promise((resolve) => child?.once('exit', resolve));
    child?.kill('SIGKILL');
    // A process that is being ended still takes connections for a moment.
    await gone;
    expect(await call).toMatchObject({ code: 'tool.connection_lost', retryable: true });
    const refused = await failure(run(tool, 'echo', { message: 'b' }));
    expect(refused).toMatchObject({ code: 'tool.connection_lost', details: { phase: 'connect' } });
    await startEverything(port);
    expect(await output(tool, 'echo', { message: 'c' })).toBe('Echo: c');
  });
});

describe('servers that break their word', () => {
  test('an answer stream that ends without an answer is lost at once, and an effect is not repeated', async () => {
    const port = await startScripted((_message, _request, response) => void events(response).end(': nothing\n\n'));
    const { tool } = overHttp(port);
    expect(await failure(run(tool, 'go'))).toMatchObject({
      code: 'tool.connection_lost',
      retryable: false,
      details: { phase: 'call' },
    });
    expect(await failure(run(tool, 'look'))).toMatchObject({ code: 'tool.connection_lost', retryable: true });
  });

  test.each(['initialize', 'tools/list'])(
    'one that dies at %s: nothing was called, so it may be tried again',
    async (method) => {
      const port = await startScripted(() => undefined, method);
      const { tool } = overHttp(port);
      expect(await failure(run(tool, 'go'))).toMatchObject({
        code: 'tool.connection_lost',
        retryable: true,
        details: { phase: 'connect' },
      });
    },
  );

  test('an answer stream that breaks off', async () => {
    const port = await startScripted((_message, _request, response) => {
      events(response).write('data: {"jsonrpc":');
      setImmediate(() => response.destroy());
    });
    const { tool } = overHttp(port);
    expect(await failure(run(tool, 'go'))).toMatchObject({ code: 'tool.connection_lost', retryable: false });
  });

  test('an answer in pieces, with other messages before it', async () => {
    const port = await startScripted(({ id }, _request, response) => {
      const text = `event: message\r\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"wait"}}\r\n\r\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result: words })}\n\n`;
      events(response);
      for (const unit of text) response.write(unit);
      response.end();
    });
    const lines: string[] = [];
    const { tool } = overHttp(port);
    const result = await run(tool, 'go', {}, { log: (_stream, text) => lines.push(text) });
    expect(result.output).toBe('well');
    expect(lines).toEqual(['wait']);
  });

  test.each(['stream', 'json'])('an answer above 10 MiB (%s) is refused and the server goes on', async (kind) => {
    let isBig = true;
    const port = await startScripted(({ id }, _request, response) => {
      const result = isBig ? { content: [{ type: 'text', text: 'x'.repeat(11 * 1024 * 1024) }] } : words;
      if (kind === 'json') return json(response, id, result);
      events(response).end(`id: 1\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`);
    });
    const { tool } = overHttp(port);
    expect(await failure(run(tool, 'go'))).toMatchObject({ code: 'tool.output_too_large', retryable: false });
    isBig = false;
    expect(await output(tool, 'go')).toBe('well');
  });

  test('cancel reaches the server and keeps no connection', async () => {
    const heard: string[] = [];
    const port = await startScripted((message, request, response) => {
      heard.push(message.method);
      if (message.method === 'notifications/cancelled') return void response.writeHead(202).end();
      events(response).write(': wait\n\n');
      request.socket.once('close', () => heard.push('closed'));
      response.once('close', () => heard.push('let go'));
    });
    const { tool } = overHttp(port);
    const abort = new AbortController();
    const call = failure(run(tool, 'go', {}, { signal: abort.signal }));
    await waitUntil('the call is there', () => heard.includes('tools/call'));
    abort.abort();
    expect(await call).toMatchObject({ code: 'run.cancelled' });
    await waitUntil('it is called off', () => heard.includes('notifications/cancelled') && heard.includes('let go'));
  });

  test('cancel before the server says anything', async () => {
    const heard: string[] = [];
    const port = await startScripted((message, _request, response) => {
      heard.push(message.method);
      if (message.method === 'notifications/cancelled') return void response.writeHead(202).end();
      response.once('close', () => heard.push('let go'));
    });
    const { tool } = overHttp(port);
    expect(await failure(run(tool, 'go', {}, { timeoutMs: 300 }))).toMatchObject({ code: 'tool.timed_out' });
    await waitUntil('it is called off', () => heard.includes('notifications/cancelled') && heard.includes('let go'));
  });

  test.each([
    [401, 'tool.http_error', false],
    [500, 'tool.http_error', false],
    [429, 'tool.http_error', false],
    [403, 'tool.http_error', false],
  ])('status %i is %s', async (status, code, isRetryable) => {
    const body = '{"error": {"message": "Come back on Monday."}}';
    const port = await startScripted((_message, _request, response) => void response.writeHead(status).end(body));
    const { tool } = overHttp(port);
    const error = await failure(run(tool, 'go'));
    const message = `The MCP server answered with HTTP status ${status}: Come back on Monday.`;
    expect(error).toMatchObject({ code, message, retryable: isRetryable, details: { status, body } });
  });

  test.each([404, 400])('a forgotten session (%i): a new one is opened by itself, once', async (status) => {
    let calls = 0;
    let forgets = 1;
    const port = await startScripted(({ id }, _request, response) => {
      calls += 1;
      forgets -= 1;
      if (forgets >= 0) response.writeHead(status).end('no such session');
      else json(response, id, words);
    });
    const { tool } = overHttp(port);
    expect(await output(tool, 'go')).toBe('well');
    expect(calls).toBe(2);
    forgets = 2;
    expect(await failure(run(tool, 'go'))).toMatchObject({
      code: 'tool.connection_lost',
      details: { phase: 'connect' },
      retryable: true,
    });
  });

  test('a redirect elsewhere is not followed', async () => {
    let visits = 0;
    const other = createServer((_request, response) => {
      visits += 1;
      response.end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const otherPort = (other.address() as AddressInfo).port;
    let to = `http://127.0.0.1:${otherPort}/`;
    const port = await startScripted(
      (_message, _request, response) => void response.writeHead(307, { location: to }).end(),
    );
    const { tool } = overHttp(port);
    expect(await failure(run(tool, 'go'))).toMatchObject({ code: 'tool.http_error' });
    to = `http://localhost:${otherPort}/`;
    expect(await failure(run(tool, 'go'))).toMatchObject({ code: 'tool.http_error' });
    expect(visits).toBe(0);
    other.close();
  });
});

describe('login', () => {
  test('headers and the registry log in; neither stands in what people see', async () => {
    const seen: (string | undefined)[] = [];
    const port = await startScripted(({ id }, request, response) => {
      seen.push(request.headers.authorization, request.headers['x-key'] as string);
      json(response, id, { content: [{ type: 'text', text: 'in' }] });
    });
    const { tool } = overHttp(
      port,
      {
        hostEnv: { MY_KEY: 'planted-key-0815' },
        commons: {
          auth: async () => ({ type: 'bearer_token', token: 'planted-token-1', header: null, query: null, scopes: [] }),
        },
      },
      { 'x-key': '${MY_KEY}' },
    );
    expect(await output(tool, 'go')).toBe('in');
    expect(seen).toEqual(['Bearer planted-token-1', 'planted-key-0815']);
    expect(JSON.stringify(tool.server?.())).not.toContain('planted');
    expect(await tool.mcpServer?.()).toMatchObject({
      headers: { 'x-key': 'planted-key-0815', authorization: 'Bearer planted-token-1' },
    });
  });
});
