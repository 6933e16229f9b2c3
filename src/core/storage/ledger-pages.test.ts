import { afterEach, expect, it } from 'vitest';
import type { Occurrence } from '../../shared/model/trigger.ts';
import type { NewDelivery } from './delivery-repository.ts';
import { cleanUp, openStore } from './store.test-support.ts';

afterEach(cleanUp);

/** Reads page after page, each after the last row of the one before. */
function readAll<T>(readPage: (last: T | undefined) => readonly T[]): readonly T[] {
  const rows: T[] = [];
  for (let page = readPage(undefined); page.length > 0; page = readPage(rows.at(-1))) rows.push(...page);
  return rows;
}

it('starts of one instant are neither lost nor doubled where a page ends', () => {
  const { triggers, occurrences } = openStore();
  const keys = Array.from({ length: 25 }, (_, index) => `flow/${String(index).padStart(2, '0')}`);
  for (const key of keys) triggers.ensure({ key, kind: 'schedule', workflowId: 'flow' }, 1);
  occurrences.together(() => {
    for (const plannedAt of [1000, 2000, 3000])
      for (const triggerKey of keys.toReversed())
        occurrences.add({
          ...{ triggerKey, plannedAt, dueAt: plannedAt, at: plannedAt, runId: null },
          ...{ state: 'missed', reason: 'closed', evidence: {} },
        });
  });
  const rows = readAll<ReturnType<typeof occurrences.list>[number]>((after) => occurrences.list({ after, limit: 7 }));
  expect(rows.map(({ triggerKey, plannedAt }) => `${plannedAt} ${triggerKey}`)).toEqual(
    [3000, 2000, 1000].flatMap((at) => keys.map((key) => `${at} ${key}`)),
  );
  expect([...occurrences.counts(null)]).toEqual([['missed', 75]]);
  expect([...occurrences.counts(keys[0] ?? '')]).toEqual([['missed', 3]]);
});

it('deliveries of one instant are neither lost nor doubled where a page ends', () => {
  const { deliveries } = openStore();
  const ids = Array.from({ length: 40 }, (_, index) => index.toString(16).padStart(32, '0'));
  const came = (id: string, receivedAt: number): NewDelivery => ({
    ...{ id, kind: 'webhook', triggerKey: null, endpoint: '/hook', externalId: null, receivedAt, sourceIp: null },
    ...{ method: 'POST', event: '', title: '', state: 'ignored', reason: null, verdict: 'valid', headers: [] },
    ...{ body: null, bodyHash: null, data: {}, chain: [], checks: [] },
  });
  // The clock went back in between: the order is that of coming.
  deliveries.add(ids.map((id, index) => came(id, index < 20 ? 5000 : 4000)));
  const rows = readAll<ReturnType<typeof deliveries.list>[number]>((last) =>
    deliveries.list({ after: last?.id, limit: 6 }),
  );
  expect(rows.map(({ id }) => id)).toEqual(ids.toReversed());
});

it('deliveries are found and counted by every part of a filter alone and together', () => {
  const { triggers, deliveries } = openStore();
  const keys = ['a/1', 'b/1'];
  for (const key of keys) triggers.ensure({ key, kind: 'webhook', workflowId: 'a' }, 1);
  const states = ['received', 'started', 'ignored', 'failed'] as const;
  const kinds = ['webhook', 'file'] as const;
  const came = Array.from(
    { length: 60 },
    (_, index): NewDelivery => ({
      ...{ id: index.toString(16).padStart(32, '0'), kind: kinds[index % 2] ?? 'file', endpoint: `/hook/${index % 5}` },
      ...{ triggerKey: keys[index % 3] ?? null, externalId: null, receivedAt: 1000 - (index % 7), sourceIp: null },
      ...{ method: 'POST', event: '', title: '', state: states[index % 4] ?? 'failed', reason: null, verdict: 'valid' },
      ...{ headers: [], body: null, bodyHash: null, data: {}, chain: [], checks: [] },
    }),
  );
  deliveries.add(came);
  const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
  for (const kind of [undefined, 'file'] as const)
    for (const triggerKey of [undefined, 'a/1', 'nobody/1'])
      for (const wanted of [undefined, ['failed'], ['received', 'started']] as const)
        for (const from of [undefined, 996])
          for (const search of [undefined, '/HOOK/3']) {
            const meets = came.filter(
              (one) =>
                (kind === undefined || one.kind === kind) &&
                (triggerKey === undefined || one.triggerKey === triggerKey) &&
                (wanted === undefined || wanted.some((state) => state === one.state)) &&
                (from === undefined || one.receivedAt >= from) &&
                (search === undefined || one.endpoint === '/hook/3'),
            );
            const filter = { kind, triggerKey, states: wanted, from, search };
            const expected = ids(meets.toReversed());
            expect(ids(deliveries.list({ ...filter, limit: 100 })), JSON.stringify(filter)).toEqual(expected);
            expect(ids(deliveries.list({ ...filter, limit: 2 }))).toEqual(expected.slice(0, 2));
            expect(ids(deliveries.list({ ...filter, after: expected[0], limit: 100 }))).toEqual(expected.slice(1));
          }
  for (const since of [0, 996])
    for (const state of states)
      expect(deliveries.counts(since).get(state)).toBe(
        came.filter((one) => one.state === state && one.receivedAt >= since).length,
      );
});

it('starts are found by trigger, reason and what is known of them, in any case', () => {
  const { triggers, occurrences } = openStore();
  for (const key of ['report/nightly', 'sort/hourly']) triggers.ensure({ key, kind: 'schedule', workflowId: 'w' }, 1);
  const add = (triggerKey: string, plannedAt: number, more: Partial<Occurrence>): boolean =>
    occurrences.add({
      ...{ triggerKey, plannedAt, dueAt: plannedAt, at: plannedAt, runId: null, state: 'missed', reason: null },
      ...{ evidence: {}, ...more },
    });
  add('report/nightly', 1, { reason: 'on_time', state: 'started' });
  add('report/nightly', 2, { reason: 'clock_jumped', evidence: { by: 'Ada' } });
  add('sort/hourly', 3, { reason: 'start_failed', evidence: { error: { code: 'file.io', message: 'No Room' } } });
  add('sort/hourly', 4, { state: 'skipped_paused', reason: 'paused', evidence: { text: 'until Monday' } });
  const find = (text: string, keys: readonly string[] = [], more: object = {}) =>
    occurrences.list({ search: { text, keys }, limit: 10, ...more }).map(({ plannedAt }) => plannedAt);
  expect([
    find('NIGHTLY'),
    find('clock jumped'),
    find('ada'),
    find('no room'),
    find('monday'),
    find('file.io'),
  ]).toEqual([[2, 1], [2], [2], [3], [4], []]);
  expect(find('nowhere', ['sort/hourly'])).toEqual([4, 3]);
  expect(find('nowhere', ['sort/hourly'], { states: ['missed', 'started'] })).toEqual([3]);
  expect(find('o', [], { after: { triggerKey: 'sort/hourly', plannedAt: 4 }, triggerKey: 'sort/hourly' })).toEqual([3]);
});
