const ESC = String.fromCharCode(27);
const BELL = String.fromCharCode(7);
/** Whole escape sequences go, so that their printable rest does not stay behind. */
const SEQUENCES = new RegExp(`${ESC}\\[[0-?]*[ -/]*[@-~]|${ESC}\\][^${BELL}${ESC}]*(?:${BELL}|${ESC}\\\\)?`, 'g');
/** Everything else that a terminal would take as a command instead of showing it; tab and newline stay. */
const CONTROL = /(?![\t\n])\p{Cc}/gu;

/** A text of a workflow or a tool, safe to show on a terminal. */
export const plainText = (text: string): string => text.replace(SEQUENCES, '').replace(CONTROL, '');

/** The same on one line. */
export const oneLine = (text: string): string => plainText(text).replace(/\s+/g, ' ').trim();

/** Cut to `width` characters, with `…` where something was cut. */
export function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(1, width - 1)).join('')}…`;
}

/** The same from the beginning: the end stays. */
export function cutStart(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width
    ? text
    : `…${characters.slice(characters.length - Math.max(1, width - 1)).join('')}`;
}
