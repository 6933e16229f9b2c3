import { describe, expect, it } from 'vitest';
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

it('waits longer after every failure, at most 10 s', () => {
  expect([1, 2, 3].map((failures) => reconnectDelayMs(failures, 1))).toEqual([250, 500, 1000]);
  expect(reconnectDelayMs(99, 0)).toBe(5000);
});
