import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';

/** Those events of a run that have these numbers, which ascend. */
export type EventReader = (seqs: readonly number[]) => readonly StoredEvent<RunEvent>[];

/**
 * What the turns of loops gave that are through, by the event that says it. It is kept until that event stands in the journal; from then on
 * whoever asks gets it from there, so that the memory of a loop does not grow by what its items give. Without a journal all is kept.
 */
export class SettledOutputs {
  readonly #kept = new Map<number, Json>();
  #read: EventReader | null = null;
  #written = 0;

  /** From now on what is written is read from there. */
  readFrom(read: EventReader): void {
    this.#read = read;
  }

  /** The journal holds all events up to this one. */
  written(seq: number): void {
    this.#written = Math.max(this.#written, seq);
    if (this.#read === null) return;
    for (const one of this.#kept.keys()) if (one <= seq) this.#kept.delete(one);
  }

  put(seq: number, output: Json): void {
    if (this.#read === null || seq > this.#written) this.#kept.set(seq, output);
  }

  /** `store.corrupt` when its event is damaged. */
  get(seq: number): Json {
    return this.all([seq]).get(seq) ?? null;
  }

  /** Several in one pass over the journal. `store.corrupt` when an event is damaged. */
  all(seqs: readonly number[]): ReadonlyMap<number, Json> {
    const found = new Map<number, Json>();
    const away: number[] = [];
    for (const seq of seqs) {
      const output = this.#kept.get(seq);
      if (output === undefined) away.push(seq);
      else found.set(seq, output);
    }
    if (away.length === 0) return found;
    away.sort((one, other) => one - other);
    for (const { seq, event } of this.#read?.(away) ?? [])
      if (event.type === 'step.completed' || event.type === 'frame.ended') found.set(seq, event.output);
    if (found.size === new Set(seqs).size) return found;
    throw new AppError('store.corrupt', 'The journal of this run lacks what a turn of its loop gave.', {
      hint: 'Restore the state folder from a backup.',
    });
  }
}
