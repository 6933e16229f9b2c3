import type {
  ApprovalDetail,
  Availability,
  ListedApproval,
  OperationName,
  OutputOf,
} from '../../shared/contract/index.ts';
import { fromE10 } from '../../shared/decimal.ts';
import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { Permission } from '../../shared/model/access.ts';
import { type ApprovalStatus, type ApprovalSummary, MOST_ROUNDS } from '../../shared/model/approval.ts';
import type { Actor } from '../../shared/model/run.ts';
import { type ApprovalRecord, type ApprovalWord, canSendBack, planWorkflow, type RunState } from '../engine/index.ts';
import {
  type DeciderRules,
  delegatesOf,
  hasOneUser,
  requireApprover,
  requireHandOver,
  whyNoApprover,
} from './approval-deciders.ts';
import { changedSinceShown, notPending } from './approval-errors.ts';
import { askedIn, decisionsIn, outputIn, roundBefore } from './approval-history.ts';
import {
  asOf,
  countForReader,
  detailStanding,
  isOfRun,
  type Reader,
  type RunQuestion,
  rulesOf,
  shownStanding,
  standingOf,
} from './approval-standing.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';
import { requireSettings } from './project-settings.ts';
import type { SaidWord } from './requests.ts';

type ApprovalOperation = Extract<OperationName, `approvals.${string}`>;

/** The use cases of requests for a decision (SPEC §12.2). */
export function approvalHandlers(session: ProjectSession): HandlersOf<ApprovalOperation> {
  const { store, clock, requests } = session;
  const decide = (said: SaidWord | RevisingWord, reader: Reader) => decideOn(session, said, reader);
  return {
    'approvals.request': (input, actor) => requests.ask(input, actor),
    'approvals.counts': async (_input, actor, permissions) => ({
      pending: store.approvals.countPending(),
      forReader: await countForReader(session, { actor, permissions }),
    }),
    'approvals.list': async ({ isOwn, ...filter }, actor, permissions) => {
      const requester = isOwn ? actor.id : undefined;
      const found = store.approvals.list({ ...filter, requester }).map((one) => asOf(one, clock.now()));
      const approvals: ListedApproval[] = [];
      for (const one of found)
        approvals.push({ ...one, ...shownStanding(session, await standingOf(session, one), { actor, permissions }) });
      return { approvals, pending: store.approvals.countPending() };
    },
    'approvals.get': ({ id }, actor, permissions) => detailOf(session, id, { actor, permissions }),
    'approvals.approve': ({ id, hash, comment, read, places, overwrite }, actor, permissions) =>
      decide({ id, decision: 'approve', comment, hash, read, choice: { places, overwrite } }, { actor, permissions }),
    'approvals.reject': ({ id, hash, reason }, actor, permissions) =>
      decide({ id, decision: 'reject', comment: reason, hash }, { actor, permissions }),
    'approvals.revise': ({ id, hash, comment }, actor, permissions) =>
      decide({ id, decision: 'revise', comment, hash }, { actor, permissions }),
    'approvals.delegate': ({ id, hash, to, comment }, actor, permissions) => {
      const user = session.access.directory.require(to);
      return decide({ id, decision: 'delegate', comment, hash, to: user.id }, { actor, permissions });
    },
    'approvals.cancel': ({ id }, actor, permissions) => {
      const { requesterId } = findRequest(session, id);
      if (requesterId !== actor.id && !permissions.has('user:manage'))
        throw new AppError('access.denied', `User ${actor.id} does not have permission user:manage`, {
          hint: 'Whoever asked can take the request back, or somebody who may manage users.',
        });
      return decide({ id, decision: 'cancel', comment: '', hash: null }, { actor, permissions });
    },
  };
}

/** Sent back to the agent that made the proposal: of questions of runs alone. */
type RevisingWord = Omit<SaidWord, 'decision'> & { readonly decision: 'revise' };

/** Takes a word about the question of a run, or about what a person has asked for. */
async function decideOn(
  session: ProjectSession,
  said: SaidWord | RevisingWord,
  { actor, permissions }: Reader,
): Promise<OutputOf<'approvals.approve'>> {
  const { id, decision, comment, hash, to } = said;
  if (isOfRun(findRequest(session, id)))
    return decideInRun(session, { id, decision, comment, ...(to === undefined ? {} : { to }) }, hash, actor);
  if (decision === 'revise')
    throw new AppError('approval.no_revision', 'No agent has made this proposal. It cannot be sent back.', {
      hint: 'Approve or reject it instead.',
    });
  const { runId } = await session.requests.decide({ ...said, decision }, { actor, permissions });
  return { runId, runStatus: runId === null ? null : (session.store.runs.find(runId)?.status ?? null) };
}

function requireOfRun(one: ApprovalSummary): RunQuestion {
  if (isOfRun(one)) return one;
  throw new Error(`${one.id} is no question of a run`);
}

function findRequest({ store, clock }: ProjectSession, id: string): ApprovalSummary {
  const found = store.approvals.find(id);
  if (found !== null) return asOf(found, clock.now());
  throw new AppError('approval.not_found', `Request not found: ${id}`, {
    hint: "List the requests with 'aiworkflow approvals list'.",
  });
}

async function decideInRun(
  session: ProjectSession,
  word: Omit<ApprovalWord, 'path'>,
  hash: string | null,
  actor: Actor,
): Promise<{ readonly runId: string; readonly runStatus: RunState['status'] }> {
  requireSettings(session.settingsProblems);
  const { runId, stepPath: path } = requireOfRun(findRequest(session, word.id));
  const { workflow } = await session.host.loadVersion(session.engine.stateOf(runId).state.created);
  const step = planWorkflow(workflow).at(path)?.step;
  const check = (state: RunState): void => {
    const { status } = findRequest(session, word.id);
    requirePending(status);
    const request = state.steps.get(path)?.waitpoint?.request;
    if (request?.asked.id !== word.id) throw notPending('cancelled');
    const rules = rulesOf(session, request, step);
    if (word.decision !== 'cancel') requireDecider(session, rules, word, actor);
    requireSameHash(request, hash);
    const given = request.approvals.map((one) => one.approver_id);
    if ((word.decision === 'approve' || word.decision === 'delegate') && given.includes(actor.id))
      throw new AppError('approval.already_decided', `User ${actor.id} has already approved`);
    if (word.to !== undefined) {
      const handOver = { from: actor.id, to: word.to };
      requireHandOver(session.access, { ...rules, given, needed: request.asked.minApprovals }, handOver);
    }
    if (word.decision === 'revise' && request.asked.round >= MOST_ROUNDS)
      throw new AppError('approval.no_revision', `This proposal was sent back ${MOST_ROUNDS - 1} times.`, {
        hint: 'Approve or reject it.',
      });
  };
  return { runId, runStatus: await session.engine.decide(runId, { ...word, path }, check, actor) };
}

/** Whoever asked may say no to it, and send his own proposal back; to approve it, or to say who does, is for somebody else. */
function requireDecider(
  { access }: ProjectSession,
  rules: DeciderRules,
  { decision }: Pick<ApprovalWord, 'decision'>,
  actor: Actor,
): void {
  const isForOthers = decision === 'approve' || decision === 'delegate';
  requireApprover(access, { ...rules, allowsSelf: rules.allowsSelf || !isForOthers }, actor.id);
}

function requirePending(status: ApprovalStatus): void {
  if (status !== 'pending') throw notPending(status);
}

function requireSameHash({ asked }: ApprovalRecord, hash: string | null): void {
  if (hash !== null && hash !== asked.hash) throw changedSinceShown();
}

async function detailOf(session: ProjectSession, id: string, reader: Reader): Promise<ApprovalDetail> {
  const summary = findRequest(session, id);
  if (!isOfRun(summary)) return requestDetail(session, summary, reader);
  const { state } = session.engine.stateOf(summary.runId);
  const { workflow } = await session.host.loadVersion(state.created);
  const events = session.store.journal.readRun(summary.runId);
  const { asked, at } = askedIn(events, id);
  const decided = decisionsIn(events, id);
  const planning = planWorkflow(workflow);
  const step = planning.at(summary.stepPath)?.step;
  const rules = rulesOf(session, { asked, handedOver: decided.handedOver }, step);
  const given = decided.approvals.map((one) => one.approver_id);
  const isPending = summary.status === 'pending';
  const progress = { ...rules, given, needed: asked.minApprovals };
  const { decide, reject } = isPending
    ? answersOf(session, rules, { ...reader, given })
    : { decide: DECIDED, reject: DECIDED };
  const delegates = decide.enabled ? delegatesOf(session.access, progress, reader.actor.id) : [];
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
    act: null,
    proposal: proposalOf(state, proposalPath, { now: outputIn(events, proposalPath, at), before: before.output }),
    onReject: step?.kind === 'approval' ? step.detail.on_reject : 'fail',
    onExpire: step?.kind === 'approval' ? step.detail.on_expire : 'fail',
    hash: asked.hash,
    isOwn: summary.requesterId === reader.actor.id && hasOneUser(session.access),
    ...detailStanding(session, progress, isPending, reader),
    isForReader: decide.enabled,
    runStatus: state.status,
    cost: { usd: fromE10(state.costE10), calls: state.modelCalls, unpricedCalls: state.unpricedCalls },
    delegates: delegates.map((user) => session.access.directory.view(user).username),
    actions: {
      decide,
      reject,
      delegate: !decide.enabled || delegates.length > 0 ? decide : whyNoDelegate(rules, reader.actor.id),
      revise: decide.enabled ? canSendBack(state, planning, summary.stepPath) : decide,
    },
  };
}

/** The same of what a person has asked for: no run waits for it. */
async function requestDetail(
  session: ProjectSession,
  summary: ApprovalSummary,
  reader: Reader,
): Promise<ApprovalDetail> {
  const { access, requests, store } = session;
  const request = requests.require(summary.id);
  const said = await requests.detail(request);
  const rules = requests.rulesOf(request, store.requests.words(request.id));
  const given = said.approvals.map((one) => one.approver_id);
  const isPending = summary.status === 'pending';
  const progress = { ...rules, given, needed: request.minApprovals };
  const { decide, reject } = isPending
    ? answersOf(session, rules, { ...reader, given })
    : { decide: DECIDED, reject: DECIDED };
  const delegates = decide.enabled ? delegatesOf(access, progress, reader.actor.id) : [];
  const run = summary.runId === null ? null : store.runs.find(summary.runId);
  return {
    ...summary,
    ...said,
    description: request.description,
    requiredApprovers: request.approvers,
    minApprovals: request.minApprovals,
    steps: [],
    stepsBefore: null,
    reopened: null,
    proposal: null,
    onReject: 'nothing',
    onExpire: 'nothing',
    hash: request.hash,
    isOwn: summary.requesterId === reader.actor.id && hasOneUser(access),
    ...detailStanding(session, progress, isPending, reader),
    isForReader: decide.enabled,
    runStatus: run?.status ?? null,
    cost: { usd: '0', calls: 0, unpricedCalls: 0 },
    delegates: delegates.map((user) => access.directory.view(user).username),
    actions: {
      decide,
      reject,
      delegate: !decide.enabled || delegates.length > 0 ? decide : whyNoDelegate(rules, reader.actor.id),
      revise: NO_PROPOSAL,
    },
  };
}

const NO_PROPOSAL: Availability = { enabled: false, reason: 'No agent has made a proposal.' };

/** Why whoever may decide cannot hand it over. */
function whyNoDelegate({ handedOver = [] }: DeciderRules, userId: string): Availability {
  const isDelegate = handedOver.some(({ delegate_id }) => delegate_id === userId);
  const reason = isDelegate
    ? 'It was handed to you: who takes a request over does not hand it on.'
    : 'There is nobody else who could decide in your place.';
  return { enabled: false, reason };
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
    reject: availability(
      lacks('approval:reject') ?? whyNoApprover(access, { ...rules, needs: null, allowsSelf: true }, actor.id),
    ),
  };
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
