import type { ApprovalDetail, ListedApproval } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Permission } from '../../shared/model/access.ts';
import type { ApprovalSummary } from '../../shared/model/approval.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { Step } from '../../shared/model/workflow.ts';
import { type ApprovalRecord, planWorkflow } from '../engine/index.ts';
import type { StoredRequest } from '../storage/index.ts';
import { allowsSelf, type DeciderRules, decidersOf, type Given, hasOneUser, whyUnmet } from './approval-deciders.ts';
import type { ProjectSession } from './project-session.ts';

/** Expiry is looked at on every read: whoever is to write it down may not have come to it yet. */
export const asOf = (one: ApprovalSummary, now: number): ApprovalSummary =>
  one.status === 'pending' && one.expiresAt !== null && one.expiresAt <= now ? { ...one, status: 'expired' } : one;

/** A question that a run has asked. */
export type RunQuestion = ApprovalSummary & { readonly runId: string; readonly stepPath: string };
/** Whether a run has asked it, or a person. */
export const isOfRun = (one: ApprovalSummary): one is RunQuestion => one.type === 'step';

/** Who decides about a request, as far as the workflow and those who were asked say it. */
export function rulesOf(
  { config }: Pick<ProjectSession, 'config'>,
  { asked: { approvers, requester }, handedOver }: Pick<ApprovalDetail, 'handedOver'> & Pick<ApprovalRecord, 'asked'>,
  step: Step | undefined,
): DeciderRules {
  const mayBeOwn = step?.kind === 'approval' && allowsSelf(step.detail, config.governance);
  return { approvers, requester, allowsSelf: mayBeOwn, handedOver };
}

type Standing = DeciderRules & Given;
/** `alone`: one user is all there is, who decides everything. */
type StandingOf = Standing | 'alone' | null;

/** Who decides about a request that waits, and how far it has come; null = it does not wait, or nobody can tell. */
export async function standingOf(session: ProjectSession, one: ApprovalSummary): Promise<StandingOf> {
  if (one.status !== 'pending') return null;
  if (hasOneUser(session.access)) return 'alone';
  if (!isOfRun(one)) return requestStanding(session, session.requests.require(one.id));
  const { runId, stepPath } = one;
  try {
    const { state } = session.engine.stateOf(runId);
    const request = state.steps.get(stepPath)?.waitpoint?.request;
    if (request == null) return null;
    const { workflow } = await session.host.loadVersion(state.created);
    return {
      ...rulesOf(session, request, planWorkflow(workflow).at(stepPath)?.step),
      given: request.approvals.map((one) => one.approver_id),
      needed: request.asked.minApprovals,
    };
  } catch (thrown) {
    // A run that cannot be read says so on its own page; the list of the others stands.
    if (thrown instanceof AppError) return null;
    throw thrown;
  }
}

function requestStanding({ requests, store }: ProjectSession, request: StoredRequest): Standing {
  const words = store.requests.words(request.id);
  const given = words.filter(({ decision }) => decision === 'approve').map(({ by }) => by);
  return { ...requests.rulesOf(request, words), given, needed: request.minApprovals };
}

const decidersLeft = (access: ProjectSession['access'], standing: Standing): readonly string[] =>
  decidersOf(access, standing).filter((id) => !standing.given.includes(id));

/** What of it a detail shows to a reader. */
export const detailStanding = (session: ProjectSession, standing: Standing, isPending: boolean, reader: Reader) => {
  const { access } = session;
  const isOpen = isPending && !hasOneUser(access);
  const names = isOpen ? decidersLeft(access, standing) : [];
  return {
    ...shownStanding(session, isOpen ? standing : null, reader),
    deciders: names.map((id) => access.directory.byId(id)?.username ?? id),
  };
};

/** What of it lists show to a reader. */
export function shownStanding(
  { access }: ProjectSession,
  standing: StandingOf,
  { actor, permissions }: Reader,
): Pick<ListedApproval, 'unmet' | 'progress' | 'isForReader'> {
  const mayApprove = permissions.has('approval:approve');
  if (standing === null || standing === 'alone')
    return { unmet: null, progress: null, isForReader: standing === 'alone' && mayApprove };
  const { given, needed } = standing;
  return {
    unmet: whyUnmet(access, standing),
    progress: { given: given.length, needed },
    isForReader: mayApprove && decidersLeft(access, standing).includes(actor.id),
  };
}

/** Who looks at a request. */
export interface Reader {
  readonly actor: Actor;
  readonly permissions: ReadonlySet<Permission>;
}

/** How many requests wait for the reader: those that he may approve now. */
export async function countForReader(session: ProjectSession, reader: Reader): Promise<number> {
  const { store, access, clock } = session;
  if (!reader.permissions.has('approval:approve')) return 0;
  const waiting = store.approvals.countPending();
  if (hasOneUser(access)) return waiting;
  let count = 0;
  for (const found of store.approvals.list({ status: ['pending'], limit: waiting })) {
    const one = asOf(found, clock.now());
    if (shownStanding(session, await standingOf(session, one), reader).isForReader) count += 1;
  }
  return count;
}
