import type { ApprovalDetail } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { ApprovalAsked } from '../../shared/model/approval.ts';
import type { ApprovalDecided, StoredEvent } from '../../shared/model/events.ts';

type Events = readonly StoredEvent[];

/** What was asked, and where in the journal. */
export function askedIn(events: Events, id: string): { readonly asked: ApprovalAsked; readonly at: number } {
  for (const [at, { event }] of events.entries())
    if (event.type === 'waitpoint.opened' && event.approval?.id === id) return { asked: event.approval, at };
  throw new AppError('store.corrupt', `The journal does not hold the request ${id}.`);
}

/** Every word that was said about a request, in order. */
export const wordsIn = (events: Events, id: string): readonly (StoredEvent & { readonly event: ApprovalDecided })[] =>
  events.flatMap((stored) => {
    const { event } = stored;
    return event.type === 'approval.decided' && event.id === id ? [{ ...stored, event }] : [];
  });

/** Who approved, rejected or handed over a request. */
export function decisionsIn(
  events: Events,
  id: string,
): Pick<ApprovalDetail, 'approvals' | 'rejections' | 'handedOver'> {
  const said = wordsIn(events, id).map(({ event, at, actor }) => ({
    ...event,
    who: actor.id,
    timestamp: new Date(at).toISOString(),
  }));
  return {
    approvals: said
      .filter(({ decision }) => decision === 'approve')
      .map(({ who, comment, timestamp }) => ({ approver_id: who, comment, timestamp })),
    rejections: said
      .filter(({ decision }) => decision === 'reject')
      .map(({ who, comment, timestamp }) => ({ rejector_id: who, reason: comment, timestamp })),
    handedOver: said
      .filter(({ decision }) => decision === 'delegate')
      .map(({ who, to = '', comment, timestamp }) => ({ delegator_id: who, delegate_id: to, comment, timestamp })),
  };
}

interface RoundBefore {
  readonly steps: ApprovalDetail['stepsBefore'];
  readonly reopened: ApprovalDetail['reopened'];
  /** What was proposed then; undefined = there was no such round. */
  readonly output: Json | undefined;
}

/** What was asked in the round before, and why it is asked once more. */
export function roundBefore(events: Events, path: string, round: number): RoundBefore {
  if (round === 1) return { steps: null, reopened: null, output: undefined };
  const at = events.findLastIndex(
    ({ event }) => event.type === 'waitpoint.opened' && event.path === path && event.approval?.round === round - 1,
  );
  const opened = events[at]?.event;
  const asked = opened?.type === 'waitpoint.opened' ? opened.approval : undefined;
  const reopened = events
    .slice(at)
    .find(({ event }) => event.type === 'approval.reopened' && event.path === path)?.event;
  return {
    steps: asked?.subject.steps ?? null,
    reopened: reopened?.type === 'approval.reopened' ? { reason: reopened.reason, comment: reopened.comment } : null,
    output: outputIn(events, asked?.subject.proposalPath ?? null, at),
  };
}

/** What the step had given last when event number `at` was written; undefined = nothing in this run. */
export function outputIn(events: Events, path: string | null, at: number): Json | undefined {
  const given = events.slice(0, at).findLast(({ event }) => event.type === 'step.completed' && event.path === path);
  return given?.event.type === 'step.completed' ? given.event.output : undefined;
}
