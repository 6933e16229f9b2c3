import type { RunEvent } from '../../../shared/model/events.ts';

/** Whether a worker may tell of an event. Prices are mended at the control center, by positions of its own journal. */
const TYPES: Readonly<Record<RunEvent['type'], boolean>> = {
  ...{ 'run.created': true, 'run.started': true, 'run.pause_requested': true, 'run.paused': true, 'run.resumed': true },
  ...{ 'run.recovered': true, 'run.stopped': true, 'run.cancel_requested': true, 'run.in_doubt': true },
  ...{ 'run.waiting': true, 'run.woken': true, 'run.completed': true, 'run.failed': true, 'run.cancelled': true },
  ...{ 'step.started': true, 'step.completed': true, 'step.failed': true, 'step.skipped': true },
  ...{ 'step.cancelled': true, 'step.in_doubt': true, 'step.resolved': true, 'block.timed_out': true },
  ...{ 'frame.opened': true, 'frame.ended': true, 'waitpoint.opened': true, 'waitpoint.resolved': true },
  ...{ 'approval.decided': true, 'approval.reopened': true, 'agent.call_ended': true, 'agent.call_repriced': false },
  ...{ 'agent.failed_over': true, 'rollback.started': true, 'undo.ended': true, 'rollback.in_doubt': true },
  ...{ 'rollback.ended': true, 'files.copied': true, 'files.offered': true, 'files.declined': true },
  ...{ 'files.taken': true, 'files.undo_started': true, 'files.undo_ended': true },
};

/** The events that a worker may tell of a run. */
export const RUN_EVENTS: ReadonlySet<string> = new Set(
  Object.entries(TYPES).flatMap(([type, isTold]) => (isTold ? [type] : [])),
);
