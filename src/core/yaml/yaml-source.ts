import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { Place } from '../../shared/model/workflow.ts';

/** One YAML text of a file and where its characters stand in the file. */
export interface YamlSource {
  /** The name under which problems in it are reported; '' for what no file says. */
  readonly file: string;
  readonly text: string;
  /** False for a text that is one value, such as a variable: problems in it name no line. */
  readonly hasLines: boolean;
  /** The 1-based place in the file of an offset in `text`. */
  place(offset: number): Place;
}

/** A character of a YAML text: every node and every key is one. */
export interface Spot {
  readonly source: YamlSource;
  /** Offset in the text of the source. */
  readonly at: number;
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

/** Where a text stands: its first line is line `firstLine` of the file, whose lines are `fileLines`. */
export interface SourcePlace {
  readonly file?: string;
  readonly firstLine?: number;
  readonly fileLines?: readonly string[];
}

/**
 * A text of a file (one that is YAML as a whole: from its first line on). Where a line of the text is shorter than that of the file
 * (a fence in a list or a quote), its column is moved by what was cut away.
 */
export function yamlSource(text: string, { file = '', firstLine = 1, fileLines = [] }: SourcePlace = {}): YamlSource {
  let starts: readonly number[] | undefined;
  return {
    file,
    text,
    hasLines: true,
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

/** What a diagnostic says of where it belongs: `{file, line, column}`, or as much of it as there is. */
export function locate({ source, at }: Spot): Pick<Diagnostic, 'file' | 'line' | 'column'> {
  return { ...(source.file === '' ? {} : { file: source.file }), ...(source.hasLines ? source.place(at) : {}) };
}
