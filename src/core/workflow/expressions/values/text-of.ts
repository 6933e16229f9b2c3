import { checkDepth, touch } from '../runtime/limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { deltaText, isoOf } from './datetime.ts';
import { addText, changePieces, endText, startText, type TextBuilder } from './text-builder.ts';
import { admit, asSpecial, keysOf, SPECIAL } from './values.ts';

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
export function specialText(special: NonNullable<ReturnType<typeof asSpecial>>, rt: Runtime): string | undefined {
  if (special[SPECIAL] === 'datetime') return isoOf(special, rt);
  if (special[SPECIAL] === 'timedelta') return deltaText(special);
  return special[SPECIAL] === 'namespace' ? undefined : '';
}

/** Texts up to here are paid for as they are written. */
const SHORT = 256;

/** Data as JSON: keys in their order, no HTML escaping, `, ` and `: `, or indented lines. */
export function jsonOf(value: unknown, rt: Runtime, indent = 0): string {
  const writer: JsonWriter = { rt, indent, made: startText(rt) };
  writeValue(writer, value, 0);
  return endText(writer.made);
}

interface JsonWriter {
  readonly rt: Runtime;
  readonly indent: number;
  readonly made: TextBuilder;
}

const put = (writer: JsonWriter, text: string): void => addText(writer.made, text);

/** A text in quotes. A long one is written piece by piece, for it may grow sixfold. */
function quoted(text: string, rt: Runtime): string {
  if (text.length <= SHORT) return JSON.stringify(text);
  touch(rt, text);
  return `"${changePieces(text, (piece) => JSON.stringify(piece).slice(1, -1), rt)}"`;
}

function scalarJson(value: unknown, rt: Runtime): string {
  if (typeof value === 'string') return quoted(value, rt);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return 'null';
}

function writeValue(writer: JsonWriter, raw: unknown, depth: number): void {
  const value = admit(raw);
  if (typeof value !== 'object' || value === null) {
    put(writer, scalarJson(value, writer.rt));
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
  const keys = keysOf(map, writer.rt);
  writeItems(writer, ['{', '}'], keys.length, depth, (i) => {
    const key = keys[i] ?? '';
    put(writer, `${quoted(key, writer.rt)}: `);
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
