import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode, exitCodeOfRun } from '../exit-codes.ts';
import { conductRun } from '../live/conduct-run.ts';
import { runReportText } from '../live/run-report.ts';
import { note, print, warn } from '../print.ts';
import { usageError } from '../report-error.ts';
import { readInputs } from '../values/input-items.ts';
import { runIdArgument } from '../values/option-values.ts';
import { type RecordingFlags, replayRecording } from './runs-recordings.ts';
import { foreseeReplay, foreseeRetry } from './runs-repeats.ts';

interface RunFlags {
  readonly allowPartial?: boolean;
}

/** Stays with a run that goes on or begins, and prints its result (SPEC §3.3). */
async function conduct(
  context: CliContext,
  flags: RunFlags,
  begin: (client: OpenClient) => Promise<{ readonly runId: string; readonly more?: Readonly<Record<string, unknown>> }>,
): Promise<ExitCode> {
  return withClient(context, async (client) => {
    let more: Readonly<Record<string, unknown>> = {};
    const view = await conductRun(context, client, async () => {
      const begun = await begin(client);
      more = begun.more ?? {};
      return begun.runId;
    });
    const result = await client.call('runs.result', { runId: view.run.runId });
    print(context, { ...result, ...more }, () => runReportText(view, result, context));
    return exitCodeOfRun(view.run, {
      allowPartial: flags.allowPartial ?? false,
      isInterrupted: context.interrupts.isInterrupted,
    });
  });
}

/** `runs resume RUN`. */
export async function resumeRun(context: CliContext, run: string, flags: RunFlags): Promise<ExitCode> {
  const runId = runIdArgument(run);
  return conduct(context, flags, (client) => client.call('runs.resume', { runId }));
}

/** `runs retry RUN [--from STEP]`: says which steps will have their effects again. */
export async function retryRun(
  context: CliContext,
  run: string,
  flags: RunFlags & { readonly from?: string; readonly dryRun?: boolean },
): Promise<ExitCode> {
  if (flags.dryRun === true) return foreseeRetry(context, run, flags.from);
  const runId = runIdArgument(run);
  return conduct(context, flags, async (client) => {
    const started = await client.call('runs.retry', {
      runId,
      ...(flags.from === undefined ? {} : { from: flags.from }),
    });
    if (!context.globals.json && started.repeats.length > 0)
      note(context, `These steps run again: ${started.repeats.join(', ')}`);
    return { runId: started.runId, more: { linked_run_id: runId, repeats: started.repeats } };
  });
}

/** `runs replay RUN --input k=v`; `--cassette` answers it from a recording. */
export async function replayRun(
  context: CliContext,
  run: string,
  flags: RunFlags & RecordingFlags & { readonly cassette?: boolean },
): Promise<ExitCode> {
  if (flags.cassette === true) return replayRecording(context, run, flags);
  if (flags.from !== undefined)
    throw usageError("'--from' goes with '--cassette'", "'aiworkflow runs retry RUN --from STEP' goes on from a step.");
  if (flags.dryRun === true) return foreseeReplay(context, run, flags.latest ?? false);
  const runId = runIdArgument(run);
  const inputs = readInputs({ items: flags.input ?? [] }, context.cwd, (message) => warn(context, message));
  return conduct(context, flags, async (client) => {
    const started = await client.call('runs.replay', { runId, inputs, latest: flags.latest ?? false });
    return { runId: started.runId, more: { linked_run_id: runId } };
  });
}

/** `runs rollback RUN [--to STEP]`: returns when what could be undone is undone. */
export async function rollbackRun(
  context: CliContext,
  run: string,
  flags: { readonly to?: string },
): Promise<ExitCode> {
  const runId = runIdArgument(run);
  const to = flags.to === undefined ? {} : { to: flags.to };
  return withClient(context, async (client) => {
    const view = await conductRun(
      context,
      client,
      async () => (await client.call('runs.rollback', { runId, ...to })).runId,
    );
    const result = await client.call('runs.result', { runId });
    print(context, result, () => runReportText(view, result, context));
    const { rollback } = view.run;
    return rollback === 'completed' ? EXIT.ok : rollback === 'partial' ? EXIT.error : EXIT.waiting;
  });
}

/** `runs resolve RUN --step S --as completed|failed|rerun`. */
export async function resolveStep(
  context: CliContext,
  run: string,
  flags: RunFlags & { readonly step: string; readonly as: 'completed' | 'failed' | 'rerun'; readonly output?: string },
): Promise<ExitCode> {
  const runId = runIdArgument(run);
  if (flags.output !== undefined && flags.as !== 'completed') throw usageError("'--output' goes with '--as completed'");
  const output = flags.output === undefined ? {} : { output: readOutput(flags.output, context.cwd) };
  return conduct(context, flags, async (client) => {
    await client.call('runs.resolve', { runId, path: flags.step, as: flags.as, ...output });
    return { runId };
  });
}

/** JSON where it is JSON, else the text itself; `@file` reads a file. */
function readOutput(written: string, cwd: string): Json {
  const text = written[0] === '@' ? readFile(resolve(cwd, written.slice(1)), written.slice(1)) : written;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function readFile(path: string, shown: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('file.not_found', `File not found: ${shown}`, { cause });
  }
}

/** `runs cancel RUN`: returns when the run has ended. */
export async function cancelRun(context: CliContext, run: string): Promise<ExitCode> {
  const runId = runIdArgument(run);
  return withClient(context, async (client) => {
    const view = await conductRun(context, client, async () => {
      await client.call('runs.cancel', { runId });
      return runId;
    });
    const result = await client.call('runs.result', { runId });
    print(context, result, () =>
      view.run.status === 'cancelled' ? `Cancelled ${runId}.` : runReportText(view, result, context),
    );
    return view.run.status === 'cancelled' ? EXIT.ok : EXIT.error;
  });
}

/** `runs pause RUN`: returns at once; running steps end by themselves. */
export async function pauseRun(context: CliContext, run: string): Promise<ExitCode> {
  const runId = runIdArgument(run);
  return withClient(context, async (client) => {
    await client.call('runs.pause', { runId });
    const result = await client.call('runs.result', { runId });
    print(context, result, () =>
      result.status === 'paused' ? `Paused ${runId}.` : `${runId} pauses when its running step ends.`,
    );
    return EXIT.ok;
  });
}

/** `runs delete RUN`. */
export async function deleteRun(context: CliContext, run: string): Promise<ExitCode> {
  const runId = runIdArgument(run);
  await withClient(context, (client) => client.call('runs.delete', { runId }));
  print(context, { run_id: runId, deleted: true }, () => `Deleted ${runId}.`);
  return EXIT.ok;
}
