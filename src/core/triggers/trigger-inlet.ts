import { AppError, toErrorRecord } from '../../shared/errors.ts';
import type { ChainLink } from '../../shared/model/run.ts';
import type { DeliveryCheck, DeliveryRecord, DeliveryState } from '../../shared/model/trigger.ts';
import type { DeliveryRepository, NewDelivery } from '../storage/index.ts';
import { pauseAt } from './pauses.ts';
import type { ArmedTrigger, StartFromTrigger, TriggerStart } from './ports.ts';
import { runDataOf } from './webhook/delivery-row.ts';

/** How deep starts may cause each other, and how soon the same workflow in one chain is taken for a loop (SPEC §7.1 "chain"). */
const MOST_LINKS = 8;
const LOOP_MS = 60_000;
const KEPT_BODIES_MS = 30 * 86_400_000;
/** So many share their commits where many were left over. */
const RECOVERED_AT_ONCE = 16;

/** A delivery, stored or about to be. */
type Came = Omit<DeliveryRecord, 'runId' | 'bodyBytes'>;
type BodyOf = () => Uint8Array | null;

/** The runs that wait for what comes at a webhook (SPEC §1.4 `wait`). */
export interface EventWaits {
  /** A run of the workflow that waits for it, and goes on with it instead of another being started; null = none does. */
  readonly takerOf: (workflowId: string, came: Came, body: BodyOf) => Promise<string | null>;
  /** It is stored: whoever waits for it goes on. */
  readonly tell: (came: Came, body: BodyOf) => void;
}

/** What the inlet is made of. */
export interface InletOptions {
  readonly deliveries: DeliveryRepository;
  readonly start: StartFromTrigger;
  /** The armed trigger of a key; null = it is not armed any more. */
  readonly armed: (key: string) => ArmedTrigger | null;
  /** Hears of each start: the run, or null for one that failed. */
  readonly noteStart: (key: string, runId: string | null) => void;
  /** Pauses a trigger for good, with the reason that is shown. */
  readonly pause: (key: string, reason: string) => void;
  readonly now: () => number;
  /** The runs that wait for what comes. */
  readonly waits: EventWaits;
  /** Hears of it when deliveries were stored or came to an end. */
  readonly onChange: () => void;
}

/** What a person wants otherwise when a delivery is played again. */
type Instead = Pick<TriggerStart, 'versionHash' | 'inputs' | 'actor'>;

/** What became of a start. */
interface StartEnd {
  readonly state: DeliveryState;
  readonly reason: string | null;
  readonly runId: string | null;
  /** A run that waited has it: none was started. */
  readonly isTaken: boolean;
}

interface Waiting {
  readonly delivery: NewDelivery;
  readonly stored: PromiseWithResolvers<void>;
  readonly alongside: (() => void) | null;
}

/**
 * The one way of everything that comes, from a webhook, a file or an event, to a run. Invariants: (1) what came is stored with its
 * verdict before anybody hears that it was taken; (2) a stored delivery starts one run at most, for the delivery is the start's key;
 * (3) what was stored and not started when the engine died is started by `recover`.
 */
export class TriggerInlet {
  readonly #options: InletOptions;
  #waiting: Waiting[] = [];
  #ends: { readonly write: () => void; readonly written: PromiseWithResolvers<void> }[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #isClosed = false;

  constructor(options: InletOptions) {
    this.#options = options;
  }

  /**
   * Stores a delivery, with what is to be written `alongside`; those of one turn share a commit. Errors: `store.busy`, `file.disk_full`;
   * then nothing of it is stored. `engine.stopped` once it is closed.
   */
  async receive(delivery: NewDelivery, alongside: (() => void) | null = null): Promise<void> {
    if (this.#isClosed) throw new AppError('engine.stopped', 'The app is closing: nothing new is taken.');
    const stored = Promise.withResolvers<void>();
    if (this.#waiting.push({ delivery, stored, alongside }) === 1) setImmediate(() => this.#store());
    await this.#during(stored.promise);
  }

  /** `close` waits for it. */
  #during(work: Promise<void>): Promise<void> {
    const done = work.finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
    return done;
  }

  /**
   * Starts the run of a stored delivery, `instead` by a person, with another version or other inputs than the trigger's. Never rejects: what stands
   * in the way is the delivery's end.
   */
  start(id: string, instead: Instead = {}): Promise<void> {
    return this.#during(this.#start(id, instead));
  }

  /** The run that a delivery of a webhook lets go on instead of starting one; null = it starts one. */
  takerOf(workflowId: string, delivery: NewDelivery): Promise<string | null> {
    return this.#options.waits.takerOf(workflowId, delivery, () => delivery.body);
  }

  /** Stores and starts. Errors: those of `receive`. */
  async take(delivery: NewDelivery, instead: Instead = {}): Promise<void> {
    await this.receive(delivery);
    if (delivery.state === 'received') await this.start(delivery.id, instead);
  }

  /** Bodies go after 30 days; the rows stay (SPEC §7.3). */
  forgetBodies(): void {
    this.#options.deliveries.dropBodies(this.#options.now() - KEPT_BODIES_MS);
  }

  /** Goes on with what an earlier engine stored and did not start. */
  async recover(): Promise<void> {
    const ids = this.#options.deliveries.open();
    for (let at = 0; at < ids.length && !this.#isClosed; at += RECOVERED_AT_ONCE)
      await Promise.all(ids.slice(at, at + RECOVERED_AT_ONCE).map((id) => this.start(id)));
  }

  /** Nothing is taken or started any more; resolves when nothing is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#underWay);
  }

  #store(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      const alongside = waiting.map((one) => one.alongside).filter((write) => write !== null);
      this.#options.deliveries.add(
        waiting.map(({ delivery }) => delivery),
        alongside,
      );
      for (const { stored } of waiting) stored.resolve();
    } catch (error) {
      for (const { stored } of waiting) stored.reject(error);
      return;
    }
    this.#options.onChange();
  }

  /** Ends of one turn share a commit. */
  #write(write: () => void): Promise<void> {
    const written = Promise.withResolvers<void>();
    if (this.#ends.push({ write, written }) === 1) setImmediate(() => this.#writeEnds());
    return written.promise;
  }

  #writeEnds(): void {
    const ends = this.#ends;
    this.#ends = [];
    try {
      this.#options.deliveries.together(() => {
        for (const { write } of ends) write();
      });
      for (const { written } of ends) written.resolve();
    } catch (error) {
      for (const { written } of ends) written.reject(error);
    }
  }

  async #start(id: string, instead: Instead): Promise<void> {
    const { deliveries, noteStart, onChange } = this.#options;
    const delivery = deliveries.find(id);
    if (this.#isClosed || delivery?.state !== 'received') return;
    const end = await this.#begin(delivery, instead);
    if (end === null) return;
    const check: DeliveryCheck = { name: 'start', isPassed: end.state === 'started', detail: end.reason ?? '' };
    // Where that cannot be written the next engine begins it again, and is given the same run.
    await this.#write(() => {
      if (delivery.triggerKey !== null && end.state !== 'ignored' && !end.isTaken)
        noteStart(delivery.triggerKey, end.runId);
      const { state, reason, runId } = end;
      deliveries.settle(id, { state, reason, runId, checks: [...delivery.checks, check] });
    });
    if (delivery.kind === 'webhook' && end.state !== 'ignored')
      this.#options.waits.tell(delivery, () => deliveries.body(id));
    onChange();
  }

  /** Starts the run and says what became of it; null = the engine is going, the next one goes on with it. */
  async #begin(delivery: DeliveryRecord, instead: Instead): Promise<StartEnd | null> {
    try {
      const trigger = this.#armedOf(delivery);
      const pause = pauseAt(trigger.pauses, this.#options.now());
      if (pause !== null) return { state: 'ignored', reason: pause.reason, runId: null, isTaken: false };
      const taker = instead.actor === undefined ? await this.#takerOf(trigger, delivery) : null;
      if (taker !== null) return { state: 'started', reason: 'A run waited for it.', runId: taker, isTaken: true };
      this.#refuseLoop(trigger, delivery.chain);
      const { runId } = await this.#options.start({
        trigger,
        startKey: `delivery:${delivery.id}`,
        at: delivery.receivedAt,
        data: runDataOf(delivery, () => this.#options.deliveries.body(delivery.id)),
        chain: delivery.chain,
        ...instead,
      });
      return { state: 'started', reason: null, runId, isTaken: false };
    } catch (error) {
      const { code, message } = toErrorRecord(error);
      return code === 'engine.stopped' ? null : { state: 'failed', reason: message, runId: null, isTaken: false };
    }
  }

  #takerOf({ workflowId }: ArmedTrigger, delivery: DeliveryRecord): Promise<string | null> | null {
    const { waits, deliveries } = this.#options;
    return delivery.kind === 'webhook' ? waits.takerOf(workflowId, delivery, () => deliveries.body(delivery.id)) : null;
  }

  #armedOf({ triggerKey }: DeliveryRecord): ArmedTrigger {
    const trigger = triggerKey === null ? null : this.#options.armed(triggerKey);
    if (trigger !== null) return trigger;
    throw new AppError('trigger.not_armed', 'The trigger is not armed.', {
      hint: 'Arm it, then play the delivery again.',
    });
  }

  #refuseLoop(trigger: ArmedTrigger, chain: readonly ChainLink[]): void {
    const before = chain.findLast(({ workflowId }) => workflowId === trigger.workflowId);
    if (before !== undefined && this.#options.now() - before.at < LOOP_MS) {
      const names = [...chain.slice(chain.indexOf(before)).map(({ workflowId }) => workflowId), trigger.workflowId];
      const reason = `It starts itself over others: ${names.join(' -> ')}.`;
      const keys = new Set([trigger.key, ...chain.slice(chain.indexOf(before)).map(({ triggerKey }) => triggerKey)]);
      for (const key of keys) if (key !== null) this.#options.pause(key, reason);
      throw new AppError('trigger.chain', reason, {
        hint: 'Both triggers are paused. Change one of them, then go on.',
      });
    }
    if (chain.length >= MOST_LINKS)
      throw new AppError('trigger.chain', `Starts caused each other more than ${MOST_LINKS} deep.`);
  }
}
