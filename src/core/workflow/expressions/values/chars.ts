import { charge, chargeItems, isWide, type Meter, touch } from '../runtime/limits.ts';

/** Length, slices and positions of text by characters (code points), so that an emoji is never cut in half. */

const SURROGATE = /[\ud800-\udfff]/;

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Whether a pair of surrogates begins at a place. */
function isPairAt(text: string, at: number): boolean {
  return isHigh(text.charCodeAt(at)) && isLow(text.charCodeAt(at + 1));
}

/** How many characters a text has; who asks has paid for a look at it. */
export function textLength(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let count = 0;
  for (let at = 0; at < text.length; at += isPairAt(text, at) ? 2 : 1) count += 1;
  return count;
}

/** Where the character `index` begins; the end when there are fewer. */
function placeOf(text: string, index: number): number {
  let at = 0;
  for (let count = 0; count < index && at < text.length; count += 1) at += isPairAt(text, at) ? 2 : 1;
  return at;
}

/** `text[from:to]` for 0 <= from <= to; who asks has paid for a look at the text. */
export function textSlice(text: string, from: number, to = Number.POSITIVE_INFINITY): string {
  if (!SURROGATE.test(text)) return text.slice(from, to);
  const start = placeOf(text, from);
  const rest = text.slice(start);
  return rest.slice(0, placeOf(rest, to - from));
}

/** The character at a position, negative from the end. */
export function textAt(text: string, index: number, meter: Meter): string | undefined {
  touch(meter, text);
  if (!SURROGATE.test(text)) return text.at(index);
  const position = index < 0 ? textLength(text) + index : index;
  if (position < 0) return undefined;
  const at = placeOf(text, position);
  return at >= text.length ? undefined : String.fromCodePoint(text.codePointAt(at) ?? 0);
}

/** The characters of a text as a list; what is not Latin is a text of its own for each. */
export function characters(text: string, meter: Meter): readonly string[] {
  charge(meter, text.length * (isWide(text) ? 40 : 16));
  return SURROGATE.test(text) ? Array.from(text) : text.split('');
}

/** Positions of a Python slice over `length` items. `slice` has a step that is not zero. */
function sliceIndexes(length: number, slice: Slice): number[] {
  const step = slice.step ?? 1;
  const low = step > 0 ? 0 : -1;
  const high = step > 0 ? length : length - 1;
  const clamp = (value: number): number => Math.min(Math.max(value < 0 ? value + length : value, low), high);
  const from = slice.from === undefined ? (step > 0 ? low : high) : clamp(slice.from);
  const to = slice.to === undefined ? (step > 0 ? high : low) : clamp(slice.to);
  const indexes: number[] = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step) indexes.push(i);
  return indexes;
}

/** The three numbers of `[from:to:step]`. */
export interface Slice {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly step: number | undefined;
}

/** A slice of a list or a text. */
export function sliceOf(value: string | readonly unknown[], slice: Slice, meter: Meter): unknown {
  if (typeof value !== 'string') return sliceList(value, slice, meter);
  touch(meter, value);
  if (slice.step === undefined || slice.step === 1) return sliceText(value, slice);
  const source = characters(value, meter);
  chargeItems(meter, source.length, 16);
  return sliceIndexes(source.length, slice)
    .map((index) => source[index])
    .join('');
}

function sliceList(list: readonly unknown[], slice: Slice, meter: Meter): readonly unknown[] {
  if (slice.step === undefined || slice.step === 1) {
    const picked = list.slice(slice.from ?? 0, slice.to ?? list.length);
    chargeItems(meter, picked.length);
    return picked;
  }
  chargeItems(meter, list.length, 16);
  return sliceIndexes(list.length, slice).map((index) => list[index]);
}

function sliceText(text: string, { from = 0, to = Number.POSITIVE_INFINITY }: Slice): string {
  if (!SURROGATE.test(text)) return text.slice(from, to);
  const length = from < 0 || to < 0 ? textLength(text) : 0;
  const start = from < 0 ? Math.max(0, from + length) : from;
  const end = to < 0 ? Math.max(0, to + length) : to;
  return end <= start ? '' : textSlice(text, start, end);
}
