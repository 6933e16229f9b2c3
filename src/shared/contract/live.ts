import type { LoopState, RunSummary, StepState } from '../model/run.ts';

/** What happens after a commit, for screens. Deltas carry whole rows: applying one twice changes nothing. */
export type LiveEvent =
  | {
      readonly kind: 'run';
      readonly position: number;
      readonly run: RunSummary;
      /** Rows of steps that changed, but of none inside a folded loop. */
      readonly steps: readonly StepState[];
      /** Loops in which anything changed, but of none inside a folded one. */
      readonly loops: readonly LoopState[];
    }
  | { readonly kind: 'run_deleted'; readonly position: number; readonly runId: string }
  /** The log of a run has grown to `total` lines; `revision` rises with every line that was open and reads otherwise now. */
  | { readonly kind: 'log'; readonly runId: string; readonly total: number; readonly revision?: number }
  /** The conversation of a run's agents has grown to `total` entries. */
  | { readonly kind: 'conversation'; readonly runId: string; readonly total: number }
  /** Health, breaker or settings of agents changed: ask again. */
  | { readonly kind: 'agents' }
  /** A tool's server, pin or registry changed: ask again. */
  | { readonly kind: 'tools' }
  /** Workflows or bundles of the project changed on disk or by an operation: ask again. */
  | { readonly kind: 'library' }
  /** Something that a person has asked for was asked, decided or done, or somebody took note of failures: ask again. */
  | { readonly kind: 'approvals' }
  /** A trigger, the ledger of its starts or the inbox changed: ask again. */
  | { readonly kind: 'triggers' }
  /** A message or a worker of a queue, or who holds it back, changed: ask again. */
  | { readonly kind: 'queue' }
  /** Users, roles, sessions or tokens changed: ask again, also what oneself may do. */
  | { readonly kind: 'access' }
  /** A secret, who may use it, or whether secrets can be used changed: ask again. */
  | { readonly kind: 'secrets' }
  /** A limit of spending or a price changed: ask again. */
  | { readonly kind: 'costs' }
  /** Another project was opened: every screen starts anew. */
  | { readonly kind: 'project'; readonly path: string };

/**
 * Towards a screen batched at 50 ms or 250 events. `number` counts up by one per batch on a subscription; a screen that sees a gap fetches
 * its snapshot again.
 */
export interface LiveBatch {
  readonly number: number;
  readonly events: readonly LiveEvent[];
}
