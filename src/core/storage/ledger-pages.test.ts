import { afterEach, expect, it } from 'vitest';
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
