/** A stretch of one file in one call. */
export interface UploadPiece {
  readonly fileIndex: number;
  readonly offset: number;
  readonly length: number;
}

const MAX_PIECE_BYTES = 4_000_000;
const MAX_FILES_PER_CALL = 400;

/** Cuts files into calls of at most 4 MB: large ones in stretches, small ones many to a call. Empty files count too. */
export function planUpload(sizes: readonly number[], maxBytes = MAX_PIECE_BYTES): readonly (readonly UploadPiece[])[] {
  const calls: UploadPiece[][] = [];
  let current: UploadPiece[] = [];
  let used = 0;
  const close = (): void => {
    if (current.length > 0) calls.push(current);
    current = [];
    used = 0;
  };
  for (const [fileIndex, size] of sizes.entries()) {
    let offset = 0;
    do {
      const length = Math.min(size - offset, maxBytes);
      if (used + length > maxBytes || current.length >= MAX_FILES_PER_CALL) close();
      current.push({ fileIndex, offset, length });
      used += length;
      offset += length;
    } while (offset < size);
  }
  close();
  return calls;
}

const BLOCK = 0x8000;

/** Base64 of bytes without a data URL; block by block, because a call takes only so many arguments. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += BLOCK)
    text += String.fromCharCode(...bytes.subarray(start, start + BLOCK));
  return btoa(text);
}
