import type { AppError } from '../../../../shared/errors.ts';
import type { Expr, NameExpr } from '../syntax/ast.ts';

/** A root name that a text reads and does not define itself. */
export interface Reference {
  readonly root: string;
  readonly path: readonly string[];
  /** Under `default`, `is defined` or `or`, or its root is tested with `is defined` in the same text. */
  readonly guarded: boolean;
  readonly dialect: 'double' | 'single';
  /** Characters from the start of the source. */
  readonly offset: number;
  /** In a bare condition: the name stands for itself as text when nothing defines it (SPEC 2.1); reported as guarded. */
  readonly word?: boolean;
  /** A sentence that says what mends it where nothing defines the name, if the text itself tells. */
  readonly fix?: string;
}

/** What one look at a tree found. */
export interface Inspection {
  readonly problems: readonly AppError[];
  readonly references: readonly Reference[];
}

/** The name and the written path of `name.a[0]['b']`; undefined when it does not start at a name. */
export function pathOf(expr: Expr): { readonly name: NameExpr; readonly path: readonly string[] } | undefined {
  const path: string[] = [];
  let at = expr;
  for (;;) {
    if (at.kind === 'name') return { name: at, path };
    if (at.kind === 'attribute') path.unshift(at.name);
    else if (at.kind !== 'index') return undefined;
    else if (at.index.kind === 'literal') path.unshift(String(at.index.value));
    else path.length = 0;
    at = at.target;
  }
}
