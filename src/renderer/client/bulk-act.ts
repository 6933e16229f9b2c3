import type { RepeatedStep } from '../../shared/contract/index.ts';
import { type ErrorRecord, toErrorRecord } from '../../shared/errors.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { call } from './bridge.ts';

export type BulkAct = 'cancel' | 'retry';

/** Runs to which an act can apply, by what the row says; the store has the last word. */
export const canAct = (act: BulkAct, run: RunSummary): boolean =>
  act === 'cancel'
    ? run.completedAt === null && !run.cancelRequested
    : run.status === 'failed' || run.status === 'cancelled' || run.outcome === 'partial';

export interface BulkResult {
  readonly done: number;
  readonly failed: number;
  readonly firstError: ErrorRecord | null;
}

const AT_ONCE = 4;

/** Does something to many runs, a few at a time; what it threw for a run goes to `onError`. */
async function eachRun(
  runs: readonly RunSummary[],
  work: (run: RunSummary) => Promise<void>,
  onError: (error: ErrorRecord) => void,
): Promise<void> {
  const waiting = [...runs];
  const take = async (): Promise<void> => {
    for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
      try {
        await work(run);
      } catch (thrown) {
        onError(toErrorRecord(thrown));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
}

/** Does one act to many runs and counts how it went. */
export async function actOnRuns(act: BulkAct, runs: readonly RunSummary[]): Promise<BulkResult> {
  const result = { done: 0, failed: 0, firstError: null as ErrorRecord | null };
  const work = async ({ runId }: RunSummary): Promise<void> => {
    await call(`runs.${act}`, { runId });
    result.done += 1;
  };
  await eachRun(runs, work, (error) => {
    result.failed += 1;
    result.firstError ??= error;
  });
  return result;
}

/** A step that comes again in some of the runs. */
export interface RepeatedStepOfRuns {
  readonly step: RepeatedStep;
  readonly workflow: string;
  readonly runs: number;
}

export interface RetryPlans {
  /** The same step of the same workflow stands once. */
  readonly repeats: readonly RepeatedStepOfRuns[];
  /** How many runs there are of which nobody can say it, and why of the first. */
  readonly unknown: number;
  readonly firstError: ErrorRecord | null;
}

/** What would be done again if all of these runs were retried. */
export async function planRetries(runs: readonly RunSummary[]): Promise<RetryPlans> {
  const repeats = new Map<string, RepeatedStepOfRuns>();
  const missed = { unknown: 0, firstError: null as ErrorRecord | null };
  const work = async ({ runId, workflowId, workflowName }: RunSummary): Promise<void> => {
    const plan = await call('runs.planRetry', { runId });
    for (const step of plan.repeats) {
      // Versions of a workflow may do other things in a step of the same place.
      const key = JSON.stringify([workflowId, step.path, step.name, step.effect]);
      const path = `${workflowId} ${step.path} ${step.name}`;
      const known = repeats.get(key)?.runs ?? 0;
      repeats.set(key, { step: { ...step, path }, workflow: workflowName, runs: known + 1 });
    }
  };
  await eachRun(runs, work, (error) => {
    missed.unknown += 1;
    missed.firstError ??= error;
  });
  return { repeats: [...repeats.values()], ...missed };
}
