import { bindArguments } from '../library/arguments.ts';
import { TESTS } from '../library/tests.ts';
import { unknownFailure } from '../runtime/failures.ts';
import { step } from '../runtime/limits.ts';
import { type Evaluate, type Runtime, warnUndefined } from '../runtime/runtime.ts';
import type { CompareExpr, CompareOperator, Expr, TestStep } from '../syntax/ast.ts';
import { isEqual, isIn, isOrdered } from '../values/compare.ts';
import { compileArguments } from './compile-call.ts';
import { type CompileContext, labelOf } from './compile-context.ts';

type Compile = (ctx: CompileContext, expr: Expr) => Evaluate;

/** One link of a comparison; the answer undefined stands for unknown (conditions only). */
interface Link {
  readonly answer: (left: unknown, right: unknown, rt: Runtime) => boolean | undefined;
  readonly right: Evaluate;
  readonly label: string | undefined;
  readonly isTest: boolean;
  /** Says nothing about undefined in template text. */
  readonly isQuiet: boolean;
}

const ANSWERS: Readonly<Record<CompareOperator, Link['answer']>> = {
  '==': isEqual,
  '!=': (left, right, rt) => !isEqual(left, right, rt),
  '<': (left, right, rt) => isOrdered('<', left, right, rt),
  '<=': (left, right, rt) => isOrdered('<=', left, right, rt),
  '>': (left, right, rt) => isOrdered('>', left, right, rt),
  '>=': (left, right, rt) => isOrdered('>=', left, right, rt),
  in: contains,
  'not in': (left, right, rt) => {
    const found = contains(left, right, rt);
    return found === undefined ? undefined : !found;
  },
};

function contains(left: unknown, right: unknown, rt: Runtime): boolean | undefined {
  return left === undefined || right === undefined ? false : isIn(left, right, rt);
}

/** Operators that in template text say something sensible about undefined without a warning, as in Jinja. */
const QUIET: ReadonlySet<string> = new Set(['==', '!=']);

/**
 * A chain of comparisons and tests, `a < b < c`, `x is defined`. In a condition a comparison that meets undefined is
 * unknown, which counts as false and stays so under `not` (SPEC 2.3 Undefined).
 */
export function compileCompare(ctx: CompileContext, { first, rest }: CompareExpr, compile: Compile): Evaluate {
  const start = compile(ctx, first);
  const startLabel = labelOf(ctx, first);
  const links = rest.map((part) =>
    'operand' in part ? operatorLink(ctx, part, compile) : testLink(ctx, part, compile),
  );
  return (rt) => {
    let left = start(rt);
    let label = startLabel;
    for (const link of links) {
      step(rt);
      const right = link.right(rt);
      if (!link.isTest && (left === undefined || right === undefined)) {
        if (rt.condition || !link.isQuiet) warnUndefined(rt, left === undefined ? label : link.label);
        if (rt.condition) return undefined;
      }
      const answer = link.answer(left, right, rt);
      if (answer === undefined) warnUndefined(rt, left === undefined ? label : link.label);
      if (answer !== true) return answer;
      if (!link.isTest) {
        left = right;
        label = link.label;
      }
    }
    return true;
  };
}

function operatorLink(
  ctx: CompileContext,
  part: { readonly operator: CompareOperator; readonly operand: Expr },
  compile: Compile,
): Link {
  const { operator, operand } = part;
  return {
    answer: ANSWERS[operator],
    right: compileSearched(ctx, part, compile),
    label: labelOf(ctx, operand),
    isTest: false,
    isQuiet: QUIET.has(operator),
  };
}

/** A list written right of `in` may hold undefined items: another item can still decide. */
function compileSearched(
  ctx: CompileContext,
  part: { readonly operator: CompareOperator; readonly operand: Expr },
  compile: Compile,
): Evaluate {
  const { operator, operand } = part;
  if (operand.kind !== 'list' || (operator !== 'in' && operator !== 'not in')) return compile(ctx, operand);
  const items = operand.items.map((item) => compile(ctx, item));
  return (rt) => items.map((item) => item(rt));
}

function testLink(ctx: CompileContext, part: TestStep, compile: Compile): Link {
  const found = TESTS.get(part.name);
  if (found === undefined) throw unknownFailure(`Unknown test '${part.name}'.`, part.nameStart);
  const args = compileArguments(
    ctx,
    bindArguments(found, part.args, `The test '${part.name}'`, part.nameStart),
    compile,
  );
  const isAboutUndefined = part.name === 'defined' || part.name === 'undefined';
  const isNegated = part.operator === 'is not';
  const answer: Link['answer'] = (left, _right, rt) => {
    if (left === undefined && !isAboutUndefined && rt.condition) return undefined;
    const given = args(rt);
    if (given === undefined) return undefined;
    const holds = left === undefined && found.seesUndefined !== true ? false : found.run(left, given, rt);
    return holds !== isNegated;
  };
  return { answer, right: () => undefined, label: undefined, isTest: true, isQuiet: true };
}
