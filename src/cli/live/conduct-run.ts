import type { RunView } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { note } from '../print.ts';
import { followRun } from './follow-run.ts';
import { openProgress } from './progress.ts';

/**
 * Begins a run and stays with it: progress on stderr, the first Ctrl-C cancels it and waits for its end, the second ends this
 * process. SIGTERM lets go of it: what runs in this process gets the grace of DESIGN decision 8.
 */
export async function conductRun(
  context: CliContext,
  client: OpenClient,
  begin: () => Promise<string>,
): Promise<RunView> {
  const progress = openProgress(context, client);
  let runId: string | null = null;
  let hasToCancel = false;
  const cancel = (): void => {
    hasToCancel = true;
    // It may have ended in between: then there is nothing to cancel.
    if (runId !== null) client.call('runs.cancel', { runId }).catch(() => undefined);
  };
  const stopListening = context.interrupts.listen((request) => {
    progress.close();
    if (request === 'interrupt') {
      note(context, 'Cancelling the run; press Ctrl-C again to stop at once.');
      cancel();
    } else {
      void client.abandon().finally(() => process.exit(130));
    }
  });
  try {
    return await followRun(
      client,
      async () => {
        runId = await begin();
        if (hasToCancel) cancel();
        return runId;
      },
      progress,
    );
  } catch (error) {
    throw runId === null ? error : withRun(error, runId);
  } finally {
    stopListening();
    progress.close();
  }
}

/** A run that was begun can be looked at and resumed, whatever became of the connection. */
function withRun(error: unknown, runId: string): unknown {
  if (!(error instanceof AppError) || error.code !== 'holder.unreachable') return error;
  return new AppError(error.code, error.message, {
    cause: error,
    hint: `Look at the run with 'aiworkflow runs show ${runId}', then resume it with 'aiworkflow runs resume ${runId}'.`,
    details: { ...error.details, run_id: runId },
  });
}
