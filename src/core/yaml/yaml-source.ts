import type { Place } from '../../shared/model/workflow.ts';

/** One YAML text of a file and where its characters stand in the file. */
export interface YamlSource {
  readonly text: string;
  /** The 1-based place in the file of an offset in `text`. */
  place(offset: number): Place;
}

/** The offsets at which the lines of a text begin. */
function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The index of the last line that begins at or before `offset`. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * A text whose first line is line `firstLine` of the file (a file that is YAML as a whole: the first). `fileLines` are the lines of the file: where a line of the
 * text is shorter than that of the file (a fence in a list or a quote), its column is moved by what was cut away.
 */
export function yamlSource(text: string, firstLine = 1, fileLines: readonly string[] = []): YamlSource {
  let starts: readonly number[] | undefined;
  return {
    text,
    place(offset) {
      starts ??= lineStartsOf(text);
      const index = lineAt(starts, Math.min(Math.max(offset, 0), text.length));
      const start = starts[index] ?? 0;
      const next = starts[index + 1];
      const length = (next === undefined ? text.length : next - 1) - start;
      const cut = Math.max(0, (fileLines[firstLine - 1 + index] ?? '').length - length);
      return { line: firstLine + index, column: Math.max(0, offset - start) + 1 + cut };
    },
  };
}
