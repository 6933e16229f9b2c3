import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/json.ts';
import type { ToolOperationInfo } from '../../shared/model/tool.ts';
import type { ToolDefinitions } from './registry-port.ts';

/**
 * SHA-256 (lower-case hex) of the canonical JSON of what a tool says it can do (SPEC §5.3, §5.4). The order of operations and of
 * keys counts for nothing; any other word that changes changes it.
 */
export function definitionsHash(operations: readonly ToolOperationInfo[]): string {
  const sorted = operations.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const hash = createHash('sha256').update('[');
  // One after the other: the whole of it can be a text of many megabytes.
  for (const [index, operation] of sorted.entries())
    hash.update(`${index === 0 ? '' : ','}${canonicalJson(pinnedOf(operation))}`);
  return hash.update(']').digest('hex');
}

/** The same of one operation, by any spelling of its name; null = it is not among them. */
export function operationHash(known: ToolDefinitions | null, name: string): string | null {
  const plain = (text: string): string => text.replaceAll('-', '_');
  const found = known?.operations.find((one) => plain(one.name) === plain(name));
  return found === undefined ? null : definitionsHash([found]);
}

/** Whether it is said to change nothing follows from what is pinned. */
const pinnedOf = ({ isReadOnly: _, ...pinned }: ToolOperationInfo): Omit<ToolOperationInfo, 'isReadOnly'> => pinned;
