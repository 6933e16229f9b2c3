import { UNSET } from './compile/compile-context.ts';
import { type CompiledTemplate, compileTemplate } from './compile/compiled-template.ts';
import { UNKNOWN } from './compile/read-single.ts';
import { LIBRARY } from './library/filters.ts';
import { evaluatePlaced, evaluateSafely } from './runtime/evaluate-safely.ts';
import { checkDepth, resetSteps } from './runtime/limits.ts';
import { createRuntime, type EvaluationOptions, type EvaluationWarning, type Runtime } from './runtime/runtime.ts';
import type { Scope } from './runtime/scope.ts';
import { setKey } from './values/values.ts';

const NO_WARNINGS: readonly EvaluationWarning[] = [];

/** One rendering; the runtime is made when the first text needs one. */
interface Rendering {
  readonly scope: Scope;
  readonly options: EvaluationOptions;
  rt: Runtime | undefined;
}

function runtimeOf(rendering: Rendering): Runtime {
  rendering.rt ??= createRuntime({ scope: rendering.scope, condition: false, library: LIBRARY }, rendering.options);
  return rendering.rt;
}

/** Makes the runtime ready for one more text: each has its own steps and names; clock and memory are those of the value. */
function begin(rt: Runtime, compiled: CompiledTemplate): void {
  resetSteps(rt);
  rt.out = '';
  rt.place = 0;
  rt.locals = compiled.slotCount === 0 ? [] : new Array<unknown>(compiled.slotCount).fill(UNSET);
}

function renderString(rendering: Rendering, source: string): unknown {
  if (!source.includes('{')) return source;
  const compiled = compileTemplate(source);
  if (compiled.isPlain) return source;
  const rt = runtimeOf(rendering);
  begin(rt, compiled);
  const value = evaluatePlaced(
    source,
    () => rt.place,
    () => (compiled.native ?? writeText)(rt, compiled),
  );
  return value === UNKNOWN ? source : value;
}

function writeText(rt: Runtime, compiled: CompiledTemplate): string {
  compiled.write(rt);
  return rt.out;
}

function renderAny(rendering: Rendering, value: unknown, depth: number): unknown {
  if (typeof value === 'string') return renderString(rendering, value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 60) checkDepth(runtimeOf(rendering), depth);
  if (Array.isArray(value)) return renderList(rendering, value, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null
    ? renderMap(rendering, value as Record<string, unknown>, depth)
    : value;
}

function renderList(rendering: Rendering, list: readonly unknown[], depth: number): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let i = 0; i < list.length; i += 1) {
    const rendered = renderAny(rendering, list[i], depth + 1);
    if (copy === undefined && !Object.is(rendered, list[i])) copy = list.slice();
    if (copy !== undefined) copy[i] = rendered;
  }
  return copy ?? list;
}

function renderMap(
  rendering: Rendering,
  map: Readonly<Record<string, unknown>>,
  depth: number,
): Readonly<Record<string, unknown>> {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(map)) {
    const rendered = renderAny(rendering, map[key], depth + 1);
    if (Object.is(rendered, map[key])) continue;
    copy ??= { ...map };
    setKey(copy, key, rendered);
  }
  return copy ?? map;
}

/**
 * Renders the strings inside a value, maps and lists included; keys stay (SPEC 2.1 type rule). Parts in which nothing
 * changes come back as the same objects. Throws `template.syntax`, `.unknown`, `.type_error` or `.limit`.
 */
export function renderValue(
  value: unknown,
  scope: Scope,
  options: EvaluationOptions,
): { readonly value: unknown; readonly warnings: readonly EvaluationWarning[] } {
  if (typeof value === 'string' && !value.includes('{')) return { value, warnings: NO_WARNINGS };
  const rendering: Rendering = { scope, options, rt: undefined };
  const rendered = evaluateSafely(() => renderAny(rendering, value, 0));
  return { value: rendered, warnings: rendering.rt?.warnings ?? NO_WARNINGS };
}

/** Renders one text to text. Throws as `renderValue`. */
export function renderText(
  source: string,
  scope: Scope,
  options: EvaluationOptions,
): { readonly text: string; readonly warnings: readonly EvaluationWarning[] } {
  if (!source.includes('{')) return { text: source, warnings: NO_WARNINGS };
  return evaluateSafely(() => {
    const compiled = compileTemplate(source);
    if (compiled.isPlain) return { text: source, warnings: NO_WARNINGS };
    const rt = runtimeOf({ scope, options, rt: undefined });
    begin(rt, compiled);
    const text = evaluatePlaced(
      source,
      () => rt.place,
      () => writeText(rt, compiled),
    );
    return { text, warnings: rt.warnings };
  });
}
