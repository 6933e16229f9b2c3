import { describe, expect, it } from 'vitest';
import type { LibraryEntry } from '../../../shared/contract/index.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import { type LibraryView, readLibraryView, writeLibraryView } from './library-address.ts';
import {
  applyRun,
  countTags,
  filterEntries,
  hasSameRefs,
  NO_FILTER,
  needsAttention,
  sortEntries,
} from './library-rows.ts';

const run = (runId: string, rest: Partial<RunSummary> = {}): RunSummary =>
  ({
    runId,
    workflowId: 'a',
    workflowPath: 'workflows/a.md',
    status: 'completed',
    outcome: 'success',
    createdAt: 1,
    ...rest,
  }) as RunSummary;
const entry = (id: string, rest: Partial<LibraryEntry> = {}): LibraryEntry =>
  ({
    ref: id,
    id,
    name: id,
    description: '',
    tags: [],
    path: `workflows/${id}.md`,
    error: null,
    unsupported: null,
    lastRun: null,
    recentStatuses: [],
    averageMs: null,
    runsTotal: 0,
    ...rest,
  }) as LibraryEntry;

describe('filters', () => {
  const entries = [
    entry('a', {
      name: 'Invoice triage',
      tags: ['finance', 'mail'],
      lastRun: run('1', { status: 'failed', outcome: 'failed' }),
    }),
    entry('b', { description: 'Reads a mailbox', tags: ['mail'] }),
    entry('c', { error: 'Step 2 is empty.' }),
  ];

  it('finds every word anywhere, with all tags', () => {
    expect(filterEntries(entries, { ...NO_FILTER, text: 'TRIAGE invoice' }).map(({ id }) => id)).toEqual(['a']);
    expect(filterEntries(entries, { ...NO_FILTER, text: 'mail' }).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(filterEntries(entries, { ...NO_FILTER, tags: ['mail', 'finance'] }).map(({ id }) => id)).toEqual(['a']);
  });

  it('knows what waits for a person', () => {
    expect(entries.map(needsAttention)).toEqual([true, false, true]);
    expect(needsAttention(entry('d', { lastRun: run('1', { outcome: 'partial' }) }))).toBe(true);
  });

  it('counts tags, most frequent first', () => {
    expect(countTags(entries)).toEqual([
      { tag: 'mail', count: 2 },
      { tag: 'finance', count: 1 },
    ]);
  });
});

describe('sortEntries', () => {
  it('puts the most urgent result first, then the newest, then by name', () => {
    const entries = [
      entry('done', { lastRun: run('1') }),
      entry('none'),
      entry('failed-old', { lastRun: run('2', { status: 'failed', createdAt: 1 }) }),
      entry('failed-new', { lastRun: run('3', { status: 'failed', createdAt: 2 }) }),
      entry('another'),
    ];
    expect(sortEntries(entries, { key: 'result', isDescending: true }).map(({ id }) => id)).toEqual([
      'failed-new',
      'failed-old',
      'done',
      'another',
      'none',
    ]);
  });

  it('sorts names as people do', () => {
    const names = sortEntries([entry('w 10'), entry('w 9'), entry('A')], { key: 'name', isDescending: false });
    expect(names.map(({ id }) => id)).toEqual(['A', 'w 9', 'w 10']);
  });
});

describe('applyRun', () => {
  it('is the same twice, adds new bars in front and keeps twelve', () => {
    const bars = Array.from({ length: 12 }, (_, index) => ({
      runId: `old-${index}`,
      status: 'completed' as const,
      outcome: 'success' as const,
    }));
    const before = [entry('a', { recentStatuses: bars, runsTotal: 12 }), entry('b')];
    const once = applyRun(before, run('new', { status: 'running', outcome: null, createdAt: 5 }));
    expect(applyRun(once, run('new', { status: 'running', outcome: null, createdAt: 5 }))).toEqual(once);
    expect([once[0]?.runsTotal, once[0]?.recentStatuses.length, once[0]?.recentStatuses[0]?.runId]).toEqual([
      13,
      12,
      'new',
    ]);
    expect(once[1]).toBe(before[1]);
  });

  it('does not let an old run become the last result', () => {
    const before = [
      entry('a', {
        lastRun: run('new', { createdAt: 9 }),
        recentStatuses: [{ runId: 'new', status: 'completed', outcome: 'success' }],
      }),
    ];
    expect(applyRun(before, run('older', { createdAt: 1, status: 'failed' }))).toBe(before);
    expect(applyRun(before, run('x', { workflowId: 'unknown' }))).toBe(before);
  });

  it('picks the right one of two with the same id by its path', () => {
    const before = [entry('a', { ref: 'a1' }), entry('a', { ref: 'bundles/a', path: 'bundles/a' })];
    const after = applyRun(before, run('r', { workflowPath: 'bundles/a/workflow.md' }));
    expect(after.map(({ lastRun }) => lastRun?.runId ?? null)).toEqual([null, 'r']);
  });
});

it('keeps the order while the rows are the same', () => {
  expect(hasSameRefs([entry('a')], [entry('a', { runsTotal: 3 })])).toBe(true);
  expect(hasSameRefs([entry('a')], [entry('b')])).toBe(false);
});

describe('the address of the library', () => {
  it('holds what is filtered and sorted, and nothing that is as at first', () => {
    const view: LibraryView = {
      filter: { text: 'a & b?', tags: ['git', 'x y'], needsAttention: true },
      sort: { key: 'name', isDescending: false },
    };
    expect(readLibraryView(new URLSearchParams(writeLibraryView(view).toString()))).toEqual(view);
    expect(writeLibraryView(readLibraryView(new URLSearchParams())).toString()).toBe('');
  });

  it('leaves out what is not ours', () => {
    const view = readLibraryView(new URLSearchParams('sort=evil.desc&attention=yes&tag=a&tag=a'));
    expect(view).toEqual({ filter: { ...NO_FILTER, tags: ['a'] }, sort: { key: 'result', isDescending: true } });
  });
});
