/** The headers of a request as they came: name and value in order, a repeated name as often as it came. Values are Latin-1 text. */
export type RawHeaders = readonly (readonly [name: string, value: string])[];

/** The value of a header, its name in any case; null = it is not there, or it came more than once, so that nobody knows which counts. */
export function headerOf(headers: RawHeaders, name: string): string | null {
  const wanted = name.toLowerCase();
  let value: string | null = null;
  for (const [key, found] of headers) {
    if (key.toLowerCase() !== wanted) continue;
    if (value !== null) return null;
    value = found.trim();
  }
  return value;
}

/** Whether a header came at all. */
export const hasHeader = (headers: RawHeaders, name: string): boolean =>
  headers.some(([key]) => key.toLowerCase() === name.toLowerCase());

/** The bytes of a header's value as they came over the wire. */
export const headerBytes = (value: string): Uint8Array => Buffer.from(value, 'latin1');
