import { type BoundArguments, bindArguments } from '../library/arguments.ts';
import { FILTERS } from '../library/filters.ts';
import { GLOBALS } from '../library/globals.ts';
import { type Arguments, NO_ARGUMENTS, NO_NAMES, type Signature } from '../library/library.ts';
import { callMethod, findMethod } from '../library/methods.ts';
import { typeFailure, unknownFailure } from '../runtime/failures.ts';
import { step } from '../runtime/limits.ts';
import { type Evaluate, type Runtime, warnUndefined } from '../runtime/runtime.ts';
import type { CallArguments, CallExpr, Expr, FilterExpr } from '../syntax/ast.ts';
import { readAttribute } from '../values/access.ts';
import { aKindOf, asSpecial, SPECIAL } from '../values/values.ts';
import { type CompileContext, labelOf, visibleSlots } from './compile-context.ts';

type Compile = (ctx: CompileContext, expr: Expr) => Evaluate;

/** Gives the arguments, or undefined when one of them makes the answer of a condition unknown. */
type EvaluateArguments = (rt: Runtime) => Arguments | undefined;

/** Compiles arguments that are already in order. */
export function compileArguments(
  ctx: CompileContext,
  bound: BoundArguments,
  compile: Compile,
  allowsUndefined = false,
): EvaluateArguments {
  if (bound.values.length === 0 && bound.named.length === 0) return () => NO_ARGUMENTS;
  const values = bound.values.map((expr) =>
    expr === undefined ? undefined : { run: compile(ctx, expr), label: labelOf(ctx, expr) },
  );
  const named = bound.named.map(({ name, value }) => ({ name, run: compile(ctx, value), label: labelOf(ctx, value) }));
  const isStrict = ctx.condition && !allowsUndefined;
  return (rt) => {
    const given: unknown[] = [];
    for (const part of values) {
      const value = part?.run(rt);
      if (value === undefined && part !== undefined && isStrict) return unknown(rt, part.label);
      given.push(value);
    }
    if (named.length === 0) return { values: given, named: NO_NAMES };
    const names = new Map<string, unknown>();
    for (const { name, run, label } of named) {
      const value = run(rt);
      if (value === undefined && isStrict) return unknown(rt, label);
      names.set(name, value);
    }
    return { values: given, named: names };
  };
}

function unknown(rt: Runtime, label: string | undefined): undefined {
  warnUndefined(rt, label);
  return undefined;
}

/** `input | name(args)`; `block` is the input of the first filter of a block. */
export function compileFilter(ctx: CompileContext, expr: FilterExpr, compile: Compile, block?: Evaluate): Evaluate {
  const { input, name, nameStart } = expr;
  const found = FILTERS.get(name);
  if (found === undefined) throw unknownFailure(`Unknown filter '${name}'.`, nameStart);
  const { run } = found;
  const seesUndefined = found.seesUndefined === true;
  const args = compileArguments(
    ctx,
    bindArguments(found, expr.args, `The filter '${name}'`, nameStart),
    compile,
    seesUndefined,
  );
  const read = compileFilterInput(ctx, input, compile, block);
  const label = input === undefined ? undefined : labelOf(ctx, input);
  const { condition } = ctx;
  return (rt) => {
    step(rt);
    const value = read(rt);
    if (value === undefined && !seesUndefined) {
      warnUndefined(rt, label);
      if (condition) return undefined;
    }
    const given = args(rt);
    return given === undefined ? undefined : run(value, given, rt);
  };
}

function compileFilterInput(
  ctx: CompileContext,
  input: Expr | undefined,
  compile: Compile,
  block: Evaluate | undefined,
): Evaluate {
  if (input === undefined) return block ?? (() => undefined);
  if (block !== undefined && input.kind === 'filter') return compileFilter(ctx, input, compile, block);
  return compile(ctx, input);
}

/** A call of a function, a method, or a value that is callable (`joiner`). */
export function compileCall(ctx: CompileContext, expr: CallExpr, compile: Compile): Evaluate {
  const { callee, args, start } = expr;
  if (callee.kind === 'attribute') return compileMethodCall(ctx, { ...expr, callee }, compile);
  if (callee.kind === 'name' && visibleSlots(ctx, callee.name).length === 0) {
    const found = GLOBALS.get(callee.name);
    if (found === undefined) throw unknownFailure(`Unknown function '${callee.name}'.`, start);
    const { value } = found;
    const given = compileArguments(ctx, bindArguments(found, args, `'${callee.name}'`, start), compile);
    return (rt) => {
      step(rt);
      const ready = given(rt);
      return ready === undefined ? undefined : value.call(ready, rt);
    };
  }
  const read = compile(ctx, callee);
  const given = compileArguments(ctx, { values: args.positional, named: args.named }, compile);
  return (rt) => {
    step(rt);
    return callValue(read(rt), given, rt);
  };
}

function callValue(value: unknown, given: EvaluateArguments, rt: Runtime): unknown {
  const special = asSpecial(value);
  if (special?.[SPECIAL] !== 'callable') throw typeFailure(`${aKindOf(value)} cannot be called.`);
  const ready = given(rt);
  return ready === undefined ? undefined : special.call(ready, rt);
}

interface MethodCallExpr extends CallExpr {
  readonly callee: Extract<Expr, { kind: 'attribute' }>;
}

function compileMethodCall(ctx: CompileContext, { callee, args }: MethodCallExpr, compile: Compile): Evaluate {
  const target = compile(ctx, callee.target);
  const label = labelOf(ctx, callee.target);
  const { name } = callee;
  const argumentsFor = bindLate(ctx, name, args, compile);
  return (rt) => {
    step(rt);
    const receiver = target(rt);
    if (receiver === undefined) return unknown(rt, label);
    const found = findMethod(receiver, name);
    if (found === undefined) {
      const value = readAttribute(receiver, name, rt);
      if (asSpecial(value)?.[SPECIAL] === 'callable') return callValue(value, argumentsFor(FREE), rt);
      throw typeFailure(`${aKindOf(receiver)} has no method '${name}'.`);
    }
    const ready = argumentsFor(found)(rt);
    return ready === undefined ? undefined : callMethod(found, receiver, { args: ready, rt });
  };
}

const FREE: Signature = { params: [], variadic: true, anyNames: true };

/**
 * Arguments of a method are fitted once the kind of the receiver is known; few kinds meet at one place. However they are
 * fitted, each argument is compiled once.
 */
function bindLate(
  ctx: CompileContext,
  name: string,
  args: CallArguments,
  compile: Compile,
): (signature: Signature) => EvaluateArguments {
  const compiled = new Map<Expr, Evaluate>();
  const compileOnce: Compile = (inner, expr) => {
    const known = compiled.get(expr);
    if (known !== undefined) return known;
    const made = compile(inner, expr);
    compiled.set(expr, made);
    return made;
  };
  const free = compileArguments(ctx, { values: args.positional, named: args.named }, compileOnce);
  const ready = new Map<Signature, EvaluateArguments>();
  const local = { ...ctx };
  return (signature) => {
    if (signature === FREE) return free;
    let made = ready.get(signature);
    if (made === undefined) {
      made = compileArguments(local, bindArguments(signature, args, `'${name}'`, 0), compileOnce);
      ready.set(signature, made);
    }
    return made;
  };
}
