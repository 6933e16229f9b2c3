import { join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import type { NewDelivery, WatchedFileRepository } from '../../storage/index.ts';
import type { Clock } from '../../time/index.ts';
import { pauseAt, type TriggerPause } from '../pauses.ts';
import type { ArmedTrigger } from '../ports.ts';
import type { TriggerInlet } from '../trigger-inlet.ts';
import { toDelivery } from './file-delivery.ts';
import type { FileEvent, TakenWord } from './file-event.ts';
import { FileWatch } from './file-watch.ts';
import type { GoneAnswer } from './gone-files.ts';
import type { HintSource } from './hint-source.ts';
import { readWatchRules, resolveWatchRoot, type WatchPlace, type WatchRules } from './read-watch-rules.ts';
import { StartGuard } from './start-guard.ts';
import { cursorOf } from './watch-cursor.ts';
import type { WatchState } from './watch-state.ts';
import type { FileWriter, FindWriter } from './written-files.ts';

/** What the watches of a project are made of. */
export interface WatchOptions {
  readonly place: WatchPlace;
  readonly files: WatchedFileRepository;
  readonly inlet: Pick<TriggerInlet, 'receive' | 'start'>;
  readonly findWriter: FindWriter;
  readonly hints: HintSource;
  /** Whether a folder lies on a network file system. */
  readonly isNetwork: (path: string) => Promise<boolean>;
  readonly clock: Clock;
  /** 32 hex digits, another one each time. */
  readonly newId: () => string;
  /** What keeps the watch from its work, as a sentence; null = nothing. */
  readonly notice: (key: string, notice: string | null) => void;
  /** Pauses the trigger until a person lets it go on. */
  readonly pause: (key: string, reason: string) => void;
  /** Hears after the state of a watch has changed. */
  readonly onChange: () => void;
}

const LOOP_REASON =
  "It started 10 runs within 60 seconds, so it was paused. What happens meanwhile is kept and starts runs when you let it go on. For many files at once write 'batch: true'.";

const INVALID: WatchState = {
  status: 'unavailable',
  reason: null,
  question: null,
  files: 0,
  waiting: 0,
  notices: [],
};

/**
 * The watch of one armed trigger. Invariants: (1) a delivery and what the cursor learns with it are one commit; (2) while a guard has
 * paused the trigger nothing is taken, so nothing is lost; (3) files that runs of its own workflow wrote start nothing.
 */
export class TriggerWatch {
  readonly #options: WatchOptions;
  readonly #guard = new StartGuard();
  #trigger: ArmedTrigger;
  #root = '';
  #path = '.';
  #isBatch = false;
  #watch: FileWatch | null = null;
  #problem: string | null = null;
  #isClosed = false;

  constructor(trigger: ArmedTrigger, options: WatchOptions) {
    this.#trigger = trigger;
    this.#options = options;
  }

  get trigger(): ArmedTrigger {
    return this.#trigger;
  }

  /** The real absolute path that is watched; empty while it cannot be told. */
  get root(): string {
    return this.#root;
  }

  state(): WatchState {
    return this.#watch?.state() ?? { ...INVALID, reason: this.#problem };
  }

  /** Never rejects: what stands in the way is the watch's notice. One that is closed by then does not begin. */
  async start(): Promise<void> {
    if (this.#isClosed) return;
    try {
      const rules = readWatchRules(this.#trigger.config);
      this.#path = rules.path;
      this.#isBatch = rules.isBatch;
      this.#root = await resolveWatchRoot(this.#options.place, rules.path);
      if (this.#isClosed) return;
      this.#watch = this.#createWatch(rules);
      await this.#watch.start();
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      this.#problem = thrown.message;
      if (this.#isClosed) return;
      this.#options.notice(this.#trigger.key, thrown.message);
    }
  }

  /** The trigger as it is by now, with the same definition. */
  async change(trigger: ArmedTrigger): Promise<void> {
    const wasHeld = this.#isHeld();
    this.#trigger = trigger;
    if (!wasHeld || this.#isHeld() || this.#watch === null) return;
    this.#guard.excuse(this.#watch.state().waiting);
    await this.#watch.release();
  }

  /** A person's answer to the question of the watch; without one it changes nothing. */
  async answer(answer: GoneAnswer): Promise<void> {
    await this.#watch?.answer(answer);
  }

  /** Looks at the whole tree once more. */
  async rescan(): Promise<void> {
    await this.#watch?.rescan();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#watch?.close();
    this.#options.notice(this.#trigger.key, null);
  }

  #createWatch({ filter, events, debounceMs, isBatch, catchesUp }: WatchRules): FileWatch {
    const { files, clock, hints, isNetwork, notice, onChange } = this.#options;
    const { key, definitionHash } = this.#trigger;
    return new FileWatch({
      ...{ root: this.#root, filter, events, debounceMs, isBatch, catchesUp, clock, hints, isNetwork },
      cursor: cursorOf(files, { key, definitionHash }),
      sink: { take: (taken) => this.#take(taken) },
      onState: ({ status, reason }) => {
        if (status !== 'starting') notice(key, status === 'unavailable' || status === 'asking' ? reason : null);
        onChange();
      },
    });
  }

  #pause(): TriggerPause | null {
    return pauseAt(this.#trigger.pauses, this.#options.clock.now());
  }

  /** What a person paused is recorded and starts nothing; what a guard paused is not taken at all. */
  #isHeld(): boolean {
    const pause = this.#pause();
    return pause !== null && !pause.isOfAll && pause.by === 'system';
  }

  async #take(events: readonly FileEvent[]): Promise<TakenWord> {
    if (this.#isHeld()) return 'held';
    const writers = new Map(events.map((event) => [event, this.#writerOf(event)]));
    const isOwn = (event: FileEvent): boolean => writers.get(event)?.workflowId === this.#trigger.workflowId;
    const others = events.filter((event) => !isOwn(event));
    for (const event of events.filter(isOwn)) {
      const runId = writers.get(event)?.runId ?? '';
      await this.#receive([event], null, `A run of this workflow wrote it: ${runId}.`);
    }
    if (others.length === 0) return 'taken';
    const writer = others.map((event) => writers.get(event) ?? null).find((one) => one !== null) ?? null;
    const { id } = await this.#receive(others, writer, null);
    const isCounted = this.#pause() === null;
    await this.#options.inlet.start(id);
    if (isCounted && this.#guard.count(this.#options.clock.now())) {
      this.#options.pause(this.#trigger.key, LOOP_REASON);
    }
    return 'taken';
  }

  #writerOf({ type, path, hash }: FileEvent): FileWriter | null {
    return type === 'deleted' || hash === null ? null : this.#options.findWriter(join(this.#root, path), hash);
  }

  async #receive(
    events: readonly FileEvent[],
    writer: FileWriter | null,
    ignored: string | null,
  ): Promise<NewDelivery> {
    const { files, inlet, newId, clock } = this.#options;
    const { key } = this.#trigger;
    const place = { triggerKey: key, endpoint: this.#path, root: this.#root, isBatch: this.#isBatch };
    const delivery = toDelivery({ id: newId(), ...place, events, receivedAt: clock.now(), writer, ignored });
    await inlet.receive(delivery, () => {
      for (const { cursor } of events) files.write(key, cursor);
    });
    return delivery;
  }
}
