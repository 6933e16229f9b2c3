import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentAdapter, AgentRequest } from '../../src/core/agent-port/index.ts';
import {
  type CliAdapterOptions,
  createClaudeCodeAdapter,
  createOpenCodeAdapter,
} from '../../src/core/agents/cli-adapters/index.ts';
import { createHttpClient, type HttpClient } from '../../src/core/http/index.ts';
import { createProcessRunner, type ProcessRunner } from '../../src/core/processes/index.ts';
import { systemClock } from '../../src/core/time/index.ts';
import type { JsonMap } from '../../src/shared/json.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const INSTALLER = join(HERE, '..', '..', 'scripts', 'install-live-agents.mjs');
/** Where the programs are under their own names: npm's links on systems that have them, the packages' folders on Windows. */
const PROGRAM_FOLDERS =
  process.platform === 'win32'
    ? [
        ['@anthropic-ai', 'claude-code', 'bin'],
        ['opencode-ai', 'bin'],
      ]
    : [['.bin']];
export const AGENT_PATH = [
  ...PROGRAM_FOLDERS.map((parts) => join(HERE, 'node_modules', ...parts)),
  dirname(process.execPath),
  process.env.PATH ?? '',
].join(delimiter);

export const INSTALL_TIMEOUT_MS = 600_000;
/** The programs themselves need seconds to start when the machine is busy. */
export const TEST_TIMEOUT_MS = 300_000;
export const KEY = 'sk-live-planted-7c1e5d9b3a2f4680';

/** Installs the real agents when they are not there; throws with the installer's own words when that fails. */
export async function installLiveAgents(): Promise<void> {
  const child = spawn(process.execPath, [INSTALLER], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`The real agents could not be installed (exit code ${code}):\n${said}`);
}

/**
 * One agent in a world of its own: home, project, run folder, model server, and a proxy that sees who wants to go out. The programs make
 * their databases and settings ready in a home that they do not know, which takes them as long as a question: tests share it.
 */
export interface LiveLab {
  readonly home: string;
  readonly workDir: string;
  readonly runDir: string;
  readonly stateDir: string;
  readonly model: ModelServer;
  readonly runner: ProcessRunner;
  readonly http: HttpClient;
  readonly hostEnv: Readonly<Record<string, string>>;
  /** Hosts that somebody tried to reach beyond loopback. */
  readonly wentOut: readonly string[];
  /** Of this lab alone: what carries it is ended with the step, whoever started it. */
  readonly stepKey: string;
  request(): Pick<AgentRequest, 'runId' | 'workDir' | 'runDir' | 'stepKey'>;
  /** The same home with new folders and a new step key, for the next test; the model knows no script any more. */
  renew(): Promise<LiveLab>;
  /** Of the whole world, whichever lab of it is closed. */
  close(): Promise<void>;
}

export async function openLab(): Promise<LiveLab> {
  const root = mkdtempSync(join(tmpdir(), 'aiw-live-'));
  const [home, stateDir] = [join(root, 'home'), join(root, 'state')];
  await mkdir(home);
  const model = await startModelServer({ keys: [KEY] });
  const wentOut: string[] = [];
  const proxy = await startProxy(wentOut);
  const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  // OpenCode fetches its plugin library by itself; here it finds no registry.
  await writeFile(join(home, '.npmrc'), 'registry=http://127.0.0.1:9/\nfetch-retries=0\n');
  await writeFile(join(home, 'no-models.json'), '{}');
  const runner = createProcessRunner({ clock: systemClock, stateDir });
  const http = createHttpClient({ clock: systemClock });
  const hostEnv = {
    PATH: AGENT_PATH,
    HOME: home,
    USERPROFILE: home,
    ...{ HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl, NO_PROXY: '127.0.0.1,localhost' },
    ...{ ANTHROPIC_API_KEY: KEY, OPENAI_API_KEY: KEY },
    // The models of the world, which OpenCode reads at each start for a third of its time: no test asks one of them.
    OPENCODE_MODELS_PATH: join(home, 'no-models.json'),
  };
  const close = async (): Promise<void> => {
    await runner.close();
    await http.close();
    await model.close();
    proxy.close();
    proxy.closeAllConnections();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  };
  const labOf = async (number: number): Promise<LiveLab> => {
    const [workDir, runDir] = [join(root, `${number}`, 'work'), join(root, `${number}`, 'run')];
    for (const folder of [workDir, runDir]) await mkdir(folder, { recursive: true });
    const [runId, stepKey] = [`run_live_${number}`, `live-${randomUUID()}`];
    return {
      ...{ home, workDir, runDir, stateDir, model, runner, http, hostEnv, wentOut, stepKey },
      request: () => ({ runId, workDir, runDir, stepKey }),
      renew: () => {
        model.reset();
        return labOf(number + 1);
      },
      close,
    };
  };
  return labOf(1);
}

/** Refuses everything and keeps the names. */
async function startProxy(wentOut: string[]): Promise<Server> {
  const proxy = createServer((request, response) => {
    wentOut.push(request.url ?? '');
    response.writeHead(502).end();
  });
  proxy.on('connect', (request, socket) => {
    wentOut.push(request.url ?? '');
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return proxy;
}

const optionsOf = (lab: LiveLab, config: JsonMap): CliAdapterOptions => ({
  config: { ...config, pass_env: ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'OPENCODE_MODELS_PATH'] },
  ...{ runner: lab.runner, hostEnv: lab.hostEnv, http: lab.http, projectPath: lab.workDir },
});

export const claudeOf = (lab: LiveLab, config: JsonMap = {}): AgentAdapter =>
  createClaudeCodeAdapter(optionsOf(lab, { api_base_url: lab.model.url, max_retries: 0, ...config }));

const LOCAL = { provider: 'local', model: 'gpt-4o' };

export const openCodeOf = (lab: LiveLab, config: JsonMap = {}): AgentAdapter =>
  createOpenCodeAdapter(
    optionsOf(lab, { ...LOCAL, api_base_url: lab.model.openAiUrl, opencode_mode: 'cli', ...config }),
  );

/** Reached through a running server, which has the provider in its own settings. */
export const openCodeServerOf = (lab: LiveLab, url: string, config: JsonMap = {}): AgentAdapter =>
  createOpenCodeAdapter(optionsOf(lab, { ...LOCAL, server_url: url, opencode_mode: 'server', ...config }));

/** Whether a process carries this step key: an agent, or anything that it started. Only Linux lets us look. */
export function isCarried(stepKey: string): boolean {
  if (process.platform !== 'linux') return false;
  return readdirSync('/proc').some((pid) => {
    try {
      return (
        /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`AIWORKFLOW_STEP_KEY=${stepKey}`)
      );
    } catch {
      return false;
    }
  });
}
