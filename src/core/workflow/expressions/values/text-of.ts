import { charge, checkDepth, checkTextLength } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { deltaText, isoOf } from './datetime.ts';
import { admit, asSpecial, SPECIAL } from './values.ts';

/**
 * The text of a value (SPEC 2.1): null and undefined are empty, booleans `true`/`false`, integral numbers without `.0`,
 * lists and maps JSON with `, ` and `: `, datetimes ISO. Never a debug form of the host.
 */
export function textOf(value: unknown, rt: Runtime): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return numberText(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return value.toString();
    case 'object':
      return value === null ? '' : objectText(value, rt);
    default:
      return '';
  }
}

/** A number without `.0`; what is not finite has no text. */
export function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : '';
}

function objectText(value: object, rt: Runtime): string {
  const plain = admit(value);
  const special = asSpecial(plain);
  if (special !== undefined) {
    const text = specialText(special, rt);
    if (text !== undefined) return text;
  }
  return jsonOf(plain, rt);
}

/** Text of a datetime or timedelta; other special values have none. */
function specialText(special: NonNullable<ReturnType<typeof asSpecial>>, rt: Runtime): string | undefined {
  if (special[SPECIAL] === 'datetime') return isoOf(special, rt);
  if (special[SPECIAL] === 'timedelta') return deltaText(special);
  return special[SPECIAL] === 'namespace' ? undefined : '';
}

/** Data as JSON: keys in their order, no HTML escaping, `, ` and `: `, or indented lines. */
export function jsonOf(value: unknown, rt: Runtime, indent = 0): string {
  const writer: JsonWriter = { rt, indent, length: 0, parts: [] };
  writeValue(writer, value, 0);
  const text = writer.parts.join('');
  checkTextLength(rt, text.length);
  return text;
}

interface JsonWriter {
  readonly rt: Runtime;
  readonly indent: number;
  readonly parts: string[];
  length: number;
}

function put(writer: JsonWriter, text: string): void {
  writer.parts.push(text);
  const before = writer.length;
  writer.length += text.length + 1;
  if (before >> 14 !== writer.length >> 14) checkTextLength(writer.rt, writer.length);
  charge(writer.rt, text.length + 1);
}

function scalarJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return 'null';
}

function writeValue(writer: JsonWriter, raw: unknown, depth: number): void {
  const value = admit(raw);
  if (typeof value !== 'object' || value === null) {
    put(writer, scalarJson(value));
    return;
  }
  checkDepth(writer.rt, depth);
  if (Array.isArray(value)) {
    writeItems(writer, ['[', ']'], value.length, depth, (i) => writeValue(writer, value[i], depth + 1));
    return;
  }
  const special = asSpecial(value);
  if (special !== undefined && special[SPECIAL] !== 'namespace') {
    const text = specialText(special, writer.rt);
    put(writer, text === undefined || text === '' ? 'null' : JSON.stringify(text));
    return;
  }
  const map =
    special?.[SPECIAL] === 'namespace' ? Object.fromEntries(special.values) : (value as Record<string, unknown>);
  const keys = Object.keys(map);
  writeItems(writer, ['{', '}'], keys.length, depth, (i) => {
    const key = keys[i] ?? '';
    put(writer, `${JSON.stringify(key)}: `);
    writeValue(writer, map[key], depth + 1);
  });
}

function writeItems(
  writer: JsonWriter,
  brackets: readonly [string, string],
  count: number,
  depth: number,
  writeItem: (index: number) => void,
): void {
  if (count === 0) {
    put(writer, brackets.join(''));
    return;
  }
  const newline = writer.indent === 0 ? '' : `\n${' '.repeat(writer.indent * (depth + 1))}`;
  const separator = writer.indent === 0 ? ', ' : `,${newline}`;
  put(writer, brackets[0] + newline);
  for (let i = 0; i < count; i += 1) {
    if (i > 0) put(writer, separator);
    writeItem(i);
  }
  put(writer, writer.indent === 0 ? brackets[1] : `\n${' '.repeat(writer.indent * depth)}${brackets[1]}`);
}

/**
 * A value as it leaves the evaluator (SPEC 2.1 native rule): datetimes and timedeltas become text, functions null, lists
 * and maps stay; the same object comes back when nothing in it had to change.
 */
export function exportValue(raw: unknown, rt: Runtime, depth = 0): unknown {
  const value = admit(raw);
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
  for (const key of Object.keys(map)) {
    const after = exportValue(map[key], rt, depth + 1);
    if (Object.is(after, map[key]) || key === '__proto__') continue;
    copy ??= { ...map };
    copy[key] = after;
  }
  return copy ?? map;
}
