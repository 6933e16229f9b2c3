/** A question that only a person can answer: so many files gone at once are either deleted or not reachable. */
export interface GoneQuestion {
  readonly gone: number;
  readonly known: number;
  /** The first ten of them, relative to the root. */
  readonly examples: readonly string[];
}

/**
 * What a watch does: `unavailable` = its root cannot be seen, nothing is told and nothing is forgotten; `asking` = nothing is told until
 * the question is answered; `held` = what happens is kept until the watch is released.
 */
export type WatchStatus = 'starting' | 'watching' | 'unavailable' | 'asking' | 'held' | 'closed';

/** A watch as it is shown. Sentences are for operators. */
export interface WatchState {
  readonly status: WatchStatus;
  readonly reason: string | null;
  readonly question: GoneQuestion | null;
  readonly files: number;
  /** Files in which something happened that is not told yet. */
  readonly waiting: number;
  readonly notices: readonly string[];
}
