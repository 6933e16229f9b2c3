import { z } from 'zod';
import { workflowRefField } from './fields.ts';
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

const patternsField = z.array(z.string().min(1).max(1000)).max(100);

/** What can be done about file watches. */
export const watchOperations = {
  /** The watches that run in the process that holds the project. */
  'watches.list': operation<{ readonly watches: readonly WatchSummary[] }>()(z.strictObject({}), 'workflow:read'),
  /**
   * Arms a watch that is written nowhere, by whoever asks for it, until `watches.close` or the end of the process that holds the project. The
   * path is absolute. What is there already starts nothing; inputs are those of the workflow's own file trigger.
   */
  'watches.open': operation<WatchSummary>()(
    z.strictObject({
      workflow: workflowRefField,
      path: z.string().min(1).max(4096),
      patterns: patternsField.default(['*']),
      ignore: patternsField.default([]),
      recursive: z.boolean().default(true),
      debounceSeconds: z.number().min(0).max(86_400).default(1),
    }),
    'config:manage',
    'config.changed',
  ),
  /** Ends a watch that `watches.open` began; one that is written somewhere is switched off by `triggers.disarm`. */
  'watches.close': operation<null>()(
    z.strictObject({ trigger: z.string().min(1).max(400) }),
    'config:manage',
    'config.changed',
  ),
  /** Answers the question of a watch: the files are gone for good, or they will be back and are to be kept as known. */
  'watches.answer': operation<null>()(
    z.strictObject({ trigger: z.string().min(1).max(400), answer: z.enum(['gone', 'keep']) }),
    'config:manage',
    'config.changed',
  ),
} as const;
