import { GLOBALS, readGlobal } from '../library/globals.ts';
import { charge, chargeItems, step, touch } from '../runtime/limits.ts';
import { type Evaluate, type Runtime, warn, warnUndefined } from '../runtime/runtime.ts';
import { isHiddenKey } from '../runtime/scope.ts';
import type { ChainExpr, Expr, LogicExpr, NameExpr, TernaryExpr, UnaryExpr } from '../syntax/ast.ts';
import { readAttribute, readIndex, readSlice } from '../values/access.ts';
import { calculate, signed } from '../values/arithmetic.ts';
import { warnKept } from '../values/big-integers.ts';
import { textOf } from '../values/text-of.ts';
import { admit, isTrue, setKey } from '../values/values.ts';
import { compileCall, compileFilter } from './compile-call.ts';
import { compileCompare } from './compile-compare.ts';
import { type CompileContext, labelOf, UNSET, visibleSlots } from './compile-context.ts';

/** Turns a checked expression into a closure. The tree must have passed `inspect`. */
export function compileExpression(ctx: CompileContext, expr: Expr): Evaluate {
  ctx.size += 1;
  switch (expr.kind) {
    case 'literal': {
      const { value, isKeptNumber } = expr;
      if (isKeptNumber !== true) return () => value;
      return (rt) => {
        warnKept(rt, String(value));
        return value;
      };
    }
    case 'name':
      return compileName(ctx, expr);
    case 'attribute':
      return compileAttribute(ctx, expr);
    case 'index':
    case 'slice':
      return compileSubscript(ctx, expr);
    case 'list':
    case 'map':
      return compileCollection(ctx, expr);
    case 'call':
      return compileCall(ctx, expr, compileExpression);
    case 'filter':
      return compileFilter(ctx, expr, compileExpression);
    case 'unary':
      return compileUnary(ctx, expr);
    case 'chain':
      return compileChain(ctx, expr);
    case 'compare':
      return compileCompare(ctx, expr, compileExpression);
    case 'logic':
      return compileLogic(ctx, expr);
    case 'ternary':
      return compileTernary(ctx, expr);
  }
}

/** A name outside the template: the scope, then the built-in names (SPEC 2.2). */
function compileOuterName(name: string): Evaluate {
  if (isHiddenKey(name)) return () => undefined;
  const isGlobal = GLOBALS.has(name);
  return (rt) => {
    const value = admit(rt.scope.get(name));
    return value === undefined && isGlobal ? readGlobal(name, rt) : value;
  };
}

function compileName(ctx: CompileContext, { name, word }: NameExpr): Evaluate {
  const outer = word ? compileWord(name) : compileOuterName(name);
  const slots = visibleSlots(ctx, name);
  const [nearest] = slots;
  if (nearest === undefined) return outer;
  if (slots.length === 1) {
    return (rt) => {
      const value = rt.locals[nearest];
      return value === UNSET ? outer(rt) : value;
    };
  }
  return (rt) => {
    const slot = slots.find((candidate) => rt.locals[candidate] !== UNSET);
    return slot === undefined ? outer(rt) : rt.locals[slot];
  };
}

/** A name that stands for itself as text when nothing defines it (SPEC 2.1, bare conditions). */
function compileWord(name: string): Evaluate {
  const read = compileOuterName(name);
  return (rt) => {
    const value = read(rt);
    if (value !== undefined || rt.scope.has(name)) return value;
    warn(rt, 'template.bare_word', `'${name}' is not a known name and is taken as the text "${name}".`);
    return name;
  };
}

function compileAttribute(ctx: CompileContext, expr: Extract<Expr, { kind: 'attribute' }>): Evaluate {
  const target = compileExpression(ctx, expr.target);
  const { name } = expr;
  if (isHiddenKey(name)) return () => undefined;
  if (ctx.condition && name === 'length') {
    return (rt) => {
      const value = target(rt);
      return Array.isArray(value) ? value.length : readAttribute(value, name, rt);
    };
  }
  return (rt) => readAttribute(target(rt), name, rt);
}

function compileSubscript(ctx: CompileContext, expr: Extract<Expr, { kind: 'index' | 'slice' }>): Evaluate {
  const target = compileExpression(ctx, expr.target);
  if (expr.kind === 'index') {
    const index = compileExpression(ctx, expr.index);
    return (rt) => readIndex(target(rt), index(rt), rt);
  }
  const label = labelOf(ctx, expr.target);
  const [from, to, by] = [expr.from, expr.to, expr.step].map((bound) =>
    bound === undefined ? () => undefined : compileExpression(ctx, bound),
  );
  return (rt) => {
    const value = target(rt);
    if (value === undefined) return missing(rt, label);
    return readSlice(value, [from?.(rt), to?.(rt), by?.(rt)], rt);
  };
}

/** Notes that something undefined was met; the result is undefined too. */
function missing(rt: Runtime, label: string | undefined): undefined {
  warnUndefined(rt, label);
  return undefined;
}

/** What a key of a new map costs. */
const KEY_BYTES = 64;

/** Lists and maps. In a condition an undefined part makes the whole unknown, so that it can decide nothing. */
function compileCollection(ctx: CompileContext, expr: Extract<Expr, { kind: 'list' | 'map' }>): Evaluate {
  const { condition } = ctx;
  if (expr.kind === 'list') {
    const items = expr.items.map((item) => compileExpression(ctx, item));
    const label = labelOf(ctx, expr);
    return (rt) => {
      chargeItems(rt, items.length);
      const list = items.map((item) => item(rt));
      return condition && list.includes(undefined) ? missing(rt, label) : list;
    };
  }
  const entries = expr.entries.map(({ key, value }) => ({
    key: compileExpression(ctx, key),
    value: compileExpression(ctx, value),
    label: labelOf(ctx, value),
  }));
  return (rt) => {
    chargeItems(rt, entries.length, KEY_BYTES);
    const map: Record<string, unknown> = {};
    for (const { key, value, label } of entries) {
      const item = value(rt);
      if (item === undefined && condition) return missing(rt, label);
      const name = textOf(key(rt), rt);
      touch(rt, name);
      setKey(map, name, item);
    }
    return map;
  };
}

function compileUnary(ctx: CompileContext, { operator, operand }: UnaryExpr): Evaluate {
  const inner = compileExpression(ctx, operand);
  const label = labelOf(ctx, operand);
  const { condition } = ctx;
  if (operator === 'not') {
    return (rt) => {
      const value = inner(rt);
      return value === undefined && condition ? missing(rt, label) : !isTrue(value, rt);
    };
  }
  return (rt) => {
    step(rt);
    const value = inner(rt);
    return value === undefined ? missing(rt, label) : signed(operator, value);
  };
}

function compileChain(ctx: CompileContext, { first, rest }: ChainExpr): Evaluate {
  const start = compileExpression(ctx, first);
  const startLabel = labelOf(ctx, first);
  const steps = rest.map(({ operator, operand }) => ({
    operator,
    run: compileExpression(ctx, operand),
    label: labelOf(ctx, operand),
  }));
  const { condition } = ctx;
  return (rt) => {
    let value = start(rt);
    let label = startLabel;
    for (const { operator, run, label: nextLabel } of steps) {
      step(rt);
      const operand = run(rt);
      if (value === undefined) warnUndefined(rt, label);
      if (operand === undefined) warnUndefined(rt, nextLabel);
      const isMissing = value === undefined || operand === undefined;
      if (isMissing && (condition || operator !== '~')) return undefined;
      value = calculate(operator, value, operand, rt);
      label = undefined;
    }
    return value;
  };
}

/**
 * `and` and `or` give one of their operands, as in Python. In a condition an undefined operand of `and` makes the answer
 * unknown; `or` goes on and may still decide (SPEC 2.3 Undefined).
 */
function compileLogic(ctx: CompileContext, { operator, operands }: LogicExpr): Evaluate {
  const parts = operands.map((operand) => ({ run: compileExpression(ctx, operand), label: labelOf(ctx, operand) }));
  const { condition } = ctx;
  const cost = parts.length * 8;
  if (operator === 'and') {
    return (rt) => {
      charge(rt, cost);
      let value: unknown;
      for (const { run, label } of parts) {
        value = run(rt);
        if (value === undefined && condition) return missing(rt, label);
        if (!isTrue(value, rt)) return value;
      }
      return value;
    };
  }
  return (rt) => {
    charge(rt, cost);
    let value: unknown;
    let isUnknown = false;
    for (const { run } of parts) {
      value = run(rt);
      if (isTrue(value, rt)) return value;
      if (value === undefined) isUnknown = true;
    }
    return condition && isUnknown ? undefined : value;
  };
}

function compileTernary(ctx: CompileContext, expr: TernaryExpr): Evaluate {
  const test = compileExpression(ctx, expr.test);
  const yes = compileExpression(ctx, expr.yes);
  const no = expr.no === undefined ? () => undefined : compileExpression(ctx, expr.no);
  const label = labelOf(ctx, expr.test);
  const { condition } = ctx;
  return (rt) => {
    const value = test(rt);
    if (value === undefined && condition) return missing(rt, label);
    return isTrue(value, rt) ? yes(rt) : no(rt);
  };
}
