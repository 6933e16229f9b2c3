export interface CsvTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly isCut: boolean;
}

const MAX_COLUMNS = 60;

/** Reads comma, semicolon or tab separated text (RFC 4180 quoting) up to so many rows; never fails, odd text gives odd cells. */
export function parseCsv(text: string, maxRows = 200): CsvTable {
  const separator = guessSeparator(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const endCell = (): void => {
    if (row.length < MAX_COLUMNS) row.push(cell);
    cell = '';
  };
  const endRow = (): void => {
    endCell();
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  };
  for (; at < text.length && rows.length <= maxRows; at += 1) {
    const char = text[at];
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (char === '"' && cell === '') isQuoted = true;
    else if (char === separator) endCell();
    else if (char === '\n') endRow();
    else if (char !== '\r') cell += char;
  }
  if (cell !== '' || row.length > 0) endRow();
  const [head = [], ...body] = rows;
  return { head, rows: body.slice(0, maxRows), isCut: at < text.length || body.length > maxRows };
}

function guessSeparator(text: string): string {
  const line = text.slice(0, 4000).split('\n', 1)[0] ?? '';
  const counts = [',', ';', '\t'].map((separator) => ({ separator, count: line.split(separator).length }));
  return counts.reduce((best, each) => (each.count > best.count ? each : best)).separator;
}
