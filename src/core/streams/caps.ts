/** The first bytes of a stream; the rest is not read. What came before it broke off counts all the same where `isForgiving`. */
export async function readFirstBytes(
  pieces: AsyncIterable<Uint8Array>,
  maxBytes: number,
  { isForgiving = false }: { readonly isForgiving?: boolean } = {},
): Promise<Buffer> {
  const read: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const piece of pieces) {
      read.push(piece);
      sizeBytes += piece.length;
      if (sizeBytes >= maxBytes) break;
    }
  } catch (error) {
    if (!isForgiving) throw error;
  }
  return Buffer.concat(read).subarray(0, maxBytes);
}

/** The text of bytes that were cut at their end: a character that the cut broke is dropped. */
export function decodeCutText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, wholeLength(bytes)).toString('utf8');
}

/** The beginning of a text, at most `maxBytes` in UTF-8, in whole characters. */
export function firstBytesOf(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text);
  return bytes.length <= maxBytes ? text : decodeCutText(bytes.subarray(0, maxBytes));
}

/** How many of the bytes are whole characters: all but one that is cut at the end. */
export function wholeLength(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needs > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
