import { canonicalJson, isJsonMap, type Json, type JsonMap } from '../../../../shared/json.ts';
import type {
  DefinitionDifference,
  OperationChange,
  ToolChange,
  ToolOperationInfo,
} from '../../../../shared/model/tool.ts';
import { definitionsHash } from '../../definitions-hash.ts';
import type { ToolDefinitions } from '../../registry-port.ts';

/** Which operations are not as they were accepted; null = all are. Nothing accepted: all are new. */
export function compareDefinitions(accepted: ToolDefinitions | null, current: ToolDefinitions): ToolChange | null {
  if (accepted?.hash === current.hash) return null;
  const one = (operation: ToolOperationInfo): [string, string] => [operation.name, definitionsHash([operation])];
  const old = new Map(accepted?.operations.map(one));
  const now = new Map(current.operations.map(one));
  return {
    acceptedHash: accepted?.hash ?? '',
    currentHash: current.hash,
    added: [...now.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !now.has(name)),
    changed: [...now].filter(([name, hash]) => old.has(name) && old.get(name) !== hash).map(([name]) => name),
  };
}

/** What each of those operations said and says, in the order new, gone, changed. */
export function compareOperations(
  change: ToolChange,
  accepted: ToolDefinitions | null,
  current: ToolDefinitions,
): readonly OperationChange[] {
  const old = new Map(accepted?.operations.map((one) => [one.name, one]));
  const now = new Map(current.operations.map((one) => [one.name, one]));
  return (['added', 'removed', 'changed'] as const).flatMap((kind) =>
    change[kind].map((name) => ({ name, kind, differences: differencesOf(old.get(name), now.get(name)) })),
  );
}

const PARTS = ['description', 'parameters', 'outputSchema', 'effect', 'annotations'] as const;

function differencesOf(
  before: ToolOperationInfo | undefined,
  after: ToolOperationInfo | undefined,
): readonly DefinitionDifference[] {
  return PARTS.flatMap((part) => differencesAt(part, before?.[part] ?? undefined, after?.[part] ?? undefined));
}

/** Goes down only where both have a map: what came or went is shown as a whole. */
function differencesAt(
  place: string,
  before: Json | undefined,
  after: Json | undefined,
): readonly DefinitionDifference[] {
  if (isJsonMap(before) && isJsonMap(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differencesAt(`${place}.${key}`, own(before, key), own(after, key)));
  }
  if (jsonOf(before) === jsonOf(after)) return [];
  const [accepted, current] = [textOf(place, before), textOf(place, after)];
  return accepted === current ? [] : [{ place, accepted, current }];
}

const own = (map: JsonMap, key: string): Json | undefined => (Object.hasOwn(map, key) ? map[key] : undefined);
const jsonOf = (value: Json | undefined): string | null => (value === undefined ? null : canonicalJson(value));

/** Prose is shown as it is; within schemas `"5"` and `5` are not the same. */
function textOf(place: string, value: Json | undefined): string | null {
  if (value === undefined) return null;
  const isProse = typeof value === 'string' && !place.includes('.');
  return isProse ? value || null : JSON.stringify(value);
}
