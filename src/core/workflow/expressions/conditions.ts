import { inspectExpression } from './check/inspect.ts';
import { createContext, labelOf } from './compile/compile-context.ts';
import { compileExpression } from './compile/compile-expression.ts';
import { createCompiledCache } from './compile/compiled-cache.ts';
import { LIBRARY } from './library/filters.ts';
import { evaluatePlaced, evaluateSafely } from './runtime/evaluate-safely.ts';
import { limitFailure } from './runtime/failures.ts';
import { DEFAULT_LIMITS } from './runtime/limits.ts';
import {
  createRuntime,
  type Evaluate,
  type EvaluationOptions,
  type EvaluationWarning,
  warnUndefined,
} from './runtime/runtime.ts';
import type { Scope } from './runtime/scope.ts';
import { parseCondition } from './syntax/parse-expression.ts';
import { isTrue } from './values/values.ts';

/** The answer of a condition. */
export interface ConditionResult {
  readonly value: boolean;
  /** The answer hangs on a name or field that is not defined; `value` is false then. */
  readonly unknown: boolean;
  readonly warnings: readonly EvaluationWarning[];
}

interface CompiledCondition {
  readonly run: Evaluate;
  readonly label: string | undefined;
  readonly size: number;
}

const cache = createCompiledCache<CompiledCondition>();

function compile(source: string): CompiledCondition {
  if (source.length > DEFAULT_LIMITS.sourceLength) throw limitFailure('A condition may hold 256 KiB at most.');
  const expr = parseCondition(source);
  const [problem] = inspectExpression(expr).problems;
  if (problem !== undefined) throw problem;
  const ctx = createContext(source, true);
  const run = compileExpression(ctx, expr);
  return { run, label: labelOf(ctx, expr), size: ctx.size };
}

/**
 * Evaluates a condition: a boolean, a bare expression, one `{{ expr }}` or an expression with `{path}` (SPEC 2.1). What
 * meets an undefined name is unknown, which counts as false under every operator, so that a missing name never makes a
 * condition true. Throws `template.syntax`, `.unknown`, `.type_error` or `.limit`.
 */
export function evaluateCondition(
  condition: string | boolean,
  scope: Scope,
  options: EvaluationOptions,
): ConditionResult {
  if (typeof condition === 'boolean') return { value: condition, unknown: false, warnings: [] };
  return evaluateSafely(() => {
    const compiled = cache.get(condition, compile);
    const rt = createRuntime({ scope, condition: true, library: LIBRARY }, options);
    const answer = evaluatePlaced(
      condition,
      () => 0,
      () => compiled.run(rt),
    );
    if (answer === undefined) warnUndefined(rt, compiled.label);
    return { value: isTrue(answer, rt), unknown: answer === undefined, warnings: rt.warnings };
  });
}
