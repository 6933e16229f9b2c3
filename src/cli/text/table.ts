import { cut, oneLine } from './plain-text.ts';

const MAX_CELL = 60;

/** Rows as left-aligned columns under a heading; cells are cut at 60 characters. Ends with a newline. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows.map((row) => row.map((cell) => cut(oneLine(cell), MAX_CELL)))];
  const widths = headings.map((_heading, column) => Math.max(...cells.map((row) => [...(row[column] ?? '')].length)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - [...text].length));
