import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Option } from 'commander';
import type { AuditExportPiece, InputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { AuditManifest } from '../../shared/model/audit.ts';
import { DOORS } from '../../shared/model/run.ts';
import { withClient } from '../client/call-reader.ts';
import { addGroup, type CommandKit } from '../command-kit.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { eventsText, exportVerdictText, verdictText } from '../text/audit-text.ts';
import { choiceOption, integerOption, sinceOption } from '../values/option-values.ts';
import { fileProblem } from '../values/write-outgoing.ts';

interface FilterFlags {
  readonly type?: string;
  readonly user?: string;
  readonly resourceType?: string;
  readonly resourceId?: string;
  readonly door?: string;
  readonly since?: string;
  readonly until?: string;
  readonly text?: string;
}

interface QueryFlags extends FilterFlags {
  readonly limit: string;
  readonly offset: string;
}

interface ExportFlags extends FilterFlags {
  readonly format: 'jsonl' | 'csv';
  readonly output: string;
}

/** `audit query|verify|export|evidence`. */
export function addAudit(kit: CommandKit): void {
  const group = addGroup(kit, 'audit', 'Who did what, and whether that is still what was written');
  addFilter(group.command('query').description('List events, newest first'))
    .option('--limit <count>', 'at most so many', '100')
    .option('--offset <count>', 'leave out so many of the newest', '0')
    .action(kit.run(query));
  group
    .command('verify')
    .description('Check the whole chain, or an exported file by itself')
    .argument('[file]', 'a file that was exported; with its manifest beside it also its end is checked')
    .action(kit.run(verify));
  addFilter(group.command('export').description('Write events into a file, with a signed manifest beside it'))
    .addOption(new Option('--format <format>', 'lines of JSON or a table').choices(['jsonl', 'csv']).default('jsonl'))
    .requiredOption('-o, --output <file>', 'the file to write')
    .action(kit.run(exportEvents));
  group
    .command('evidence')
    .description('Write the evidence pack of a run: who did what, and the part of the chain that proves it')
    .argument('<run>', 'id of the run')
    .requiredOption('-o, --output <file>', 'the file to write')
    .action(kit.run(exportEvidence));
}

const addFilter = (command: ReturnType<typeof addGroup>): ReturnType<typeof addGroup> =>
  command
    .option('--type <type>', 'only events of this type, such as workflow.executed')
    .option('--user <user>', 'only what this user did')
    .option('--resource-type <type>', 'only what was done to such things, such as workflow')
    .option('--resource-id <id>', 'only what was done to this one')
    .option('--door <door>', `only through this door: ${DOORS.join(', ')}`)
    .option('--since <instant>', 'only events since an instant, or since so long ago (2h, 7d)')
    .option('--until <instant>', 'only events before an instant, or before so long ago')
    .option('--text <text>', 'only events that hold this text');

async function filterOf(flags: FilterFlags): Promise<InputOf<'audit.query'>> {
  const { type, user, resourceType, resourceId, door, since, until, text } = flags;
  return {
    ...(type === undefined ? {} : { eventType: type }),
    ...(user === undefined ? {} : { userId: user }),
    ...(resourceType === undefined ? {} : { resourceType }),
    ...(resourceId === undefined ? {} : { resourceId }),
    ...(door === undefined ? {} : { door: choiceOption('--door', door, DOORS) }),
    ...(since === undefined ? {} : { startTime: await sinceOption(since, Date.now()) }),
    ...(until === undefined ? {} : { endTime: await sinceOption(until, Date.now()) }),
    ...(text === undefined ? {} : { text }),
  };
}

async function query(context: CliContext, flags: QueryFlags): Promise<ExitCode> {
  const filter = await filterOf(flags);
  const limit = integerOption('--limit', flags.limit, { min: 1, max: 1000 });
  const offset = integerOption('--offset', flags.offset, { min: 0, max: 1_000_000_000 });
  const { events, total } = await withClient(context, (client) =>
    client.call('audit.query', { ...filter, limit, offset }),
  );
  print(context, { events, count: events.length, total }, () => eventsText(events, total, context.terminal.outWidth));
  return EXIT.ok;
}

async function verify(context: CliContext, file: string | undefined): Promise<ExitCode> {
  if (file !== undefined) return verifyFile(context, file);
  const verdict = await withClient(context, (client) => client.call('audit.verify', {}));
  print(context, verdict, () => verdictText(verdict));
  return verdict.valid ? EXIT.ok : EXIT.error;
}

/** Needs no project: what was exported is checked anywhere. */
async function verifyFile(context: CliContext, file: string): Promise<ExitCode> {
  const { verifyExport } = await import('../../core/governance/index.ts');
  const path = resolve(context.cwd, file);
  const manifest = await readManifest(manifestOf(path));
  const verdict = await verifyExport(createReadStream(path, 'utf8'), manifest).catch((thrown: unknown) =>
    Promise.reject(fileProblem(thrown, file)),
  );
  print(context, verdict, () => exportVerdictText(verdict));
  return verdict.valid ? EXIT.ok : EXIT.error;
}

const manifestOf = (file: string): string => `${file}.manifest.json`;

/** Null where there is none. */
async function readManifest(file: string): Promise<AuditManifest | null> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fileProblem(thrown, file);
  });
  if (text === null) return null;
  try {
    return JSON.parse(text) as AuditManifest;
  } catch (cause) {
    throw new AppError('file.io', `${file} is no manifest of an export.`, { cause });
  }
}

async function exportEvents(context: CliContext, flags: ExportFlags): Promise<ExitCode> {
  const path = resolve(context.cwd, flags.output);
  const filter = await filterOf(flags);
  const manifest = await withClient(context, async (client) => {
    const first = await client.call('audit.export', { ...filter, format: flags.format });
    const last = await writePieces(client, first, path).catch((thrown: unknown) =>
      Promise.reject(fileProblem(thrown, flags.output)),
    );
    return last.manifest as AuditManifest;
  });
  print(context, { file: path, manifest_file: manifestOf(path), ...manifest }, () => {
    const left = manifest.complete ? '' : ' (filtered)';
    return `${manifest.events} events written to ${path}${left}\nManifest: ${manifestOf(path)}`;
  });
  return EXIT.ok;
}

/** One file that seals itself: nothing lies beside it. */
async function exportEvidence(
  context: CliContext,
  runId: string,
  flags: Pick<ExportFlags, 'output'>,
): Promise<ExitCode> {
  const path = resolve(context.cwd, flags.output);
  await withClient(context, async (client) => {
    const first = await client.call('audit.evidence', { runId });
    await writePieces(client, first, path).catch((thrown: unknown) =>
      Promise.reject(fileProblem(thrown, flags.output)),
    );
  });
  print(
    context,
    { file: path, run_id: runId },
    () => `Evidence written to ${path}\nCheck it: aiworkflow audit verify ${path}`,
  );
  return EXIT.ok;
}

/** The file appears when it is whole, after its manifest, if it has one. Gives the last piece. */
async function writePieces(client: OpenClient, first: AuditExportPiece, path: string): Promise<AuditExportPiece> {
  const partial = `${path}.part`;
  const handle = await open(partial, 'w', 0o600);
  try {
    let piece = first;
    await handle.writeFile(piece.text);
    while (piece.cursor !== null) {
      piece = await client.call('audit.export', { cursor: piece.cursor });
      await handle.writeFile(piece.text);
    }
    await handle.close();
    if (piece.manifest !== null)
      await writeFile(manifestOf(path), `${JSON.stringify(piece.manifest, null, 2)}\n`, { mode: 0o600 });
    await rename(partial, path);
    return piece;
  } catch (thrown) {
    await handle.close();
    await rm(partial, { force: true });
    throw thrown;
  }
}
