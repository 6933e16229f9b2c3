import { crc32 } from 'node:zlib';
import { toE10 } from '../../shared/decimal.ts';
import type { RunSummary } from '../../shared/model/run.ts';

/** CRC-32 of the values of a row, in order. */
export const sumOf = (values: readonly (string | number | boolean | null)[]): number => crc32(values.join('\0'));

/** CRC-32 of what the row of a run says; rows from before the time at work was kept were summed without it. */
export const sumOfRun = (runNo: number, run: RunSummary, hasWork = true): number =>
  sumOf([
    runNo,
    run.runId,
    run.workflowId,
    run.workflowName,
    run.workflowPath,
    run.versionHash,
    run.versionLabel,
    run.trigger,
    run.actor,
    run.agent,
    run.parentRunId,
    run.linkedRunId,
    run.createdAt,
    run.stepsTotal,
    run.status,
    run.outcome,
    run.startedAt,
    run.completedAt,
    run.stepsSucceeded,
    run.stepsFailed,
    run.stepsSkipped,
    run.currentStep,
    run.error === null ? null : JSON.stringify(run.error),
    run.pauseRequested,
    run.cancelRequested,
    String(toE10(run.cost.usd)),
    run.cost.calls,
    run.cost.unpricedCalls,
    ...(hasWork ? [run.workedMs, run.workingSince] : []),
  ]);
