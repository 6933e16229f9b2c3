import { AppError } from '../../../shared/errors.ts';
import type { ArmedTrigger, TriggerPart } from '../ports.ts';
import type { GoneAnswer } from './gone-files.ts';
import { TriggerWatch, type WatchOptions } from './trigger-watch.ts';
import type { WatchState } from './watch-state.ts';

/** A watch that runs, as it is shown. */
export interface RunningWatch {
  readonly triggerKey: string;
  /** The real absolute path that is watched; empty where it cannot be told. */
  readonly root: string;
  readonly state: WatchState;
}

/** The file watches of a project (SPEC §7.2): one for each armed trigger, begun and ended as triggers are armed and disarmed. */
export class WatchPart implements TriggerPart {
  readonly #options: WatchOptions & { readonly onBug: (error: unknown) => void };
  readonly #watches = new Map<string, TriggerWatch>();
  #working: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: WatchOptions & { readonly onBug: (error: unknown) => void }) {
    this.#options = options;
  }

  update(triggers: readonly ArmedTrigger[]): void {
    if (this.#isClosed) return;
    const wanted = new Map(triggers.map((trigger) => [trigger.key, trigger]));
    for (const [key, watch] of this.#watches) {
      const trigger = wanted.get(key);
      if (trigger?.definitionHash === watch.trigger.definitionHash) this.#do(watch.change(trigger));
      else {
        this.#watches.delete(key);
        this.#do(watch.close());
      }
    }
    for (const trigger of triggers) {
      if (this.#watches.has(trigger.key)) continue;
      const watch = new TriggerWatch(trigger, this.#options);
      this.#watches.set(trigger.key, watch);
      // The one that it replaces, if any, is closed by then.
      const before = this.#working;
      this.#do(before.then(() => watch.start()));
    }
  }

  /** The watches that run, by the keys of their triggers. */
  list(): readonly RunningWatch[] {
    return [...this.#watches.values()].map((watch) => ({
      triggerKey: watch.trigger.key,
      root: watch.root,
      state: watch.state(),
    }));
  }

  /** Takes a person's answer to the question of a watch. Errors: `trigger.not_found`, `run.illegal_state` where nothing is asked. */
  async answer(key: string, answer: GoneAnswer): Promise<void> {
    const watch = this.#watches.get(key);
    if (watch === undefined) throw new AppError('trigger.not_found', `No watch of this trigger runs: ${key}`);
    if (watch.state().status !== 'asking') {
      throw new AppError('run.illegal_state', 'This watch asks nothing.', { hint: 'Look at the list of watches.' });
    }
    await watch.answer(answer);
  }

  /** Resolves when all watches that were to begin or to end have done so. */
  async settled(): Promise<void> {
    await this.#working;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#working;
    await Promise.all([...this.#watches.values()].map((watch) => watch.close()));
    this.#watches.clear();
  }

  #do(work: Promise<void>): void {
    const done = work.catch(this.#options.onBug);
    this.#working = Promise.all([this.#working, done]).then(() => undefined);
  }
}
