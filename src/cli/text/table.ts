import { cut, cutStart, oneLine } from './plain-text.ts';

const MAX_CELL = 60;

/** A column that gives way where the whole table is wider than it may be. */
export interface GivingColumn {
  readonly column: number;
  /** It gets no narrower than this. */
  readonly least: number;
  /** Cut at its beginning and never for its length alone: ids are told apart by their ends. */
  readonly keepsEnd?: true;
}

/** How wide a table may be, and which columns give way, in this order. */
export interface TableFit {
  readonly width: number;
  readonly giving: readonly GivingColumn[];
}

const NO_FIT: TableFit = { width: Number.POSITIVE_INFINITY, giving: [] };

/** Rows as left-aligned columns under a heading; cells are cut at 60 characters, or to fit. Ends with a newline. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  { width, giving }: TableFit = NO_FIT,
): string {
  const isKept = (column: number): boolean => giving.some((one) => one.column === column && one.keepsEnd === true);
  const cells = [
    headings,
    ...rows.map((row) => row.map((cell, column) => cut(oneLine(cell), isKept(column) ? cell.length : MAX_CELL))),
  ];
  const widths = headings.map((_heading, column) => Math.max(...cells.map((row) => [...(row[column] ?? '')].length)));
  let over = widths.reduce((sum, one) => sum + one + GAP.length, -GAP.length) - width;
  for (const { column, least } of giving) {
    const wanted = widths[column] ?? 0;
    const gives = Math.max(0, Math.min(over, wanted - least));
    widths[column] = wanted - gives;
    over -= gives;
  }
  const lines = cells.map((row) =>
    row
      .map((cell, column) => fill(cell, widths[column] ?? 0, isKept(column) ? cutStart : cut))
      .join(GAP)
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

const GAP = '  ';

const fill = (text: string, width: number, cutTo: typeof cut): string => {
  const shown = cutTo(text, width);
  return shown + ' '.repeat(Math.max(0, width - [...shown].length));
};
