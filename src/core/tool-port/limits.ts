import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import type { Tool } from './tool.ts';

/** A limit of the step key `permissions` (SPEC §1.5). */
export type ToolLimit = 'read' | 'write' | 'commands' | 'hosts' | 'env';

const LIMITS: readonly ToolLimit[] = ['read', 'write', 'commands', 'hosts', 'env'];

/** Limits that are written and that the tool cannot hold. */
export const unheldLimits = (
  tool: Pick<Tool, 'limits'>,
  operation: string,
  permissions: JsonMap | undefined,
): readonly ToolLimit[] => {
  const held = tool.limits?.(operation, permissions) ?? [];
  return LIMITS.filter((limit) => permissions?.[limit] != null && !held.includes(limit));
};

/** One sentence about limits that a tool cannot hold. */
export const unheldText = (tool: string, limits: readonly ToolLimit[]): string =>
  `The tool ${tool} cannot hold the limit of permissions: ${limits.join(', ')}`;

/**
 * SPEC §1.5: a limit that the tool cannot hold is `tool.permission_unenforceable`, with `enforce: best_effort` a warning. Asked before
 * anything is done.
 */
export function requireLimits(
  tool: Pick<Tool, 'name' | 'limits'>,
  operation: string,
  permissions: JsonMap | undefined,
): readonly StepWarning[] {
  const limits = unheldLimits(tool, operation, permissions);
  if (limits.length === 0) return [];
  const message = unheldText(tool.name, limits);
  if (permissions?.enforce === 'best_effort') return [{ code: 'tool.permission_unenforceable', message }];
  throw new AppError('tool.permission_unenforceable', `${message}.`, {
    hint: 'Leave the limit out, or write enforce: best_effort under permissions.',
    details: { tool: tool.name, limits },
  });
}

/** The texts of one limit; null = it is not written. */
export function limitOf(permissions: JsonMap | undefined, limit: ToolLimit): readonly string[] | null {
  const written = permissions?.[limit];
  if (written === undefined || written === null) return null;
  return [written].flat().filter((one): one is string => typeof one === 'string');
}
