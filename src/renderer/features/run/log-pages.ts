import type { LogLine } from '../../../shared/model/run.ts';

/**
 * The pages of a log that are in memory. Without a filter every page is known by its number, so any place is one fetch away.
 * With a filter lines keep their own numbers, so page k + 1 begins behind the last line of page k: pages are found in order,
 * remembered by their first line, and may be dropped and fetched again like any other.
 *
 * Invariants: 1. `pages` holds at most `maxPages`. 2. A page is full unless it is the last one. 3. `starts[k]` is the line
 * from which page k is asked for; without a filter it is never used.
 */
export interface LogPages {
  readonly isFiltered: boolean;
  readonly pageSize: number;
  /** Lines of the whole log. */
  readonly total: number;
  readonly pages: ReadonlyMap<number, readonly LogLine[]>;
  /** Pages that hold a line which goes on and may read otherwise by now. */
  readonly stale: ReadonlySet<number>;
  readonly starts: readonly number[];
  /** With a filter: lines found so far, and whether the end was reached at `scannedTotal`. */
  readonly found: number;
  readonly scannedTotal: number | null;
}

const PLAIN_PAGE = 500;
const FILTERED_PAGE = 2000;
const MAX_LINES = 24_000;

export const openPages = (total: number, isFiltered: boolean): LogPages => ({
  isFiltered,
  pageSize: isFiltered ? FILTERED_PAGE : PLAIN_PAGE,
  total,
  pages: new Map(),
  stale: new Set(),
  starts: [1],
  found: 0,
  scannedTotal: null,
});

/** Rows to show: all lines, or with a filter those found so far. */
export const rowCountOf = (log: LogPages): number => (log.isFiltered ? log.found : log.total);

/** With a filter: true while lines may follow that nobody has asked for. */
export const hasMore = (log: LogPages): boolean =>
  log.isFiltered && (log.scannedTotal === null || log.scannedTotal < log.total);

export const growTo = (log: LogPages, total: number): LogPages => (total > log.total ? { ...log, total } : log);

/** After a word that lines read otherwise: the pages that hold such a line are asked for again when they are in view. */
export function markStale(log: LogPages): LogPages {
  const stale = [...log.pages].filter(([, lines]) => lines.some((line) => line.isOpen === true)).map(([page]) => page);
  return stale.length === 0 ? log : { ...log, stale: new Set(stale) };
}

export function lineAt(log: LogPages, row: number): LogLine | null {
  return log.pages.get(Math.floor(row / log.pageSize))?.[row % log.pageSize] ?? null;
}

export interface PageRequest {
  readonly page: number;
  readonly from: number;
  readonly limit: number;
}

/** The line from which a page is asked for; null when a filtered page was not found yet. */
const startOf = (log: LogPages, page: number): number | null =>
  log.isFiltered ? (log.starts[page] ?? null) : page * log.pageSize + 1;

/** How many lines a page must have by now. */
const dueLines = (log: LogPages, page: number): number =>
  Math.max(0, Math.min(log.pageSize, rowCountOf(log) - page * log.pageSize));

/** Pages for these rows that are missing or have grown since, nearest to the first row first. */
export function missingPages(log: LogPages, first: number, last: number): readonly PageRequest[] {
  const requests: PageRequest[] = [];
  const end = Math.min(last, rowCountOf(log) - 1);
  for (let page = Math.floor(Math.max(0, first) / log.pageSize); page * log.pageSize <= end; page += 1) {
    const request = requestOf(log, page);
    const isDue = log.stale.has(page) || (log.pages.get(page)?.length ?? -1) < dueLines(log, page);
    if (request !== null && isDue) requests.push(request);
  }
  return requests;
}

/** The lines of a page that are not there yet; a filtered page, and one that reads otherwise now, is asked for whole. */
function requestOf(log: LogPages, page: number): PageRequest | null {
  const from = startOf(log, page);
  if (from === null) return null;
  const has = log.isFiltered || log.stale.has(page) ? 0 : (log.pages.get(page)?.length ?? 0);
  return { page, from: from + has, limit: log.pageSize - has };
}

/** Without a filter: the request for lines that follow the last one, before anybody sees an empty row for them. */
export const tailRequest = (log: LogPages): PageRequest | null => requestOf(log, Math.floor(log.total / log.pageSize));

/** With a filter: the request that finds further lines, null when the end was reached. */
export function nextSearch(log: LogPages): PageRequest | null {
  if (!hasMore(log)) return null;
  const page = Math.floor(log.found / log.pageSize);
  const from = log.starts[page];
  return from === undefined ? null : { page, from, limit: log.pageSize };
}

/** Takes an answer in. `total` is what the whole log had when it was read; pages far from it are dropped beyond the limit. */
export function takePage(
  log: LogPages,
  request: PageRequest,
  answer: { lines: readonly LogLine[]; total: number },
): LogPages {
  const known = log.pages.get(request.page) ?? [];
  const before = log.isFiltered ? 0 : request.from - (request.page * log.pageSize + 1);
  const lines = before === 0 ? answer.lines : [...known.slice(0, before), ...answer.lines];
  if (known.length < before || known.length > lines.length) return growTo(log, answer.total);
  const pages = new Map(log.pages);
  pages.set(request.page, lines);
  dropFar(pages, request.page, Math.floor(MAX_LINES / log.pageSize));
  const stale = new Set([...log.stale].filter((page) => page !== request.page));
  const next = { ...growTo(log, answer.total), pages, stale };
  return log.isFiltered ? noteFound(next, request, answer) : next;
}

function noteFound(
  log: LogPages,
  request: PageRequest,
  answer: { lines: readonly LogLine[]; total: number },
): LogPages {
  const upTo = request.page * log.pageSize + answer.lines.length;
  const found = Math.max(log.found, upTo);
  const lastLine = answer.lines.at(-1)?.line;
  if (answer.lines.length < log.pageSize) {
    return upTo < log.found ? log : { ...log, found, scannedTotal: answer.total };
  }
  const starts = [...log.starts];
  if (lastLine !== undefined) starts[request.page + 1] = lastLine + 1;
  return { ...log, found, starts };
}

function dropFar(pages: Map<number, unknown>, near: number, max: number): void {
  while (pages.size > max) {
    let far = near;
    for (const page of pages.keys()) if (Math.abs(page - near) > Math.abs(far - near)) far = page;
    pages.delete(far);
  }
}

/** The row of a line, or of the next one after it; null when it is not known (filtered and not found yet). */
export function rowOfLine(log: LogPages, line: number): number | null {
  if (!log.isFiltered) return line >= 1 && line <= log.total ? line - 1 : null;
  let page = 0;
  while ((log.starts[page + 1] ?? Number.POSITIVE_INFINITY) <= line) page += 1;
  const lines = log.pages.get(page);
  const index = lines?.findIndex((each) => each.line >= line) ?? -1;
  return index < 0 ? null : page * log.pageSize + index;
}
