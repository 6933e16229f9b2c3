import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import type { AgentAdapter, AgentLimit } from '../agent-port/index.ts';

const LIMITS: readonly AgentLimit[] = ['read', 'write', 'commands', 'hosts', 'env'];

/**
 * SPEC §1.5 `permissions`: a limit that the agent cannot hold is `agent.permission_unenforceable`, with `enforce: best_effort` a
 * warning.
 */
export function checkPermissions(
  adapter: Pick<AgentAdapter, 'name' | 'enforces'>,
  permissions: JsonMap | null,
): readonly StepWarning[] {
  if (permissions === null) return [];
  const weak = LIMITS.filter((limit) => Object.hasOwn(permissions, limit) && !adapter.enforces.includes(limit));
  if (weak.length === 0) return [];
  const message = `The agent ${adapter.name} cannot hold the limit of permissions: ${weak.join(', ')}`;
  if (permissions.enforce === 'best_effort') return [{ code: 'agent.permission_unenforceable', message }];
  throw new AppError('agent.permission_unenforceable', `${message}.`, {
    hint: 'Use an agent that holds it, or write enforce: best_effort under permissions.',
    details: { agent: adapter.name, limits: weak },
  });
}
