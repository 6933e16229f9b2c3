import type { Expr, NameExpr } from './ast.ts';

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
