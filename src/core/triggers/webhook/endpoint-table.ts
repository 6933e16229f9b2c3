import type { JsonMap } from '../../../shared/json.ts';
import type { ArmedTrigger } from '../ports.ts';
import { type Endpoint, readEndpoint, writtenPath } from './endpoint.ts';
import type { SecretSource } from './endpoint-secrets.ts';

/** What stands behind a path. */
export interface TableEntry {
  /** Of its trigger. */
  readonly key: string;
  /** null = nobody is let in: it is not armed, or cannot be. */
  readonly endpoint: Endpoint | null;
  /** Why there is none; null = there is one. */
  readonly problem: string | null;
}

/** A webhook that is written but not armed. */
export interface ClosedWebhook {
  readonly key: string;
  readonly config: JsonMap;
  readonly reason: string | null;
}

/** Paths, byte for byte, and what stands behind each. */
export type EndpointTable = ReadonlyMap<string, TableEntry>;

/**
 * Lays out who answers at which path. A path belongs to one webhook: the first armed one in the order in which they are written; another
 * that wants it too is not served, and hears why (`problems`: trigger key -> sentence, null = it is served).
 */
export function buildEndpointTable(
  armed: readonly ArmedTrigger[],
  closed: readonly ClosedWebhook[],
  sourceOf: (workflowId: string) => SecretSource,
): { readonly table: EndpointTable; readonly problems: ReadonlyMap<string, string | null> } {
  const table = new Map<string, TableEntry>();
  const problems = new Map<string, string | null>();
  const shut = (path: string, entry: Omit<TableEntry, 'endpoint'>): void => {
    if (!table.has(path)) table.set(path, { ...entry, endpoint: null });
  };
  for (const trigger of armed) {
    const { key } = trigger;
    const endpoint: Endpoint = { ...readEndpoint(trigger.config, sourceOf(trigger.workflowId)), trigger };
    const before = table.get(endpoint.path);
    const isTaken = before !== undefined && before.endpoint !== null;
    const problem =
      endpoint.problem ??
      (isTaken ? `The path ${endpoint.path} is already that of ${before.key}: write another one.` : null);
    problems.set(key, problem);
    if (problem === null) table.set(endpoint.path, { key, endpoint, problem });
    else shut(endpoint.path, { key, problem });
  }
  for (const { key, config, reason } of closed) shut(writtenPath(config), { key, problem: reason });
  return { table, problems };
}
