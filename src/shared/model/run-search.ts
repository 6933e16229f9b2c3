import type { RunSummary } from './run.ts';

/** Where in a run a text was found: what it or a step was given, gave, printed, failed with; what a tool was called with; what a person said. */
export const FOUND_FIELDS = ['input', 'output', 'log', 'error', 'arguments', 'comment'] as const;
export type FoundField = (typeof FOUND_FIELDS)[number];

/** What stands around a hit; `found` in the case in which it stands there. */
export interface FoundExcerpt {
  readonly before: string;
  readonly found: string;
  readonly after: string;
}

/** One place of a run in which the text stands. */
export interface FoundPlace extends FoundExcerpt {
  readonly field: FoundField;
  /** The step; null = the run itself. */
  readonly path: string | null;
  /** The number of the log line; null = it stands in no log. */
  readonly line: number | null;
  /** UTC ms. */
  readonly at: number;
}

/** A run that holds the text. */
export interface FoundRun {
  readonly run: RunSummary;
  /** The first ones, in the order in which they happened. */
  readonly places: readonly FoundPlace[];
  /** It stands in more places of this run. */
  readonly isMore: boolean;
}

/** How the index stands: what is not in it yet is looked through all the same, which takes longer. */
export interface SearchIndexState {
  /** `rebuilding` = it was damaged, or is new, and is being filled. */
  readonly state: 'ready' | 'rebuilding';
  /** Runs of which something is not in it yet. */
  readonly waiting: number;
  /** Values so large that only their beginning is searched. */
  readonly cutValues: number;
}
