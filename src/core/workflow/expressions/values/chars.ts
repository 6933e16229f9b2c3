/** Length, slices and positions of text by characters (code points), so that an emoji is never cut in half. */

const SURROGATE = /[\ud800-\udfff]/;

/** The characters of a text when it holds any outside the basic plane, else undefined (units are characters then). */
function wideCharacters(text: string): string[] | undefined {
  return SURROGATE.test(text) ? Array.from(text) : undefined;
}

export function textLength(text: string): number {
  return wideCharacters(text)?.length ?? text.length;
}

/** `text[from:to]` for 0 <= from <= to. */
export function textSlice(text: string, from: number, to?: number): string {
  const wide = wideCharacters(text);
  return wide === undefined ? text.slice(from, to) : wide.slice(from, to).join('');
}

/** The character at a position, negative from the end. */
export function textAt(text: string, index: number): string | undefined {
  return (wideCharacters(text) ?? text).at(index);
}

export function textReverse(text: string): string {
  return Array.from(text).reverse().join('');
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
export function sliceOf(value: string | readonly unknown[], slice: Slice): unknown {
  if (slice.step === undefined || slice.step === 1) {
    if (typeof value !== 'string') return value.slice(slice.from ?? 0, slice.to ?? value.length);
    const wide = wideCharacters(value);
    if (wide === undefined) return value.slice(slice.from ?? 0, slice.to ?? value.length);
    return wide.slice(slice.from ?? 0, slice.to ?? wide.length).join('');
  }
  const source = typeof value === 'string' ? (wideCharacters(value) ?? value) : value;
  const picked = sliceIndexes(source.length, slice).map((index) => source[index]);
  return typeof value === 'string' ? picked.join('') : picked;
}
