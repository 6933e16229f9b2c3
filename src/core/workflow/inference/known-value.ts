import { fieldOf, itemsOf, type Kind, type Shape, valuesOf } from './shape.ts';

/** What an expression gives, as far as its text tells. */
export type Known =
  /** A place of the answer. */
  | { readonly kind: 'place'; readonly shape: Shape }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Known> }
  | { readonly kind: 'list'; readonly item: Known }
  /** One of several. */
  | { readonly kind: 'either'; readonly values: readonly Known[] }
  /** A value of a type that has nothing to do with the answer. */
  | { readonly kind: 'typed'; readonly type: Kind; readonly text?: string }
  | { readonly kind: 'other' };

/** A value of which nothing is known. */
export const OTHER: Known = { kind: 'other' };
/** A value that is a number. */
export const NUMBER: Known = { kind: 'typed', type: 'number' };
/** A value that is a text. */
export const TEXT: Known = { kind: 'typed', type: 'string' };
/** A value that is true or false. */
export const FLAG: Known = { kind: 'typed', type: 'boolean' };

/** A value of which its use will tell the shape. */
export const placeOf = (shape: Shape): Known => ({ kind: 'place', shape });
/** A list of such items. */
export const listOf = (item: Known): Known => ({ kind: 'list', item });

const MAX_EITHER = 8;
const MAX_TEXTS = 20;

/** What is known of a value that is one of these. */
export function either(...values: readonly Known[]): Known {
  const flat = values.flatMap((one) => (one.kind === 'either' ? one.values : one.kind === 'other' ? [] : [one]));
  const [only] = flat;
  if (only === undefined) return OTHER;
  return flat.length === 1 ? only : { kind: 'either', values: flat.slice(0, MAX_EITHER) };
}

/** The places of the answer that a value may be. */
export function placesOf(value: Known): readonly Shape[] {
  if (value.kind === 'place') return [value.shape];
  return value.kind === 'either' ? value.values.flatMap(placesOf) : [];
}

/** The one type of a value that is not the answer's. */
export function typeOf(value: Known): { readonly type: Kind; readonly text?: string } | null {
  switch (value.kind) {
    case 'typed':
      return value;
    case 'map':
      return { type: 'object' };
    case 'list':
      return { type: 'array' };
    default:
      return null;
  }
}

/** The value is used as this type. */
export function mark(value: Known, kind: Kind, how: 'sure' | 'likely' = 'sure'): void {
  for (const shape of placesOf(value)) shape[how].add(kind);
}

/** Two values of one type: what is known of one is known of the other. */
export function alike(one: Known, other: Known): void {
  learn(one, other);
  learn(other, one);
}

function learn(value: Known, from: Known): void {
  if (from.kind === 'either') {
    for (const one of from.values) learn(value, one);
    return;
  }
  const type = typeOf(from);
  for (const shape of placesOf(value)) {
    if (type !== null) shape.sure.add(type.type);
    if (type?.text !== undefined && shape.texts.size < MAX_TEXTS) shape.texts.add(type.text);
    for (const peer of placesOf(from)) if (peer !== shape) shape.peers.add(peer);
  }
}

/** `value.name`. */
export function member(value: Known, name: string): Known {
  switch (value.kind) {
    case 'place':
      return placeOf(/^\d+$/.test(name) ? itemOfShape(value.shape) : fieldOf(value.shape, name));
    case 'map':
      return value.entries.get(name) ?? OTHER;
    case 'list':
      return /^\d+$/.test(name) ? value.item : OTHER;
    case 'either':
      return either(...value.values.map((one) => member(one, name)));
    default:
      return OTHER;
  }
}

function itemOfShape(shape: Shape): Shape {
  shape.sure.add('array');
  return itemsOf(shape);
}

/** One item of a list; the value is used as one. */
export function itemOf(value: Known, how: 'sure' | 'likely' = 'sure'): Known {
  switch (value.kind) {
    case 'place':
      value.shape[how].add('array');
      return placeOf(itemsOf(value.shape));
    case 'list':
      return value.item;
    case 'map':
      return TEXT;
    case 'either':
      return either(...value.values.map((one) => itemOf(one, how)));
    default:
      return OTHER;
  }
}

/** A value of a map whose keys nobody names; the value is used as a map. */
export function entryOf(value: Known): Known {
  switch (value.kind) {
    case 'place':
      value.shape.sure.add('object');
      return placeOf(valuesOf(value.shape));
    case 'map':
      return either(...value.entries.values());
    case 'either':
      return either(...value.values.map(entryOf));
    default:
      return OTHER;
  }
}
