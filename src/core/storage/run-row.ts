import { crc32 } from 'node:zlib';
import { fromE10, toE10 } from '../../shared/decimal.ts';
import type { ErrorRecord } from '../../shared/errors.ts';
import type { Outcome, RunStatus, RunSummary, TriggerInfo, WaitsFor } from '../../shared/model/run.ts';
import type { RollbackStatus } from '../../shared/model/undo.ts';
import { damaged, parseStored } from './damage.ts';

/** What the row of a run says, as SQL has it. */
export interface RunRow {
  readonly run_no: number;
  readonly run_id: string;
  readonly workflow_id: string;
  readonly workflow_name: string;
  readonly workflow_path: string;
  readonly version_hash: string;
  readonly version_label: string;
  readonly trigger: TriggerInfo['type'];
  readonly actor: string;
  readonly agent: string | null;
  readonly parent_run_id: string | null;
  readonly linked_run_id: string | null;
  readonly created_at: number;
  readonly steps_total: number;
  readonly status: RunStatus;
  readonly outcome: Outcome | null;
  readonly started_at: number | null;
  readonly completed_at: number | null;
  readonly steps_succeeded: number;
  readonly steps_failed: number;
  readonly steps_skipped: number;
  readonly current_step: string | null;
  readonly error: string | null;
  readonly pause_requested: 0 | 1;
  readonly cancel_requested: 0 | 1;
  readonly cost_e10: number;
  readonly model_calls: number;
  readonly unpriced_calls: number;
  /** These two are null in rows of earlier schemas. */
  readonly worked_ms: number | null;
  readonly working_since: number | null;
  /** Null in every row that does not wait. */
  readonly waits_for: WaitsFor | null;
  readonly wake_at: number | null;
  /** Null in every row that waits for nothing that comes. */
  readonly hears: string | null;
  /** Null in every row of a run that was not rolled back. */
  readonly rollback: RollbackStatus | null;
}

type RunColumn = keyof RunRow;

/** Never change after the first commit of a run. Stored sums depend on the order of these and of the next but one. */
export const BIRTH_COLUMNS = [
  'run_no',
  'run_id',
  'workflow_id',
  'workflow_name',
  'workflow_path',
  'version_hash',
  'version_label',
  'trigger',
  'actor',
  'agent',
  'parent_run_id',
  'linked_run_id',
  'created_at',
  'steps_total',
] as const satisfies readonly RunColumn[];

/** What the end of a step moves. None of them is indexed, so that no page of an index is written. */
export const PROGRESS_COLUMNS = [
  'steps_succeeded',
  'steps_failed',
  'steps_skipped',
  'current_step',
  'worked_ms',
  'working_since',
] as const satisfies readonly RunColumn[];

/** What any other event may move. */
export const STATE_COLUMNS = [
  'status',
  'outcome',
  'started_at',
  'completed_at',
  'steps_succeeded',
  'steps_failed',
  'steps_skipped',
  'current_step',
  'error',
  'pause_requested',
  'cancel_requested',
  'cost_e10',
  'model_calls',
  'unpriced_calls',
  'worked_ms',
  'working_since',
  'waits_for',
  'wake_at',
  'hears',
  'rollback',
] as const satisfies readonly RunColumn[];

/** Columns that came later: a row in which they say nothing has the sum that it always had. */
const WORK_COLUMNS = 2;
const WAIT_COLUMNS = 2;
const HEARD_COLUMNS = 1;
const ROLLBACK_COLUMNS = 1;

/** The row that stands for a summary. */
export const toRunRow = (runNo: number, run: RunSummary): RunRow => ({
  run_no: runNo,
  run_id: run.runId,
  workflow_id: run.workflowId,
  workflow_name: run.workflowName,
  workflow_path: run.workflowPath,
  version_hash: run.versionHash,
  version_label: run.versionLabel,
  trigger: run.trigger,
  actor: run.actor,
  agent: run.agent,
  parent_run_id: run.parentRunId,
  linked_run_id: run.linkedRunId,
  created_at: run.createdAt,
  steps_total: run.stepsTotal,
  status: run.status,
  outcome: run.outcome,
  started_at: run.startedAt,
  completed_at: run.completedAt,
  steps_succeeded: run.stepsSucceeded,
  steps_failed: run.stepsFailed,
  steps_skipped: run.stepsSkipped,
  current_step: run.currentStep,
  error: run.error === null ? null : JSON.stringify(run.error),
  pause_requested: run.pauseRequested ? 1 : 0,
  cancel_requested: run.cancelRequested ? 1 : 0,
  cost_e10: toE10(run.cost.usd),
  model_calls: run.cost.calls,
  unpriced_calls: run.cost.unpricedCalls,
  worked_ms: run.workedMs,
  working_since: run.workingSince,
  waits_for: run.waitsFor,
  wake_at: run.wakeAt,
  hears: run.hears,
  rollback: run.rollback ?? null,
});

/** CRC-32 of what never changes in a row. */
export const sumOfBirth = (row: RunRow): number => crc32(textOf(row, BIRTH_COLUMNS));

/** CRC-32 of what a row says; `birth` is that of what never changes in it. */
export const sumOfRunRow = (row: RunRow, birth = sumOfBirth(row)): number =>
  crc32(textOf(row, summedColumns(row)), birth);

function summedColumns(row: RunRow): readonly RunColumn[] {
  if (row.rollback !== null) return STATE_COLUMNS;
  const neverUndone = STATE_COLUMNS.slice(0, -ROLLBACK_COLUMNS);
  if (row.hears !== null) return neverUndone;
  const unheard = neverUndone.slice(0, -HEARD_COLUMNS);
  if (row.waits_for !== null || row.wake_at !== null) return unheard;
  const before = unheard.slice(0, -WAIT_COLUMNS);
  return row.worked_ms === null ? before.slice(0, -WORK_COLUMNS) : before;
}

/** Values as they are summed, each behind a mark but the first of the row. Flags were words from the first on and stay so. */
function textOf(row: RunRow, names: readonly RunColumn[]): string {
  const text = names.map((name) => (isFlag(name) ? row[name] === 1 : row[name])).join('\0');
  return names[0] === 'run_no' ? text : `\0${text}`;
}

const isFlag = (name: RunColumn): boolean => name === 'pause_requested' || name === 'cancel_requested';

/** The way back. `store.corrupt` when the row does not say what was written; `sum` is null in rows of earlier schemas. */
export function readRunRow(row: RunRow & { readonly sum: number | null }): RunSummary {
  if (row.sum === null || row.sum === sumOfRunRow(row)) {
    try {
      return toSummary(row);
    } catch {
      // An amount or an error that is none: the same damage.
    }
  }
  throw damaged(`The row of run ${row.run_id} is damaged: state.db`);
}

/** A row from before the time at work was kept says its whole time. */
function readWork(row: RunRow): Pick<RunSummary, 'workedMs' | 'workingSince'> {
  if (row.worked_ms !== null) return { workedMs: row.worked_ms, workingSince: row.working_since };
  if (row.started_at === null || row.completed_at === null)
    return { workedMs: 0, workingSince: row.status === 'running' ? row.started_at : null };
  return { workedMs: row.completed_at - row.started_at, workingSince: null };
}

const toSummary = (row: RunRow): RunSummary => ({
  runId: row.run_id,
  workflowId: row.workflow_id,
  workflowName: row.workflow_name,
  workflowPath: row.workflow_path,
  versionHash: row.version_hash,
  versionLabel: row.version_label,
  status: row.status,
  outcome: row.outcome,
  trigger: row.trigger,
  actor: row.actor,
  createdAt: row.created_at,
  startedAt: row.started_at,
  completedAt: row.completed_at,
  ...readWork(row),
  stepsTotal: row.steps_total,
  stepsSucceeded: row.steps_succeeded,
  stepsFailed: row.steps_failed,
  stepsSkipped: row.steps_skipped,
  currentStep: row.current_step,
  agent: row.agent,
  error: row.error === null ? null : (parseStored(row.error) as ErrorRecord),
  parentRunId: row.parent_run_id,
  linkedRunId: row.linked_run_id,
  waitsFor: row.waits_for,
  wakeAt: row.wake_at,
  hears: row.hears,
  pauseRequested: row.pause_requested === 1,
  cancelRequested: row.cancel_requested === 1,
  ...(row.rollback === null ? {} : { rollback: row.rollback }),
  cost: { usd: fromE10(row.cost_e10), calls: row.model_calls, unpricedCalls: row.unpriced_calls },
});
