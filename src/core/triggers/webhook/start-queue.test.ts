import { describe, expect, it } from 'vitest';
import { PromisedRuns } from './promised-runs.ts';
import { StartQueue } from './start-queue.ts';

/** Time that stands still until it is told to go on. */
class Lab {
  now = 1_000_000;
  readonly started: string[] = [];
  readonly bugs: unknown[] = [];
  readonly #timers: { readonly at: number; readonly call: () => void }[] = [];
  readonly queue = new StartQueue({
    // A start takes 10 ms.
    start: async (id) => {
      this.started.push(id);
      await new Promise<void>((resolve) => this.#timers.push({ at: this.now + 10, call: resolve }));
      if (id === 'bad') throw new Error('bad');
    },
    now: () => this.now,
    setTimer: (ms, call) => {
      const timer = { at: this.now + ms, call };
      this.#timers.push(timer);
      return () => void this.#timers.splice(this.#timers.indexOf(timer), 1);
    },
    onBug: (error) => void this.bugs.push(error),
  });

  async pass(ms: number): Promise<void> {
    for (const end = this.now + ms; this.now < end; this.now += 1) {
      for (const timer of this.#timers.filter(({ at }) => at <= this.now)) {
        this.#timers.splice(this.#timers.indexOf(timer), 1);
        timer.call();
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

describe('the queue of starts', () => {
  it('starts what comes alone at once, and one that fails keeps nobody back', async () => {
    const lab = new Lab();
    lab.queue.add('bad');
    expect(lab.started).toEqual(['bad']);
    lab.queue.add('next');
    await lab.pass(100);
    expect(lab.started).toEqual(['bad', 'next']);
    expect(lab.bugs).toHaveLength(1);
  });

  it('lets deliveries go first while they keep coming, and starts some all the same', async () => {
    const lab = new Lab();
    for (let n = 0; n < 1000; n += 1) {
      lab.queue.add(String(n));
      await lab.pass(2);
    }
    // Two seconds: the first one at once, then a share every half second.
    expect(lab.started).toHaveLength(1 + 3 * 16);
    await lab.pass(1500);
    expect(lab.started).toEqual(Array.from({ length: 1000 }, (_, n) => String(n)));
  });

  it('leaves what waits to the next engine when it is closed', async () => {
    const lab = new Lab();
    for (const id of ['a', 'b', 'c']) lab.queue.add(id);
    const closed = lab.queue.close();
    await lab.pass(1000);
    await closed;
    expect(lab.started).toEqual(['a']);
  });

  it('is not held up by a clock that is set back', async () => {
    const lab = new Lab();
    lab.queue.add('a');
    await lab.pass(20);
    lab.now -= 3_600_000;
    lab.queue.add('b');
    await lab.pass(200);
    expect(lab.started).toEqual(['a', 'b']);
  });
});

describe('ids of runs that were promised', () => {
  it('are promised once, and never those that a run has', () => {
    const runs = new PromisedRuns((id) => id === 'taken');
    expect([runs.take('one', 5000), runs.take('one', 5999), runs.take('taken', 5000)]).toEqual([true, false, false]);
    expect(runs.take('other', 6000)).toBe(true);
  });
});
