import type { HostedControlCenter } from '../../server/hosting/host-control-center.ts';
import type { ApprovalDetail, LiveEvent, OperationName, OutputOf } from '../../shared/contract/index.ts';
import type { Actor, RunSummary } from '../../shared/model/run.ts';
import { worded, words } from '../words/index.ts';
import { effectInNotice } from './decide-in-notice.ts';
import type { DesktopEvent } from './desktop-event.ts';

export interface NoticeFeedOptions {
  readonly center: Pick<HostedControlCenter, 'call' | 'subscribe' | 'onNotice'>;
  readonly actor: Actor;
  readonly tell: (event: DesktopEvent) => void;
  /** A request waits no more: what was shown of it is taken away. */
  readonly settled: (path: string) => void;
  readonly now: () => number;
}

const ASK_AFTER_MS = 200;
const MOST_ASKED = 50;
const PLAIN = { isUrgent: false, cause: null, decide: null };
const approvalPath = (id: string): string => `/approvals?id=${encodeURIComponent(id)}`;

/**
 * Hears what happens, of whoever holds the project, and says what of it a person may want to be told. What was there before is not told:
 * it is on Today. Returns the way to stop.
 */
export function feedNotices(options: NoticeFeedOptions): () => void {
  const { center, actor, tell, settled, now } = options;
  const since = now();
  const statuses = new Map<string, RunSummary['status']>();
  const missed = new Set<string>();
  let pending: Set<string> | null = null;
  const timers = new Map<string, NodeJS.Timeout>();
  const soon = (name: string, ask: () => Promise<void>): void => {
    clearTimeout(timers.get(name));
    timers.set(
      name,
      setTimeout(() => void ask(), ASK_AFTER_MS),
    );
  };
  const call = async <N extends OperationName>(name: N, input: unknown): Promise<OutputOf<N> | null> => {
    const answer = await center.call(name, input, actor);
    return answer.ok ? (answer.value as OutputOf<N>) : null;
  };

  const askApprovals = async (): Promise<void> => {
    const found = await call('approvals.list', { status: ['pending'], limit: MOST_ASKED });
    if (found === null) return;
    const before = pending;
    pending = new Set(found.approvals.map(({ id }) => id));
    if (before === null) return;
    for (const id of before) if (!pending.has(id)) settled(approvalPath(id));
    for (const id of pending) {
      if (before.has(id)) continue;
      const detail = await call('approvals.get', { id });
      if (detail !== null) tell(ofApproval(detail));
    }
  };
  const askMissed = async (): Promise<void> => {
    const found = await call('occurrences.list', { states: ['missed'], limit: MOST_ASKED });
    const fresh = (found?.occurrences ?? []).filter(
      ({ triggerKey, plannedAt, at }) => at >= since && !missed.has(`${triggerKey} ${plannedAt}`),
    );
    for (const { triggerKey, plannedAt } of fresh) missed.add(`${triggerKey} ${plannedAt}`);
    const [first] = fresh;
    if (first === undefined) return;
    const name = first.triggerKey.split('/')[0] ?? first.triggerKey;
    tell({
      ...PLAIN,
      kind: 'missed',
      title: fresh.length === 1 ? words().notices.missedOne(name) : words().notices.missedMany(fresh.length),
      text: worded(first.evidence.text ?? '') || words().notices.notServed,
      path: '/triggers',
    });
  };
  const heard = (event: LiveEvent): void => {
    if (event.kind === 'run') {
      const told = ofRun(event.run, statuses.get(event.run.runId), { since, me: actor.id });
      if (event.run.completedAt === null) statuses.set(event.run.runId, event.run.status);
      else statuses.delete(event.run.runId);
      if (told !== null) tell(told);
      if (event.run.waitsFor === 'approval' || pending?.size !== 0) soon('approvals', askApprovals);
    } else if (event.kind === 'approvals') soon('approvals', askApprovals);
    else if (event.kind === 'triggers') soon('missed', askMissed);
    else if (event.kind === 'project') {
      pending = null;
      statuses.clear();
      soon('approvals', askApprovals);
    }
  };
  const stops = [
    center.subscribe(({ events }) => {
      for (const event of events) heard(event);
    }),
    // Of requests it tells itself, with what can be decided at once.
    center.onNotice(({ kind, isUrgent, title, text, path }) =>
      kind === 'approval'
        ? undefined
        : tell({ ...PLAIN, kind, isUrgent, title: worded(title), text: worded(text), path }),
    ),
  ];
  void askApprovals();
  return () => {
    for (const stop of stops) stop();
    for (const timer of timers.values()) clearTimeout(timer);
  };
}

function ofApproval(detail: ApprovalDetail): DesktopEvent {
  const { id, title, hash, kind, workflowName, description } = detail;
  const effect = effectInNotice(detail);
  return {
    kind: kind === 'bundle_trust' ? 'trust' : 'approval',
    title: /[?.!]$/.test(title) ? title : `${title}?`,
    text: effect ?? (description === '' ? words().notices.asks(workflowName) : description),
    path: approvalPath(id),
    isUrgent: kind !== 'bundle_trust',
    cause: null,
    decide: effect === null ? null : { approvalId: id, hash },
  };
}

/** What is told of a run that came to this; null = nothing. A run that another one started is told of with that one, a replay not at all. */
function ofRun(
  run: RunSummary,
  before: RunSummary['status'] | undefined,
  { since, me }: { readonly since: number; readonly me: string },
): DesktopEvent | null {
  const { runId, status, workflowName, workflowId, error, currentStep, completedAt } = run;
  const path = `/runs/${encodeURIComponent(runId)}`;
  if (
    run.parentRunId !== null ||
    run.trigger === 'replay' ||
    status === before ||
    (completedAt !== null && completedAt < since)
  )
    return null;
  if (status === 'in_doubt')
    return {
      ...{ ...PLAIN, kind: 'in_doubt', isUrgent: true, path },
      title: words().notices.inDoubt(workflowName),
      text: words().notices.inDoubtText(currentStep),
    };
  if (status === 'failed')
    return {
      ...{ ...PLAIN, kind: 'run_failed', path },
      title: words().notices.failed(workflowName),
      text: worded(error?.message ?? ''),
      cause: `${workflowId} ${error?.code ?? ''}`,
    };
  if (status === 'completed' && run.actor === me && run.trigger === 'manual')
    return { ...{ ...PLAIN, kind: 'own_run', path }, title: words().notices.done(workflowName), text: '' };
  return null;
}
