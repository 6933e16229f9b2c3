import { describe, expect, it } from 'vitest';
import { setConnection, useConnection } from './connection.ts';
import { createBatchReader, LIVE_RESYNC } from './live-batch.ts';
import { reconnectDelayMs } from './reconnect.ts';
import { createRefetcher } from './refetcher.ts';

const library = { kind: 'library' } as const;

describe('createBatchReader', () => {
  it('passes batches on and asks for a resync at a gap or after a reconnect', () => {
    const read = createBatchReader();
    expect(read({ number: 5, events: [library] })).toEqual([library]);
    expect(read({ number: 6, events: [] })).toEqual([]);
    expect(read({ number: 8, events: [library] })).toEqual([{ kind: 'resync' }, library]);
    expect(read(LIVE_RESYNC)).toEqual([{ kind: 'resync' }]);
    expect(read({ number: 1, events: [library] })).toEqual([library]);
    expect(read({ number: 1, events: [] })).toEqual([{ kind: 'resync' }]);
  });
});

describe('createRefetcher', () => {
  it('fetches once more for everything asked meanwhile', async () => {
    let fetched = 0;
    const refetch = createRefetcher(async () => {
      fetched += 1;
      await Promise.resolve();
    });
    await Promise.all([refetch(), refetch(), refetch()]);
    expect(fetched).toBe(2);
    await refetch();
    expect(fetched).toBe(3);
  });
});

it('waits longer after every failure, at most 1.5 s', () => {
  expect([1, 2, 3].map((failures) => reconnectDelayMs(failures, 1))).toEqual([250, 500, 1000]);
  expect(reconnectDelayMs(99, 0)).toBe(750);
});

it('knows of when the screen is while nothing is heard, whatever the reason changes to', () => {
  setConnection('online');
  setConnection('lost');
  const { heardUntil } = useConnection.getState();
  expect(heardUntil).not.toBeNull();
  setConnection('signed_out');
  expect(useConnection.getState()).toEqual({ state: 'signed_out', heardUntil });
  setConnection('online');
  expect(useConnection.getState().heardUntil).toBeNull();
});
