import { typeFailure } from '../runtime/failures.ts';
import { charge, chargeItems, checkTextLength } from '../runtime/limits.ts';
import { type Runtime, warn } from '../runtime/runtime.ts';
import { asDateTime, asTimeDelta, dateTime, parseIso, timeDelta } from './datetime.ts';
import { textOf } from './text-of.ts';
import { aKindOf } from './values.ts';

export type ArithmeticOperator = '+' | '-' | '~' | '*' | '/' | '//' | '%' | '**';

function mismatch(operator: string, a: unknown, b: unknown): never {
  throw typeFailure(`'${operator}' does not work between ${aKindOf(a)} and ${aKindOf(b)}.`);
}

function finite(value: number, operator: string, rt: Runtime): number {
  if (!Number.isFinite(value)) throw typeFailure(`The result of '${operator}' is not a finite number.`);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER && operator !== '/')
    warn(rt, 'template.rounded', `The result of '${operator}' is too large to be exact and may be rounded.`);
  return value;
}

function nonZero(value: number): number {
  if (value === 0) throw typeFailure('Division by zero.');
  return value;
}

/** Joins two texts. The machine copies neither before somebody looks at the whole, and who does pays for it. */
function joinTexts(a: string, b: string, rt: Runtime): string {
  checkTextLength(rt, a.length + b.length);
  charge(rt, 32 + Math.min(a.length, b.length));
  return a + b;
}

function add(a: unknown, b: unknown, rt: Runtime): unknown {
  if (typeof a === 'number' && typeof b === 'number') return finite(a + b, '+', rt);
  if (typeof a === 'string' && typeof b === 'string') return joinTexts(a, b, rt);
  if (Array.isArray(a) && Array.isArray(b)) {
    chargeItems(rt, a.length + b.length);
    return a.concat(b);
  }
  return addTime(a, b, rt) ?? mismatch('+', a, b);
}

/** A datetime, or ISO text that stands for one beside a timedelta or datetime. */
function instantOf(value: unknown, rt: Runtime): { readonly epochMs: number; readonly zone: string } | undefined {
  const known = asDateTime(value);
  if (known !== undefined) return known;
  const epochMs = typeof value === 'string' ? parseIso(value, rt.timeZone) : undefined;
  return epochMs === undefined ? undefined : { epochMs, zone: '' };
}

function addTime(a: unknown, b: unknown, rt: Runtime): unknown {
  const left = asTimeDelta(a);
  const right = asTimeDelta(b);
  if (left !== undefined && right !== undefined) return timeDelta(left.ms + right.ms);
  const delta = left ?? right;
  const instant = instantOf(left === undefined ? a : b, rt);
  if (delta === undefined || instant === undefined) return undefined;
  return dateTime(instant.epochMs + delta.ms, instant.zone, isWholeDays(delta.ms) && isDateOnly(a, b));
}

const isWholeDays = (ms: number): boolean => ms % 86_400_000 === 0;
const isDateOnly = (a: unknown, b: unknown): boolean => (asDateTime(a) ?? asDateTime(b))?.dateOnly === true;

function subtract(a: unknown, b: unknown, rt: Runtime): unknown {
  if (typeof a === 'number' && typeof b === 'number') return finite(a - b, '-', rt);
  const left = asTimeDelta(a);
  const right = asTimeDelta(b);
  if (left !== undefined && right !== undefined) return timeDelta(left.ms - right.ms);
  if (right !== undefined) return addTime(a, timeDelta(-right.ms), rt) ?? mismatch('-', a, b);
  if (asDateTime(a) === undefined && asDateTime(b) === undefined) return mismatch('-', a, b);
  const from = instantOf(a, rt);
  const to = instantOf(b, rt);
  return from === undefined || to === undefined ? mismatch('-', a, b) : timeDelta(from.epochMs - to.epochMs);
}

/** `text * count`, refused before it is built when it would be too long. */
function repeat(text: string, count: number, rt: Runtime): string {
  if (!Number.isInteger(count)) throw typeFailure('A text can only be multiplied with a whole number.');
  if (count <= 0 || text === '') return '';
  checkTextLength(rt, text.length * count);
  charge(rt, text.length * count);
  return text.repeat(count);
}

function multiply(a: unknown, b: unknown, rt: Runtime): unknown {
  if (typeof a === 'number' && typeof b === 'number') return finite(a * b, '*', rt);
  if (typeof a === 'string' && typeof b === 'number') return repeat(a, b, rt);
  if (typeof a === 'number' && typeof b === 'string') return repeat(b, a, rt);
  const delta = asTimeDelta(a) ?? asTimeDelta(b);
  const factor = typeof a === 'number' ? a : b;
  return delta !== undefined && typeof factor === 'number' ? timeDelta(delta.ms * factor) : mismatch('*', a, b);
}

function divide(operator: '/' | '//' | '%', a: unknown, b: unknown, rt: Runtime): unknown {
  if (typeof a !== 'number' || typeof b !== 'number') {
    const delta = asTimeDelta(a);
    const other = asTimeDelta(b);
    if (operator === '/' && delta !== undefined && typeof b === 'number') return timeDelta(delta.ms / nonZero(b));
    if (operator === '/' && delta !== undefined && other !== undefined) return delta.ms / nonZero(other.ms);
    return mismatch(operator, a, b);
  }
  nonZero(b);
  if (operator === '/') return finite(a / b, '/', rt);
  if (operator === '//') return finite(Math.floor(a / b), '//', rt);
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** One binary operator on defined values (SPEC 2.3). Types it does not allow are `template.type_error`. */
export function calculate(operator: ArithmeticOperator, a: unknown, b: unknown, rt: Runtime): unknown {
  switch (operator) {
    case '+':
      return add(a, b, rt);
    case '-':
      return subtract(a, b, rt);
    case '~':
      return joinTexts(textOf(a, rt), textOf(b, rt), rt);
    case '*':
      return multiply(a, b, rt);
    case '**':
      if (typeof a !== 'number' || typeof b !== 'number') return mismatch('**', a, b);
      return finite(a ** b, '**', rt);
    default:
      return divide(operator, a, b, rt);
  }
}

/** Unary `-` and `+`. */
export function signed(operator: '-' | '+', value: unknown): unknown {
  const delta = asTimeDelta(value);
  if (delta !== undefined) return operator === '-' ? timeDelta(-delta.ms) : delta;
  if (typeof value !== 'number') throw typeFailure(`'${operator}' does not work on ${aKindOf(value)}.`);
  return operator === '-' && value !== 0 ? -value : value;
}
