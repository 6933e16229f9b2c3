import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failAll, rollRestarts } from '../support/queue-lives.ts';
import { QUEUE_PLACES, type QueuePlace } from '../support/queue-places.ts';

/** SPEC §8 over every backend: workers that come and go, and messages that cannot be done. `npm run proof -- --only=queue` restarts 200 times. */
describe.each(Object.entries(QUEUE_PLACES))('workers of a queue of type %s', (_type, begin) => {
  let place: QueuePlace;
  beforeAll(async () => {
    place = await begin();
  });
  afterAll(() => place.close());

  it('strand nothing over restarts one after the other, and claim nothing while they drain', async () => {
    const { sent, wrong } = await rollRestarts(place, 12);
    expect([sent, wrong]).toEqual([36, []]);
  });

  it('make all first attempts first, all of them anew for one sent again, and bury what cannot load once', async () => {
    const queue = place.open('failing');
    const { attempts, again, unloadable, nextAfterMs, wrong } = await failAll(queue);
    await queue.close();
    const nine = Array.from({ length: 9 }, (_, at) => `f-${at}`);
    expect(attempts).toHaveLength(27);
    expect(attempts.slice(0, 9).toSorted()).toEqual(nine);
    expect(again).toEqual(['f-3-again', 'f-3-again', 'f-3-again']);
    expect(unloadable).toEqual({ attempts: ['u'], status: 'failed' });
    // Not by the next beat of the worker, which is 60 s away.
    expect(nextAfterMs).toBeLessThan(30_000);
    expect(wrong).toEqual([]);
  });
});
