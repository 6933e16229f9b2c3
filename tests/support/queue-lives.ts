import { type QueueBackend, type QueuedRuns, QueueWorker, type RunStanding } from '../../src/core/queue/index.ts';
import { systemClock } from '../../src/core/time/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { QueueMessage } from '../../src/shared/model/queue.ts';
import { plainMessage } from './cut-publishes.ts';
import type { QueuePlace } from './queue-places.ts';
import { waitUntil } from './wait-until.ts';

const SLOTS = 2;
const UNLOADABLE = 'unloadable';

/** Runs of one project that come to their end by themselves in the next turn, as `end` says. */
class QuickRuns implements QueuedRuns {
  readonly freeLanes = 8;
  /** Ids of messages at each attempt, in order. */
  readonly attempts: string[] = [];
  readonly startedAt = new Map<string, number>();
  refusedAt: number | null = null;
  onEnd: (runId: string) => void = () => undefined;
  readonly #standings = new Map<string, RunStanding>();
  readonly #end: RunStanding;

  constructor(end: RunStanding) {
    this.#end = end;
  }

  find = (id: string): string | null => (this.#standings.has(`run-${id}`) ? `run-${id}` : null);
  standing = (runId: string): RunStanding => this.#standings.get(runId) ?? { kind: 'cancelled' };

  start = async ({ id, versionHash }: QueueMessage): Promise<{ readonly runId: string }> => {
    if (versionHash === UNLOADABLE) {
      this.attempts.push(id);
      this.refusedAt = performance.now();
      throw new AppError('workflow.version_not_found', 'There is no such version.');
    }
    this.startedAt.set(id, performance.now());
    this.#work(`run-${id}`);
    return { runId: `run-${id}` };
  };

  goOn = async (runId: string): Promise<void> => this.#work(runId);

  #work(runId: string): void {
    this.attempts.push(runId.replace('run-', ''));
    this.#standings.set(runId, { kind: 'working' });
    setImmediate(() => {
      this.#standings.set(runId, this.#end);
      this.onEnd(runId);
    });
  }
}

function workerOf(backend: QueueBackend, runs: QuickRuns, wrong: string[]): QueueWorker {
  const onBug = (error: unknown): void => void wrong.push(`a fault of the worker: ${String(error)}`);
  const worker = new QueueWorker({ backend, runs, clock: systemClock, onChange: () => undefined, onBug });
  runs.onEnd = (runId) => worker.noteRun(runId);
  return worker;
}

/** The same queue, whose claims are told. */
function watched(backend: QueueBackend, onClaim: () => void): QueueBackend {
  return new Proxy(backend, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name === 'claim') onClaim();
      return value.bind(target);
    },
  });
}

/**
 * A worker of each project, restarted in its turn while messages are sent, one of them as it drains. Gives what went wrong: a
 * message that was not run once and written down as done, or a claim that was asked while its worker drained.
 */
export async function rollRestarts(
  { open, projects: owners }: Pick<QueuePlace, 'open' | 'projects'>,
  restarts: number,
): Promise<{ readonly sent: number; readonly wrong: readonly string[] }> {
  const wrong: string[] = [];
  // Where only one project reaches the queue, that one sends too.
  const sender = owners > 1 ? open('rolling', owners) : null;
  const projects = Array.from({ length: owners }, () => new QuickRuns({ kind: 'completed' }));
  const begin = async (owner: number) => {
    const life = { isDraining: false, backend: open('rolling', owner) };
    const backend = watched(life.backend, () => {
      if (life.isDraining) wrong.push(`worker ${owner} claimed while it drained`);
    });
    const worker = workerOf(backend, projects[owner] as QuickRuns, wrong);
    await worker.serve(SLOTS);
    return { life, worker };
  };
  const lives = await Promise.all(projects.map((_, owner) => begin(owner)));
  const sent: string[] = [];
  const send = async (id: string): Promise<void> => {
    await (sender ?? (lives[0] as (typeof lives)[number]).life.backend).publish(plainMessage(id));
    sent.push(id);
  };
  for (let at = 0; at < restarts; at += 1) {
    const { life, worker } = lives[at % owners] as (typeof lives)[number];
    for (const no of [1, 2]) await send(`m-${at}-${no}`);
    life.isDraining = true;
    const drained = worker.drain(30_000);
    await send(`m-${at}-late`);
    await drained;
    await worker.close();
    await life.backend.close();
    lives[at % owners] = await begin(at % owners);
  }
  const isDone = async (id: string): Promise<boolean> => {
    for (const { life } of lives) if ((await life.backend.find(id))?.status === 'completed') return true;
    return false;
  };
  const runs = () => projects.flatMap(({ attempts }) => attempts);
  await waitUntil('every message to be begun', () => new Set(runs()).size === sent.length).catch(() => undefined);
  for (const id of sent) {
    const times = runs().filter((one) => one === id).length;
    if (times !== 1) wrong.push(`${id} was run ${times} times`);
    else await waitUntil(`${id} to be done`, () => isDone(id)).catch(() => wrong.push(`${id} was not done`));
  }
  for (const { life, worker } of lives) {
    await worker.close();
    await life.backend.close();
  }
  await sender?.close();
  return { sent: sent.length, wrong };
}

/** What becomes of messages that cannot be done, where a second attempt is due a millisecond after the first. */
export interface Failures {
  /** Ids of nine messages that fail each time, at each of their attempts. */
  readonly attempts: readonly string[];
  /** Attempts of one of them that was sent again by hand. */
  readonly again: readonly string[];
  /** Attempts of one whose version cannot be loaded, and how it stands. */
  readonly unloadable: { readonly attempts: readonly string[]; readonly status: string | undefined };
  /** From its refusal until the next one behind it began. */
  readonly nextAfterMs: number;
  readonly wrong: readonly string[];
}

/** `queue` is empty, with a retry delay of 1 ms. */
export async function failAll(queue: QueueBackend): Promise<Failures> {
  const wrong: string[] = [];
  const runs = new QuickRuns({ kind: 'failed', reason: 'no answer', mayRepeat: true });
  const worker = workerOf(queue, runs, wrong);
  const dead = async (count: number): Promise<boolean> => (await queue.counts()).deadLetter === count;
  const ids = Array.from({ length: 9 }, (_, at) => `f-${at}`);
  for (const id of ids) await queue.publish(plainMessage(id));
  await worker.serve(3);
  await waitUntil('nine to be dead', () => dead(9));
  const attempts = runs.attempts.splice(0);
  await queue.requeue('f-3', plainMessage('f-3-again'), {});
  await waitUntil('it to be dead again', async () => (await queue.find('f-3-again'))?.status === 'failed');
  const again = runs.attempts.splice(0);
  // One slot: the second one begins after the first was refused, not beside it.
  await worker.serve(1);
  await queue.pause('tester');
  await queue.publish(plainMessage('u', { versionHash: UNLOADABLE }));
  await queue.publish(plainMessage('v'));
  await queue.resume();
  await waitUntil('both to be dead', async () => (await queue.find('v'))?.status === 'failed');
  const unloadable = {
    attempts: runs.attempts.filter((id) => id === 'u'),
    status: (await queue.find('u'))?.status,
  };
  const nextAfterMs = (runs.startedAt.get('v') ?? Number.NaN) - (runs.refusedAt ?? Number.NaN);
  await worker.close();
  return { attempts, again, unloadable, nextAfterMs, wrong };
}
