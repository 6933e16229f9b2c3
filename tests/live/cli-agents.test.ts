import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentAdapter, AgentRequest, McpServerSpec, ModelShare } from '../../src/core/agent-port/index.ts';
import type { ConversationItem } from '../../src/shared/model/agent.ts';
import { allGone } from '../support/agent-conformance.ts';
import { type Asked, askCase, requestOf } from '../support/ask-agent.ts';
import type { SaidToolCall } from '../support/model-server/index.ts';
import { waitUntil } from '../support/wait-until.ts';
import {
  claudeOf,
  INSTALL_TIMEOUT_MS,
  installLiveAgents,
  isCarried,
  KEY,
  type LiveLab,
  openCodeOf,
  openLab,
  TEST_TIMEOUT_MS,
} from './live-lab.ts';

const EVERYTHING = join(
  createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/package.json'),
  '..',
  'dist',
  'index.js',
);
const ASKER = fileURLToPath(new URL('crashed-asker.ts', import.meta.url));

interface LiveAgent {
  readonly name: string;
  readonly create: (lab: LiveLab) => AgentAdapter;
  /** Its own names for what it can do. */
  readonly tools: { readonly read: string; readonly write: string; readonly command: string; readonly echo: string };
  readonly pathKey: string;
}

const AGENTS: readonly LiveAgent[] = [
  {
    name: 'claude-code',
    create: claudeOf,
    tools: { read: 'Read', write: 'Write', command: 'Bash', echo: 'mcp__every_thing__echo' },
    pathKey: 'file_path',
  },
  {
    name: 'opencode',
    create: openCodeOf,
    tools: { read: 'read', write: 'write', command: 'bash', echo: 'every_thing_echo' },
    pathKey: 'filePath',
  },
];

vi.setConfig({ testTimeout: TEST_TIMEOUT_MS });

let lab: LiveLab;
beforeAll(async () => {
  await installLiveAgents();
  lab = await openLab();
}, INSTALL_TIMEOUT_MS);
beforeEach(async () => {
  lab = await lab.renew();
});
afterEach(async () => {
  await waitUntil('no process of the step is left', () => !isCarried(lab.stepKey));
  // Telemetry, updates, catalogues: a provider of one's own is the only place that is asked.
  expect(lab.wentOut).toEqual([]);
});
afterAll(() => lab?.close());

const results = (asked: Asked): readonly Extract<ConversationItem, { kind: 'tool_result' }>[] =>
  asked.notes.filter((item) => item.kind === 'tool_result');

describe.each(AGENTS)('the real $name', ({ name, create, tools, pathKey }) => {
  /** One for all questions, as an engine has it. */
  let adapter: AgentAdapter;
  beforeAll(() => {
    adapter = create(lab);
  });
  /** What the last answer took, from the start of the program on: on this machine, today. */
  let lastMs: number | null = null;
  const ask = (changes: Partial<AgentRequest> = {}): Asked => {
    const beginning = performance.now();
    const asked = askCase({ adapter, request: lab.request() }, changes);
    const note = (): void => {
      lastMs = performance.now() - beginning;
    };
    asked.reply.then(note, () => undefined);
    return asked;
  };
  /** The model asks for these tools one after the other, in one question; every one of them is answered, by its work or a refusal. */
  const useTools = async (calls: readonly SaidToolCall[], changes: Partial<AgentRequest> = {}): Promise<Asked> => {
    lab.model.script((_request, n) =>
      calls[n - 1] === undefined ? {} : { toolCalls: [calls[n - 1] as SaidToolCall] },
    );
    const asked = ask(changes);
    await asked.reply;
    expect(results(asked)).toHaveLength(calls.length);
    return asked;
  };
  const everything = (extra: Record<string, string> = {}): McpServerSpec => ({
    name: 'every thing',
    command: process.execPath,
    args: [EVERYTHING],
    env: extra,
    cwd: lab.runDir,
    tools: ['echo'],
  });
  const leftFiles = (): readonly string[] => readdirSync(lab.runDir).filter((file) => file.startsWith('.agent'));

  it('calls a granted tool of an MCP server, shows it, and counts the tokens of all turns, cached ones as part of the input', async () => {
    const usage = { inputTokens: 1000, outputTokens: 50, cachedTokens: 400 };
    const call = { name: tools.echo, input: { message: 'ping 🙂' } };
    lab.model.script((_request, n) => (n === 1 ? { toolCalls: [call], usage } : { usage }));
    const used: ModelShare[] = [];
    const servers = [everything({ SERVER_TOKEN: 'token-of-the-server' })];
    const asked = ask({ mcpServers: servers, used: (soFar) => used.push(soFar) });
    await waitUntil('the agent has said something', () => asked.notes.length > 0);
    await waitUntil('the file with the server settings is gone', () => leftFiles().length === 0);
    const reply = await asked.reply;
    expect(asked.notes).toContainEqual({
      ...{ kind: 'tool_call', id: expect.any(String), tool: tools.echo },
      input: { message: 'ping 🙂' },
    });
    expect(results(asked)).toMatchObject([{ text: 'Echo: ping 🙂', isError: false }]);
    expect(reply.text).toContain('The tools said: Echo: ping 🙂');
    expect(JSON.stringify([reply, asked.notes])).not.toContain('token-of-the-server');
    expect(reply.usage).toMatchObject({ inputTokens: 2000, outputTokens: 100, cachedTokens: 800, isEstimated: false });
    // Said when the first turn was through.
    expect(used).toMatchObject([{ usage: { inputTokens: 1000, outputTokens: 50, cachedTokens: 400 } }]);
    expect(used[0]?.model).toContain(name === 'opencode' ? 'local/gpt-4o' : 'claude-');
    expect(reply.model).toMatch(name === 'opencode' ? /^local\/gpt-4o$/ : /^claude-/);
    if (name === 'claude-code') expect(reply.reportedCost).toMatch(/^0\.\d{1,10}$/);
    else expect(reply.reportedCost).toBeNull();
  });

  /** A file in a repository around the working folder. */
  const writeAround = async (): Promise<string> => {
    const file = join(lab.workDir, '..', 'around.txt');
    execFileSync('git', ['init', '--quiet', dirname(file)]);
    await writeFile(file, 'text around');
    return file;
  };
  /** What was shown and what the model was handed. */
  const told = (asked: Asked): string =>
    JSON.stringify([asked.notes, lab.model.questions().map((one) => one.bodyText)]);

  it('reads the working folder, and nothing outside of it, nor of the repository around it', async () => {
    await writeFile(join(lab.workDir, 'notes.txt'), 'inside text');
    await writeFile(join(lab.home, 'private.txt'), 'outside text');
    const paths = [join(lab.workDir, 'notes.txt'), join(lab.home, 'private.txt'), await writeAround()];
    const asked = await useTools(paths.map((path) => ({ name: tools.read, input: { [pathKey]: path } })));
    expect(results(asked)[0]?.text).toContain('inside text');
    expect(told(asked)).not.toMatch(/outside text|text around/);
  });

  it('with servers of tools reads no more, and cannot call what was not granted', async () => {
    const calls = [
      { name: tools.read, input: { [pathKey]: await writeAround() } },
      { name: tools.echo.replace('echo', 'get-env'), input: {} },
    ];
    lab.model.script((_request, n) => (calls[n - 1] === undefined ? {} : { toolCalls: calls.slice(n - 1, n) }));
    const asked = ask({ mcpServers: [everything({ SERVER_TOKEN: 'token-of-the-server' })] });
    await asked.reply.catch(() => undefined);
    // The refusal of the first came back, so the second was handed over.
    expect(lab.model.questions().length).toBeGreaterThanOrEqual(2);
    expect(told(asked)).not.toMatch(/text around/);
    expect(JSON.stringify([asked.notes, lab.model.questions().map((one) => one.toolResults)])).not.toMatch(
      /token-of-the-server|AIWORKFLOW_RUN_DIR/,
    );
  });

  it('writes and runs nothing by itself, whatever settings come with the files it reads', async () => {
    await writeFile(
      join(lab.workDir, '.mcp.json'),
      JSON.stringify({ mcpServers: { bad: { command: 'touch', args: ['started'] } } }),
    );
    const bad = { mcp: { bad: { type: 'local', command: ['touch', 'started'] } }, permission: { bash: 'allow' } };
    await writeFile(join(lab.workDir, 'opencode.json'), JSON.stringify(bad));
    await ask().reply;
    expect(existsSync(join(lab.workDir, 'started'))).toBe(false);
    const offered = lab.model.questions()[0]?.toolNames ?? [];
    expect(offered).toContain(tools.read);
    for (const tool of [tools.write, tools.command, 'Edit', 'edit', 'WebFetch', 'webfetch', 'Agent', 'task'])
      expect(offered).not.toContain(tool);
  });

  it('writes where it may, and only there', async () => {
    const [allowed, refused] = [join(lab.workDir, 'out', 'a.txt'), join(lab.workDir, 'b.txt')];
    const write = (path: string) => ({ name: tools.write, input: { [pathKey]: path, content: 'written' } });
    await useTools([write(allowed), write(refused)], { permissions: { write: ['out/**'] } });
    expect(readFileSync(allowed, 'utf8')).toBe('written');
    expect(existsSync(refused)).toBe(false);
  });

  it('runs the commands that it may, and no others', async () => {
    const commands = ['mkdir made', 'touch other', 'mkdir two && touch other', 'mkdir three; touch other'];
    const calls = commands.map((command) => ({ name: tools.command, input: { command, description: 'a command' } }));
    await useTools(calls, { permissions: { commands: ['mkdir'] } });
    expect(existsSync(join(lab.workDir, 'made'))).toBe(true);
    expect(existsSync(join(lab.workDir, 'other'))).toBe(false);
  });

  it('names a bad request, and says what the failed question has cost so far', async () => {
    const usage = { inputTokens: 500, outputTokens: 20 };
    lab.model.script((_request, n) =>
      n === 1 ? { toolCalls: [{ name: tools.echo, input: { message: 'x' } }], usage } : { status: 400 },
    );
    const error = await ask({ mcpServers: [everything()] }).failure();
    expect(error.toRecord()).toMatchObject({
      code: 'agent.http_error',
      retryable: false,
      details: { usage: { inputTokens: 500, outputTokens: 20 } },
    });
    expect(error.message).not.toBe('');
  });

  it('shows no key and no prompt to who lists processes, and takes its servers with it when its time is over', async () => {
    if (lastMs === null) await ask({ mcpServers: [everything()] }).reply;
    // Several times what it takes to reach the model.
    const timeoutMs = Math.max(4_000, 3 * (lastMs ?? 0));
    lab.model.reset();
    lab.model.script(() => ({ hang: true }));
    const mcpServers = [everything({ SERVER_TOKEN: 'token-of-the-server' })];
    const asked = ask({ prompt: 'a prompt of its own', timeoutMs, mcpServers, ask: 2 });
    await lab.model.waitForQuestion(1);
    const lines = process.platform === 'linux' ? commandLines() : '';
    if (process.platform === 'linux') expect(isCarried(lab.stepKey)).toBe(true);
    expect((await asked.failure()).toRecord()).toMatchObject({ code: 'agent.timed_out', retryable: true });
    await allGone(lab.model);
    expect(lines).not.toMatch(new RegExp(`${KEY}|token-of-the-server|a prompt of its own`));
    expect(isCarried(lab.stepKey)).toBe(false);
    expect(leftFiles()).toEqual([]);
  });

  it('keeps its answer when the engine is killed meanwhile', async () => {
    const gate = Promise.withResolvers<void>();
    lab.model.script([{ text: 'the answer that came late', until: gate.promise }]);
    const one = { request: lab.request() };
    const { signal: _signal, note: _note, callTool: _callTool, ...request } = requestOf(one, {}, []);
    const config =
      name === 'opencode'
        ? { api_base_url: lab.model.openAiUrl, provider: 'local', model: 'gpt-4o', opencode_mode: 'cli' }
        : { api_base_url: lab.model.url };
    const { stateDir, hostEnv } = lab;
    const engine = spawn(
      process.execPath,
      [ASKER, JSON.stringify({ agent: name, stateDir, hostEnv, config, request })],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    await lab.model.waitForQuestion(1);
    const gone = new Promise((resolve) => engine.once('exit', resolve));
    engine.kill('SIGKILL');
    await gone;
    const notes: ConversationItem[] = [];
    const recovering = adapter.recover?.({ ...request, note: (item) => notes.push(item) });
    gate.resolve();
    expect((await recovering)?.text).toBe('the answer that came late');
    expect(notes).toContainEqual({ kind: 'text', text: 'the answer that came late' });
    expect(leftFiles()).toEqual([]);
  });

  it('is not installed where PATH does not lead to it', async () => {
    const missing = create({ ...lab, hostEnv: { ...lab.hostEnv, PATH: lab.home } });
    expect(await missing.isInstalled()).toBe(false);
    await expect(missing.probe(new AbortController().signal)).rejects.toMatchObject({
      code: 'agent.not_installed',
      hint: expect.stringContaining('npm install -g'),
    });
  });
});

describe('the real claude-code', () => {
  it('says in its health check that nobody is logged in', async () => {
    const { ANTHROPIC_API_KEY: _key, ...hostEnv } = lab.hostEnv;
    const adapter = claudeOf({ ...lab, hostEnv });
    await expect(adapter.probe(new AbortController().signal)).rejects.toMatchObject({ code: 'agent.not_logged_in' });
  });

  it('stops at its budget, says what all turns together took, and keeps no session', async () => {
    // A home of its own: what servers of tools said to others is kept as .jsonl too.
    const own = await openLab();
    try {
      const usage = { inputTokens: 10_000, outputTokens: 500, cachedTokens: 4000 };
      const input = { file_path: join(own.workDir, 'notes.txt') };
      await writeFile(input.file_path, 'read again and again');
      // It would go on for ever.
      own.model.script(() => ({ toolCalls: [{ name: 'Read', input }], usage }));
      const budget = { adapter: claudeOf(own), request: own.request() };
      const error = await askCase(budget, { prompt: 'a private matter', maxBudgetUsd: '0.08' }).failure();
      const turns = own.model.questions().length;
      expect(turns).toBeGreaterThan(1);
      expect(error.toRecord()).toMatchObject({
        code: 'agent.budget_spent',
        details: {
          usage: { inputTokens: 10_000 * turns, outputTokens: 500 * turns, cachedTokens: 4000 * turns },
        },
      });
      const cost = Number(error.details?.reported_cost);
      expect(cost).toBeGreaterThanOrEqual(0.08);
      // Beyond its budget goes the last call at most.
      expect(cost - cost / turns).toBeLessThan(0.08);
      const kept = readdirSync(own.home, { recursive: true, encoding: 'utf8' });
      expect(kept.filter((file) => file.endsWith('.jsonl'))).toEqual([]);
    } finally {
      await own.close();
    }
  });
});

/** Command lines of everything that carries the step's key. */
function commandLines(): string {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => {
      try {
        const isOurs = readFileSync(`/proc/${pid}/environ`, 'latin1').includes(lab.stepKey);
        return isOurs ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
      } catch {
        return '';
      }
    })
    .join('\n');
}
