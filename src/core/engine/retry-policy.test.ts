import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import type { Step } from '../../shared/model/workflow.ts';
import { isRetryable, matchesError, type RetryPolicy, retryDelayMs, retryPolicyFor } from './retry-policy.ts';

const policy = (more: Partial<RetryPolicy> = {}): RetryPolicy => ({
  maxRetries: 3,
  backoff: 'exponential',
  delayMs: 1_000,
  maxDelayMs: 60_000,
  base: 2,
  jitter: 0,
  on: undefined,
  ...more,
});

describe('retryDelayMs', () => {
  it('gives the vector of SPEC §16', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => retryDelayMs(policy(), attempt, 0.5) / 1000);
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it.each([
    ['linear', [1, 2, 3, 4]],
    ['fixed', [1, 1, 1, 1]],
  ] as const)('grows as the project wants it: %s', (backoff, expected) => {
    const delays = [1, 2, 3, 4].map((attempt) => retryDelayMs(policy({ backoff }), attempt, 0.5) / 1000);
    expect(delays).toEqual(expected);
  });

  it('keeps jitter inside its bounds, never negative, never above the cap', () => {
    const wide = policy({ jitter: 0.1 });
    expect(retryDelayMs(wide, 1, 0)).toBeCloseTo(900);
    expect(retryDelayMs(wide, 1, 0.999999)).toBeCloseTo(1_100, 0);
    expect(retryDelayMs(wide, 20, 0.999999)).toBe(60_000);
    expect(retryDelayMs(policy({ jitter: 5 }), 1, 0)).toBe(0);
  });
});

describe('retryPolicyFor', () => {
  const project = { maxRetries: 5, backoff: 'linear', delayMs: 2_000, maxDelayMs: 9_000 } as const;
  const policyOf = (retry: object | undefined) => {
    const step = { ...(retry === undefined ? {} : { retry }) } as Step;
    const sources = { rule: undefined, workflowRetries: undefined, bundleRetries: undefined, isRepeatable: false };
    return retryPolicyFor({ step, project, isAgent: false, ...sources }, new AppError('tool.script_failed', 'x'));
  };

  it('obeys `tools.retry_policy` where nothing nearer is written', () => {
    expect(policyOf(undefined)).toMatchObject({ maxRetries: 5, backoff: 'linear', delayMs: 2_000, maxDelayMs: 9_000 });
  });

  it('lets what a step writes go before it, key by key', () => {
    expect(policyOf({ maxRetries: 1, delayMs: 10 })).toMatchObject({ maxRetries: 1, backoff: 'linear', delayMs: 10 });
    expect(policyOf({ base: 3 })).toMatchObject({ backoff: 'exponential', base: 3, maxDelayMs: 9_000 });
  });
});

describe('matchesError', () => {
  const exit3 = new AppError('tool.script_failed', 'x', { details: { exit_code: 3 } });
  it.each([
    [3, true],
    ['3', true],
    [4, false],
    ['tool.*', true],
    ['agent.*', false],
    ['tool.script_failed', true],
    ['timeout', false],
    ['*', true],
  ] as const)('%s -> %s', (word, expected) => {
    expect(matchesError(word, exit3)).toBe(expected);
  });

  it('knows timeouts of every area', () => {
    expect(matchesError('timeout', new AppError('tool.timed_out', 'x'))).toBe(true);
  });
});

describe('isRetryable', () => {
  const timedOut = new AppError('tool.timed_out', 'x');
  it('repeats a timeout only where repeating is harmless or asked for', () => {
    expect(isRetryable(policy(), timedOut, false)).toBe(false);
    expect(isRetryable(policy(), timedOut, true)).toBe(true);
    expect(isRetryable(policy({ on: ['timeout'] }), timedOut, false)).toBe(true);
  });
  it('lets `on` replace the list', () => {
    const failed = new AppError('tool.script_failed', 'x');
    expect(isRetryable(policy({ on: ['timeout'] }), failed, true)).toBe(false);
  });
  it('lets `*` stand for every error that may be met again', () => {
    expect(isRetryable(policy({ on: ['*'] }), new AppError('tool.script_failed', 'x'), false)).toBe(true);
    expect(isRetryable(policy({ on: ['*'] }), new AppError('run.cancelled', 'x'), true)).toBe(false);
  });
  it('never repeats what is in doubt', () => {
    expect(isRetryable(policy({ on: ['step.*'] }), new AppError('step.in_doubt', 'x'), true)).toBe(false);
  });
});
