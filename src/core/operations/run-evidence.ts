import { fromE10 } from '../../shared/decimal.ts';
import { isJsonMap } from '../../shared/json.ts';
import type { AuditEvent, AuditType, AuditVerdict } from '../../shared/model/audit.ts';
import type { StoredEvent } from '../../shared/model/events.ts';
import {
  EVIDENCE_FORMAT,
  type EvidenceAct,
  type EvidenceApproval,
  type EvidenceLimit,
  type EvidenceLine,
  type EvidenceRaise,
  type EvidenceRun,
  type EvidenceStep,
} from '../../shared/model/evidence.ts';
import type { Actor } from '../../shared/model/run.ts';
import { isEnded, type RunState } from '../engine/index.ts';
import { withoutSigns } from '../governance/index.ts';
import { actorText, type RequestWord, type StoredRequest } from '../storage/index.ts';
import { askedIn, wordsIn } from './approval-history.ts';
import type { ProjectSession } from './project-session.ts';

const ENDS: readonly string[] = ['run.completed', 'run.failed', 'run.cancelled'];
const MOST_REQUESTS = 1000;

/** What of a run and of the audit a pack is made of. */
interface Found {
  readonly session: Pick<ProjectSession, 'store' | 'engine' | 'clock'>;
  readonly runId: string;
  readonly rows: readonly AuditEvent[];
  readonly chain: AuditVerdict;
}

/** What an evidence pack says of a run above the events of the audit: each act names the event that says the same. */
export function evidenceLines({ session, runId, rows, chain }: Found, actor: Actor): readonly EvidenceLine[] {
  const { store, engine, clock } = session;
  const { state } = engine.stateOf(runId);
  const events = store.journal.readRun(runId);
  const { state: chainState, message, checked, head, signed_head, cut_through } = chain;
  const about = { made_at: new Date(clock.now()).toISOString(), made_by: actorText(actor) };
  const cost = { usd: fromE10(state.costE10), calls: state.modelCalls, unpriced_calls: state.unpricedCalls };
  return withoutSigns<readonly EvidenceLine[]>([
    { part: 'about', format: EVIDENCE_FORMAT, ...about },
    runLine(state, events, rows),
    ...startLines({ session, runId, rows }),
    ...approvalLines({ session, runId, rows }, events),
    ...[...state.steps.values()].map(stepLine),
    ...raiseLines(rows),
    { part: 'cost', ...cost },
    { part: 'chain', state: chainState, message, checked, head, signed_head, cut_through },
    ...limits(state, rows, cut_through),
  ]);
}

/** What is looked for in the audit. */
interface Sought {
  readonly type: AuditType;
  readonly action: string;
  /** Of the request that it is about. */
  readonly request?: string;
}

/** The event of the audit that was written in the transaction of what somebody did at an instant. */
function eventOf(
  rows: readonly AuditEvent[],
  { by, at }: { readonly by: string; readonly at: number },
  { type, action, request }: Sought,
): EvidenceAct {
  const act = { by, at: new Date(at).toISOString() };
  const row = rows.find(
    (one) =>
      one.event_type === type &&
      one.action === action &&
      one.timestamp === act.at &&
      one.user_id === by &&
      (request === undefined || one.resource_id === request),
  );
  return { ...act, event: row?.seq ?? null };
}

/** Who wrote an event of the journal, and when. */
const doneBy = ({ at, actor }: StoredEvent): { readonly by: string; readonly at: number } => ({
  by: actorText(actor),
  at,
});

const AUDITED_ENDS = { completed: 'complete', failed: 'fail', cancelled: 'end' } as const;

function runLine(state: RunState, events: readonly StoredEvent[], rows: readonly AuditEvent[]): EvidenceRun {
  const { created, status } = state;
  const [first] = events;
  const end = isEnded(status) ? events.findLast(({ event }) => ENDS.includes(event.type)) : undefined;
  const ending = status as keyof typeof AUDITED_ENDS;
  return {
    part: 'run',
    run_id: state.runId,
    workflow_id: created.workflowId,
    workflow_name: created.workflowName,
    version: created.versionLabel,
    version_hash: created.versionHash,
    trigger: created.trigger.key ?? created.trigger.type,
    agent: created.agent,
    parent_run_id: created.parentRunId,
    linked_run_id: created.linkedRunId,
    status,
    outcome: state.outcome,
    worked_seconds: state.workedMs / 1000,
    started: eventOf(rows, doneBy(first as StoredEvent), { type: 'workflow.executed', action: 'execute' }),
    ended:
      end === undefined
        ? null
        : eventOf(rows, doneBy(end), { type: `workflow.${ending}`, action: AUDITED_ENDS[ending] }),
  };
}

const AUDITED_WORDS = {
  approve: 'approval.approved',
  reject: 'approval.rejected',
  cancel: 'approval.cancelled',
  revise: 'approval.requested',
  delegate: 'approval.requested',
} as const satisfies Readonly<Record<string, AuditType>>;

const ASKED = { type: 'approval.requested', action: 'request' } as const;

/** By which people have asked for a run to be started, oldest first. */
export const startRequests = ({ store }: Pick<ProjectSession, 'store'>, runId: string): readonly StoredRequest[] =>
  store.approvals
    .list({ runId, limit: MOST_REQUESTS })
    .toReversed()
    .flatMap(({ id, type }) => {
      const request = type === 'step' ? null : store.requests.find(id);
      return request === null ? [] : [request];
    });

/** What somebody has said about a request. */
function decisionOf(
  rows: readonly AuditEvent[],
  request: string,
  { by, at, decision, comment, to }: RequestWord,
): EvidenceApproval['decisions'][number] {
  const event = eventOf(rows, { by, at }, { type: AUDITED_WORDS[decision], action: decision, request });
  return { ...event, decision, comment, ...(to === null ? {} : { to }) };
}

function startLines({ session: { store }, runId, rows }: Omit<Found, 'chain'>): readonly EvidenceApproval[] {
  return startRequests({ store }, runId).map((one) => ({
    ...{ part: 'approval', id: one.id, step: null, title: one.title, round: 1, status: one.status },
    requested_by: one.requester,
    requested: eventOf(rows, { by: one.requester, at: one.createdAt }, { ...ASKED, request: one.id }),
    min_approvals: one.minApprovals,
    content_hash: one.hash,
    decisions: store.requests.words(one.id).map((word) => decisionOf(rows, one.id, word)),
  }));
}

function approvalLines(
  { session: { store }, runId, rows }: Omit<Found, 'chain'>,
  events: readonly StoredEvent[],
): readonly EvidenceApproval[] {
  const requests = store.approvals.list({ runId, limit: MOST_REQUESTS }).toReversed();
  return requests.flatMap(({ id, stepPath, title, round, status, requesterId }) => {
    if (stepPath === null) return [];
    const { asked, at } = askedIn(events, id);
    const decisions = wordsIn(events, id).map((word) => {
      const { decision, comment, to = null } = word.event;
      return decisionOf(rows, id, { ...doneBy(word), decision, comment, to });
    });
    return [
      {
        ...{ part: 'approval' as const, id, step: stepPath, title, round, status, requested_by: requesterId },
        requested: eventOf(rows, doneBy(events[at] as StoredEvent), { ...ASKED, request: id }),
        min_approvals: asked.minApprovals,
        content_hash: asked.hash,
        decisions,
      },
    ];
  });
}

/** Who gave more room; what they gave stands in the intent of the act. */
const raiseLines = (rows: readonly AuditEvent[]): readonly EvidenceRaise[] =>
  rows.flatMap((row) => {
    const intent = rows.find(({ id }) => id === row.details.intent)?.details.input;
    if (row.action !== 'costs.raise' || !row.success || !isJsonMap(intent)) return [];
    const { limit, by, once } = intent;
    const raised = { by: row.user_id, at: row.timestamp, event: row.seq };
    return [{ part: 'raise' as const, limit: String(limit), usd: String(by), once: once === true, raised }];
  });

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const stepLine = (step: RunState['outsideLoops'][number]): EvidenceStep => ({
  part: 'step',
  path: step.path,
  name: step.name,
  action: step.calls,
  agent: step.attempts.at(-1)?.agent ?? null,
  status: step.status,
  attempts: step.attempt,
  started_at: iso(step.startedAt),
  completed_at: iso(step.completedAt),
  error: step.error?.message ?? null,
});

/** What nobody can tell from the pack. */
function limits(state: RunState, rows: readonly AuditEvent[], cutThrough: number | null): readonly EvidenceLimit[] {
  const texts = [
    'The signature says that the computer that holds the key made this pack and that nothing in it was changed since. It does not say who sat at it: whoever can read the key file of the audit can sign. Compare the key with the one of another export of the same project.',
    'Names are the names of users of the project, as they signed in, or of the user of the system. The pack does not prove which person that was.',
    'The events are those of the chain from the first about this run, or about a request for its start, to the last, with what others did in between. What was done before and after is not in it.',
    'Of tools, only calls whose effect cannot simply be repeated stand in the audit; what a tool did outside this computer is what the tool said.',
    'Inputs and outputs are not in the pack but for what the events say of them; secrets and long values stand there without what they are.',
    'The lines of steps and of the cost are what the journal of the run said when the pack was made; they are sealed with the rest and have no event of their own.',
    'Costs are what agents reported or what tokens come to by the price table of that day, not an invoice.',
    'What was undone is known as far as the events and the lines of steps say so. What somebody undid by hand is not known here.',
    ...(isEnded(state.status) ? [] : ['The run had not ended when the pack was made.']),
    ...(rows.length > 0 || cutThrough === null
      ? []
      : [
          `The events of this run were cut off with everything up to event ${cutThrough}: what is said above has no event.`,
        ]),
  ];
  return texts.map((text) => ({ part: 'not_proven', text }));
}
