import { describe, expect, it } from 'vitest';
import type { RunStatus, RunSummary } from '../../../shared/model/run.ts';
import {
  filterQuery,
  isFilterOn,
  matchesRun,
  NO_RUN_FILTER,
  parseRunFilter,
  sinceInstant,
  writeRunFilter,
} from './run-filter.ts';
import { addPage, applyChanges, type ListContext, showFresh, startList } from './run-list.ts';

const run = (runId: string, createdAt: number, status: RunStatus = 'running'): RunSummary =>
  ({
    runId,
    createdAt,
    status,
    workflowId: 'w',
    workflowName: 'Weekly report',
    trigger: 'manual',
    outcome: null,
  }) as RunSummary;
const change = (position: number, row: RunSummary) =>
  ({ kind: 'run', position, run: row, steps: [], loops: [] }) as const;
const still: ListContext = { filter: NO_RUN_FILTER, now: 1000, canGrow: false };
const top: ListContext = { ...still, canGrow: true };
const list = startList({ runs: [run('b', 20), run('a', 10)], nextCursor: 'c', position: 100 });

describe('live changes', () => {
  it('change a row in its place, also when it no longer fits the filter', () => {
    const failedOnly: ListContext = { ...still, filter: { ...NO_RUN_FILTER, status: ['running'] } };
    const next = applyChanges(list, [change(101, run('a', 10, 'failed'))], failedOnly);
    expect(next.rows.map((row) => [row.runId, row.status])).toEqual([
      ['b', 'running'],
      ['a', 'failed'],
    ]);
  });

  it('applied twice or stale change nothing', () => {
    const once = applyChanges(list, [change(101, run('a', 10, 'failed'))], still);
    expect(applyChanges(once, [change(101, run('a', 10, 'failed'))], still)).toBe(once);
    expect(applyChanges(once, [change(99, run('a', 10, 'running'))], still)).toBe(once);
    expect(applyChanges(list, [change(100, run('a', 10, 'failed'))], still)).toBe(list);
  });

  it('keep new runs behind the button unless the top is free, and never twice', () => {
    const waiting = applyChanges(
      list,
      [change(101, run('c', 30)), change(102, run('d', 40)), change(103, run('c', 30, 'completed'))],
      still,
    );
    expect(waiting.rows).toBe(list.rows);
    expect(waiting.fresh.map((row) => [row.runId, row.status])).toEqual([
      ['d', 'running'],
      ['c', 'completed'],
    ]);
    expect(showFresh(waiting).rows.map((row) => row.runId)).toEqual(['d', 'c', 'b', 'a']);
    expect(applyChanges(list, [change(101, run('c', 30))], top).rows.map((row) => row.runId)).toEqual(['c', 'b', 'a']);
  });

  it('leave out new runs that do not fit and older ones of pages not fetched', () => {
    const context: ListContext = { ...top, filter: { ...NO_RUN_FILTER, status: ['failed'] } };
    expect(applyChanges(list, [change(101, run('c', 30)), change(102, run('old', 1, 'failed'))], context).rows).toEqual(
      list.rows,
    );
    const waiting = applyChanges(list, [change(101, run('c', 30, 'failed'))], { ...context, canGrow: false });
    expect(applyChanges(waiting, [change(102, run('c', 30, 'running'))], { ...context, canGrow: false }).fresh).toEqual(
      [],
    );
  });

  it('take deleted runs away', () => {
    expect(
      applyChanges(list, [{ kind: 'run_deleted', position: 101, runId: 'b' }], still).rows.map((row) => row.runId),
    ).toEqual(['a']);
  });
});

describe('pages', () => {
  it('add below without doubles', () => {
    const next = addPage(list, { runs: [run('a', 10), run('z', 5)], nextCursor: null, position: 101 });
    expect([next.rows.map((row) => row.runId), next.nextCursor, next.position]).toEqual([['b', 'a', 'z'], null, 100]);
  });

  it('a fresh snapshot never takes a newer row back', () => {
    const newer = applyChanges(list, [change(120, run('a', 10, 'failed'))], still);
    const again = startList({ runs: [run('c', 30), run('a', 10, 'running')], nextCursor: null, position: 110 }, newer);
    expect(again.rows.map((row) => [row.runId, row.status])).toEqual([
      ['c', 'running'],
      ['a', 'failed'],
    ]);
    expect(
      startList({ runs: [run('a', 10, 'completed')], nextCursor: null, position: 130 }, newer).rows[0]?.status,
    ).toBe('completed');
  });
});

describe('filters', () => {
  it('survive the way through the address', () => {
    const filter = {
      status: ['failed', 'in_doubt'],
      needsPerson: true,
      outcome: 'partial',
      trigger: 'schedule',
      workflow: 'a/b & c',
      since: '7d',
      text: 'ümlaut?',
    } as const;
    expect(parseRunFilter(new URLSearchParams(writeRunFilter(filter).toString()))).toEqual({ ...filter });
    expect(isFilterOn(NO_RUN_FILTER)).toBe(false);
  });

  it('leave out what is not ours', () => {
    expect(parseRunFilter(new URLSearchParams('status=failed,evil&outcome=x&since=1h&trigger=__proto__'))).toEqual({
      ...NO_RUN_FILTER,
      status: ['failed'],
    });
    expect(filterQuery({ ...NO_RUN_FILTER, text: '  ' }, 0)).toEqual({});
  });

  it('match as the store does', () => {
    const now = new Date(2025, 10, 19, 14, 30).getTime();
    expect(matchesRun({ ...NO_RUN_FILTER, text: 'WEEKLY' }, run('r', 1), now)).toBe(true);
    expect(matchesRun({ ...NO_RUN_FILTER, since: 'today' }, run('r', sinceInstant('today', now) - 1), now)).toBe(false);
    expect(matchesRun({ ...NO_RUN_FILTER, since: 'today' }, run('r', now), now)).toBe(true);
    const needs = { ...NO_RUN_FILTER, needsPerson: true };
    const waits = (waitsFor: 'approval' | 'time' | 'event') => ({ ...run('r', now, 'waiting'), waitsFor });
    expect(
      [waits('approval'), waits('time'), waits('event'), run('r', now, 'in_doubt')].map((one) =>
        matchesRun(needs, one, now),
      ),
    ).toEqual([true, false, false, true]);
  });
});
