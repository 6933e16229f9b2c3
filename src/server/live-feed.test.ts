import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeControlCenter } from '../../tests/support/doors/fake-control-center.ts';
import type { LiveBatch, LiveEvent } from '../shared/contract/index.ts';
import { BATCH_EVENTS, BATCH_INTERVAL_MS, MAX_PENDING_EVENTS, startLiveFeed } from './live-feed.ts';

/** Logs of ever new runs: what is about one run would be merged. */
let runs = 0;
const logEvents = (count: number): LiveEvent[] =>
  Array.from({ length: count }, () => {
    runs += 1;
    return { kind: 'log', runId: `r${runs}`, total: 1 };
  });

describe('live feed', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const start = () => {
    const center = createFakeControlCenter();
    const sent: LiveBatch[] = [];
    const state = { canSend: true };
    const stop = startLiveFeed({
      subscribe: (listener) => center.subscribe(listener),
      send: (batch) => sent.push(batch),
      canSend: () => state.canSend,
    });
    return { center, sent, state, stop };
  };

  it('sends the first event at once and joins the following ones into a frame per interval', () => {
    const { center, sent } = start();
    for (let index = 0; index < 5; index += 1) center.publish(logEvents(1));
    expect(sent.map((batch) => [batch.number, batch.events.length])).toEqual([[1, 1]]);
    vi.advanceTimersByTime(BATCH_INTERVAL_MS);
    expect(sent.map((batch) => [batch.number, batch.events.length])).toEqual([
      [1, 1],
      [2, 4],
    ]);
  });

  it('says once what happened again and again within a frame', () => {
    const { center, sent } = start();
    center.publish(logEvents(1));
    for (let total = 1; total <= 100; total += 1) center.publish([{ kind: 'log', runId: 'r', total }]);
    vi.advanceTimersByTime(BATCH_INTERVAL_MS);
    expect(sent[1]).toEqual({ number: 2, events: [{ kind: 'log', runId: 'r', total: 100 }] });
  });

  it('sends a full frame without waiting', () => {
    const { center, sent } = start();
    center.publish(logEvents(1));
    center.publish(logEvents(BATCH_EVENTS + 1));
    expect(sent.map((batch) => batch.events.length)).toEqual([1, BATCH_EVENTS, 1]);
  });

  it('holds back while the receiver is slow, and loses nothing that it can hold', () => {
    const { center, sent, state } = start();
    state.canSend = false;
    center.publish(logEvents(600));
    vi.advanceTimersByTime(1000);
    expect(sent).toEqual([]);
    state.canSend = true;
    vi.advanceTimersByTime(BATCH_INTERVAL_MS);
    expect(sent.map((batch) => [batch.number, batch.events.length])).toEqual([
      [1, 250],
      [2, 250],
      [3, 100],
    ]);
  });

  it('drops what a slow receiver cannot take and says so by one skipped number, even when all is quiet', () => {
    const { center, sent, state } = start();
    center.publish(logEvents(1));
    state.canSend = false;
    for (let index = 0; index < 3; index += 1) center.publish(logEvents(MAX_PENDING_EVENTS + 1));
    state.canSend = true;
    vi.advanceTimersByTime(BATCH_INTERVAL_MS);
    expect(sent.slice(1)).toEqual([{ number: 3, events: [] }]);
    vi.advanceTimersByTime(BATCH_INTERVAL_MS);
    center.publish(logEvents(1));
    expect(sent.at(-1)?.number).toBe(4);
  });

  it('makes a loss before the first frame seen as well', () => {
    const { center, sent, state } = start();
    state.canSend = false;
    center.publish(logEvents(MAX_PENDING_EVENTS + 1));
    state.canSend = true;
    vi.advanceTimersByTime(BATCH_INTERVAL_MS);
    expect(sent).toEqual([
      { number: 1, events: [] },
      { number: 3, events: [] },
    ]);
  });

  it('passes a gap of the source on', () => {
    let publish = (_batch: LiveBatch): void => undefined;
    const sent: LiveBatch[] = [];
    startLiveFeed({
      subscribe: (listener) => {
        publish = listener;
        return () => undefined;
      },
      send: (batch) => sent.push(batch),
      canSend: () => true,
    });
    for (const number of [8, 9, 11]) {
      publish({ number, events: logEvents(1) });
      vi.advanceTimersByTime(BATCH_INTERVAL_MS);
    }
    expect(sent.map((batch) => batch.number)).toEqual([1, 2, 4]);
  });

  it('sends nothing after it was stopped', () => {
    const { center, sent, stop } = start();
    center.publish(logEvents(1));
    center.publish(logEvents(1));
    stop();
    vi.advanceTimersByTime(1000);
    center.publish(logEvents(1));
    expect(sent).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
