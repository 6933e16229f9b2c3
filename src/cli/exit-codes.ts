import type { ErrorRecord } from '../shared/errors.ts';
import type { Outcome, RunStatus } from '../shared/model/run.ts';

/** SPEC §13, exit codes. */
export const EXIT = { ok: 0, error: 1, usage: 2, waiting: 3, denied: 4, blocked: 5, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code of a command that ended with an error. */
export function exitCodeOfError(error: Pick<ErrorRecord, 'code' | 'kind'>): ExitCode {
  if (error.code === 'usage.invalid') return EXIT.usage;
  if (error.code.split('.')[0] === 'access') return EXIT.denied;
  if (error.code === 'cost.blocked') return EXIT.blocked;
  if (error.code === 'run.cancelled') return EXIT.interrupted;
  return error.kind === 'in_doubt' ? EXIT.waiting : EXIT.error;
}

/** How a run ended, as an exit code; `isInterrupted` = Ctrl-C was pressed here. */
export function exitCodeOfRun(
  run: {
    readonly status: RunStatus;
    readonly outcome: Outcome | null;
    readonly error?: Pick<ErrorRecord, 'code'> | null;
  },
  options: { readonly allowPartial: boolean; readonly isInterrupted: boolean },
): ExitCode {
  if (run.status === 'completed') {
    return run.outcome === 'success' || (run.outcome === 'partial' && options.allowPartial) ? EXIT.ok : EXIT.error;
  }
  if (options.isInterrupted) return EXIT.interrupted;
  if (run.status === 'failed' && run.error?.code === 'cost.blocked') return EXIT.blocked;
  return ['waiting', 'in_doubt', 'paused'].includes(run.status) ? EXIT.waiting : EXIT.error;
}
