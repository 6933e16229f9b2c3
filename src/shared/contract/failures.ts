import { z } from 'zod';
import type { RunSummary } from '../model/run.ts';
import { operation } from './operation.ts';

/** Runs that failed for one and the same reason, and that nobody has dealt with. */
export interface FailureCause {
  /** The same for all runs of this cause, also of other workflows and after a restart. */
  readonly fingerprint: string;
  /** As the newest of them says it; '' = it said nothing. */
  readonly message: string;
  /** The newest first. */
  readonly runs: readonly RunSummary[];
  /** How many of which workflow, the most first. */
  readonly workflows: readonly { readonly name: string; readonly runs: number }[];
  /** When the newest of them failed, UTC ms: what `failures.acknowledge` takes. */
  readonly newestAt: number;
}

const fingerprintField = z.string().regex(/^[0-9a-f]{32}$/);

/** What can be done about failures that wait for somebody. */
export const failureOperations = {
  /**
   * Failures since an instant by their causes, the cause with the newest failure first. Left out is what was begun again, what somebody took
   * note of, and what a later start of the same schedule came through.
   */
  'failures.list': operation<{ readonly causes: readonly FailureCause[] }>()(
    z.strictObject({ since: z.number().int() }),
    'workflow:read',
  ),
  /** Takes note of all failures of a cause up to the newest that was shown: they are listed no more, a later one is. `run.not_found`: there is none. */
  'failures.acknowledge': operation<null>()(
    z.strictObject({ fingerprint: fingerprintField, newestAt: z.number().int() }),
    'workflow:execute',
    'workflow.updated',
  ),
  /** Takes the note back. `run.not_found`: there was none. */
  'failures.reopen': operation<null>()(
    z.strictObject({ fingerprint: fingerprintField }),
    'workflow:execute',
    'workflow.updated',
  ),
} as const;
