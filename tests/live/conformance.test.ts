import { afterAll, beforeAll, vi } from 'vitest';
import type { AgentAdapter } from '../../src/core/agent-port/index.ts';
import { agentConformance, type ConformanceCase, type ExpectedError } from '../support/agent-conformance.ts';
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

vi.setConfig({ testTimeout: TEST_TIMEOUT_MS });
let lab: LiveLab;
beforeAll(async () => {
  await installLiveAgents();
  lab = await openLab();
}, INSTALL_TIMEOUT_MS);
afterAll(() => lab?.close());

/** One adapter for all cases, as an engine has it. */
function liveCase(create: (lab: LiveLab) => AgentAdapter): () => Promise<ConformanceCase> {
  let adapter: AgentAdapter | null = null;
  return async () => {
    lab = await lab.renew();
    adapter ??= create(lab);
    const { model, stepKey } = lab;
    return {
      adapter,
      model,
      request: lab.request(),
      secrets: [KEY],
      isQuiet: () => !isCarried(stepKey),
      close: async () => undefined,
    };
  };
}

/** It asks again by itself after these unless it is told to wait for no time at all. */
const AT_ONCE = { 'retry-after': '0', 'retry-after-ms': '1' };

/** A question costs seconds: a refused key is asked about once, with a key sent back; bad requests and the end of its time in cli-agents. */
const SHARED_ERRORS: readonly ExpectedError[] = [
  { when: 'a forbidden model', answer: { status: 403 }, code: 'agent.not_logged_in', retryable: false },
  {
    when: 'a server error',
    answer: { status: 500, headers: AT_ONCE },
    code: 'agent.http_error',
    retryable: true,
    details: { status: 500 },
  },
  {
    when: 'too many requests',
    answer: { status: 429, headers: AT_ONCE },
    code: 'agent.rate_limited',
    retryable: true,
    details: { status: 429 },
  },
  {
    when: 'an overloaded server',
    answer: { status: 529, headers: AT_ONCE },
    code: 'agent.overloaded',
    retryable: true,
  },
];

agentConformance('claude-code', liveCase(claudeOf), { errors: SHARED_ERRORS, timeoutMs: null });
agentConformance('opencode', liveCase(openCodeOf), { errors: SHARED_ERRORS, timeoutMs: null, streams: false });
