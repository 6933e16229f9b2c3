import type { Expr } from '../expressions/syntax/ast.ts';
import { type Known, OTHER, placesOf } from './known-value.ts';
import type { Shape } from './shape.ts';

/** Names and what they stand for. A scope sees those of its parents, too. */
export interface UseScope {
  readonly parent: UseScope | null;
  readonly names: Map<string, Known>;
  /** Places that a test around here has already looked at. */
  readonly tested: ReadonlySet<Shape>;
  /** What is undefined in here is handled. */
  readonly isGuarded: boolean;
  /** What the expressions that were looked at give. */
  readonly seen: WeakMap<Expr, Known>;
}

/** A scope in which no name is known. */
export const rootScope = (): UseScope => ({
  ...{ parent: null, names: new Map(), tested: new Set(), isGuarded: false, seen: new WeakMap() },
});

/** A scope within another one, with names of its own. */
export const innerScope = (parent: UseScope, names: Iterable<readonly [string, Known]> = []): UseScope => ({
  parent,
  names: new Map(names),
  tested: parent.tested,
  isGuarded: parent.isGuarded,
  seen: parent.seen,
});

/** Where the test of these values has had its say. */
export const testedScope = (parent: UseScope, values: readonly Known[]): UseScope => ({
  ...innerScope(parent),
  tested: new Set([...parent.tested, ...values.flatMap(placesOf)]),
});

export const guardedScope = (parent: UseScope): UseScope => ({ ...innerScope(parent), isGuarded: true });

/** What is known of a name, here or further out. */
export function lookUp(scope: UseScope, name: string): Known {
  for (let at: UseScope | null = scope; at !== null; at = at.parent) {
    const found = at.names.get(name);
    if (found !== undefined) return found;
  }
  return OTHER;
}

/** The value is read here: where nothing handles it, it has to be there. */
export function need(value: Known, scope: UseScope): Known {
  if (!scope.isGuarded) for (const shape of placesOf(value)) if (!scope.tested.has(shape)) shape.isNeeded = true;
  return value;
}
