import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';
import { resolveReference } from './resolve-reference.ts';

/** What is known of each part of a schema that may refer to itself. */
export interface SchemaGraph {
  /**
   * Levels of the shallowest value that the part describes: 0 = a plain value, an empty list or map will do. Infinity = there is no
   * value with an end, because each holds another of its kind, or none of a reasonable size.
   */
  depthOf(part: Json | undefined): number;
  /** True for a part of which every value has an end and is larger than `MOST_VALUES` or deeper than `MOST_LEVELS`. */
  isTooLarge(part: JsonMap): boolean;
  /** Places that `$ref` leads to. */
  readonly targets: number;
  /** True for a part whose maps and lists have no end; it may still allow a plain value. */
  hasEndlessInside(part: JsonMap): boolean;
  /** Parts that describe a value by nothing but itself, through `$ref` and alternatives: nobody could check it. */
  readonly circular: ReadonlySet<JsonMap>;
}

/** One part, and those it stands for at the same place (all of `needs`, any of each) or one level below (all of `inner`). */
interface Part {
  readonly schema: JsonMap;
  needs: readonly (readonly Part[])[];
  inner: readonly Part[];
  /** How often each of `inner` stands there: a list of three holds three. */
  times: number;
  depth: number;
  /** null = not counted yet. */
  size: number | null;
  isGrounded: boolean;
}

/** What a value must hold at least, and how deep: more than that is a mistake or an attack. */
export const MOST_VALUES = 5_000;
export const MOST_LEVELS = 100;

/** Looks at every part of a schema of which the words were checked. Takes passes until nothing changes: no recursion, any size. */
export function readSchemaGraph(root: JsonMap): SchemaGraph {
  const parts = collect(root);
  const all = [...parts.values()];
  for (const part of all) connect(part, root, parts);
  settle(all, improveDepth);
  settle(all, ground);
  settle(all, count);
  const depthOf = (schema: Json | undefined): number => {
    const part = isJsonMap(schema) ? parts.get(schema) : undefined;
    return part === undefined ? 0 : isTooLarge(part) ? Number.POSITIVE_INFINITY : part.depth;
  };
  return {
    depthOf,
    isTooLarge: (schema) => isTooLarge(parts.get(schema)),
    targets: new Set(all.map(({ schema }) => schema.$ref).filter((one) => one !== undefined)).size,
    hasEndlessInside: (schema) => mustHold(schema, containersOf(schema)).some((one) => !Number.isFinite(depthOf(one))),
    circular: new Set(all.filter((part) => !part.isGrounded).map((part) => part.schema)),
  };
}

function collect(root: JsonMap): Map<JsonMap, Part> {
  const parts = new Map<JsonMap, Part>();
  const open: Json[] = [root];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (!isJsonMap(one) || parts.has(one)) continue;
    const unknown = { depth: Number.POSITIVE_INFINITY, size: null, isGrounded: false };
    parts.set(one, { schema: one, needs: [], inner: [], times: 1, ...unknown });
    for (const maps of [one.properties, one.$defs, one.definitions])
      if (isJsonMap(maps)) open.push(...Object.values(maps));
    for (const list of [one.anyOf, one.oneOf]) if (Array.isArray(list)) open.push(...(list as readonly Json[]));
    for (const inner of [one.items, one.additionalProperties]) if (isJsonMap(inner)) open.push(inner);
    const target = typeof one.$ref === 'string' ? resolveReference(root, one.$ref) : undefined;
    if (isJsonMap(target)) open.push(target);
  }
  return parts;
}

function connect(part: Part, root: JsonMap, parts: ReadonlyMap<JsonMap, Part>): void {
  const { schema } = part;
  const groupOf = (members: readonly Json[]): readonly (readonly Part[])[] =>
    members.some((one) => one === true) ? [] : [partsOf(members, parts)];
  const alternatives = [schema.anyOf, schema.oneOf].filter((list): list is readonly Json[] => Array.isArray(list));
  const target = typeof schema.$ref === 'string' ? resolveReference(root, schema.$ref) : undefined;
  part.needs = [...(target === undefined ? [] : groupOf([target])), ...alternatives.flatMap(groupOf)];
  const isPlain = Object.hasOwn(schema, 'const') || Array.isArray(schema.enum);
  const types = typesOf(schema);
  const mayBePlain = isPlain || types.some((type) => type !== 'object' && type !== 'array');
  part.inner = mayBePlain ? [] : partsOf(mustHold(schema, types), parts);
  part.times = types.includes('array') ? Math.max(1, Number(schema.minItems ?? 1)) : 1;
}

const partsOf = (members: readonly Json[], parts: ReadonlyMap<JsonMap, Part>): readonly Part[] =>
  members.flatMap((one) => (isJsonMap(one) ? (parts.get(one) ?? []) : []));

/** The parts that a map or list of the schema holds in any case. Where both are allowed, those of one of them. */
function mustHold(schema: JsonMap, types: readonly Json[]): readonly Json[] {
  const { properties, required, items, minItems } = schema;
  const isList = types.includes('array');
  const needsItem = isList && typeof minItems === 'number' && minItems > 0 && items !== undefined;
  const listParts = needsItem ? [items] : [];
  if (!types.includes('object') || (isList && !needsItem)) return listParts;
  const names = Array.isArray(required) ? required : [];
  const own = isJsonMap(properties) ? properties : {};
  return names.flatMap((name) => (typeof name === 'string' && Object.hasOwn(own, name) ? [own[name] ?? null] : []));
}

const containersOf = (schema: JsonMap): readonly Json[] =>
  typesOf(schema).filter((type) => type === 'object' || type === 'array');

/** The types of a part as they are written, else what its words speak of. */
function typesOf({ type, properties, items }: JsonMap): readonly Json[] {
  if (type !== undefined) return Array.isArray(type) ? (type as readonly Json[]) : [type];
  if (isJsonMap(properties)) return ['object'];
  return items === undefined ? ['string'] : ['array'];
}

/** Passes in both directions, so that chains of references settle in few of them. */
function settle(parts: Part[], improve: (part: Part) => boolean): void {
  let hasChanged = true;
  while (hasChanged) {
    hasChanged = false;
    for (const part of parts) hasChanged = improve(part) || hasChanged;
    parts.reverse();
  }
}

function improveDepth(part: Part): boolean {
  const levels = part.inner.map((one) => one.depth + 1);
  const choices = part.needs.map((group) =>
    group.reduce((least, one) => Math.min(least, one.depth), Number.POSITIVE_INFINITY),
  );
  const depth = [...levels, ...choices].reduce((most, one) => Math.max(most, one), 0);
  if (depth >= part.depth) return false;
  part.depth = depth;
  return true;
}

function ground(part: Part): boolean {
  if (part.isGrounded || !part.needs.every((group) => group.every((one) => one.isGrounded))) return false;
  part.isGrounded = true;
  return true;
}

/** By the alternatives that are shallowest: what is short is made of them. */
function count(part: Part): boolean {
  if (part.size !== null || !Number.isFinite(part.depth)) return false;
  const chosen = part.needs.map((group) => group.reduce((best, one) => (one.depth < best.depth ? one : best)));
  const below = [...chosen.map((one) => one.size), ...part.inner.map((one) => one.size && one.size * part.times)];
  if (below.includes(null)) return false;
  part.size = Math.min(
    MOST_VALUES + 1,
    below.reduce<number>((sum, one) => sum + (one ?? 0), 1),
  );
  return true;
}

function isTooLarge(part: Part | undefined): boolean {
  return part?.size != null && (part.size > MOST_VALUES || part.depth > MOST_LEVELS);
}
