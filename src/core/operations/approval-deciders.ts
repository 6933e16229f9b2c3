import { AppError } from '../../shared/errors.ts';
import type { StepOf } from '../../shared/model/workflow.ts';
import type { AccessControl } from '../governance/index.ts';

/** What decides about a request beside the permission: who is named, and who asked. */
export interface DeciderRules {
  /** Users or `role:x` as the workflow names them; empty = whoever may approve. */
  readonly approvers: readonly string[];
  /** Who started the run. */
  readonly requester: string;
  /** Whether the question and the project both let whoever asked decide. */
  readonly allowsSelf: boolean;
}

/** Whether the question and the settings of the project both say that whoever asked may decide. */
export const allowsSelf = (
  detail: Pick<StepOf<'approval'>['detail'], 'allow_self_approval'>,
  governance: { readonly allowSelfApproval: boolean },
): boolean => detail.allow_self_approval && governance.allowSelfApproval;

/**
 * Why a user may not approve a request although he has the permission (SPEC §12.2); null = he may. Where one user is all there is, that one
 * decides everything.
 */
export function whyNoApprover(
  { directory }: Pick<AccessControl, 'directory'>,
  { approvers, requester, allowsSelf: isAllowed }: DeciderRules,
  userId: string,
): string | null {
  if (directory.list().filter((user) => user.isActive).length <= 1) return null;
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
export function requireApprover(access: Pick<AccessControl, 'directory'>, rules: DeciderRules, userId: string): void {
  const reason = whyNoApprover(access, rules, userId);
  if (reason !== null)
    throw new AppError('access.denied', `User ${userId} is not an authorized approver`, { hint: reason });
}
