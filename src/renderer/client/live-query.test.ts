import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LiveBatch, LiveEvent } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { setClient } from './bridge.ts';
import { LIVE_RESYNC } from './live-batch.ts';
import { createLiveQuery, type LiveQuery } from './live-query.ts';

/** A log's length: the snapshot is what the server was asked to say, events carry newer totals. */
let listener: (batch: LiveBatch) => void = () => undefined;
let number = 0;
let asked: { readonly key: string; readonly answer: (total: number | AppError) => void }[] = [];
let frames: (() => void)[] = [];
const stops: (() => void)[] = [];

const emit = (...events: LiveEvent[]): void => {
  number += 1;
  listener({ number, events });
};
const log = (runId: string, total: number): LiveEvent => ({ kind: 'log', runId, total });
const frame = (): void => {
  for (const run of frames.splice(0)) run();
};
const answer = async (at: number, total: number | AppError): Promise<void> => {
  asked[at]?.answer(total);
  await new Promise((resolve) => setImmediate(resolve));
};

function createLog(): LiveQuery<number, string> {
  const query = createLiveQuery<number, string>({
    ask: (key) =>
      new Promise((resolve, reject) => {
        asked.push({ key, answer: (total) => (total instanceof AppError ? reject(total) : resolve(total)) });
      }),
    apply: (total, events, key) =>
      events.reduce(
        (most, event) => (event.kind === 'log' && event.runId === key ? Math.max(most, event.total) : most),
        total,
      ),
    dueOn: ({ kind }) => (kind === 'library' ? 'now' : kind === 'agents' ? 'soon' : null),
    soonMs: 1000,
    needsSnapshot: (before, after) => before < 100 && after >= 100,
  });
  return query;
}
const open = (query: LiveQuery<number, string>, key: string): void => void stops.push(query.open(key));
const shown = (query: LiveQuery<number, string>) => query.store.getState().data;

beforeEach(() => {
  asked = [];
  frames = [];
  vi.stubGlobal('window', {
    setTimeout: () => 0,
    clearTimeout: () => undefined,
    requestAnimationFrame: (run: () => void) => frames.push(run),
    cancelAnimationFrame: () => undefined,
  });
  setClient({
    call: (() => undefined) as never,
    subscribe: (each) => {
      listener = each;
      return () => undefined;
    },
  });
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('lays what came while the snapshot was on its way over it, and later events once a frame', async () => {
  const query = createLog();
  open(query, 'r1');
  emit(log('r1', 7), log('other', 50));
  await answer(0, 5);
  expect(shown(query)).toEqual({ status: 'ready', value: 7 });
  emit(log('r1', 8));
  expect(shown(query).value).toBe(7);
  frame();
  expect(shown(query).value).toBe(8);
});

it('asks again after a gap, a reconnect, what makes it due, and what only a snapshot tells: once for all that comes meanwhile', async () => {
  const query = createLog();
  open(query, 'r1');
  await answer(0, 5);
  number += 3;
  emit(log('r1', 6));
  emit({ kind: 'library' });
  listener(LIVE_RESYNC);
  expect(asked).toHaveLength(2);
  await answer(1, 6);
  expect(asked).toHaveLength(3);
  await answer(2, 6);
  emit(log('r1', 120));
  frame();
  expect(asked).toHaveLength(4);
  await answer(3, 120);
  expect(asked).toHaveLength(4);
});

it('keeps the value at an error, and takes the answer of the next try', async () => {
  const query = createLog();
  open(query, 'r1');
  await answer(0, 5);
  void query.refresh();
  await answer(1, new AppError('store.busy', 'Busy.'));
  expect(shown(query)).toMatchObject({ status: 'error', value: 5, error: { code: 'store.busy' } });
  void query.refresh();
  await answer(2, 6);
  expect(shown(query)).toEqual({ status: 'ready', value: 6 });
});

it('drops the answer about what was left, and keeps what is known of the same key', async () => {
  const query = createLog();
  open(query, 'slow');
  open(query, 'quick');
  expect(asked.map(({ key }) => key)).toEqual(['slow', 'quick']);
  await answer(0, 1);
  expect(shown(query).value).toBeNull();
  await answer(1, 2);
  for (const stop of stops.splice(0)) stop();
  open(query, 'quick');
  expect(shown(query).value).toBe(2);
});

it('is asked soon, however many events follow each other: none of them puts it off', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const query = createLog();
  open(query, 'r1');
  await answer(0, 5);
  for (let times = 0; times < 20; times += 1) {
    emit({ kind: 'agents' });
    vi.advanceTimersByTime(100);
  }
  expect(asked).toHaveLength(2);
});

it('shows nothing of another project', async () => {
  const query = createLog();
  open(query, 'r1');
  await answer(0, 5);
  emit({ kind: 'project', path: '/other' });
  expect(shown(query)).toEqual({ status: 'loading', value: null });
  expect(asked).toHaveLength(2);
});
