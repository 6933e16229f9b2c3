import type { ApprovalDetail, Availability, OperationName } from '../../shared/contract/index.ts';
import { fromE10 } from '../../shared/decimal.ts';
import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { Permission } from '../../shared/model/access.ts';
import type { ApprovalAsked } from '../../shared/model/approval.ts';
import { type ApprovalStatus, type ApprovalSummary, MOST_ROUNDS } from '../../shared/model/approval.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { Step } from '../../shared/model/workflow.ts';
import { type ApprovalRecord, type ApprovalWord, canSendBack, planWorkflow, type RunState } from '../engine/index.ts';
import {
  allowsSelf,
  type DeciderRules,
  decidersOf,
  hasOneUser,
  requireApprover,
  whyNoApprover,
} from './approval-deciders.ts';
import { askedIn, decisionsIn, outputIn, roundBefore } from './approval-history.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';
import { requireSettings } from './project-settings.ts';

type ApprovalOperation = Extract<OperationName, `approvals.${string}`>;

/** The use cases of requests for a decision (SPEC §12.2). */
export function approvalHandlers(session: ProjectSession): HandlersOf<ApprovalOperation> {
  const { store, clock } = session;
  const decide = (word: Omit<ApprovalWord, 'path'>, hash: string | null, actor: Actor) =>
    decideOn(session, word, hash, actor);
  return {
    'approvals.list': (filter) => ({
      approvals: store.approvals.list(filter).map((one) => asOf(one, clock.now())),
      pending: store.approvals.countPending(),
    }),
    'approvals.get': ({ id }, actor, permissions) => detailOf(session, id, { actor, permissions }),
    'approvals.approve': ({ id, hash, comment }, actor) => decide({ id, decision: 'approve', comment }, hash, actor),
    'approvals.reject': ({ id, hash, reason }, actor) =>
      decide({ id, decision: 'reject', comment: reason }, hash, actor),
    'approvals.revise': ({ id, hash, comment }, actor) => decide({ id, decision: 'revise', comment }, hash, actor),
    'approvals.cancel': ({ id }, actor, permissions) => {
      const { requesterId } = findRequest(session, id);
      if (requesterId !== actor.id && !permissions.has('user:manage'))
        throw new AppError('access.denied', `User ${actor.id} does not have permission user:manage`, {
          hint: 'Whoever asked can take the request back, or somebody who may manage users.',
        });
      return decide({ id, decision: 'cancel', comment: '' }, null, actor);
    },
  };
}

/** Expiry is looked at on every read: whoever is to write it down may not have come to it yet. */
const asOf = (one: ApprovalSummary, now: number): ApprovalSummary =>
  one.status === 'pending' && one.expiresAt !== null && one.expiresAt <= now ? { ...one, status: 'expired' } : one;

function findRequest({ store, clock }: ProjectSession, id: string): ApprovalSummary {
  const found = store.approvals.find(id);
  if (found !== null) return asOf(found, clock.now());
  throw new AppError('approval.not_found', `Request not found: ${id}`, {
    hint: "List the requests with 'aiworkflow approvals list'.",
  });
}

async function decideOn(
  session: ProjectSession,
  word: Omit<ApprovalWord, 'path'>,
  hash: string | null,
  actor: Actor,
): Promise<{ readonly runId: string; readonly runStatus: RunState['status'] }> {
  requireSettings(session.settingsProblems);
  const { runId, stepPath: path } = findRequest(session, word.id);
  const { workflow } = await session.host.loadVersion(session.engine.stateOf(runId).state.created);
  const step = planWorkflow(workflow).at(path)?.step;
  const check = (state: RunState): void => {
    const { status } = findRequest(session, word.id);
    requirePending(status);
    const request = state.steps.get(path)?.waitpoint?.request;
    if (request?.asked.id !== word.id) throw notPending('cancelled');
    if (word.decision !== 'cancel') requireDecider(session, { asked: request.asked, step, word }, actor);
    requireSameHash(request, hash);
    if (word.decision === 'approve' && request.approvals.some((one) => one.approver_id === actor.id))
      throw new AppError('approval.already_decided', `User ${actor.id} has already approved`);
    if (word.decision === 'revise' && request.asked.round >= MOST_ROUNDS)
      throw new AppError('approval.no_revision', `This proposal was sent back ${MOST_ROUNDS - 1} times.`, {
        hint: 'Approve or reject it.',
      });
  };
  return { runId, runStatus: await session.engine.decide(runId, { ...word, path }, check, actor) };
}

/** Whoever asked may say no to it, and send his own proposal back; to approve it is for somebody else. */
function requireDecider(
  { access, config }: ProjectSession,
  {
    asked,
    step,
    word,
  }: { readonly asked: ApprovalAsked; readonly step: Step | undefined; readonly word: Pick<ApprovalWord, 'decision'> },
  actor: Actor,
): void {
  const mayBeOwn = step?.kind === 'approval' && allowsSelf(step.detail, config.governance);
  const { approvers, requester } = asked;
  requireApprover(access, { approvers, requester, allowsSelf: mayBeOwn || word.decision !== 'approve' }, actor.id);
}

const notPending = (status: ApprovalStatus): AppError =>
  new AppError('approval.not_pending', `Request is not pending: ${status}`, {
    hint: 'Somebody may have decided already: look at it again.',
  });

function requirePending(status: ApprovalStatus): void {
  if (status !== 'pending') throw notPending(status);
}

function requireSameHash({ asked }: ApprovalRecord, hash: string | null): void {
  if (hash === null || hash === asked.hash) return;
  throw new AppError('approval.changed', 'What would be done has changed since you looked at it.', {
    hint: 'Open the request again and decide about what it shows now.',
  });
}

/** Who looks at a request. */
interface Reader {
  readonly actor: Actor;
  readonly permissions: ReadonlySet<Permission>;
}

async function detailOf(session: ProjectSession, id: string, reader: Reader): Promise<ApprovalDetail> {
  const summary = findRequest(session, id);
  const { state } = session.engine.stateOf(summary.runId);
  const { workflow } = await session.host.loadVersion(state.created);
  const events = session.store.journal.readRun(summary.runId);
  const { asked, at } = askedIn(events, id);
  const decided = decisionsIn(events, id);
  const planning = planWorkflow(workflow);
  const step = planning.at(summary.stepPath)?.step;
  const mayBeOwn = step?.kind === 'approval' && allowsSelf(step.detail, session.config.governance);
  const { approvers, requester } = asked;
  const rules = { approvers, requester, allowsSelf: mayBeOwn };
  const given = decided.approvals.map((one) => one.approver_id);
  const isPending = summary.status === 'pending';
  const { decide, reject } = isPending
    ? answersOf(session, rules, { ...reader, given })
    : { decide: DECIDED, reject: DECIDED };
  const { proposalPath, steps } = asked.subject;
  const before = roundBefore(events, summary.stepPath, asked.round);
  return {
    ...summary,
    description: asked.description,
    requiredApprovers: asked.approvers,
    minApprovals: asked.minApprovals,
    ...decided,
    steps,
    stepsBefore: before.steps,
    reopened: before.reopened,
    proposal: proposalOf(state, proposalPath, { now: outputIn(events, proposalPath, at), before: before.output }),
    onReject: step?.kind === 'approval' ? step.detail.on_reject : 'fail',
    onExpire: step?.kind === 'approval' ? step.detail.on_expire : 'fail',
    hash: asked.hash,
    isOwn: summary.requesterId === reader.actor.id && hasOneUser(session.access),
    unmet: isPending ? whyUnmet(session, { ...rules, given, needed: asked.minApprovals }) : null,
    runStatus: state.status,
    cost: { usd: fromE10(state.costE10), calls: state.modelCalls, unpricedCalls: state.unpricedCalls },
    actions: { decide, reject, revise: decide.enabled ? canSendBack(state, planning, summary.stepPath) : decide },
  };
}

const DECIDED: Availability = { enabled: false, reason: 'It has been decided already.' };

/** Which answers the reader may give. */
function answersOf(
  { access }: ProjectSession,
  rules: DeciderRules,
  { actor, permissions, given }: Reader & { readonly given: readonly string[] },
): { readonly decide: Availability; readonly reject: Availability } {
  const availability = (why: string | null): Availability =>
    why === null ? { enabled: true } : { enabled: false, reason: why };
  const lacks = (permission: Permission): string | null =>
    permissions.has(permission) ? null : `You do not have the permission ${permission}.`;
  const hasApproved = given.includes(actor.id) ? 'You have approved it: now others decide.' : null;
  return {
    decide: availability(lacks('approval:approve') ?? hasApproved ?? whyNoApprover(access, rules, actor.id)),
    reject: availability(lacks('approval:reject') ?? whyNoApprover(access, { ...rules, allowsSelf: true }, actor.id)),
  };
}

/** Why the approvals that are missing cannot come any more, as users and roles are now; null = they can. */
function whyUnmet(
  { access }: ProjectSession,
  { given, needed, ...rules }: DeciderRules & { readonly given: readonly string[]; readonly needed: number },
): string | null {
  const left = decidersOf(access, rules).filter((id) => !given.includes(id));
  const missing = needed - given.length;
  if (missing <= left.length) return null;
  const names = left.map((id) => access.directory.byId(id)?.username ?? id);
  return `${missing} more ${missing === 1 ? 'approval is' : 'approvals are'} needed, but ${names.length === 0 ? 'nobody is' : `only ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'}`} left who may give one.`;
}

/** A step that was taken over from another run has given its output there: it stands in the state alone. */
function proposalOf(
  { steps }: RunState,
  path: string | null,
  given: { readonly now: Json | undefined; readonly before: Json | undefined },
): ApprovalDetail['proposal'] {
  const step = path === null ? undefined : steps.get(path);
  if (step === undefined) return null;
  const before = given.before === undefined ? {} : { before: given.before };
  const agent = step.attempts.at(-1)?.agent ?? null;
  return { path: step.path, name: step.name, output: given.now ?? step.output, agent, ...before };
}
