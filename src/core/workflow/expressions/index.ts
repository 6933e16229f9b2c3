/**
 * Expressions and templates (SPEC 2): one evaluator for templates, conditions and success criteria. Values are plain
 * data; nothing of the host is reachable and every evaluation is bounded. The grammar is in GRAMMAR.md.
 */
export { analyzeText, type ExpressionProblem, type TextAnalysis } from './analyze.ts';
export { type ConditionResult, evaluateCondition } from './conditions.ts';
export { BUILT_IN_NAMES } from './globals.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export type { Reference } from './reference.ts';
export { renderText, renderValue } from './render.ts';
export type { EvaluationOptions, EvaluationWarning } from './runtime.ts';
export { childScope, type Scope, scopeOf } from './scope.ts';
export { suggestName } from './suggest.ts';
