import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach } from 'vitest';
import { createHttpClient, type HttpClient } from '../../../src/core/http/index.ts';
import { systemClock } from '../../../src/core/time/index.ts';
import type { ToolCall, ToolResult } from '../../../src/core/tool-port/index.ts';
import {
  createMcpTool,
  type McpPorts,
  type McpServerSettings,
  type McpSettings,
} from '../../../src/core/tools/mcp/index.ts';
import type { PinPort, RegistryTool, ToolCommons, ToolDefinitions } from '../../../src/core/tools/registry-port.ts';
import { AppError } from '../../../src/shared/errors.ts';
import type { Json, JsonMap } from '../../../src/shared/json.ts';
import { isGone } from '../process-lab.ts';
import { waitUntil } from '../wait-until.ts';

const SCRIPTED = fileURLToPath(new URL('scripted-server.ts', import.meta.url));

/** The folder of the test that runs now, and the file into which scripted servers write. */
export let dir: string;
let tools: RegistryTool[];
let http: HttpClient;

/** Gives every test of the file a folder and an HTTP client of its own and closes every tool that it made. */
export function prepareMcpLab(): void {
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'aiw-mcp-'));
    tools = [];
    http = createHttpClient({ clock: systemClock });
  });
  afterEach(async () => {
    await Promise.all(tools.map((tool) => tool.close()));
    await http.close();
    rmSync(dir, { recursive: true, force: true });
  });
}

/** A pin as people know it: the first definitions are accepted, others by their word. */
export interface TestPin extends PinPort {
  readonly seen: ToolDefinitions[];
  accept(): void;
}

export function makePin(): TestPin {
  let accepted: ToolDefinitions | null = null;
  const seen: ToolDefinitions[] = [];
  return {
    seen,
    accepted: () => accepted,
    check: (current) => {
      seen.push(current);
      accepted ??= current;
      if (accepted.hash !== current.hash) throw new AppError('tool.changed', 'The tool says something else now.');
    },
    accept: () => {
      accepted = seen.at(-1) ?? null;
    },
  };
}

export interface ToolSetup {
  readonly mode?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly server?: McpServerSettings;
  readonly settings?: Partial<McpSettings>;
  readonly commons?: Partial<ToolCommons>;
  readonly hostEnv?: Readonly<Record<string, string | undefined>>;
  readonly ports?: Partial<McpPorts>;
}

export interface Lab {
  readonly tool: RegistryTool;
  readonly pin: TestPin;
  readonly changes: () => number;
}

/** A tool over a scripted server, or over `server`. */
export function makeTool(setup: ToolSetup = {}): Lab {
  const pin = makePin();
  let changes = 0;
  const commons: ToolCommons = {
    ...{ name: 'lab', description: '', allowedHosts: [], allowedPaths: [], timeoutMs: 30_000, pin },
    auth: async () => ({ type: 'none', token: null, header: null, query: null, scopes: [] }),
    onChange: () => {
      changes += 1;
    },
    ...setup.commons,
  };
  const server = setup.server ?? scriptedServer(setup.mode, setup.env);
  const settings: McpSettings = {
    ...{ server, timeoutMs: null, include: null, exclude: [], references: [] },
    ...setup.settings,
  };
  const tool = createMcpTool({
    ...{ commons, settings, http, stateDir: join(dir, 'state') },
    hostEnv: setup.hostEnv ?? process.env,
    ports: { ...systemClock, ...setup.ports },
  });
  tools.push(tool);
  return { tool, pin, changes: () => changes };
}

/** The settings of a scripted server in the folder of the test. */
export function scriptedServer(mode = '', env: Readonly<Record<string, string>> = {}): McpServerSettings {
  return {
    kind: 'command',
    command: process.execPath,
    args: [SCRIPTED],
    env: { MODE: mode, NOTES: join(dir, 'notes'), ...env },
    folders: [dir],
  };
}

/** A server of node_modules, started by its file. */
export function packageServer(file: string, args: readonly string[]): McpServerSettings {
  const bin = fileURLToPath(new URL(`../../../node_modules/@modelcontextprotocol/${file}`, import.meta.url));
  return { kind: 'command', command: process.execPath, args: [bin, ...args], env: {}, folders: [dir] };
}

export interface CallSetup {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly log?: ToolCall['log'];
}

export async function run(
  tool: RegistryTool,
  operation: string,
  inputs: JsonMap = {},
  setup: CallSetup = {},
): Promise<ToolResult> {
  return tool.execute({
    ...{ operation, inputs, runId: 'run', stepId: 'step', path: 'step', attempt: 1, stepNow: 0, stepKey: 'key' },
    ...{ timeoutMs: setup.timeoutMs ?? 30_000, workDir: dir, runDir: dir, env: {} },
    signal: setup.signal ?? new AbortController().signal,
    log: setup.log ?? (() => undefined),
  });
}

/** The output of a call. */
export async function output(tool: RegistryTool, operation: string, inputs: JsonMap = {}): Promise<Json> {
  return (await run(tool, operation, inputs)).output;
}

/** The error of a call that must fail. */
export async function failure(work: Promise<unknown>): Promise<AppError> {
  const thrown = await work.then(
    (value) => new Error(`it succeeded: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (thrown instanceof AppError) return thrown;
  throw thrown;
}

/** What scripted servers have written. */
export const notes = (): readonly string[] => {
  const file = join(dir, 'notes');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};

export const startedPids = (): readonly number[] =>
  notes().flatMap((line) => (line.startsWith('start ') ? [Number(line.slice(6))] : []));

export async function waitUntilGone(pids: readonly number[]): Promise<void> {
  await waitUntil(`processes ${pids.join(', ')} are gone`, () => pids.every(isGone));
}

/** Time that moves by hand. */
export function makeClock(): McpPorts & {
  readonly advance: (ms: number) => void;
  readonly waiting: () => readonly number[];
} {
  let time = 0;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  return {
    now: () => time,
    setTimer: (ms, callback) => {
      const timer = { at: time + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: (ms) => {
      time += ms;
      for (const timer of [...timers]) {
        if (timer.at > time || !timers.delete(timer)) continue;
        timer.callback();
      }
    },
    waiting: () => [...timers].map((timer) => timer.at - time),
  };
}
