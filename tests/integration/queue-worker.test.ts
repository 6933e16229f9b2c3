import { afterEach, describe, expect, it } from 'vitest';
import {
  type QueueBackend,
  type QueuedRuns,
  QueueWorker,
  type RunStanding,
  TableQueue,
} from '../../src/core/queue/index.ts';
import { openMemoryQueues } from '../../src/core/storage/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import { settle, VirtualMachine } from '../support/virtual-machine.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Runs as a test wants them, one for each message, over every life of a worker. */
class Runs implements QueuedRuns {
  freeLanes = 5;
  readonly standings = new Map<string, RunStanding>();
  readonly started: string[] = [];
  readonly resumed: string[] = [];
  refusal: unknown = null;

  find = (id: string): string | null => (this.standings.has(`run-${id}`) ? `run-${id}` : null);
  start = async ({ id }: { readonly id: string }): Promise<{ readonly runId: string }> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.refusal !== null) throw this.refusal;
    this.started.push(id);
    this.standings.set(`run-${id}`, { kind: 'working' });
    this.freeLanes -= 1;
    return { runId: `run-${id}` };
  };
  goOn = async (runId: string): Promise<void> => {
    this.resumed.push(runId);
    this.standings.set(runId, { kind: 'working' });
  };
  standing = (runId: string): RunStanding => this.standings.get(runId) ?? { kind: 'cancelled' };
}

interface Lab {
  readonly machine: VirtualMachine;
  readonly queue: QueueBackend;
  readonly runs: Runs;
  readonly bugs: unknown[];
  readonly publish: (...ids: string[]) => Promise<void>;
  readonly open: () => QueueWorker;
  /** A run comes to stand otherwise, and the worker hears of it. */
  readonly turn: (worker: QueueWorker, id: string, standing: RunStanding) => Promise<void>;
  readonly states: () => Promise<Readonly<Record<string, string>>>;
}

function openLab(): Lab {
  const machine = new VirtualMachine('2026-03-01T10:00:00Z');
  const { rows, close } = openMemoryQueues();
  closing.push(close);
  let leases = 0;
  const queue = new TableQueue({
    historyMs: () => 7 * 86_400_000,
    ...{ type: 'memory', name: 'work', rows, now: machine.ports.now, newLease: () => String(++leases) },
    rules: {
      maxSize: 0,
      messageTtlMs: 86_400_000,
      deadLetterQueue: null,
      retryDelayMs: 5_000,
      visibilityTimeoutMs: 300_000,
    },
  });
  const runs = new Runs();
  const bugs: unknown[] = [];
  const ids = new Set<string>();
  return {
    ...{ machine, queue, runs, bugs },
    publish: async (...sent) => {
      for (const id of sent) {
        ids.add(id);
        await queue.publish({
          ...{
            id,
            workflowId: 'flow',
            workflowPath: null,
            versionHash: null,
            payload: {},
            priority: 'normal',
            maxAttempts: 3,
          },
          ...{ createdAt: machine.now, notBefore: null, dedupeKey: null, metadata: {} },
          actor: { kind: 'user', id: 'ana', door: 'cli' },
        });
      }
      await settle();
    },
    open: () =>
      new QueueWorker({
        ...{
          backend: queue,
          runs,
          clock: machine.ports,
          onChange: () => undefined,
          onBug: (error) => bugs.push(error),
        },
      }),
    turn: async (worker, id, standing) => {
      if (standing.kind !== 'working') runs.freeLanes += 1;
      runs.standings.set(`run-${id}`, standing);
      worker.noteRun(`run-${id}`);
      await settle();
    },
    states: async () => {
      const all = await Promise.all(
        [...ids].map(async (id) => [id, (await queue.find(id))?.status ?? 'gone'] as const),
      );
      return Object.fromEntries(all);
    },
  };
}

const FAILED: RunStanding = { kind: 'failed', reason: 'no answer', mayRepeat: true };

describe('a worker of a queue', () => {
  it('has as many runs at work as it has slots and the project lanes, and a run that rests takes none', async () => {
    const { runs, publish, open, turn, states } = openLab();
    const worker = open();
    await worker.serve(2);
    await publish('a', 'b', 'c', 'd', 'e');
    expect([runs.started, worker.busy]).toEqual([['a', 'b'], 2]);
    await turn(worker, 'a', { kind: 'completed' });
    expect([runs.started, await states()]).toEqual([
      ['a', 'b', 'c'],
      expect.objectContaining({ a: 'completed', b: 'processing' }),
    ]);
    await turn(worker, 'b', { kind: 'resting' });
    expect(runs.started).toEqual(['a', 'b', 'c', 'd']);
    // All lanes are busy with runs that others started.
    runs.freeLanes = 0;
    await turn(worker, 'c', { kind: 'cancelled' });
    runs.freeLanes = 0;
    worker.noteRun('another');
    await settle();
    expect(runs.started).toHaveLength(5);
    await turn(worker, 'b', { kind: 'working' });
    await turn(worker, 'b', { kind: 'completed' });
    expect(await states()).toEqual({ a: 'completed', b: 'completed', c: 'failed', d: 'processing', e: 'processing' });
  });

  it('lets a failed run go on after the delay, three attempts in all, then keeps its reason', async () => {
    const { machine, queue, runs, publish, open, turn } = openLab();
    const worker = open();
    await worker.serve(1);
    await publish('a');
    for (const attempt of [1, 2]) {
      await turn(worker, 'a', FAILED);
      expect(await queue.find('a')).toMatchObject({ status: 'pending', attempts: attempt, error: 'no answer' });
      await machine.run(4_999);
      expect(runs.resumed).toHaveLength(attempt - 1);
      await machine.run(1);
      expect(runs.resumed).toHaveLength(attempt);
    }
    await turn(worker, 'a', FAILED);
    expect(await queue.find('a')).toMatchObject({ status: 'failed', attempts: 3, error: 'no answer', runId: 'run-a' });
    expect(runs.started).toEqual(['a']);
  });

  it('does not try again what may have had an effect', async () => {
    const { queue, publish, open, turn } = openLab();
    const worker = open();
    await worker.serve(1);
    await publish('a');
    await turn(worker, 'a', { ...FAILED, mayRepeat: false });
    expect(await queue.find('a')).toMatchObject({ status: 'failed', attempts: 1, error: 'no answer' });
  });

  it('keeps what can never start as a dead letter at once, and gives back what only cannot start now', async () => {
    const { machine, queue, runs, publish, open, bugs } = openLab();
    const worker = open();
    await worker.serve(1);
    runs.refusal = new AppError('input.invalid', "Input 'amount' is not a number");
    await publish('a');
    expect(await queue.find('a')).toMatchObject({
      status: 'failed',
      attempts: 1,
      error: "Input 'amount' is not a number",
    });
    runs.refusal = new AppError('workflow.breaker_open', 'Circuit breaker is open - too many recent failures');
    await publish('b');
    expect(await queue.find('b')).toMatchObject({ status: 'pending', attempts: 0, notBefore: machine.now + 5_000 });
    runs.refusal = new TypeError('x is undefined');
    await machine.run(15_000);
    expect(await queue.find('b')).toMatchObject({ status: 'failed', attempts: 3 });
    expect(bugs).toHaveLength(3);
    runs.refusal = null;
    await publish('c');
    expect(runs.started).toEqual(['c']);
  });

  it('holds what it has over hours and over a sleep of the computer', async () => {
    const { machine, queue, publish, open, turn, runs } = openLab();
    const worker = open();
    await worker.serve(1);
    await publish('a');
    await machine.run(3_600_000);
    machine.sleep(8 * 3_600_000);
    await machine.run(60_000);
    expect(await queue.find('a')).toMatchObject({ status: 'processing', attempts: 1 });
    await turn(worker, 'a', { kind: 'completed' });
    expect([await queue.find('a'), runs.started]).toMatchObject([{ status: 'completed' }, ['a']]);
  });

  it('stops without a claim more, waits for what is at work, and gives the rest back', async () => {
    const { machine, queue, runs, publish, open, turn, states } = openLab();
    const worker = open();
    await worker.serve(2);
    await publish('a', 'b', 'c');
    const draining = worker.drain(30_000);
    await turn(worker, 'a', { kind: 'completed' });
    await machine.run(30_000);
    await draining;
    await worker.close();
    expect([await states(), runs.started]).toEqual([{ a: 'completed', b: 'pending', c: 'pending' }, ['a', 'b']]);
    expect(await queue.find('b')).toMatchObject({ attempts: 0 });
    // Whoever comes next has the run that there is.
    const next = open();
    await next.serve(2);
    await settle();
    expect([runs.started, next.busy]).toEqual([['a', 'b', 'c'], 2]);
  });

  it('takes messages again when it is asked to after it was drained', async () => {
    const { runs, publish, open, turn } = openLab();
    const worker = open();
    await worker.serve(1);
    await worker.drain(30_000);
    await publish('a', 'b');
    expect([runs.started, worker.concurrency]).toEqual([[], 0]);
    await worker.serve(1);
    await settle();
    expect([runs.started, worker.concurrency]).toEqual([['a'], 1]);
    const draining = worker.drain(30_000);
    await turn(worker, 'a', { kind: 'completed' });
    await draining;
    expect(runs.started).toEqual(['a']);
  });

  it('goes on after a crash at any moment with one run for each message', async () => {
    const { machine, queue, runs, publish, open, turn, states } = openLab();
    const killed = open();
    await killed.serve(4);
    await publish('open', 'ended', 'failed', 'claimed');
    machine.forgetTimers();
    // Nobody wrote down what became of them, and of one not even that it was started.
    runs.standings.set('run-ended', { kind: 'completed' });
    runs.standings.set('run-failed', FAILED);
    runs.standings.delete('run-claimed');
    runs.freeLanes = 5;
    const worker = open();
    await worker.serve(1);
    await settle();
    expect(await states()).toEqual({
      open: 'processing',
      ended: 'completed',
      failed: 'processing',
      claimed: 'processing',
    });
    expect([runs.started, runs.resumed]).toEqual([['open', 'ended', 'failed', 'claimed', 'claimed'], ['run-failed']]);
    for (const id of ['open', 'failed', 'claimed']) await turn(worker, id, { kind: 'completed' });
    expect(Object.values(await states())).toEqual(['completed', 'completed', 'completed', 'completed']);
    expect(await queue.counts()).toMatchObject({ completed: 4, pending: 0, processing: 0 });
  });

  it('buries a message that killed its worker three times before its run began', async () => {
    const { machine, queue, runs, publish, open } = openLab();
    await publish('poison');
    for (let life = 0; life < 3; life += 1) {
      const dying = open();
      // It dies within the start.
      runs.start = () => new Promise(() => undefined);
      await dying.serve(1);
      await settle();
      machine.forgetTimers();
    }
    const worker = open();
    await worker.serve(1);
    await settle();
    expect(await queue.find('poison')).toMatchObject({
      status: 'failed',
      error: 'Its worker was lost 3 times before its run had begun.',
    });
  });

  it('takes one message by hand and says what became of it', async () => {
    const { publish, open, turn } = openLab();
    const worker = open();
    expect(await worker.takeOne()).toBeNull();
    await publish('a', 'b');
    const taking = worker.takeOne();
    await settle();
    await turn(worker, 'a', { kind: 'completed' });
    expect(await taking).toMatchObject({ id: 'a', status: 'completed', runId: 'run-a' });
  });

  it('writes an end down later where it cannot be written now', async () => {
    const { machine, queue, publish, open, turn } = openLab();
    const worker = open();
    await worker.serve(1);
    await publish('a');
    const { ack } = queue;
    queue.ack = async () => {
      throw new AppError('file.disk_full', 'The disk is full');
    };
    await turn(worker, 'a', { kind: 'completed' });
    expect(await queue.find('a')).toMatchObject({ status: 'processing' });
    queue.ack = ack;
    await machine.run(60_000);
    expect(await queue.find('a')).toMatchObject({ status: 'completed' });
  });

  it('makes all first attempts before the first second one', async () => {
    const { machine, runs, publish, open, turn } = openLab();
    const worker = open();
    await worker.serve(3);
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    await publish(...ids);
    const order: string[] = [];
    runs.goOn = async (runId) => {
      order.push(runId);
      runs.freeLanes -= 1;
      runs.standings.set(runId, { kind: 'working' });
    };
    // Each fails as soon as it runs, and the delay of the first ones is over while the last ones still wait.
    for (const id of ids) {
      await turn(worker, id, FAILED);
      await machine.run(1_000);
    }
    expect(runs.started).toEqual(ids);
    await machine.run(5_000);
    for (const id of ids) if (order.includes(`run-${id}`)) await turn(worker, id, { kind: 'completed' });
    await machine.run(5_000);
    for (const id of ids) await turn(worker, id, { kind: 'completed' });
    expect(order).toEqual(ids.map((id) => `run-${id}`));
  });

  it('strands nothing over 200 restarts, and claims nothing while it drains', async () => {
    const { runs, publish, open, turn, states } = openLab();
    let claimedWhileDraining = 0;
    for (let restart = 0; restart < 200; restart += 1) {
      const worker = open();
      await worker.serve(2);
      await publish(`first-${restart}`, `second-${restart}`, `third-${restart}`);
      const draining = worker.drain(30_000);
      const before = runs.started.length;
      await publish(`late-${restart}`);
      for (const id of runs.started)
        if (runs.standing(`run-${id}`).kind === 'working') await turn(worker, id, { kind: 'completed' });
      await draining;
      claimedWhileDraining += runs.started.length - before;
      await worker.close();
    }
    expect(claimedWhileDraining).toBe(0);
    const last = open();
    await last.serve(5);
    await settle();
    for (let at = 0; at < runs.started.length; at += 1) {
      const id = runs.started[at] ?? '';
      if (runs.standing(`run-${id}`).kind === 'working') await turn(last, id, { kind: 'completed' });
    }
    expect(new Set(Object.values(await states()))).toEqual(new Set(['completed']));
    expect(new Set(runs.started).size).toBe(runs.started.length);
    expect(runs.started).toHaveLength(800);
  });
});
