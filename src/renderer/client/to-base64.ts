const BLOCK = 0x8000;

/** Base64 of bytes without a data URL; block by block, because a call takes only so many arguments. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += BLOCK)
    text += String.fromCharCode(...bytes.subarray(start, start + BLOCK));
  return btoa(text);
}
