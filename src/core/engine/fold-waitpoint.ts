import { AppError } from '../../shared/errors.ts';
import type {
  ApprovalDecided,
  ApprovalReopened,
  StoredEvent,
  WaitpointOpened,
  WaitpointResolved,
} from '../../shared/model/events.ts';
import { openAgain } from './fold-frame.ts';
import type { RunState, StepRecord, WaitpointRecord } from './run-state.ts';
import { countChildWork } from './worked-time.ts';

function waitpointOf(
  state: RunState,
  path: string,
): { readonly record: StepRecord; readonly waitpoint: WaitpointRecord } {
  const record = state.steps.open(path);
  if (record?.waitpoint == null)
    throw new AppError(
      'store.corrupt',
      `The journal of run ${state.runId} says what ${path} waited for, which it never did.`,
    );
  return { record, waitpoint: record.waitpoint };
}

/** The step that has just begun rests. */
export function openWaitpoint(state: RunState, event: WaitpointOpened): StepRecord {
  const record = state.steps.open(event.path);
  if (record === undefined)
    throw new AppError(
      'store.corrupt',
      `The journal of run ${state.runId} lets ${event.path} wait, which never began.`,
    );
  record.status = 'waiting';
  const { approval, dueAt } = event;
  const request =
    approval === undefined
      ? null
      : { asked: approval, approvals: [], rejections: [], handedOver: [], isCancelled: false };
  record.waitpoint = {
    openedAt: event.since,
    dueAt,
    request,
    child: event.child ?? null,
    awaits: event.awaits ?? null,
    resolved: null,
    isReopened: false,
  };
  return record;
}

/** What it waited for has come; the step itself ends with its own event. */
export function resolveWaitpoint(state: RunState, stored: StoredEvent, event: WaitpointResolved): StepRecord {
  const { record, waitpoint } = waitpointOf(state, event.path);
  waitpoint.resolved = { by: event.by, status: event.status, child: event.child, event: event.event, at: stored.at };
  if (event.event !== undefined) state.taken.add(event.event.id);
  const work = event.child?.work;
  if (work !== undefined) countChildWork(state, work, waitpoint.openedAt, stored.at);
  return record;
}

/** A person has said something about a request. What follows from it is resolved or opened again by an event of its own. */
export function noteDecision(state: RunState, stored: StoredEvent, event: ApprovalDecided): StepRecord {
  const { record, waitpoint } = waitpointOf(state, event.path);
  const { request } = waitpoint;
  const timestamp = new Date(stored.at).toISOString();
  const { id } = stored.actor;
  if (event.decision === 'approve') request?.approvals.push({ approver_id: id, comment: event.comment, timestamp });
  else if (event.decision === 'reject') request?.rejections.push({ rejector_id: id, reason: event.comment, timestamp });
  else if (event.decision === 'delegate')
    request?.handedOver.push({
      delegator_id: id,
      delegate_id: event.to ?? '',
      comment: event.comment,
      timestamp,
    });
  else if (event.decision === 'cancel' && request !== null) request.isCancelled = true;
  return record;
}

/** The steps from the proposal to the question are open again. */
export function reopenApproval(state: RunState, event: ApprovalReopened): StepRecord {
  const { record, waitpoint } = waitpointOf(state, event.path);
  const from = state.steps.open(event.from);
  const answer = from?.output ?? null;
  for (const one of state.steps.openIn(record.frame))
    if (one.index >= (from?.index ?? record.index) && one.index <= record.index) openAgain(state, one);
  waitpoint.isReopened = true;
  if (event.reason === 'revised' && from !== undefined)
    from.revision = { answer, comment: event.comment, round: (waitpoint.request?.asked.round ?? 0) + 1 };
  return record;
}
