import { toErrorRecord } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { RunCreated } from '../../shared/model/events.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import type { DeliveryCheck } from '../../shared/model/trigger.ts';
import { sha256Hex } from '../crypto/index.ts';
import type { DeliveryRepository, EventReader, NewDelivery, ReadEvent, TriggerRepository } from '../storage/index.ts';
import type { Clock } from '../time/index.ts';
import { evaluateCondition, scopeOf } from '../workflow/index.ts';
import { chainAfter } from './chain.ts';
import { NAMED_FROM, type NamedEvent, nameEvent } from './event-names.ts';
import type { ArmedTrigger, TriggerPart } from './ports.ts';
import type { TriggerInlet } from './trigger-inlet.ts';

/** What the feed is made of. */
export interface EventFeedOptions {
  readonly events: EventReader;
  readonly rows: TriggerRepository;
  readonly deliveries: DeliveryRepository;
  readonly runs: {
    readonly find: (runId: string) => RunSummary | null;
    readonly created: (runId: string) => RunCreated;
  };
  readonly inlet: TriggerInlet;
  /** The position of the newest durable event. */
  readonly newest: () => number;
  readonly clock: Clock;
  readonly onBug: (error: unknown) => void;
}

const CURSOR = 'event-triggers';
/** So many positions are read again after a crash at most, beside those that always are. */
const KEPT_EVERY = 1000;
/** A commit may become durable after a later one; so many positions before the cursor are looked at again. */
const LOOKED_AGAIN = 2_000;
const PAGE = 500;
/** Whoever commits tells of it; a hint that was lost is made good by the next look. */
const LOOK_MS = 10_000;

/**
 * Starts what `event` triggers wait for: it reads the committed journal from its own place, so that nothing is lost when it was not
 * running and nothing starts twice, for a delivery's id follows from the event and the trigger.
 */
export class EventFeed implements TriggerPart {
  readonly #options: EventFeedOptions;
  #triggers: readonly ArmedTrigger[] = [];
  #reading: Promise<void> | null = null;
  #isAsked = false;
  #isClosed = false;
  #stopTimer: (() => void) | null = null;

  /** Up to here this process has read. */
  #readTo: number | null = null;

  constructor(options: EventFeedOptions) {
    this.#options = options;
  }

  update(triggers: readonly ArmedTrigger[]): void {
    this.#triggers = triggers;
    this.wake();
  }

  /** Something was committed. A hint: it is read from the journal. */
  wake(): void {
    this.#isAsked = true;
    if (this.#isClosed || this.#reading !== null) return;
    this.#reading = this.#readOn()
      .catch(this.#options.onBug)
      .finally(() => {
        this.#reading = null;
        this.#lookLater();
      });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTimer?.();
    await this.#reading;
    try {
      this.#keepPlace(0);
    } catch {
      // A full disk: more is read again, that is all.
    }
  }

  #lookLater(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    if (this.#isClosed) return;
    if (this.#isAsked) this.wake();
    else if (this.#triggers.length > 0) this.#stopTimer = this.#options.clock.setTimer(LOOK_MS, () => this.wake());
  }

  async #readOn(): Promise<void> {
    const { rows, events, newest } = this.#options;
    this.#isAsked = false;
    const until = newest();
    // With nobody to tell, the place moves on by itself; and what was before the first trigger concerns none.
    const cursor = this.#readTo ?? rows.cursor(CURSOR);
    if (this.#triggers.length > 0 && cursor !== null) {
      let after = Math.max(0, cursor - LOOKED_AGAIN);
      for (;;) {
        const page = events.read(after, { types: NAMED_FROM, limit: PAGE });
        for (const one of page) await this.#tell(one);
        const last = page.at(-1);
        if (last === undefined || this.#isClosed) break;
        after = last.stored.position;
      }
    }
    if (this.#isClosed) return;
    this.#readTo = until;
    // Until a place is kept, another process would not know that anything is to be read.
    this.#keepPlace(cursor === null ? 0 : KEPT_EVERY);
  }

  /**
   * Keeps the place once it has moved so far: each time would be a sync of the disk for every commit of a run. What lies between is read
   * again after a crash, and known by its ids.
   */
  #keepPlace(distance: number): void {
    const { rows } = this.#options;
    if (this.#readTo === null) return;
    const kept = rows.cursor(CURSOR);
    if (kept === this.#readTo || (kept !== null && this.#readTo - kept < distance)) return;
    rows.moveCursor(CURSOR, this.#readTo);
  }

  async #tell({ runId, stored }: ReadEvent): Promise<void> {
    const run = this.#options.runs.find(runId);
    // A run that a step of another started is that run's own business, and a replay has done nothing.
    const created = run === null ? null : this.#options.runs.created(runId);
    const named =
      run === null || created?.parentRunId != null || run.trigger === 'replay' ? null : nameEvent(stored.event, run);
    if (run === null || created === null || named === null) return;
    for (const trigger of this.#triggers) {
      if (trigger.config.name !== named.name || stored.at < trigger.consent.at) continue;
      const id = sha256Hex(`${trigger.key}\n${stored.position}`).slice(0, 32);
      if (this.#options.deliveries.find(id) !== null) continue;
      const chain = chainAfter({ runId, at: run.createdAt }, created);
      await this.#options.inlet.take({
        ...this.#delivery(trigger, named),
        id,
        externalId: String(stored.position),
        chain,
      });
    }
  }

  #delivery(trigger: ArmedTrigger, { name, payload }: NamedEvent): Omit<NewDelivery, 'id' | 'externalId' | 'chain'> {
    const { match } = trigger.config;
    const data = { event: name, payload };
    const problem = match === undefined ? null : this.#mismatch(match, data);
    const checks: readonly DeliveryCheck[] = [
      { name: 'event', isPassed: true, detail: name },
      ...(match === undefined
        ? []
        : [{ name: 'match' as const, isPassed: problem === null, detail: problem ?? String(match) }]),
    ];
    return {
      ...{ kind: 'event' as const, triggerKey: trigger.key, endpoint: name, event: name, verdict: 'none' },
      receivedAt: this.#options.clock.now(),
      sourceIp: null,
      method: null,
      title: `${String(payload.workflow_name)} ${String(payload.run_id)}`,
      state: problem === null ? 'received' : 'ignored',
      reason: problem,
      headers: [],
      body: null,
      bodyHash: null,
      data,
      checks,
    };
  }

  /** Why the condition of a trigger keeps it from starting; null = it does not. */
  #mismatch(match: unknown, data: { readonly event: string; readonly payload: JsonMap }): string | null {
    const condition = typeof match === 'boolean' ? match : String(match);
    const scope = scopeOf({ ...data.payload, trigger: { type: 'event', ...data } });
    try {
      const { value, unknown, warnings } = evaluateCondition(condition, scope, { now: this.#options.clock.now() });
      if (value) return null;
      return unknown
        ? `Its condition hangs on what is not there: ${warnings[0]?.message ?? condition}`
        : `It does not meet the condition ${condition}`;
    } catch (error) {
      return `Its condition cannot be evaluated: ${toErrorRecord(error).message}`;
    }
  }
}
