import { AppError } from '../../shared/errors.ts';
import type { RecordedExchange } from '../../shared/model/cassette.ts';
import type { RunState, StepRecord } from './run-state.ts';

/** An exchange of a recording: the step, and how many attempts of it had ended before. */
export interface Place {
  readonly path: string;
  readonly nth: number;
}

/** How many attempts of a step have come to an end of their own. */
export const endsOf = (record: StepRecord | undefined): number =>
  record?.attempts.filter(({ status }) => status === 'completed' || status === 'failed').length ?? 0;

const keyOf = ({ path, nth }: Place): string => `${nth} ${path}`;

interface Held extends Place {
  readonly at: number;
  readonly isCalledOff: boolean;
  /** A step that rests is asked again at each walk; of an attempt somebody awaits the answer. */
  readonly isRest: boolean;
  readonly go: () => void;
}

/** What else goes on in the run whose turns are given. */
export interface Surroundings {
  readonly state: RunState;
  /** Attempts that are being made, those that wait for their turn included. */
  readonly open: number;
  /** The next instant for which something of the run waits, UTC ms; null = for none, or it has to be waited for. */
  readonly wakeAt: number | null;
  /** Nothing begins: answers are given, and no time passes. */
  readonly isHeld: boolean;
}

/** What became of asking for the next turn. */
export type Turn =
  /** An answer was let go, or an instant counts as passed: the run is to be walked through again. */
  | 'given'
  /** Something else goes on, or nothing waits. */
  | 'none'
  /** All that is left are answers that nobody waited for in the recording, and no instant that would call them off. */
  | 'stuck';

/**
 * Gives the answers of a recording in the order in which they came, whatever is done at once, so that a replay decides between its lanes as
 * the run did; and lets the instants pass that the run waited for, once nothing else goes on. Invariants: (1) whose turn it is follows
 * from the fold of the run and who asks, so that it is the same after a crash; (2) whoever asks something that the recording has is
 * answered in the end, though the workflow that is replayed is another one by now.
 */
export class PlaybackTurns {
  /** Index in the order of the ends, by place. */
  readonly #index = new Map<string, number>();
  readonly #order: readonly (Place & { readonly isCalledOff: boolean })[];
  #next = 0;
  readonly #held = new Map<string, Held>();
  readonly #given = new Set<string>();
  readonly #passed = new Set<number>();
  /** Somebody waits for a turn who did not before. */
  onAsked: () => void = () => undefined;

  /** `exchanges` in the order in which they ended. */
  constructor(exchanges: readonly Pick<RecordedExchange, 'path' | 'answer'>[]) {
    const counts = new Map<string, number>();
    this.#order = exchanges.map(({ path, answer }, at) => {
      const nth = counts.get(path) ?? 0;
      counts.set(path, nth + 1);
      this.#index.set(keyOf({ path, nth }), at);
      return { path, nth, isCalledOff: answer.status === 'called_off' };
    });
  }

  /** Resolves when it is the turn of an attempt; rejects when it is called off before. */
  of(place: Place, signal: AbortSignal): Promise<void> {
    if (this.#given.has(keyOf(place))) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const cut = (): void => {
      this.#held.delete(keyOf(place));
      reject(new AppError('run.cancelled', 'The run was cancelled.'));
    };
    if (signal.aborted) cut();
    else {
      signal.addEventListener('abort', cut, { once: true });
      this.#hold(place, false, resolve);
    }
    return promise;
  }

  /** Whether it is the turn of a step that rests. */
  isOf(place: Place): boolean {
    if (this.#given.has(keyOf(place))) return true;
    if (!this.#held.has(keyOf(place))) this.#hold(place, true, () => undefined);
    return false;
  }

  /** Whether an instant counts as passed. */
  hasPassed(instant: number): boolean {
    return this.#passed.has(instant);
  }

  /** Whether a step that rests waits for its turn. */
  hasResting({ steps }: Pick<RunState, 'steps'>): boolean {
    for (const [key, { path, isRest }] of this.#held)
      if (isRest && steps.get(path)?.status !== 'waiting') this.#held.delete(key);
    return [...this.#held.values()].some(({ isRest }) => isRest);
  }

  /** Lets the next one go, or time pass. */
  give({ state, open, wakeAt, isHeld }: Surroundings): Turn {
    const due = this.#due(state);
    if (due !== undefined) return this.#letGo(due);
    const waiting = [...this.#held.values()];
    if (open > waiting.filter(({ isRest }) => !isRest).length) return 'none';
    const instant = isHeld ? null : wakeAt;
    if (instant !== null && !isDeadline(state, instant)) return this.#pass(instant);
    const [first] = waiting.filter(({ isCalledOff }) => !isCalledOff).sort((one, other) => one.at - other.at);
    if (first !== undefined) return this.#letGo(first);
    if (instant !== null) return this.#pass(instant);
    return waiting.length === 0 ? 'none' : 'stuck';
  }

  /** Lets go of what was called off in the recording: it is answered that it is not in it. */
  giveUp(): void {
    for (const one of [...this.#held.values()]) this.#letGo(one);
  }

  /** The one whose turn it is, where it has asked. */
  #due({ steps }: RunState): Held | undefined {
    for (; ; this.#next += 1) {
      const place = this.#order[this.#next];
      if (place === undefined) return undefined;
      const isOver = place.isCalledOff || endsOf(steps.get(place.path)) > place.nth;
      if (!isOver) return this.#held.get(keyOf(place));
    }
  }

  #hold(place: Place, isRest: boolean, go: () => void): void {
    const at = this.#index.get(keyOf(place)) ?? this.#order.length;
    const isCalledOff = this.#order[at]?.isCalledOff === true;
    this.#held.set(keyOf(place), { ...place, at, isCalledOff, isRest, go });
    this.onAsked();
  }

  #letGo(one: Held): 'given' {
    this.#held.delete(keyOf(one));
    this.#given.add(keyOf(one));
    one.go();
    return 'given';
  }

  #pass(instant: number): 'given' {
    this.#passed.add(instant);
    return 'given';
  }
}

/** Whether an instant is the last one of a block that is at work. */
const isDeadline = ({ steps }: RunState, instant: number): boolean =>
  [...steps.notPutAway()].some(({ block, status }) => status === 'running' && block?.deadlineAt === instant);
