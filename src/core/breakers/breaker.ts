import type { BreakerState, BreakerStatus } from '../../shared/model/agent.ts';

/** SPEC §3.5. Times in ms. */
export interface BreakerSettings {
  readonly failureThreshold: number;
  readonly recoveryTimeoutMs: number;
  readonly halfOpenMaxCalls: number;
}

/** SPEC §3.5 "per agent: 3, 60.0, 1". */
export const AGENT_BREAKER: BreakerSettings = {
  failureThreshold: 3,
  recoveryTimeoutMs: 60_000,
  halfOpenMaxCalls: 1,
};

/** SPEC §3.5, for the triggers of a workflow. */
export const WORKFLOW_BREAKER: BreakerSettings = {
  failureThreshold: 5,
  recoveryTimeoutMs: 30_000,
  halfOpenMaxCalls: 3,
};

/** What is kept of a breaker. */
export interface BreakerRecord {
  readonly state: BreakerState;
  /** Failures in a row while it was closed. */
  readonly failures: number;
  /** When it opened last, UTC ms; null = it is closed. */
  readonly openedAt: number | null;
  /** Half open: calls in flight or done. */
  readonly calls: number;
  readonly successes: number;
}

/** A breaker that lets everything through and has counted nothing. */
export const CLOSED_BREAKER: BreakerRecord = { state: 'closed', failures: 0, openedAt: null, calls: 0, successes: 0 };

/** How a call ended; `abandoned` = without a verdict (cancelled, tried again, never begun). */
export type CallVerdict = 'success' | 'failure' | 'abandoned';

/** The breaker as it is at `now`: an open one becomes half open when its pause is over, with no calls. */
export function breakerAt(record: BreakerRecord, settings: BreakerSettings, now: number): BreakerRecord {
  if (record.state !== 'open') return record;
  return now - (record.openedAt ?? 0) >= settings.recoveryTimeoutMs
    ? { ...record, state: 'half_open', calls: 0, successes: 0 }
    : record;
}

/** The breaker after a call has begun, or null when it lets none through now. */
export function beginCall(record: BreakerRecord, settings: BreakerSettings, now: number): BreakerRecord | null {
  const current = breakerAt(record, settings, now);
  if (current.state === 'closed') return current;
  if (current.state === 'open' || current.calls >= settings.halfOpenMaxCalls) return null;
  return { ...current, calls: current.calls + 1 };
}

/** The breaker after a call has ended. A call that began before the breaker opened says nothing while it is open. */
export function endCall(
  record: BreakerRecord,
  verdict: CallVerdict,
  settings: BreakerSettings,
  now: number,
): BreakerRecord {
  const current = breakerAt(record, settings, now);
  if (current.state === 'closed') return endWhileClosed(current, verdict, settings, now);
  if (current.state === 'open') return current;
  if (verdict === 'failure') return opened(current.failures, now);
  if (verdict === 'abandoned') return { ...current, calls: Math.max(current.successes, current.calls - 1) };
  // A success of a call that this half-open time did not let through proves nothing for it.
  if (current.successes >= current.calls) return current;
  const successes = current.successes + 1;
  return successes >= settings.halfOpenMaxCalls ? CLOSED_BREAKER : { ...current, successes };
}

function endWhileClosed(
  record: BreakerRecord,
  verdict: CallVerdict,
  settings: BreakerSettings,
  now: number,
): BreakerRecord {
  if (verdict === 'abandoned') return record;
  if (verdict === 'success') return record.failures === 0 ? record : CLOSED_BREAKER;
  const failures = record.failures + 1;
  return failures >= settings.failureThreshold ? opened(failures, now) : { ...record, failures };
}

const opened = (failures: number, now: number): BreakerRecord => ({
  state: 'open',
  failures,
  openedAt: now,
  calls: 0,
  successes: 0,
});

/** The breaker as lists show it. */
export function breakerStatus(record: BreakerRecord, settings: BreakerSettings, now: number): BreakerStatus {
  const { state, failures, openedAt } = breakerAt(record, settings, now);
  return {
    state,
    failures,
    opensAgainAt: state === 'open' && openedAt !== null ? openedAt + settings.recoveryTimeoutMs : null,
  };
}
