import { AppError } from '../../shared/errors.ts';
import { errnoOf } from '../files/index.ts';
import type { Leftover, Leftovers } from '../storage/index.ts';
import type { VersionWatch } from './held-versions.ts';
import type { ProjectHost } from './project-host.ts';

interface SweepOptions {
  readonly leftovers: Leftovers;
  readonly host: Pick<ProjectHost, 'deleteRunFiles' | 'retireVersion'>;
  /** Takes a run out of what is kept beside the store: the index of the search, its execution log. */
  readonly forget: (runId: string) => Promise<void>;
  /** Whether a run of this version is about to be started. */
  readonly isHeld: (versionHash: string) => boolean;
  /** Notes which versions are about to be started, or sent for, from now on. */
  readonly watch: () => VersionWatch;
  /** Versions that messages on servers of queues need; null = that cannot be asked now. */
  readonly onServers: () => Promise<ReadonlySet<string> | null>;
}

/** How much is looked at in one sweep, and after how many files the engine's thread is given away. */
const SWEEP_LIMIT = 10_000;
const FILES_A_TURN = 100;

/**
 * Removes what deleted runs have left (SPEC §9): their words in the index of the search, their logs and folders, values that no other event holds, versions that no other run names.
 * One sweep at a time. What cannot be removed now stays written down for the next deletion or start.
 */
export class LeftoverSweep {
  readonly #options: SweepOptions;
  #last: Promise<void> = Promise.resolve();

  constructor(options: SweepOptions) {
    this.#options = options;
  }

  /** Resolves when everything that was left before the call has been looked at. Rejects for bugs only. */
  sweep(): Promise<void> {
    this.#last = this.#last.catch(() => undefined).then(() => this.#sweep());
    return this.#last;
  }

  /** Resolves when no sweep is under way. */
  async idle(): Promise<void> {
    await this.#last.catch(() => undefined);
  }

  async #sweep(): Promise<void> {
    const { leftovers, watch, onServers, isHeld } = this.#options;
    const left = leftovers.list(SWEEP_LIMIT);
    // Before it is asked: what is sent from here meanwhile the answer may not hold.
    const sent = watch();
    try {
      const needed = left.some(({ kind }) => kind === 'version') ? await onServers() : null;
      await this.#removeAll(left, (hash) => isHeld(hash) || sent.has(hash) || needed === null || needed.has(hash));
    } finally {
      sent.stop();
    }
  }

  async #removeAll(left: readonly Leftover[], isKept: (versionHash: string) => boolean): Promise<void> {
    let files = 0;
    for (const leftover of left) {
      try {
        await this.#remove(leftover, isKept);
      } catch (error) {
        // The system does not let go of a file, or another program has the index: next time.
        if (errnoOf(error) === '' && !(error instanceof AppError)) throw error;
      }
      files += 1;
      if (files % FILES_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async #remove(leftover: Leftover, isKept: (versionHash: string) => boolean): Promise<void> {
    const { leftovers, host, forget } = this.#options;
    const { kind, name } = leftover;
    if (kind === 'blob') return leftovers.removeBlob(name);
    if (kind === 'run' && !leftovers.isUsed(leftover)) {
      await forget(name);
      await host.deleteRunFiles(name);
    }
    if (kind === 'version') {
      if (isKept(name)) return;
      await host.retireVersion(name, () => {
        if (isKept(name) || leftovers.isUsed(leftover)) return false;
        leftovers.dropVersion(name);
        return true;
      });
      if (isKept(name)) return;
    }
    leftovers.strike(leftover);
  }
}
