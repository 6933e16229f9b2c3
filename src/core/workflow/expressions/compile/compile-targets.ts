import { typeFailure } from '../runtime/failures.ts';
import { charge } from '../runtime/limits.ts';
import type { Runtime, Write } from '../runtime/runtime.ts';
import { isHiddenKey } from '../runtime/scope.ts';
import type { SetTarget } from '../syntax/ast.ts';
import { admit, aKindOf, asSpecial, SPECIAL } from '../values/values.ts';
import { type CompileContext, declareSlot, type Frame, UNSET } from './compile-context.ts';
import { compileExpression } from './compile-expression.ts';

/** Stores a value in what a statement writes to. */
export type Assign = (rt: Runtime, value: unknown) => void;

/** Gives a value to one name, or the parts of a list to several. */
export function compileNames(slots: readonly number[]): Assign {
  const [only] = slots;
  if (only !== undefined && slots.length === 1) {
    return (rt, value) => {
      rt.locals[only] = value;
    };
  }
  return (rt, value) => {
    if (!Array.isArray(value) || value.length !== slots.length) {
      throw typeFailure(`A list of ${slots.length} values is needed for ${slots.length} names, not ${aKindOf(value)}.`);
    }
    slots.forEach((slot, index) => {
      rt.locals[slot] = admit(value[index]);
    });
  };
}

/** What an attribute of a namespace costs. */
const NAME_BYTES = 64;

/** What `set` writes to. */
export function compileTarget(ctx: CompileContext, target: SetTarget): Assign {
  if (target.kind === 'names') return compileNames(target.names.map((name) => declareSlot(ctx, name)));
  const { name, attribute, start } = target;
  const read = compileExpression(ctx, {
    kind: 'name',
    name,
    word: false,
    dialect: 'double',
    start,
    end: start + name.length,
  });
  return (rt, value) => {
    const special = asSpecial(read(rt));
    if (special?.[SPECIAL] !== 'namespace')
      throw typeFailure(`'${name}' is not a namespace; only 'namespace()' values can be changed.`);
    if (isHiddenKey(attribute)) throw typeFailure(`'${attribute}' cannot be set.`);
    charge(rt, NAME_BYTES);
    special.values.set(attribute, value);
  };
}

/** Clears the names of a block before it runs again. */
export function resetSlots(frame: Frame): Write {
  const slots = [...frame.names.values()];
  if (slots.length === 0) return () => undefined;
  return (rt) => {
    for (const slot of slots) rt.locals[slot] = UNSET;
  };
}
