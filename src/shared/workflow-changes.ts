import { isJsonMap, type Json } from './json.ts';

/** A part of a workflow as it is written: what stands above the steps (number 0), or a step with the keys of its block. */
export interface WrittenPart {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly description: string;
  readonly value: Json;
}

/** One thing that is different in another version of a workflow. */
export interface WorkflowChange {
  readonly is: 'added' | 'removed' | 'changed' | 'moved';
  /** The step; null = what stands above the steps. Its number is that of the newer version, of a removed one that of the older. */
  readonly step: { readonly id: string; readonly number: number; readonly name: string } | null;
  /** The keys that lead to it, `retry.max_attempts`, `steps[read].timeout`; '' = the step as a whole. */
  readonly key: string;
  readonly before: Json;
  readonly after: Json;
}

/** What changed from one version to another: step by step, key by key, in the order of the newer one; what is gone stands last. */
export function workflowChanges(
  before: readonly WrittenPart[],
  after: readonly WrittenPart[],
): readonly WorkflowChange[] {
  const partners = pair(before, after);
  const isMoved = movedOf(after.flatMap((part) => partners.get(part) ?? []));
  const changes = after.flatMap((part): readonly WorkflowChange[] => {
    const old = partners.get(part);
    const step = stepOf(part);
    if (old === undefined) return [{ is: 'added', step, key: '', before: null, after: part.name }];
    const moved: WorkflowChange = { is: 'moved', step, key: '', before: old.number, after: part.number };
    return [
      ...(isMoved.has(old) ? [moved] : []),
      ...changesOf(wholeOf(old), wholeOf(part), '').map((one) => ({ ...one, step })),
    ];
  });
  const kept = new Set(partners.values());
  const removed = before
    .filter((part) => !kept.has(part))
    .map((part): WorkflowChange => ({ is: 'removed', step: stepOf(part), key: '', before: part.name, after: null }));
  return [...changes, ...removed];
}

const stepOf = ({ id, number, name }: WrittenPart): WorkflowChange['step'] =>
  number === 0 ? null : { id, number, name };

/** The keys of a step with its heading and the words below it. */
function wholeOf({ number, name, description, value }: WrittenPart): Json {
  return number === 0 || !isJsonMap(value) ? value : { name, description, ...value };
}

/** Which part of the older version each one of the newer was: by id with the same name, then by name, then by id. */
function pair(before: readonly WrittenPart[], after: readonly WrittenPart[]): ReadonlyMap<WrittenPart, WrittenPart> {
  const partners = new Map<WrittenPart, WrittenPart>();
  const taken = new Set<WrittenPart>();
  const isSame: readonly ((a: WrittenPart, b: WrittenPart) => boolean)[] = [
    (a, b) => a.id === b.id && a.name === b.name,
    (a, b) => a.name === b.name && (a.number === 0) === (b.number === 0),
    (a, b) => a.id === b.id,
  ];
  for (const matches of isSame)
    for (const part of after) {
      if (partners.has(part)) continue;
      const old = before.find((one) => !taken.has(one) && matches(one, part));
      if (old === undefined) continue;
      partners.set(part, old);
      taken.add(old);
    }
  return partners;
}

/** Which of these do not stand in their old order: all but a longest row of them that does. */
function movedOf(inNewOrder: readonly WrittenPart[]): ReadonlySet<WrittenPart> {
  const best = inNewOrder.map(() => 1);
  const from = inNewOrder.map(() => -1);
  for (const [index, part] of inNewOrder.entries())
    for (let earlier = 0; earlier < index; earlier += 1) {
      const isAbove = (inNewOrder[earlier]?.number ?? 0) < part.number;
      if (!isAbove || (best[earlier] ?? 0) + 1 <= (best[index] ?? 0)) continue;
      best[index] = (best[earlier] ?? 0) + 1;
      from[index] = earlier;
    }
  const moved = new Set(inNewOrder);
  for (let at = best.indexOf(Math.max(...best)); at >= 0; at = from[at] ?? -1)
    moved.delete(inNewOrder[at] as WrittenPart);
  return moved;
}

type Found = Omit<WorkflowChange, 'step'>;

function changesOf(before: Json | undefined, after: Json | undefined, key: string): readonly Found[] {
  if (before === undefined) return [{ is: 'added', key, before: null, after: after ?? null }];
  if (after === undefined) return [{ is: 'removed', key, before, after: null }];
  if (isJsonMap(before) && isJsonMap(after)) {
    const keys = new Set([...Object.keys(after), ...Object.keys(before)]);
    return [...keys].flatMap((one) => changesOf(own(before, one), own(after, one), key === '' ? one : `${key}.${one}`));
  }
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].every(isJsonMap))
    return listChanges(before, after, key);
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ is: 'changed', key, before, after }];
}

const own = (map: Readonly<Record<string, Json>>, key: string): Json | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined;

/** Steps inside of steps, inputs and the like: each by what it is called, else by its place. */
function listChanges(before: readonly Json[], after: readonly Json[], key: string): readonly Found[] {
  const named = (list: readonly Json[]): ReadonlyMap<string, Json> =>
    new Map(list.map((item, index) => [nameOf(item) ?? String(index + 1), item]));
  const [old, now] = [named(before), named(after)];
  if (old.size !== before.length || now.size !== after.length)
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ is: 'changed', key, before, after }];
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((name) =>
    changesOf(old.get(name), now.get(name), `${key}[${name}]`),
  );
}

function nameOf(item: Json): string | undefined {
  const named = isJsonMap(item) ? [item.id, item.name].find((value) => typeof value === 'string') : undefined;
  return typeof named === 'string' ? named : undefined;
}
