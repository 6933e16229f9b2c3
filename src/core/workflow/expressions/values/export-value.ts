import { charge, checkDepth } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { specialText } from './text-of.ts';
import { admit, asSpecial, keysOf, SPECIAL } from './values.ts';

/**
 * A value as it leaves the evaluator (SPEC 2.1 native rule), paid for as it will be written: datetimes and timedeltas become
 * text, functions null, lists and maps stay; the same object comes back when nothing in it had to change.
 */
export function exportValue(raw: unknown, rt: Runtime, depth = 0): unknown {
  const value = admit(raw);
  if (typeof value === 'string') {
    charge(rt, value.length);
    return value;
  }
  if (value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || value === null) return value;
  checkDepth(rt, depth);
  if (Array.isArray(value)) return exportList(value, rt, depth);
  const special = asSpecial(value);
  if (special === undefined) return exportMap(value as Record<string, unknown>, rt, depth);
  if (special[SPECIAL] === 'namespace') return exportMap(Object.fromEntries(special.values), rt, depth);
  const text = specialText(special, rt);
  return text === undefined || text === '' ? null : text;
}

function exportList(list: readonly unknown[], rt: Runtime, depth: number): readonly unknown[] {
  charge(rt, list.length * 8);
  let copy: unknown[] | undefined;
  for (let i = 0; i < list.length; i += 1) {
    const before = list[i];
    const after = exportValue(before, rt, depth + 1);
    if (copy === undefined && !Object.is(after, before)) copy = list.slice();
    if (copy !== undefined) copy[i] = after;
  }
  return copy ?? list;
}

function exportMap(map: Record<string, unknown>, rt: Runtime, depth: number): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const key of keysOf(map, rt)) {
    const after = exportValue(map[key], rt, depth + 1);
    if (Object.is(after, map[key]) || key === '__proto__') continue;
    copy ??= { ...map };
    copy[key] = after;
  }
  return copy ?? map;
}

/**
 * Accounts for a value of the scope that is handed on as it is: it will be written as often as it is named. Each list and map
 * is walked once an evaluation.
 */
export function chargeHandedOn(value: object, rt: Runtime): void {
  rt.weights ??= new WeakMap();
  const known = rt.weights.get(value);
  if (known !== undefined) {
    charge(rt, known);
    return;
  }
  const before = rt.bytes;
  const open: object[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const inner of Object.values(next) as unknown[]) {
      charge(rt, typeof inner === 'string' ? inner.length + 8 : 8);
      if (typeof inner === 'object' && inner !== null) open.push(inner);
    }
  }
  rt.weights.set(value, rt.bytes - before);
}
