import { resolve } from 'node:path';
import type { ExportFormat } from '../../shared/model/run-report.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { runIdArgument } from '../values/option-values.ts';
import { uploadFile } from '../values/upload-file.ts';
import { writeOutgoing } from '../values/write-outgoing.ts';

interface ExportFlags {
  readonly format: ExportFormat;
  readonly output?: string;
}

/** `runs open`: a run of another control center, to look at. */
export async function openRunFile(context: CliContext, file: string): Promise<ExitCode> {
  const opened = await withClient(context, async (client) => {
    const { uploadId } = await uploadFile(client, resolve(context.cwd, file));
    return client.call('runs.openFile', { uploadId });
  });
  print(
    context,
    { run_id: opened.runId, read_only: true },
    () =>
      `Opened the run ${opened.runId} of another control center. It can only be looked at: aiworkflow runs show ${opened.runId}`,
  );
  return EXIT.ok;
}

/** `runs export`. */
export async function exportRun(context: CliContext, run: string, flags: ExportFlags): Promise<ExitCode> {
  const runId = runIdArgument(run);
  const { format } = flags;
  const written = await withClient(context, async (client) => {
    const first = await client.call('runs.export', { runId, format });
    const file = resolve(context.cwd, flags.output ?? first.name);
    return writeOutgoing(file, first, (cursor) => client.call('runs.export', { cursor }));
  });
  print(context, { run_id: runId, format, ...written }, () => `Written to ${written.file}`);
  return EXIT.ok;
}
