import { expect, it } from 'vitest';
import type { QueueMessage, SeenWorker } from '../../shared/model/queue.ts';
import { type QueueSurroundings, waitsOf } from './waits.ts';

const NOW = 1_000_000;
const message = { notBefore: null, error: null, attempts: 0 } as QueueMessage;
const office = (silentMs: number, busy = 0): SeenWorker => ({
  ...{ id: 'w', name: 'office', host: 'den', version: null, concurrency: 2, busy, runs: [], since: 0, silentMs },
});
const waitOf = (around: Partial<QueueSurroundings>) =>
  waitsOf([message], {
    ...{ pause: null, worker: null, others: [], lanes: { busy: 0, of: 5 }, now: NOW, ...around },
  })[0];

it('a message waits for nobody while a worker of another project is there', () => {
  expect(waitOf({ others: [office(1_000)] })).toEqual({ kind: 'next', behind: 0 });
  expect(waitOf({ others: [office(1_000, 2)] })).toEqual({ kind: 'slots', busy: 2, of: 2, behind: 0 });
});

it('where all workers are silent it says of which was heard last, and when', () => {
  const others = [{ ...office(90_000), name: 'older' }, office(60_000)];
  expect(waitOf({ others })).toEqual({ kind: 'no_worker', seen: { name: 'office', host: 'den', at: NOW - 60_000 } });
  expect(waitOf({})).toEqual({ kind: 'no_worker', seen: null });
});

it('lanes of this project keep nothing from a worker elsewhere that is free', () => {
  const full = { worker: { busy: 1, concurrency: 4 }, lanes: { busy: 5, of: 5 } };
  expect(waitOf(full)).toMatchObject({ kind: 'lanes' });
  expect(waitOf({ ...full, others: [office(1_000, 2)] })).toMatchObject({ kind: 'lanes' });
  expect(waitOf({ ...full, others: [office(1_000, 1)] })).toMatchObject({ kind: 'next' });
});
