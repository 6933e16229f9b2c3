/**
 * Expressions and templates (SPEC 2): one evaluator for templates, conditions and success criteria. Values are plain
 * data; nothing of the host is reachable and every evaluation is bounded. The grammar is in GRAMMAR.md.
 */
export { analyzeText } from './check/analyze.ts';
export type { Reference } from './check/reference.ts';
export { type ConditionResult, evaluateCondition } from './conditions.ts';
export { BUILT_IN_NAMES } from './library/globals.ts';
export { renderText, renderValue } from './render.ts';
export type { EvaluationOptions } from './runtime/runtime.ts';
export { childScope, type Scope, scopeOf } from './runtime/scope.ts';
