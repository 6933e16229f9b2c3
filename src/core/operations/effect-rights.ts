import { AppError } from '../../shared/errors.ts';
import type { Permission } from '../../shared/model/access.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import type { AccessControl } from '../governance/index.ts';
import { requiredTools } from '../workflow/index.ts';

const NEEDED = { tool: 'tool:use', agent: 'workflow:execute' } as const;

/**
 * A run goes on with the rights of whoever started it (SPEC §12.1), as they are now. What a trigger started is answered for by whoever armed
 * it, and is looked at there; somebody whom nobody ever wrote down started it before there were users. Throws `access.denied`.
 */
export function requireEffectRight(
  { directory }: Pick<AccessControl, 'directory'>,
  starter: string,
  what: 'tool' | 'agent',
): void {
  if (directory.byId(starter) === null || directory.permissionsOf(starter).includes(NEEDED[what])) return;
  throw denied(starter, NEEDED[what]);
}

/** The same before anything begins, for a workflow that has tool steps. Throws `access.denied`. */
export function requireToolUse(access: Pick<AccessControl, 'directory'>, workflow: Workflow, starter: string): void {
  if (requiredTools(workflow).tools.length > 0) requireEffectRight(access, starter, 'tool');
}

const denied = (user: string, permission: Permission): AppError =>
  new AppError('access.denied', `User ${user} does not have permission ${permission}`, {
    hint: 'Ask an admin of this project for a role that has it.',
    details: { user, permission },
  });
