import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createHttpClient } from '../../src/core/http/index.ts';
import { createProcessRunner, type ProcessRunner } from '../../src/core/processes/index.ts';
import { systemClock } from '../../src/core/time/index.ts';
import { type ToolCall, ToolRegistry, type ToolRegistryOptions } from '../../src/core/tools/index.ts';
import type { AppError } from '../../src/shared/errors.ts';
import { REPOSITORY_DIR } from './paths.ts';

/** A project with a registry, its tools opened with real processes and sockets. */
export interface RegistryLab {
  readonly project: string;
  readonly stateDir: string;
  readonly runner: ProcessRunner;
  /** What was told as secret. */
  readonly secrets: string[];
  /** Writes files below the project. */
  write(files: Readonly<Record<string, string>>): void;
  /** Starts a service that answers every request with `body()`; gives its `host:port`. */
  serve(body: () => unknown): Promise<string>;
  /** What services were asked: `GET /path`. */
  readonly requests: string[];
  open(extra?: Partial<ToolRegistryOptions>): Promise<ToolRegistry>;
  dispose(): Promise<void>;
}

export const REGISTRY = '.aiworkflow/tools/registry.yaml';

/** `parent` = where its project is made. */
export function openRegistryLab(parent = tmpdir()): RegistryLab {
  const project = realpathSync(mkdtempSync(join(parent, 'aiw-registry-')));
  const stateDir = join(project, '.aiworkflow', 'state');
  // An engine was here before: a missing mark then proves that nothing began.
  mkdirSync(join(stateDir, 'helpers', 'out'), { recursive: true });
  const runner = createProcessRunner({ clock: systemClock, stateDir });
  const http = createHttpClient({ clock: systemClock });
  const opened: ToolRegistry[] = [];
  const secrets: string[] = [];
  const requests: string[] = [];
  const services: Server[] = [];
  return {
    project,
    stateDir,
    runner,
    secrets,
    requests,
    serve: async (body) => {
      const service = createServer((request, response) => {
        requests.push(`${request.method} ${request.url}`);
        response.setHeader('content-type', 'application/json').end(JSON.stringify(body()));
      }).listen(0, '127.0.0.1');
      services.push(service);
      await new Promise((resolve) => service.once('listening', resolve));
      return `127.0.0.1:${(service.address() as AddressInfo).port}`;
    },
    write: (files) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(project, path)), { recursive: true });
        writeFileSync(join(project, path), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
      }
    },
    open: async (extra = {}) => {
      const registry = await ToolRegistry.open({
        ...{ projectPath: project, registryFile: join(project, REGISTRY), stateDir, runner, http },
        ...{ hostEnv: { PATH: process.env.PATH, HOME: process.env.HOME }, timeoutMs: 30_000 },
        ...{ typePriority: ['mcp', 'openapi', 'custom'], onChange: () => undefined },
        onSecret: (value) => secrets.push(value),
        ports: {
          now: () => Date.now(),
          setTimer: (ms, callback) => {
            const timer = setTimeout(callback, ms);
            return () => clearTimeout(timer);
          },
        },
        ...extra,
      });
      opened.push(registry);
      return registry;
    },
    dispose: async () => {
      for (const registry of opened) await registry.close();
      await http.close();
      await runner.close();
      for (const service of services) service.close().closeAllConnections();
      rmSync(project, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

let attempts = 0;

/** A call as the engine makes it. */
export function engineCall(lab: RegistryLab, operation: string, extra: Partial<ToolCall> = {}): ToolCall {
  attempts += 1;
  return {
    ...{ operation, inputs: {}, runId: 'run-1', stepId: 'step', path: 'step', attempt: attempts, stepNow: 0 },
    ...{ stepKey: `lab-${process.pid}-${attempts}-${'t'.repeat(20)}`, timeoutMs: 30_000, env: {} },
    ...{ workDir: lab.stateDir, runDir: lab.stateDir, signal: new AbortController().signal, log: () => undefined },
    ...extra,
  };
}

/** What a promise rejects with. */
export const errorOf = (promise: Promise<unknown>): Promise<AppError> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: AppError) => error,
  );

/** A small OpenAPI spec: `list_things` at a host. */
export const specOf = (host: string, summary = 'Lists things'): unknown => ({
  openapi: '3.0.3',
  info: { title: 'Things', version: '1' },
  servers: [{ url: `http://${host}` }],
  paths: { '/things': { get: { operationId: 'listThings', summary, responses: { 200: { description: 'ok' } } } } },
});

const DESCRIBED_SERVER = join(REPOSITORY_DIR, 'tests', 'support', 'mcp', 'described-server.mjs');

/** Writes an MCP tool `desk` that has the tools that `define` says. `pids` are its processes, the first one first. */
export function writeServer(
  lab: RegistryLab,
  extra = '',
): { readonly define: (tools: readonly object[]) => void; readonly pids: () => number[] } {
  const tools = join(lab.project, 'definitions.json');
  const started = join(lab.project, 'started');
  const args = JSON.stringify([DESCRIBED_SERVER, tools, started]);
  lab.write({
    [REGISTRY]: `tools: [{name: desk, implementations: [{type: mcp}]${extra}}]\n`,
    '.aiworkflow/tools/mcp/desk.yaml': `server: {command: ${JSON.stringify(process.execPath)}, args: ${args}}\n`,
  });
  const define = (list: readonly object[]): void => writeFileSync(tools, JSON.stringify(list));
  define([{ name: 'post', description: 'Posts' }, { name: 'gone' }]);
  const pids = (): number[] =>
    existsSync(started) ? readFileSync(started, 'utf8').trim().split('\n').map(Number) : [];
  return { define, pids };
}
