import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { InputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { CASSETTE_ENDING } from '../../shared/model/cassette.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { conductRun } from '../live/conduct-run.ts';
import { runReportText } from '../live/run-report.ts';
import { print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { differenceLines, replayText } from '../text/drift-text.ts';
import { runIdArgument } from '../values/option-values.ts';
import { repeatsText } from './runs-repeats.ts';

type Recording = InputOf<'cassettes.replay'>['recording'];

/** What `runs replay --cassette` may be given beside. */
export interface RecordingFlags {
  readonly latest?: boolean;
  readonly dryRun?: boolean;
  readonly from?: string;
  readonly input?: readonly string[];
}

/** `runs replay RUN|FILE --cassette [--from STEP]`: nothing is called but what stands behind `--from`. */
export async function replayRecording(context: CliContext, run: string, flags: RecordingFlags): Promise<ExitCode> {
  if (flags.input !== undefined) throw usageError("A recording has its inputs: leave out '--input'");
  if (flags.dryRun === true && flags.from === undefined) throw usageError("'--dry-run' goes with '--from' here");
  const recording = await recordingOf(run, context.cwd);
  const from = flags.from === undefined ? {} : { from: flags.from };
  const input = { recording, latest: flags.latest ?? false, ...from };
  return withClient(context, async (client) => {
    if (flags.dryRun === true) {
      const plan = await client.call('cassettes.planFork', input);
      print(context, { dry_run: true, from: flags.from, ...plan }, () => repeatsText(plan.repeats));
      return EXIT.ok;
    }
    const { view, report } = await playRecording(context, client, input);
    const result = await client.call('runs.result', { runId: view.run.runId });
    const { recordedRun, ...replay } = report;
    print(context, { ...result, replay: { ...replay, recorded_run: recordedRun } }, () =>
      [
        runReportText(view, result, context).trimEnd(),
        `Replay of ${recordedRun}: ${replayText(report)}`,
        ...differenceLines(report),
        '',
      ].join('\n'),
    );
    if (flags.from === undefined) return report.verdict === 'passed' ? EXIT.ok : EXIT.error;
    return view.run.status === 'completed' ? EXIT.ok : EXIT.error;
  });
}

/** Starts a run that is answered from a recording, stays with it, and says how it came out beside it. */
export async function playRecording(context: CliContext, client: OpenClient, input: InputOf<'cassettes.replay'>) {
  const view = await conductRun(context, client, async () => (await client.call('cassettes.replay', input)).runId);
  return { view, report: await client.call('cassettes.report', { runId: view.run.runId }) };
}

/** A file by its ending, else a run. */
async function recordingOf(text: string, cwd: string): Promise<Recording> {
  if (!text.endsWith(CASSETTE_ENDING)) return { runId: runIdArgument(text) };
  const read = await readFile(resolve(cwd, text), 'utf8').catch((cause: unknown) => {
    throw new AppError('file.not_found', `File not found: ${text}`, { cause });
  });
  return { text: read, name: basename(text).slice(0, -CASSETTE_ENDING.length) };
}

/** `runs save-test RUN NAME`: keeps the recording of a run as a test of its workflow. */
export async function saveTest(
  context: CliContext,
  run: string,
  name: string,
  flags: { readonly force?: boolean },
): Promise<ExitCode> {
  const runId = runIdArgument(run);
  const saved = await withClient(context, (client) =>
    client.call('cassettes.save', { runId, name, replace: flags.force ?? false }),
  );
  const { sizeBytes, isBundleChanged, ...kept } = saved;
  print(context, { ...kept, size_bytes: sizeBytes, is_bundle_changed: isBundleChanged }, () =>
    [
      `Saved ${kept.path}: ${kept.exchanges} answers, ${sizeBytes} bytes.`,
      ...(isBundleChanged ? ['.bundleignore leaves tests out from now on, so the bundle is a new version.'] : []),
      '',
    ].join('\n'),
  );
  return EXIT.ok;
}
