/** Escape sequences of terminals: CSI, OSC (ended by BEL or ST), and the short ones. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are made of.
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** Removes what a profile says does not belong to the answer (SPEC §4.4 `strip`). */
export function stripOutput(text: string, strip: readonly string[]): string {
  const plain = strip.includes('ansi') ? text.replace(ANSI, '') : text;
  const dropped = strip.filter((entry) => entry !== 'ansi' && entry !== 'progress');
  if (dropped.length === 0 && !strip.includes('progress')) return plain;
  return plain
    .split('\n')
    .map((line) => (strip.includes('progress') ? lastOverwrite(line) : line))
    .filter((line) => !dropped.some((entry) => line.includes(entry)))
    .join('\n');
}

/** A carriage return begins the line anew. */
function lastOverwrite(line: string): string {
  const written = line.endsWith('\r') ? line.slice(0, -1) : line;
  return written.slice(written.lastIndexOf('\r') + 1);
}
