import type { ErrorRecord } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { RunEvent } from '../../shared/model/events.ts';
import type { RunSummary } from '../../shared/model/run.ts';

/** Something inside the product that an `event` trigger may name (SPEC §1.7). */
export interface NamedEvent {
  readonly name: string;
  /** What the trigger's condition and the run see, beside the name. */
  readonly payload: JsonMap;
}

/** The events of the journal from which a named event may follow. */
export const NAMED_FROM: readonly RunEvent['type'][] = [
  'run.completed',
  'run.failed',
  'run.cancelled',
  'waitpoint.opened',
  'waitpoint.resolved',
];

/**
 * The named event that an event of a run is: `run.completed`, `run.failed`, `run.cancelled`, `approval.requested`, `approval.approved`,
 * `approval.rejected`, `approval.expired`, `approval.cancelled`; null = none.
 */
export function nameEvent(event: RunEvent, run: RunSummary): NamedEvent | null {
  const of = { run_id: run.runId, workflow_id: run.workflowId, workflow_name: run.workflowName };
  if (event.type === 'run.completed' || event.type === 'run.failed' || event.type === 'run.cancelled') {
    const { outcome, outputs, error } = event;
    const status = event.type.slice('run.'.length);
    return {
      name: event.type,
      payload: { ...of, status, outcome, outputs, error: error === null ? null : shown(error) },
    };
  }
  if (event.type === 'waitpoint.opened' && event.approval !== undefined) {
    const { id, title } = event.approval;
    return { name: 'approval.requested', payload: { ...of, step: event.path, approval_id: id, title } };
  }
  if (event.type === 'waitpoint.resolved' && event.status !== undefined)
    return { name: `approval.${event.status}`, payload: { ...of, step: event.path } };
  return null;
}

const shown = ({ code, message }: ErrorRecord): JsonMap => ({ code, message });
