import { z } from 'zod';
import { operation } from './operation.ts';

/** A file watch as it runs (SPEC §7.2). Sentences are for operators. */
export interface WatchSummary {
  readonly triggerKey: string;
  /** The real absolute path that is watched; empty where it cannot be told. */
  readonly root: string;
  /**
   * `unavailable` = the folder cannot be seen, nothing is told and nothing forgotten; `asking` = nothing is told until the question is
   * answered; `held` = what happens is kept until a paused trigger goes on.
   */
  readonly status: 'starting' | 'watching' | 'unavailable' | 'asking' | 'held' | 'closed';
  readonly reason: string | null;
  /** So many files gone at once are either deleted or not reachable; `examples` are the first ten, relative to the root. */
  readonly question: { readonly gone: number; readonly known: number; readonly examples: readonly string[] } | null;
  readonly files: number;
  /** Files in which something happened that is not told yet. */
  readonly waiting: number;
  /** Which parts are polled and why, and what else is to be said. */
  readonly notices: readonly string[];
}

export const watchOperations = {
  /** The watches that run in the process that holds the project. */
  'watches.list': operation<{ readonly watches: readonly WatchSummary[] }>()(z.strictObject({}), 'workflow:read'),
  /** Answers the question of a watch: the files are gone for good, or they will be back and are to be kept as known. */
  'watches.answer': operation<null>()(
    z.strictObject({ trigger: z.string().min(1).max(400), answer: z.enum(['gone', 'keep']) }),
    'config:manage',
    'config.changed',
  ),
} as const;
