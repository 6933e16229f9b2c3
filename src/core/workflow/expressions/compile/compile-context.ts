import { excerpt } from '../runtime/failures.ts';
import type { Expr } from '../syntax/ast.ts';

/** Names that the template defines in one block, by slot. */
export interface Frame {
  readonly names: Map<string, number>;
  readonly parent: Frame | undefined;
}

/** State of one compilation. */
export interface CompileContext {
  readonly source: string;
  readonly condition: boolean;
  frame: Frame;
  slotCount: number;
  /** How many expressions and statements were compiled: what the result weighs. */
  size: number;
}

/** The value of a slot to which nothing was assigned yet; reading goes on outwards. */
export const UNSET: unique symbol = Symbol('unset');

/** What compiling one expression keeps. */
export function createContext(source: string, condition: boolean): CompileContext {
  return { source, condition, frame: { names: new Map(), parent: undefined }, slotCount: 0, size: 0 };
}

/** The slot of a name in the current frame, made when it is new. */
export function declareSlot(ctx: CompileContext, name: string): number {
  const known = ctx.frame.names.get(name);
  if (known !== undefined) return known;
  const slot = ctx.slotCount;
  ctx.slotCount += 1;
  ctx.frame.names.set(name, slot);
  return slot;
}

/** Slots that may hold a name here, nearest first. */
export function visibleSlots(ctx: CompileContext, name: string): readonly number[] {
  const slots: number[] = [];
  for (let frame: Frame | undefined = ctx.frame; frame !== undefined; frame = frame.parent) {
    const slot = frame.names.get(name);
    if (slot !== undefined) slots.push(slot);
  }
  return slots;
}

/** Compiles in a new frame; gives the result and the slots of that frame. */
export function inNewFrame<T>(ctx: CompileContext, compile: () => T): { readonly result: T; readonly frame: Frame } {
  const frame: Frame = { names: new Map(), parent: ctx.frame };
  ctx.frame = frame;
  const result = compile();
  ctx.frame = frame.parent ?? frame;
  return { result, frame };
}

/** How warnings name an expression: its piece of the source. Undefined for a ternary without `else`: it may be empty. */
export function labelOf(ctx: CompileContext, expr: Expr): string | undefined {
  if (expr.kind === 'ternary' && expr.no === undefined) return undefined;
  return excerpt(ctx.source.slice(expr.start, expr.end).replace(/^\{([\w.]+)\}$/, '$1'));
}
