import { charge, checkTextLength, step } from '../runtime/limits.ts';
import { type Evaluate, type Runtime, type Write, warnUndefined } from '../runtime/runtime.ts';
import type { Expr, Node } from '../syntax/ast.ts';
import { textOf } from '../values/text-of.ts';
import { isTrue } from '../values/values.ts';
import { compileFilter } from './compile-call.ts';
import {
  type CompileContext,
  createContext,
  declareSlot,
  inNewFrame,
  labelOf,
  visibleSlots,
} from './compile-context.ts';
import { compileExpression } from './compile-expression.ts';
import { compileFor } from './compile-for.ts';
import { compileTarget, resetSlots } from './compile-targets.ts';
import { readSingle, UNKNOWN } from './read-single.ts';

/** A template as closures. */
export interface CompiledNodes {
  readonly write: Write;
  readonly slotCount: number;
  readonly size: number;
}

/** Compiles checked nodes of a template. */
export function compileNodes(source: string, nodes: readonly Node[]): CompiledNodes {
  const ctx = createContext(source, false);
  const write = compileBody(ctx, nodes);
  return { write, slotCount: ctx.slotCount, size: ctx.size };
}

function compileBody(ctx: CompileContext, nodes: readonly Node[]): Write {
  const writers = nodes.map((node) => compileNode(ctx, node));
  const [first, second] = writers;
  if (first === undefined) return () => undefined;
  if (second === undefined) return first;
  return (rt) => {
    for (const write of writers) write(rt);
  };
}

/** What one piece of the output costs besides its characters. */
const PIECE_BYTES = 32;

/** Appends to the output and holds it under its cap. */
function append(rt: Runtime, text: string): void {
  charge(rt, text.length + PIECE_BYTES);
  rt.out += text;
  if (rt.out.length > rt.limits.outputLength) checkTextLength(rt, rt.out.length);
}

function compileNode(ctx: CompileContext, node: Node): Write {
  ctx.size += 1;
  switch (node.kind) {
    case 'text': {
      const { text } = node;
      return (rt) => append(rt, text);
    }
    case 'single':
      return compileSingle(ctx, node);
    case 'output':
      return compileOutput(ctx, node.value);
    case 'if':
      return compileIf(ctx, node);
    case 'for':
      return compileFor(ctx, node, compileBody);
    case 'set': {
      const value = compileExpression(ctx, node.value);
      const assign = compileTarget(ctx, node.target);
      const { start } = node.value;
      return (rt) => {
        rt.place = start;
        step(rt);
        assign(rt, value(rt));
      };
    }
    case 'set-block': {
      const capture = compileCapture(ctx, node.body, node.filter);
      const assign = compileTarget(ctx, node.target);
      return (rt) => assign(rt, capture(rt));
    }
    case 'filter-block': {
      const capture = compileCapture(ctx, node.body, node.filter);
      return (rt) => append(rt, textOf(capture(rt), rt));
    }
    case 'with':
      return compileWith(ctx, node);
  }
}

function compileOutput(ctx: CompileContext, expr: Expr): Write {
  const value = compileExpression(ctx, expr);
  const label = labelOf(ctx, expr);
  const { start } = expr;
  return (rt) => {
    rt.place = start;
    step(rt);
    const found = value(rt);
    if (typeof found === 'string') append(rt, found);
    else if (found === undefined) warnUndefined(rt, label);
    else append(rt, textOf(found, rt));
  };
}

function compileSingle(ctx: CompileContext, node: Extract<Node, { kind: 'single' }>): Write {
  const read = readSingle(node.path, visibleSlots(ctx, node.path[0] ?? ''));
  const { raw, start } = node;
  const label = node.path.join('.');
  return (rt) => {
    rt.place = start;
    step(rt);
    const value = read(rt);
    if (value === UNKNOWN) append(rt, raw);
    else if (value === undefined) warnUndefined(rt, label);
    else append(rt, textOf(value, rt));
  };
}

function compileIf(ctx: CompileContext, node: Extract<Node, { kind: 'if' }>): Write {
  const branches = node.branches.map(({ test, body }) => ({
    test: compileExpression(ctx, test),
    start: test.start,
    body: compileBody(ctx, body),
  }));
  const otherwise = compileBody(ctx, node.otherwise);
  const cost = branches.length * 8;
  return (rt) => {
    step(rt);
    charge(rt, cost);
    for (const { test, body, start } of branches) {
      rt.place = start;
      if (isTrue(test(rt), rt)) return body(rt);
    }
    otherwise(rt);
  };
}

/** The text of a body, through a chain of filters if there is one. */
function compileCapture(
  ctx: CompileContext,
  body: readonly Node[],
  chain: Extract<Expr, { kind: 'filter' }> | undefined,
): Evaluate {
  const { result, frame } = inNewFrame(ctx, () => compileBody(ctx, body));
  const reset = resetSlots(frame);
  const slot = declareSlot(ctx, `block ${ctx.slotCount}`);
  const filter =
    chain === undefined ? undefined : compileFilter(ctx, chain, compileExpression, (rt) => rt.locals[slot]);
  return (rt) => {
    step(rt);
    reset(rt);
    const before = rt.out;
    rt.out = '';
    result(rt);
    const text = rt.out;
    rt.out = before;
    if (filter === undefined) return text;
    rt.locals[slot] = text;
    return filter(rt);
  };
}

function compileWith(ctx: CompileContext, node: Extract<Node, { kind: 'with' }>): Write {
  const values = node.bindings.map((binding) => compileExpression(ctx, binding.value));
  const { result, frame } = inNewFrame(ctx, () => {
    const slots = node.bindings.map((binding) => declareSlot(ctx, binding.name));
    return { slots, body: compileBody(ctx, node.body) };
  });
  const reset = resetSlots(frame);
  return (rt) => {
    step(rt);
    const given = values.map((value) => value(rt));
    reset(rt);
    result.slots.forEach((slot, index) => {
      rt.locals[slot] = given[index];
    });
    result.body(rt);
  };
}
