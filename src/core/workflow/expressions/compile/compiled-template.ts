import { inspectNodes } from '../check/inspect.ts';
import { type Runtime, type Write, warnUndefined } from '../runtime/runtime.ts';
import type { Expr, Node } from '../syntax/ast.ts';
import { parseTemplate } from '../syntax/parse-template.ts';
import { chargeHandedOn, exportValue } from '../values/export-value.ts';
import { asSpecial } from '../values/values.ts';
import { createContext, labelOf } from './compile-context.ts';
import { compileExpression } from './compile-expression.ts';
import { compileNodes } from './compile-template.ts';
import { createCompiledCache } from './compiled-cache.ts';
import { readSingle, UNKNOWN } from './read-single.ts';

/** A template text ready to be evaluated. */
export interface CompiledTemplate {
  /** Nothing in the text is to be replaced. */
  readonly isPlain: boolean;
  readonly slotCount: number;
  /** What it weighs, in compiled expressions and statements. */
  readonly size: number;
  readonly write: Write;
  /**
   * The native value of a text that is exactly one `{{ expr }}` or one `{path}` (SPEC 2.1). `UNKNOWN` when the root of
   * the path is no known name: the text stays.
   */
  readonly native: ((rt: Runtime) => unknown) | undefined;
}

const cache = createCompiledCache<CompiledTemplate>();

/** The compiled form of a source; throws the first problem of the text. */
export function compileTemplate(source: string): CompiledTemplate {
  return cache.get(source, compile);
}

function compile(source: string): CompiledTemplate {
  const parsed = parseTemplate(source);
  const problem = parsed.problems[0] ?? inspectNodes(parsed.nodes).problems[0];
  if (problem !== undefined) throw problem;
  const isPlain = !parsed.hasTags && parsed.nodes.every((node) => node.kind === 'text');
  return { isPlain, ...compileNodes(source, parsed.nodes), native: compileNative(source, parsed.nodes) };
}

function compileNative(source: string, nodes: readonly Node[]): CompiledTemplate['native'] {
  const parts = nodes.filter((node) => node.kind !== 'text' || node.text.trim() !== '');
  const [only] = parts;
  const text = source.trim();
  if (only === undefined || parts.length > 1 || !text.startsWith('{') || !text.endsWith('}')) return undefined;
  if (only.kind === 'output')
    return text.startsWith('{{') && text.endsWith('}}') ? nativeOutput(source, only.value) : undefined;
  return only.kind === 'single' ? nativeSingle(only.path) : undefined;
}

/** Whether a value comes out of the scope as it is, so that it need not be walked. */
function isReference(expr: Expr): boolean {
  if (expr.kind === 'name') return true;
  if (expr.kind === 'attribute') return isReference(expr.target);
  return expr.kind === 'index' && expr.index.kind === 'literal' && isReference(expr.target);
}

/** A value as it leaves; undefined is null and a warning. */
function finish(
  rt: Runtime,
  value: unknown,
  options: { readonly label: string | undefined; readonly isOwn: boolean },
): unknown {
  if (value === undefined) {
    warnUndefined(rt, options.label);
    return null;
  }
  if (options.isOwn || typeof value !== 'object' || value === null || asSpecial(value) !== undefined)
    return exportValue(value, rt);
  chargeHandedOn(value, rt);
  return value;
}

function nativeOutput(source: string, expr: Expr): (rt: Runtime) => unknown {
  const ctx = createContext(source, false);
  const read = compileExpression(ctx, expr);
  const options = { label: labelOf(ctx, expr), isOwn: !isReference(expr) };
  return (rt) => finish(rt, read(rt), options);
}

function nativeSingle(path: readonly string[]): (rt: Runtime) => unknown {
  const read = readSingle(path, []);
  const options = { label: path.join('.'), isOwn: false };
  return (rt) => {
    const value = read(rt);
    return value === UNKNOWN ? UNKNOWN : finish(rt, value, options);
  };
}
