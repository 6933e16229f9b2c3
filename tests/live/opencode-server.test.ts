import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ModelShare } from '../../src/core/agent-port/index.ts';
import type { TokenUsage } from '../../src/shared/model/agent.ts';
import { agentConformance, type ConformanceCase, type ExpectedError } from '../support/agent-conformance.ts';
import { askCase } from '../support/ask-agent.ts';
import {
  INSTALL_TIMEOUT_MS,
  installLiveAgents,
  KEY,
  type LiveLab,
  openCodeServerOf,
  openLab,
  TEST_TIMEOUT_MS,
} from './live-lab.ts';
import { type OpenCodeService, startOpenCodeService } from './open-code-service.ts';

vi.setConfig({ testTimeout: TEST_TIMEOUT_MS });

let lab: LiveLab;
let service: OpenCodeService;
beforeAll(async () => {
  await installLiveAgents();
  lab = await openLab();
  service = await startOpenCodeService(lab);
}, INSTALL_TIMEOUT_MS);
afterAll(async () => {
  await service?.stop();
  await lab?.close();
});

const AT_ONCE = { 'retry-after-ms': '1' };
const ERRORS: readonly ExpectedError[] = [
  { when: 'a refused key', answer: { status: 401 }, code: 'agent.not_logged_in', retryable: false },
  { when: 'a bad request', answer: { status: 400 }, code: 'agent.http_error', retryable: false },
  { when: 'a server error', answer: { status: 500, headers: AT_ONCE }, code: 'agent.http_error', retryable: true },
  { when: 'too many requests', answer: { status: 429, headers: AT_ONCE }, code: 'agent.rate_limited', retryable: true },
];

const serverCase = async (): Promise<ConformanceCase> => {
  lab.model.reset();
  return {
    adapter: openCodeServerOf(lab, service.url),
    model: lab.model,
    request: lab.request(),
    secrets: [KEY],
    isQuiet: () => true,
    close: async () => undefined,
  };
};

agentConformance('opencode', serverCase, { errors: ERRORS, timeoutMs: 5000, unknownModel: 'agent.http_error' });

describe('opencode as a server', () => {
  const ask = (config = {}, changes = {}) => {
    lab.model.reset();
    const adapter = openCodeServerOf(lab, service.url, config);
    return askCase({ adapter, request: lab.request() }, changes);
  };

  it('is used by itself where it is healthy, and a process where it is not', async () => {
    expect((await ask({ opencode_mode: 'auto' }).reply).text).toMatch(/^The model has read/);
    // A process knows nothing of the server's providers.
    const error = await ask({ opencode_mode: 'auto', server_url: 'http://127.0.0.1:9' }).failure();
    expect([error.code, error.message]).toEqual(['agent.not_configured', expect.any(String)]);
  });

  it('is not well where nothing listens', async () => {
    const adapter = openCodeServerOf(lab, 'http://127.0.0.1:9');
    await expect(adapter.probe(new AbortController().signal)).rejects.toMatchObject({ code: 'agent.unhealthy' });
    const error = await askCase({ adapter, request: lab.request() }).failure();
    expect(error.code).toBe('agent.connection_lost');
  });

  it('offers the model no tool that the step was not given', async () => {
    await ask().reply;
    const tools = lab.model.questions()[0]?.toolNames ?? [];
    expect(tools).toContain('read');
    for (const tool of ['bash', 'edit', 'write', 'webfetch', 'task']) expect(tools).not.toContain(tool);
  });

  it('refuses what only a process can be given', async () => {
    const server = { name: 'x', url: 'http://127.0.0.1:9/mcp', headers: {}, tools: ['y'] };
    expect((await ask({}, { mcpServers: [server] }).failure()).code).toBe('agent.incompatible');
  });

  it('says after a turn what it has used, and is ended in the middle of its question', async () => {
    const usage = { inputTokens: 1000, outputTokens: 50, cachedTokens: 400 };
    lab.model.reset();
    const input = { filePath: join(lab.workDir, 'nothing.txt') };
    lab.model.script(() => ({ toolCalls: [{ name: 'read', input }], usage }));
    const stop = new AbortController();
    const used: number[] = [];
    const hear = (soFar: ModelShare): void => {
      used.push(soFar.usage.inputTokens);
      if (used.length === 2) stop.abort();
    };
    const adapter = openCodeServerOf(lab, service.url);
    const asked = askCase({ adapter, request: lab.request() }, { used: hear, signal: stop.signal });
    const error = await asked.failure();
    expect(used.slice(0, 2)).toEqual([1000, 2000]);
    expect(error.code).toBe('run.cancelled');
    const spent = error.details?.usage as TokenUsage | undefined;
    expect(spent?.isEstimated).toBe(false);
    expect(spent?.inputTokens).toBeGreaterThanOrEqual(2000);
  });

  it('wants its password', async () => {
    const locked = await startOpenCodeService(lab, 'a-long-password');
    try {
      const config = { server_url: locked.url };
      expect((await ask(config).failure()).code).toBe('agent.not_logged_in');
      const hostEnv = { ...lab.hostEnv, OPENCODE_SERVER_PASSWORD: 'a-long-password' };
      const adapter = openCodeServerOf({ ...lab, hostEnv }, locked.url);
      expect((await askCase({ adapter, request: lab.request() }).reply).text).toMatch(/^The model/);
    } finally {
      await locked.stop();
    }
  });
});
