import { step } from '../runtime/limits.ts';
import { type Evaluate, type Runtime, type Write, warnUndefined } from '../runtime/runtime.ts';
import type { ForNode, Node } from '../syntax/ast.ts';
import { admit, isTrue, type LoopState, SPECIAL, toItems } from '../values/values.ts';
import { type CompileContext, declareSlot, inNewFrame, labelOf } from './compile-context.ts';
import { compileExpression } from './compile-expression.ts';
import { type Assign, compileNames, resetSlots } from './compile-targets.ts';

/** `for ... [if ...] ... [else ...] endfor` (SPEC 2.3). */
export function compileFor(
  ctx: CompileContext,
  node: ForNode,
  compileBody: (ctx: CompileContext, nodes: readonly Node[]) => Write,
): Write {
  const source = compileExpression(ctx, node.source);
  const label = labelOf(ctx, node.source);
  const { result: parts } = inNewFrame(ctx, () => {
    const assign = compileNames(node.names.map((name) => declareSlot(ctx, name)));
    const condition = node.condition === undefined ? undefined : compileExpression(ctx, node.condition);
    const loopSlot = declareSlot(ctx, 'loop');
    const { result: body, frame } = inNewFrame(ctx, () => compileBody(ctx, node.body));
    return { assign, condition, loopSlot, body, reset: resetSlots(frame) };
  });
  const { result: otherwise, frame: elseFrame } = inNewFrame(ctx, () => compileBody(ctx, node.otherwise));
  const resetElse = resetSlots(elseFrame);
  const { start } = node.source;
  return (rt) => {
    rt.place = start;
    step(rt);
    const value = source(rt);
    if (value === undefined) warnUndefined(rt, label);
    const items = loopItems(rt, value, parts);
    if (items.length > 0) return runLoop(rt, items, parts);
    resetElse(rt);
    otherwise(rt);
  };
}

interface LoopParts {
  readonly assign: Assign;
  readonly condition: Evaluate | undefined;
  readonly loopSlot: number;
  readonly body: Write;
  readonly reset: Write;
}

/** The items a loop runs over; its `if` chooses before `loop` counts. */
function loopItems(rt: Runtime, value: unknown, { assign, condition }: LoopParts): readonly unknown[] {
  const items = toItems(value, rt);
  if (condition === undefined) return items;
  return items.filter((item) => {
    step(rt);
    assign(rt, admit(item));
    return isTrue(condition(rt), rt);
  });
}

function runLoop(rt: Runtime, items: readonly unknown[], { assign, body, loopSlot, reset }: LoopParts): void {
  const loop: LoopState = { [SPECIAL]: 'loop', items, index0: 0, changedKey: undefined };
  rt.locals[loopSlot] = loop;
  for (let i = 0; i < items.length; i += 1) {
    step(rt);
    loop.index0 = i;
    assign(rt, admit(items[i]));
    reset(rt);
    body(rt);
  }
}
