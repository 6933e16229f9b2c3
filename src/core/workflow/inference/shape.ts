import type { Json, JsonMap } from '../../../shared/json.ts';

/** Types of JSON that a use can tell. */
export type Kind = 'array' | 'boolean' | 'number' | 'object' | 'string';

/** What is known of one place of an answer from the ways in which it is used. */
export interface Shape {
  /** Uses that only this type allows. */
  readonly sure: Set<Kind>;
  /** Uses that point to a type and allow others, too: they count where nothing surer is known. */
  readonly likely: Set<Kind>;
  readonly fields: Map<string, Shape>;
  items: Shape | null;
  /** Of a map whose keys nobody names. */
  values: Shape | null;
  /** Texts that it is compared with. */
  readonly texts: Set<string>;
  /** Compared, added or joined with these: what one is the others are. */
  readonly peers: Set<Shape>;
  /** Something is divided by it. */
  isDivisor: boolean;
  /** Used somewhere where it must be there. */
  isNeeded: boolean;
  readonly depth: number;
}

/** No answer of use is nested deeper, and none has more places. */
const MAX_DEPTH = 12;
const MAX_FIELDS = 200;

/** A shape of which nothing is known yet. */
export const newShape = (depth = 0): Shape => ({
  ...{ sure: new Set(), likely: new Set(), fields: new Map(), items: null, values: null, texts: new Set() },
  ...{ peers: new Set(), isDivisor: false, isNeeded: false, depth },
});

/** The field of that name; a place of its own beyond the limits, of which nothing is kept. */
export function fieldOf(shape: Shape, name: string): Shape {
  const known = shape.fields.get(name);
  if (known !== undefined) return known;
  const field = newShape(shape.depth + 1);
  const isName = /^[\p{L}_][\p{L}\p{N}_-]{0,63}$/u.test(name) && !name.startsWith('__');
  if (isName && shape.depth < MAX_DEPTH && shape.fields.size < MAX_FIELDS) shape.fields.set(name, field);
  return field;
}

/** The shape of the items of a list. */
export function itemsOf(shape: Shape): Shape {
  shape.items ??= newShape(shape.depth + 1);
  return shape.items;
}

/** The shape of the values of a map. */
export function valuesOf(shape: Shape): Shape {
  shape.values ??= newShape(shape.depth + 1);
  return shape.values;
}

/** What one place is, the places are that it is compared with, until nothing new is known. */
export function spreadKinds(shapes: readonly Shape[]): void {
  const open = shapes.filter(({ peers }) => peers.size > 0);
  for (let isNew = true; isNew; ) {
    isNew = false;
    for (const shape of open) {
      const [kind, ...others] = shape.sure;
      if (kind === undefined || others.length > 0) continue;
      for (const peer of shape.peers) {
        if (peer.sure.size > 0) continue;
        peer.sure.add(kind);
        isNew = true;
      }
    }
  }
}

/** Values of `on_error.fallback` settle what no use has (SPEC §4.2). */
export function settleWith(shape: Shape, value: Json): void {
  if (value === null) return;
  const kind = kindOf(value);
  const known = kindsOf(shape);
  if (known.length === 0) shape.likely.add(kind);
  else if (!known.includes(kind)) return;
  if (Array.isArray(value)) {
    const [first] = value as readonly Json[];
    if (first !== undefined) settleWith(itemsOf(shape), first);
  } else if (kind === 'object') {
    for (const [name, inner] of Object.entries(value as JsonMap)) {
      const field = shape.fields.get(name);
      if (field !== undefined) settleWith(field, inner);
    }
  }
}

/** What kind of value this is. */
export function kindOf(value: NonNullable<Json>): Kind {
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object';
}

/** Empty = nothing is known. */
export function kindsOf(shape: Shape): readonly Kind[] {
  const sure = new Set(shape.sure);
  if (shape.fields.size > 0) sure.add('object');
  if (sure.size > 0) return [...sure].sort();
  return shape.likely.size === 1 ? [...shape.likely] : [];
}

/** Said, not demanded: a divisor may well be negative, and what to do about 0 is for the workflow to say. */
const DIVISOR: JsonMap = { type: 'number', description: 'Something is divided by it, so it is not 0.', examples: [1] };

/** The JSON Schema of a place; what stays open is left open, never guessed. */
export function schemaOf(shape: Shape): JsonMap {
  const kinds = kindsOf(shape);
  if (kinds.length !== 1) return kinds.length === 0 ? {} : { type: kinds };
  switch (kinds[0]) {
    case 'object':
      return objectSchema(shape);
    case 'array':
      return { type: 'array', items: shape.items === null ? {} : schemaOf(shape.items) };
    case 'number':
      return shape.isDivisor ? DIVISOR : { type: 'number' };
    case 'string':
      return { type: 'string', ...(shape.texts.size === 0 ? {} : { examples: [...shape.texts] }) };
    default:
      return { type: kinds[0] as string };
  }
}

function objectSchema({ fields, values }: Shape): JsonMap {
  const required = [...fields].filter(([, field]) => field.isNeeded).map(([name]) => name);
  return {
    type: 'object',
    ...(fields.size === 0 ? {} : { properties: Object.fromEntries([...fields].map(([k, v]) => [k, schemaOf(v)])) }),
    ...(required.length === 0 ? {} : { required }),
    ...(values === null ? {} : { additionalProperties: schemaOf(values) }),
  };
}
