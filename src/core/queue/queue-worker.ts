import { type ErrorRecord, toErrorRecord } from '../../shared/errors.ts';
import type { QueueMessage } from '../../shared/model/queue.ts';
import { failpoint, translateStoreError } from '../storage/index.ts';
import type { Clock } from '../time/index.ts';
import type { BegunElsewhere, Claim, QueueBackend } from './backend.ts';

/** How often it is looked at the latest whether something has happened by itself. */
const BEAT_MS = 60_000;
/** What is due and could not be done, as on a full disk, is tried again so much later. */
const OVERDUE_MS = 1_000;

/** How the run of a message stands. `resting` = it goes on once a person, an event or an instant has come; `left` = whoever drove it is gone. */
export type RunStanding =
  | { readonly kind: 'working' | 'resting' | 'left' | 'completed' }
  /** `mayRepeat` = what failed may be tried again without asking anybody. */
  | { readonly kind: 'failed'; readonly reason: string; readonly mayRepeat: boolean }
  | { readonly kind: 'cancelled' };

/** The runs of messages, as the engine of the project has them. */
export interface QueuedRuns {
  /** The run of a message; null = it was not started. */
  find(messageId: string): string | null;
  /** Starts the run of a message, or gives the one that there is. Rejects with what stands in the way; nothing was written then. */
  start(message: QueueMessage): Promise<{ readonly runId: string }>;
  /** Lets a run go on that has failed, where it failed, or that was left. */
  goOn(runId: string): Promise<void>;
  standing(runId: string): RunStanding;
  /** How many more runs could be driven at once now. */
  readonly freeLanes: number;
}

/** What a worker is made of. */
export interface QueueWorkerOptions {
  readonly backend: QueueBackend;
  readonly runs: QueuedRuns;
  readonly clock: Clock;
  /** Hears of it when a slot was taken or is free. */
  readonly onChange: () => void;
  readonly onBug: (error: unknown) => void;
}

/** A message that this worker holds. */
interface Held {
  readonly claim: Claim;
  runId: string | null;
  /** False = its run rests: it takes no slot. */
  isBusy: boolean;
  /** What is being done about it now; null = nothing but its run. */
  step: Promise<void> | null;
  /** What could not be done, to be tried again. */
  failedStep: (() => Promise<void>) | null;
  readonly settled: PromiseWithResolvers<void>;
}

/**
 * Makes runs of messages (SPEC §8 "Worker"). Invariants: (1) a message has one run, found by its id, however often it is claimed; (2) it is
 * done only after the end of its run is stored; (3) a message that was claimed is held until it was ended, given back, or this process
 * dies: then somebody else has it after `visibility_timeout`; (4) at most so many runs are at work, and none waits for a lane in vain.
 */
export class QueueWorker {
  readonly #options: QueueWorkerOptions;
  readonly #held = new Map<string, Held>();
  #concurrency = 0;
  #isStopped = false;
  #claiming: Promise<void> | null = null;
  #hasToLookAgain = false;
  #hasToTakeOver = false;
  #stopBeat: (() => void) | null = null;
  #stopDue: (() => void) | null = null;
  #stopHearing: (() => void) | null = null;
  #idle: PromiseWithResolvers<void> | null = null;

  constructor(options: QueueWorkerOptions) {
    this.#options = options;
  }

  /** How many messages it works on at once; 0 = it does not serve the queue. */
  get concurrency(): number {
    return this.#isStopped ? 0 : this.#concurrency;
  }

  /** How many slots are taken. */
  get busy(): number {
    return [...this.#held.values()].filter((one) => one.isBusy).length;
  }

  /** Whether it is at work on a message. */
  holds(messageId: string): boolean {
    return this.#held.has(messageId);
  }

  /** Runs of what it holds. */
  get runIds(): readonly string[] {
    return [...this.#held.values()].flatMap(({ runId, isBusy }) => (runId === null || !isBusy ? [] : [runId]));
  }

  /** From now on it takes messages, so many at once, also after it was stopped; the first time those too that a worker before it has left. */
  async serve(concurrency: number): Promise<void> {
    const { backend } = this.#options;
    const isFirst = this.#concurrency === 0;
    if (isFirst) this.#hasToTakeOver = true;
    this.#concurrency = concurrency;
    this.#isStopped = false;
    this.#stopHearing ??= backend.onChange((news) => {
      if (news === 'back') this.#catchUp();
      this.#look();
    });
    if (isFirst) {
      await this.#takeOver().catch(this.#onError);
      this.#beatLater();
    }
    this.#look();
    this.#options.onChange();
  }

  /** Takes one message, if one may begin, and resolves when it was ended or rests; null = none may begin. */
  async takeOne(): Promise<QueueMessage | null> {
    const { backend } = this.#options;
    await backend.sweep();
    const claim = this.#isStopped ? null : await backend.claim();
    if (claim === null) return null;
    await this.#hold(claim).settled.promise;
    return backend.find(claim.message.id);
  }

  /** A run has come to rest, has ended, or goes on: where it is that of a message, what follows is done. */
  noteRun(runId: string): void {
    const held = [...this.#held.values()].find((one) => one.runId === runId);
    if (held !== undefined) this.#follow(held);
    this.#look();
  }

  /** Takes nothing more; resolves when what is at work has ended, after `graceMs` at the latest. */
  async drain(graceMs: number): Promise<void> {
    await this.stop();
    if (this.busy === 0) return;
    const idle = Promise.withResolvers<void>();
    this.#idle = idle;
    const stopTimer = this.#options.clock.setTimer(graceMs, idle.resolve);
    await idle.promise;
    stopTimer();
  }

  /** Takes nothing more; resolves when nothing is being claimed. What is at work goes on and is ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopDue?.();
    this.#stopHearing?.();
    this.#stopHearing = null;
    await this.#claiming;
  }

  /** After `stop`: gives back what is still at work. A run that rests is written down, and so is that its message is. */
  async close(): Promise<void> {
    await this.stop();
    this.#stopBeat?.();
    for (;;) {
      const steps = [...this.#held.values()].map(({ step }) => step).filter((step) => step !== null);
      if (steps.length === 0) break;
      await Promise.all(steps);
    }
    for (const { claim, isBusy } of this.#held.values())
      if (isBusy) await this.#options.backend.release(claim, { reason: null, notBefore: null }).catch(this.#onError);
    this.#held.clear();
  }

  /** Where the queue cannot be reached, this is done once it can. */
  async #takeOver(): Promise<void> {
    if (!this.#hasToTakeOver) return;
    const left = await this.#options.backend.takeOver();
    this.#hasToTakeOver = false;
    for (const claim of left) this.#hold(claim);
  }

  #hold(claim: Claim): Held {
    const held: Held = {
      ...{ claim, runId: null, isBusy: true, step: null, failedStep: null },
      settled: Promise.withResolvers<void>(),
    };
    this.#held.set(claim.message.id, held);
    failpoint('queue.claimed');
    this.#do(held, () => this.#begin(held));
    return held;
  }

  /** One step at a time for each message; one that fails is tried again with the next beat. */
  #do(held: Held, work: () => Promise<void>): void {
    held.failedStep = null;
    held.step = work()
      .catch((error: unknown) => {
        held.failedStep = work;
        this.#onError(error);
      })
      .finally(() => {
        held.step = null;
        if (held.failedStep === null && held.runId !== null && this.#held.has(held.claim.message.id))
          this.#follow(held);
      });
  }

  async #begin(held: Held): Promise<void> {
    const { runs, backend } = this.#options;
    const { message } = held.claim;
    const { id, attempts, maxAttempts } = message;
    try {
      const known = runs.find(id);
      if (known !== null) {
        const standing = runs.standing(known);
        const isDue = standing.kind === 'failed' && standing.mayRepeat && attempts <= maxAttempts;
        if (isDue || standing.kind === 'left') await runs.goOn(known);
        held.runId = known;
      } else if (held.claim.begun !== undefined) {
        await this.#leaveToOther(held, held.claim.begun);
        this.#letGo(held);
      } else if (attempts > maxAttempts) {
        const reason = `Its worker was lost ${attempts - 1} times before its run had begun.`;
        await backend.deadLetter(held.claim, reason, null);
        this.#letGo(held);
      } else {
        held.runId = (await runs.start(message)).runId;
        failpoint('queue.runStarted');
      }
    } catch (error) {
      await this.#refused(held, error);
    }
  }

  /**
   * Another project has begun effects for it: it alone can go on. As long as it is heard of the message waits for it; then it is in doubt,
   * and a person says whether it is begun anew.
   */
  async #leaveToOther({ claim }: Held, { by, runId, step, at, isAlive }: BegunElsewhere): Promise<void> {
    const { backend, clock } = this.#options;
    if (isAlive) {
      const notBefore = clock.now() + backend.rules.retryDelayMs;
      await backend.release(claim, { reason: `Its run is with ${by}, which goes on with it.`, notBefore });
      return;
    }
    const reason = `In doubt: ${by} began step '${step}' of run ${runId} at ${new Date(at).toISOString()} and is silent since. It may have had its effect.`;
    await backend.deadLetter(claim, reason, null);
  }

  /** What stood in the way of a start: of the message itself, then it is a dead letter; of this moment, then it waits. */
  async #refused(held: Held, error: unknown): Promise<void> {
    const { backend, clock } = this.#options;
    const { claim } = held;
    const { code, kind, message: reason, retryable } = recordOf(error);
    const { attempts, maxAttempts } = claim.message;
    this.#onError(error);
    if (retryable) {
      const notBefore = clock.now() + backend.rules.retryDelayMs;
      await backend.release(claim, { reason: code === 'engine.stopped' ? null : reason, notBefore });
    } else if (kind === 'bug' && attempts < maxAttempts) await backend.retry(claim, reason);
    else await backend.deadLetter(claim, reason, null);
    this.#letGo(held);
  }

  #follow(held: Held): void {
    if (held.runId === null || held.step !== null) return;
    const { kind } = this.#options.runs.standing(held.runId);
    if (kind === 'working' || kind === 'left' || kind === 'resting') {
      const isBusy = kind !== 'resting';
      if (!isBusy) held.settled.resolve();
      if (isBusy === held.isBusy) return;
      held.isBusy = isBusy;
      this.#freed();
      return;
    }
    this.#do(held, () => this.#settle(held));
  }

  /** The end of the run is stored. */
  async #settle(held: Held): Promise<void> {
    const { backend, runs } = this.#options;
    const { claim, runId } = held;
    if (runId === null) return;
    const standing = runs.standing(runId);
    const { attempts, maxAttempts } = claim.message;
    failpoint('queue.runEnded');
    let isOurs: boolean;
    if (standing.kind === 'completed') isOurs = await backend.ack(claim, runId);
    else if (standing.kind === 'cancelled') isOurs = await backend.deadLetter(claim, 'Its run was cancelled.', runId);
    else if (standing.kind !== 'failed') return;
    else if (standing.mayRepeat && attempts < maxAttempts) isOurs = await backend.retry(claim, standing.reason);
    else isOurs = await backend.deadLetter(claim, standing.reason, runId);
    if (!isOurs) await this.#noteLate(held, standing.kind);
    failpoint('queue.settled');
    this.#letGo(held);
  }

  /** Its end is refused: the message was lost meanwhile. */
  async #noteLate({ claim, runId }: Held, kind: string): Promise<void> {
    const { backend, clock } = this.#options;
    const at = new Date(clock.now()).toISOString();
    await backend.noteLate(
      claim.message.id,
      `Run ${runId ?? ''} ${kind} at ${at}, after its worker had lost the message.`,
    );
  }

  /** The message is not held any more: what was done about it is written down, or somebody else has it by now. */
  #letGo(held: Held): void {
    this.#held.delete(held.claim.message.id);
    held.runId = null;
    held.isBusy = false;
    held.settled.resolve();
    this.#freed();
  }

  #freed(): void {
    if (this.busy === 0) this.#idle?.resolve();
    this.#options.onChange();
    this.#look();
  }

  /** Claims what may begin. One look at a time; what is asked meanwhile is looked at after it. */
  #look(): void {
    if (this.#isStopped || this.#concurrency === 0) return;
    if (this.#claiming !== null) {
      this.#hasToLookAgain = true;
      return;
    }
    // Not at once: a claim tells of itself before it is over.
    this.#claiming = Promise.resolve()
      .then(() => this.#claimAll())
      .catch(this.#onError)
      .finally(() => {
        this.#claiming = null;
        if (!this.#hasToLookAgain) return;
        this.#hasToLookAgain = false;
        this.#look();
      });
  }

  async #claimAll(): Promise<void> {
    const { backend, runs, clock } = this.#options;
    let isEmpty = false;
    while (!this.#isStopped && !isEmpty) {
      const free = Math.min(this.#concurrency - this.busy, runs.freeLanes - this.#starting);
      // Full: whoever is done looks again. What comes to an end by itself meanwhile is seen with the next beat.
      if (free <= 0) return;
      // Together: on a server the way there and back is what takes its time.
      const asked = await Promise.allSettled(Array.from({ length: free }, () => backend.claim()));
      // What one of them has got is held, whatever became of the others.
      for (const one of asked) if (one.status === 'fulfilled' && one.value !== null) this.#hold(one.value);
      for (const one of asked) if (one.status === 'rejected') throw one.reason;
      isEmpty = asked.some((one) => one.status === 'fulfilled' && one.value === null);
    }
    if (this.#isStopped) return;
    const dueAt = await backend.dueAt();
    this.#stopDue?.();
    if (dueAt === null) this.#stopDue = null;
    else {
      const inMs = dueAt - clock.now();
      this.#stopDue = clock.setTimer(inMs > 0 ? inMs : OVERDUE_MS, () => this.#sweep());
    }
  }

  /** A full disk and the like pass: it is tried again. */
  readonly #onError = (error: unknown): void => {
    if (recordOf(error).kind === 'bug') this.#options.onBug(error);
  };

  /** Runs that are about to take a lane. */
  get #starting(): number {
    return [...this.#held.values()].filter(({ runId }) => runId === null).length;
  }

  #sweep(): void {
    // What is held here is held, however late it is said: a computer that slept has lost nothing.
    const { backend } = this.#options;
    backend
      .renew([...this.#held.values()].map(({ claim }) => claim))
      .then(() => backend.sweep())
      .catch(this.#onError)
      .finally(() => this.#look());
  }

  /** A third of `visibility_timeout`: who misses two beats still holds what he has. */
  #beatLater(): void {
    const { clock, backend } = this.#options;
    const everyMs = Math.min(BEAT_MS, backend.rules.visibilityTimeoutMs / 3);
    this.#stopBeat = clock.setTimer(everyMs, () => {
      this.#catchUp();
      this.#beatLater();
    });
  }

  /** Does what could not be done before. */
  #catchUp(): void {
    for (const held of this.#held.values())
      if (held.step === null && held.failedStep !== null) this.#do(held, held.failedStep);
      else this.#follow(held);
    void this.#takeOver().catch(this.#onError);
    this.#sweep();
  }
}

const recordOf = (error: unknown): ErrorRecord => toErrorRecord(translateStoreError(error));
