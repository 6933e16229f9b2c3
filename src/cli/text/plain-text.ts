/** Everything that a terminal would take as a command instead of showing it; tab and newline stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const CONTROL = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** A text of a workflow or a tool, safe to show on a terminal. */
export const plainText = (text: string): string => text.replace(CONTROL, '');

/** The same on one line. */
export const oneLine = (text: string): string => plainText(text).replace(/\s+/g, ' ').trim();

/** Cut to `width` characters, with `…` where something was cut. */
export function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(1, width - 1)).join('')}…`;
}
