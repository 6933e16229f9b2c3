import type { TriggerKind } from '../../shared/model/trigger.ts';
import type { Clock } from '../time/index.ts';
import type { TriggerPart } from './ports.ts';
import type { TriggerInlet } from './trigger-inlet.ts';
import type { TriggerRegistry } from './trigger-registry.ts';

/** How often it is looked whether what is written has changed. */
const LOOK_MS = 15_000;
const FORGET_MS = 3_600_000;

/** What the host is made of; a kind without a part starts nothing. */
export interface TriggerHostOptions {
  readonly registry: TriggerRegistry;
  readonly inlet: TriggerInlet;
  readonly parts: Readonly<Partial<Record<TriggerKind, TriggerPart>>>;
  readonly clock: Clock;
  readonly onBug: (error: unknown) => void;
}

/**
 * What makes triggers act: one per project, in the process that holds it. Its parts hear which triggers are armed whenever that changes.
 */
export class TriggerHost {
  readonly #options: TriggerHostOptions;
  #stopTimer: (() => void) | null = null;
  #stopForgetting: (() => void) | null = null;
  #stopPause: (() => void) | null = null;
  #isClosed = false;

  constructor(options: TriggerHostOptions) {
    this.#options = options;
  }

  /** Reads the triggers, lets the parts begin, and goes on with stored deliveries, however many there are, beside them. */
  async open(): Promise<void> {
    const { registry, inlet, onBug } = this.#options;
    await registry.refresh();
    if (this.#isClosed) return;
    inlet.recover().catch(onBug);
    this.#forgetBodies();
    this.update();
    this.#lookLater();
  }

  /** Tells every part which triggers of its kind are armed. */
  update(): void {
    if (this.#isClosed) return;
    const armed = this.#options.registry.armed();
    for (const [kind, part] of Object.entries(this.#options.parts))
      part.update(armed.filter((one) => one.kind === kind));
    this.#waitForPauses();
  }

  /** A pause that has ended is taken off, after the parts were told of it: what was planned while it stood is in the ledger then. */
  #waitForPauses(): void {
    const { clock, registry, onBug } = this.#options;
    this.#stopPause?.();
    this.#stopPause = null;
    const end = registry.nextPauseEnd();
    if (end === null) return;
    const left = end - clock.now();
    if (left > 0) {
      // A timer of the machine stands still while it sleeps: it is looked again with the files, too.
      this.#stopPause = clock.setTimer(left, () => this.update());
      return;
    }
    try {
      registry.endPauses();
    } catch (error) {
      // The store takes nothing now; it is tried again with the next look.
      onBug(error);
    }
  }

  /** See {@link TriggerPart.close}; registry and inlet are their owner's to close. */
  async close(quitBy: string | null = null): Promise<void> {
    this.#isClosed = true;
    this.#stopTimer?.();
    this.#stopForgetting?.();
    this.#stopPause?.();
    await Promise.all(Object.values(this.#options.parts).map((part) => part.close(quitBy)));
  }

  /** Now and every hour. */
  #forgetBodies(): void {
    const { clock, inlet, onBug } = this.#options;
    try {
      inlet.forgetBodies();
    } catch (error) {
      // The next hour comes.
      onBug(error);
    }
    this.#stopForgetting = clock.setTimer(FORGET_MS, () => this.#forgetBodies());
  }

  #lookLater(): void {
    if (this.#isClosed) return;
    const { clock, registry, onBug } = this.#options;
    this.#stopTimer = clock.setTimer(LOOK_MS, () => {
      registry
        .refresh()
        .catch((error: unknown) => {
          if (!this.#isClosed) onBug(error);
        })
        .finally(() => {
          if ((registry.nextPauseEnd() ?? Infinity) <= clock.now()) this.update();
          this.#lookLater();
        });
    });
  }
}
