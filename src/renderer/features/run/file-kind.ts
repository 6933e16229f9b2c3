/** How a file may be shown. `none`: it can only be saved or opened elsewhere. */
export type FileKind = 'text' | 'markdown' | 'json' | 'csv' | 'page' | 'image' | 'none';

/** Pictures that cannot carry a script when shown by `<img>`; the type is ours, not the file's. */
export const IMAGE_TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
};
const KINDS: Readonly<Record<string, FileKind>> = {
  html: 'page',
  htm: 'page',
  md: 'markdown',
  markdown: 'markdown',
  json: 'json',
  csv: 'csv',
  tsv: 'csv',
};

export const endingOf = (path: string): string => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
};

/** By the name; a drawing (SVG) is a text here, a web page stands in a frame of its own: nothing of them is ever made part of ours. */
export function fileKindOf(path: string): FileKind {
  const ending = endingOf(path);
  if (Object.hasOwn(IMAGE_TYPES, ending)) return 'image';
  return Object.hasOwn(KINDS, ending) ? (KINDS[ending] ?? 'text') : 'text';
}

/** True when the bytes are no text: a zero byte, or much that is not UTF-8. */
export function looksBinary(bytes: Uint8Array): boolean {
  if (bytes.subarray(0, 8000).includes(0)) return true;
  const text = new TextDecoder().decode(bytes.subarray(0, 8000));
  let broken = 0;
  for (const char of text) if (char === '\ufffd') broken += 1;
  return broken > 3 && broken > text.length / 50;
}

/** Nothing is loaded, nothing runs, nobody is told; styles of its own and pictures in it are all that a page may bring. */
const PAGE_RULES = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** A page of a run as the content of a frame with an empty `sandbox`: the rules come before anything that it says, links lead nowhere. */
export const framedPage = (html: string): string =>
  `<!doctype html><meta http-equiv="Content-Security-Policy" content="${PAGE_RULES}"><base target="_blank">${html}`;
