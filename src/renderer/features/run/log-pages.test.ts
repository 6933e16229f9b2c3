import { expect, it } from 'vitest';
import type { LogLine } from '../../../shared/model/run.ts';
import {
  growTo,
  hasMore,
  type LogPages,
  lineAt,
  markStale,
  missingPages,
  nextSearch,
  openPages,
  type PageRequest,
  rowCountOf,
  rowOfLine,
  takePage,
} from './log-pages.ts';

const lineOf = (line: number): LogLine => ({
  line,
  at: line,
  path: 'a',
  stream: 'stdout',
  level: 'info',
  text: `t${line}`,
});
/** What the store answers: lines from a number on, every `every`th one passes the filter. */
const answer = (request: PageRequest, total: number, every = 1) => {
  const lines: LogLine[] = [];
  for (let line = request.from; line <= total && lines.length < request.limit; line += 1) {
    if (line % every === 0) lines.push(lineOf(line));
  }
  return { lines, total };
};
const load = (log: LogPages, first: number, last: number, total: number): LogPages =>
  missingPages(log, first, last).reduce((next, request) => takePage(next, request, answer(request, total)), log);

it('asks only for pages in view, once', () => {
  let log = openPages(1_000_000, false);
  expect(missingPages(log, 990_000, 990_040).map((each) => each.from)).toEqual([990_001]);
  log = load(log, 990_480, 990_520, 1_000_000);
  expect(lineAt(log, 990_499)?.line).toBe(990_500);
  expect(lineAt(log, 990_500)?.line).toBe(990_501);
  expect(lineAt(log, 5)).toBeNull();
  expect(missingPages(log, 990_480, 990_520)).toEqual([]);
});

it('keeps a window of pages in memory', () => {
  let log = openPages(1_000_000, false);
  for (let row = 0; row < 100_000; row += 500) log = load(log, row, row + 10, 1_000_000);
  expect(log.pages.size).toBe(48);
  expect(lineAt(log, 99_500)?.line).toBe(99_501);
  expect(lineAt(log, 0)).toBeNull();
});

it('asks again for the last page when the log has grown, and ignores an older answer', () => {
  let log = load(openPages(510, false), 500, 509, 510);
  expect(missingPages(log, 500, 509)).toEqual([]);
  log = growTo(log, 530);
  const [request] = missingPages(log, 500, 529);
  expect(request).toEqual({ page: 1, from: 511, limit: 490 });
  if (request === undefined) return;
  log = takePage(log, request, answer(request, 530));
  expect(lineAt(log, 500)?.line).toBe(501);
  const same = takePage(log, request, answer(request, 515));
  expect(lineAt(same, 529)?.line).toBe(530);
  expect(growTo(log, 100).total).toBe(530);
});

it('finds filtered lines in order, keeps their numbers and can fetch a dropped page again', () => {
  let log = openPages(100_000, true);
  for (let request = nextSearch(log); request !== null; request = nextSearch(log)) {
    log = takePage(log, request, answer(request, 100_000, 3));
  }
  expect([rowCountOf(log), hasMore(log), log.pages.size]).toEqual([33_333, false, 12]);
  expect(lineAt(log, 33_332)?.line).toBe(99_999);
  expect(lineAt(log, 0)).toBeNull();
  expect(missingPages(log, 0, 30)).toEqual([{ page: 0, from: 1, limit: 2000 }]);
  expect(rowOfLine(log, 99_998)).toBe(33_332);
  expect(rowOfLine(log, 1)).toBeNull();
  log = growTo(log, 100_005);
  const request = nextSearch(log);
  expect(hasMore(log)).toBe(true);
  if (request === null) throw new Error('no request');
  log = takePage(log, request, answer(request, 100_005, 3));
  expect([rowCountOf(log), lineAt(log, 33_334)?.line]).toEqual([33_335, 100_005]);
});

it('knows the end when exactly a full page was found', () => {
  let log = openPages(2000, true);
  for (let request = nextSearch(log); request !== null; request = nextSearch(log)) {
    log = takePage(log, request, answer(request, 2000));
  }
  expect([rowCountOf(log), hasMore(log)]).toEqual([2000, false]);
});

it('asks again for a page in view whose line goes on, and for nothing else, when lines read otherwise', () => {
  let log = load(openPages(1200, false), 0, 1199, 1200);
  expect(missingPages(markStale(log), 0, 1199)).toEqual([]);
  const open = { ...lineOf(700), text: '10%', isOpen: true as const };
  const page = log.pages.get(1) ?? [];
  log = { ...log, pages: new Map(log.pages).set(1, page.with(199, open)) };
  const [request, ...others] = missingPages(markStale(log), 0, 1199);
  expect([request, others]).toEqual([{ page: 1, from: 501, limit: 500 }, []]);
  if (request === undefined) return;
  log = takePage(markStale(log), request, answer(request, 1200));
  expect(lineAt(log, 699)?.text).toBe('t700');
  expect(missingPages(log, 0, 1199)).toEqual([]);
});
