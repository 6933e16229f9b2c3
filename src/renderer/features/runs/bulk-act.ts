import { type ErrorRecord, toErrorRecord } from '../../../shared/errors.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import { call } from '../../client/bridge.ts';

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

/** Does one act to many runs, a few at a time, and counts how it went. */
export async function actOnRuns(act: BulkAct, runs: readonly RunSummary[]): Promise<BulkResult> {
  const waiting = [...runs];
  const result = { done: 0, failed: 0, firstError: null as ErrorRecord | null };
  const work = async (): Promise<void> => {
    for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) {
      try {
        await call(`runs.${act}`, { runId: run.runId });
        result.done += 1;
      } catch (thrown) {
        result.failed += 1;
        result.firstError ??= toErrorRecord(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return result;
}
