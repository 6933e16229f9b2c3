import type { AppError } from '../../shared/errors.ts';
import { hasCalledEffects } from './agent-calls.ts';
import type { Attempt } from './attempt.ts';
import { findErrorRule } from './error-policy.ts';
import { askedWaitMs } from './retry-policy.ts';
import type { RunState } from './run-state.ts';

/** What a provider lets through only later than that is no rate limit any more. */
const LONGEST_MS = 7 * 24 * 3_600_000;

/**
 * A provider that takes no more calls says from when on it does: then the attempt is made again, instead of failing (SPEC §11). What is
 * written for such a failure goes before, and no effect of an agent's call is repeated. In so many ms; null = nothing was said, or too far away.
 */
export function limitResetMs(
  { step, path, role, agent }: Pick<Attempt, 'step' | 'path' | 'role' | 'agent'>,
  error: AppError,
  state: RunState,
): number | null {
  const waitMs = askedWaitMs(error);
  if (error.code !== 'agent.rate_limited' || !error.retryable || waitMs === null || waitMs > LONGEST_MS) return null;
  const isOurs = role === 'main' && agent !== null && !hasCalledEffects(state, path);
  return isOurs && findErrorRule(step, error) === undefined ? waitMs : null;
}
