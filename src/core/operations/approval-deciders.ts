import { AppError } from '../../shared/errors.ts';
import type { Permission } from '../../shared/model/access.ts';
import type { ApprovalHandedOver } from '../../shared/model/approval.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { StepOf, Workflow } from '../../shared/model/workflow.ts';
import type { AccessControl } from '../governance/index.ts';
import { allSteps } from '../workflow/index.ts';
import { placed, toStartError } from './check-start.ts';
import type { ProjectSession } from './project-session.ts';

/** What decides about a request beside the permission: who is named, and who asked. */
export interface DeciderRules {
  /** Users or `role:x` as the workflow names them; empty = whoever may approve. */
  readonly approvers: readonly string[];
  /** Who started the run; null = nobody knows yet. */
  readonly requester: string | null;
  /** Whether the question and the project both let whoever asked decide. */
  readonly allowsSelf: boolean;
  /** Who has handed it to whom. */
  readonly handedOver?: readonly HandedOver[];
  /** What whoever decides has to be allowed beside approving. */
  readonly needs?: Permission | null;
}

type HandedOver = Pick<ApprovalHandedOver, 'delegator_id' | 'delegate_id'>;

type Directory = Pick<AccessControl, 'directory'>;

/** Whether the question and the settings of the project both say that whoever asked may decide. */
export const allowsSelf = (
  detail: Pick<StepOf<'approval'>['detail'], 'allow_self_approval'>,
  governance: { readonly allowSelfApproval: boolean },
): boolean => detail.allow_self_approval && governance.allowSelfApproval;

const activeIn = ({ directory }: Directory): readonly string[] =>
  directory
    .list()
    .filter((user) => user.isActive)
    .map((user) => user.id);

const mayApprove = ({ directory }: Directory, userId: string): boolean =>
  directory.permissionsOf(userId).includes('approval:approve');

/** What was handed over stays so while whoever took it may decide: then it goes back by itself. */
const standing = (access: Directory, handedOver: DeciderRules['handedOver'] = []): readonly HandedOver[] =>
  handedOver.filter(({ delegate_id }) => mayApprove(access, delegate_id));

/** Whether one user is all there is: that one decides everything. */
export const hasOneUser = (access: Directory): boolean => activeIn(access).length <= 1;

/**
 * Why a user may not approve a request although he has the permission (SPEC §12.2); null = he may. Where one user is all there is, that one
 * decides everything.
 */
export function whyNoApprover(
  access: Directory,
  { approvers, requester, allowsSelf: isAllowed, handedOver, needs = null }: DeciderRules,
  userId: string,
): string | null {
  if (hasOneUser(access)) return null;
  const { directory } = access;
  const isNamed = (name: string): boolean =>
    name.startsWith('role:')
      ? directory.book.includes(directory.rolesOf(userId), name.slice('role:'.length))
      : directory.byName(name)?.id === userId;
  const handed = standing(access, handedOver);
  const own = handed.find(({ delegator_id }) => delegator_id === userId);
  if (own !== undefined) return `It was handed to ${directory.byId(own.delegate_id)?.username}, who decides instead.`;
  const isDelegate = handed.some(({ delegate_id }) => delegate_id === userId);
  if (approvers.length > 0 && !isDelegate && !approvers.some(isNamed))
    return 'The workflow names others who decide this.';
  if (needs !== null && !directory.permissionsOf(userId).includes(needs))
    return `It takes the permission ${needs}, which whoever asked does not have: somebody who has it decides.`;
  return requester === userId && !isAllowed
    ? 'Whoever started the run does not approve it: somebody else has to.'
    : null;
}

/** Throws `access.denied` with what `whyNoApprover` says. */
export function requireApprover(access: Directory, rules: DeciderRules, userId: string): void {
  const reason = whyNoApprover(access, rules, userId);
  if (reason !== null)
    throw new AppError('access.denied', `User ${userId} is not an authorized approver`, { hint: reason });
}

/** Who can approve a request now. Where one user is all there is, that one. */
export function decidersOf(access: Directory, rules: DeciderRules): readonly string[] {
  const active = activeIn(access);
  if (active.length <= 1) return active;
  return active.filter((id) => mayApprove(access, id) && whyNoApprover(access, rules, id) === null);
}

/** How far a request has come. */
export interface Given {
  /** Who has approved it. */
  readonly given: readonly string[];
  readonly needed: number;
}

/** Why the approvals that are missing cannot come any more, as users and roles are now; null = they can. A sentence for operators. */
export function whyUnmet(access: Directory, { given, needed, ...rules }: DeciderRules & Given): string | null {
  const left = decidersOf(access, rules).filter((id) => !given.includes(id));
  const missing = needed - given.length;
  if (missing <= left.length) return null;
  const names = left.map((id) => access.directory.byId(id)?.username ?? id);
  return `${missing} more ${missing === 1 ? 'approval is' : 'approvals are'} needed, but ${names.length === 0 ? 'nobody is' : `only ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'}`} left who may give one.`;
}

interface HandOver {
  readonly from: string;
  readonly to: string;
}

/** Why a request cannot be handed from one who may decide to another (SPEC §12.2); null = it can. A sentence for operators. */
export function whyNoHandOver(access: Directory, request: DeciderRules & Given, { from, to }: HandOver): string | null {
  const { handedOver = [], requester, allowsSelf: isAllowed, given, needs = null } = request;
  const name = access.directory.byId(to)?.username ?? to;
  if (standing(access, handedOver).some(({ delegate_id }) => delegate_id === from))
    return 'It was handed to you: who takes a request over does not hand it on.';
  if (to === from) return 'It is yours already.';
  if (!mayApprove(access, to)) return `${name} may not approve.`;
  if (needs !== null && !access.directory.permissionsOf(to).includes(needs))
    return `${name} does not have the permission ${needs}.`;
  if (to === requester && !isAllowed) return `${name} has asked for it: somebody else has to decide.`;
  if (given.includes(to)) return `${name} has approved it already.`;
  if (handedOver.some(({ delegator_id }) => delegator_id === to)) return `${name} has handed it over.`;
  const after = [...handedOver, { delegator_id: from, delegate_id: to }];
  return whyUnmet(access, { ...request, handedOver: after });
}

/** Throws `approval.no_delegation` with what `whyNoHandOver` says. */
export function requireHandOver(access: Directory, request: DeciderRules & Given, handOver: HandOver): void {
  const reason = hasOneUser(access) ? 'There is nobody else here.' : whyNoHandOver(access, request, handOver);
  if (reason !== null)
    throw new AppError('approval.no_delegation', 'The request cannot be handed over.', { hint: reason });
}

/** To whom a request can be handed. */
export const delegatesOf = (access: Directory, request: DeciderRules & Given, from: string): readonly string[] =>
  hasOneUser(access) ? [] : activeIn(access).filter((to) => whyNoHandOver(access, request, { from, to }) === null);

/** Why so many approvals cannot come together; null = they can. A sentence for operators. */
export function whyUnsatisfiable(access: Directory, rules: DeciderRules, minApprovals: number): string | null {
  // Somebody is there: he just has not come in yet.
  const deciders = Math.max(decidersOf(access, rules).length, activeIn(access).length === 0 ? 1 : 0);
  if (minApprovals <= deciders) return null;
  const who = deciders === 1 ? '1 person' : `${deciders === 0 ? 'nobody' : `${deciders} people`}`;
  return `'min_approvals: ${minApprovals}' cannot be met: ${who} can decide here.`;
}

const FIX = 'Ask for fewer approvals, name other approvers, or give more users the role approver.';

/** Throws `approval.unsatisfiable` where a question is about to be asked that too few people could approve. */
export function requireDeciders(access: Directory, rules: DeciderRules, minApprovals: number): void {
  const message = whyUnsatisfiable(access, rules, minApprovals);
  if (message !== null) throw new AppError('approval.unsatisfiable', message, { hint: FIX });
}

/** The same for every question of a workflow before anything begins, as far as its approvers are known then. */
export function requireSatisfiable(
  { access, config }: Pick<ProjectSession, 'access' | 'config'>,
  workflow: Workflow,
  requester: string | null,
): void {
  const problems = allSteps(workflow).flatMap((step): readonly Diagnostic[] => {
    if (step.kind !== 'approval' || step.detail.approvers.some((name) => name.includes('{'))) return [];
    const { approvers, min_approvals: needed } = step.detail;
    const rules = { approvers, requester, allowsSelf: allowsSelf(step.detail, config.governance) };
    const message = whyUnsatisfiable(access, rules, needed);
    if (message === null) return [];
    return [{ severity: 'error', code: 'approval.unsatisfiable', message, ...step.place, step: step.id, fix: FIX }];
  });
  const [first] = problems;
  if (first !== undefined) throw toStartError('approval.unsatisfiable', problems, placed(first));
}
