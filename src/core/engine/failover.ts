import type { AppError } from '../../shared/errors.ts';
import type { FailoverReason } from '../../shared/model/agent.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import { standIn } from './agent-choice.ts';
import { exhaustedWarning, reasonOfResting, reasonsOfTried } from './exhausted.ts';
import type { AgentHost, FailoverSettings } from './ports.ts';
import type { RunState, StepRecord } from './run-state.ts';

/** What was decided after an agent had failed a step for good (SPEC §3.7). */
export interface FailoverDecision {
  /** Who takes over; null = nobody. */
  readonly to: string | null;
  readonly warnings: readonly StepWarning[];
}

/** Failures that another agent would meet too, beside everything that is not the agents' area. */
const SAME_FOR_ALL: ReadonlySet<string> = new Set(['agent.unknown_operation', 'agent.not_found']);
/** Failures that say nothing about the agent's health: what is missing is set up by a person, and then it works at once. */
const NOT_ITS_FAULT: ReadonlySet<string> = new Set([
  'agent.breaker_open',
  'agent.permission_unenforceable',
  'agent.not_installed',
  'agent.not_configured',
  'agent.not_logged_in',
]);

/** True when the failure is one that another agent may not meet. */
export const mayFailOver = (error: AppError): boolean =>
  error.code.startsWith('agent.') && !SAME_FOR_ALL.has(error.code);

/** True when the failure counts for the agent's breaker. */
export const countsForBreaker = (error: AppError): boolean => mayFailOver(error) && !NOT_ITS_FAULT.has(error.code);

/** SPEC §3.7, the table of reasons. */
export function failoverReason(error: AppError): FailoverReason {
  switch (error.code) {
    case 'agent.not_installed':
    case 'agent.not_configured':
      return 'initialization_failed';
    case 'agent.unhealthy':
    case 'agent.not_logged_in':
      return 'health_check_failed';
    case 'agent.timed_out':
    case 'agent.silent':
      return 'timeout';
    case 'agent.breaker_open':
      return 'circuit_breaker_open';
    default:
      return 'step_execution_failed';
  }
}

/** Candidates in order: the primary unless it failed a short while ago, then the fallbacks; none twice in a step, never `demo`. */
export function failoverCandidates(
  state: RunState,
  record: StepRecord,
  more: { readonly settings: FailoverSettings; readonly fallbackAgent: string | null; readonly now: number },
): readonly string[] {
  const { settings, fallbackAgent, now } = more;
  const primary = state.created.agent;
  const tried = new Set(record.attempts.map((one) => one.agent));
  const failedAt = primary === null ? undefined : state.replaced.get(primary)?.at;
  const isPrimaryRested = failedAt === undefined || now - failedAt >= settings.retryPrimaryAfterMs;
  const order = [
    ...(primary !== null && isPrimaryRested ? [primary] : []),
    ...(fallbackAgent === null ? [] : [fallbackAgent]),
    ...settings.fallbackAgents,
  ];
  return [...new Set(order)].filter((name) => !tried.has(name) && name !== 'demo');
}

/**
 * Steps that work at once and lose one agent share one failover: who took over for another step while this attempt was made, unless this
 * step has tried it already; null = nobody did.
 */
export function standInMeanwhile(state: RunState, { attempts }: StepRecord, agent: string): string | null {
  const replaced = state.replaced.get(agent);
  if (replaced === undefined || replaced.at < (attempts.at(-1)?.startedAt ?? 0)) return null;
  const name = standIn(state, agent);
  return attempts.some((one) => one.agent === name) ? null : name;
}

/** What `chooseNextAgent` needs beside the step. */
export interface FailoverContext {
  readonly state: RunState;
  readonly agents: AgentHost;
  readonly fallbackAgent: string | null;
  readonly now: number;
  readonly signal: AbortSignal;
}

/**
 * Asks the candidates in order whether they can take the step over; the first that is healthy and whose breaker is closed does.
 * Never rejects for what a candidate is.
 */
export async function chooseNextAgent(
  step: { readonly name: string; readonly record: StepRecord },
  failed: { readonly agent: string; readonly error: AppError },
  context: FailoverContext,
): Promise<FailoverDecision> {
  const { state, agents, fallbackAgent, now } = context;
  const { failover: settings } = agents;
  const isAllowed = failoverReason(failed.error) === 'timeout' ? settings.onTimeout : settings.onStepFailure;
  if (!mayFailOver(failed.error) || !isAllowed || settings.maxAttempts === 0) return { to: null, warnings: [] };
  const shared = standInMeanwhile(state, step.record, failed.agent);
  const candidates = failoverCandidates(state, step.record, { settings, fallbackAgent, now });
  const hasOthers = fallbackAgent !== null || settings.fallbackAgents.length > 0;
  if (!hasOthers) return { to: null, warnings: [] };
  const reasons = reasonsOfTried(step.record, failed);
  const isSharing = shared !== null && (await agents.canTake(shared, context.signal)) === null;
  const going = isSharing ? shared : await firstThatCan(candidates, reasons, context);
  if (going !== null) return { to: going, warnings: failoverWarnings(step.name, failed.agent, going) };
  return { to: null, warnings: [attempting(step.name, failed.agent), exhaustedWarning(step.name, reasons)] };
}

const attempting = (step: string, from: string): StepWarning => ({
  code: 'agent.failover',
  message: `Step '${step}' failed with agent '${from}', attempting failover`,
});

/** What is said of a step that another agent takes over. */
export const failoverWarnings = (step: string, from: string, to: string): readonly StepWarning[] => [
  attempting(step, from),
  { code: 'agent.failover', message: `Failing over from '${from}' to '${to}'` },
];

/** The first candidate that can take the step; why the others cannot goes into `reasons`. */
async function firstThatCan(
  candidates: readonly string[],
  reasons: Map<string, string>,
  { state, agents, signal }: FailoverContext,
): Promise<string | null> {
  const { maxAttempts } = agents.failover;
  const isSpent = state.failovers.length >= maxAttempts;
  for (const name of candidates) {
    if (signal.aborted) return null;
    const refusal = isSpent ? null : await agents.canTake(name, signal);
    if (!isSpent && refusal === null) return name;
    reasons.set(name, refusal?.message ?? `not asked, a run changes hands ${maxAttempts} times at most`);
  }
  const primary = state.created.agent;
  const resting = primary === null || reasons.has(primary) ? null : reasonOfResting(state, primary);
  if (primary !== null && resting !== null) reasons.set(primary, resting);
  return null;
}
