import type { ErrorRecord } from '../../shared/errors.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import type { RunState, StepRecord } from './run-state.ts';

const CODE = 'agent.exhausted';

/** Agent -> why it does not do the step, in the order in which they were tried or asked. */
type AgentReasons = ReadonlyMap<string, string>;

/** Whoever had the step, with what it failed with last; `failed` is the attempt that has just ended. */
export function reasonsOfTried(
  record: StepRecord,
  failed: { readonly agent: string; readonly error: { readonly message: string } },
): Map<string, string> {
  const ended = record.attempts.flatMap(({ agent, error }): (readonly [string, string])[] =>
    agent === null || error === null ? [] : [[agent, error.message]],
  );
  return new Map([...ended, [failed.agent, failed.error.message]]);
}

/** Why the primary is no candidate although it has not been tried in this step; null = there is no such reason. */
export function reasonOfResting(state: RunState, primary: string): string | null {
  const before = state.failovers.findLast((one) => one.from_agent === primary);
  return before === undefined ? null : `not asked again so soon after it failed: ${before.error}`;
}

/** SPEC §3.7, with every agent and its reason. */
export function exhaustedWarning(stepName: string, reasons: AgentReasons): StepWarning {
  const each = [...reasons].map(([agent, why]) => `${agent}: ${withoutStop(why)}`);
  return { code: CODE, message: `All agents exhausted for step '${stepName}': ${each.join('; ')}` };
}

/**
 * What the step has failed with: where nobody was left, that of all agents. Code and details stay those of the last one, so that rules
 * of `on_error` mean the same with failover and without. A journal of an earlier version names no agents there: it keeps its error.
 */
export function errorOfStep(error: ErrorRecord, warnings: readonly StepWarning[]): ErrorRecord {
  const exhausted = warnings.find((one) => one.code === CODE);
  if (exhausted === undefined || !exhausted.message.includes(withoutStop(error.message))) return error;
  return { ...error, message: exhausted.message };
}

const withoutStop = (text: string): string => text.trim().replace(/\.$/, '');
