import { AppError } from '../../shared/errors.ts';
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
}

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

/** Whether one user is all there is: that one decides everything. */
export const hasOneUser = (access: Directory): boolean => activeIn(access).length <= 1;

/**
 * Why a user may not approve a request although he has the permission (SPEC §12.2); null = he may. Where one user is all there is, that one
 * decides everything.
 */
export function whyNoApprover(
  access: Directory,
  { approvers, requester, allowsSelf: isAllowed }: DeciderRules,
  userId: string,
): string | null {
  if (hasOneUser(access)) return null;
  const { directory } = access;
  const isNamed = (name: string): boolean =>
    name.startsWith('role:')
      ? directory.book.includes(directory.rolesOf(userId), name.slice('role:'.length))
      : directory.byName(name)?.id === userId;
  if (approvers.length > 0 && !approvers.some(isNamed)) return 'The workflow names others who decide this.';
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
  return active.filter(
    (id) =>
      access.directory.permissionsOf(id).includes('approval:approve') && whyNoApprover(access, rules, id) === null,
  );
}

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
