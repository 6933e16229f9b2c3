import { resolve } from 'node:path';
import { grouped } from '../../shared/grouped.ts';
import type { BackupCounts, BackupInfo, BackupReport, ReplacedStore } from '../../shared/model/backup.ts';
import { withClient } from '../client/call-reader.ts';
import type { CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { bytesText } from '../text/bytes-text.ts';
import { table } from '../text/table.ts';

/** `backup` and `restore` (SPEC §13). */
export function addBackup(kit: CommandKit): void {
  kit.program
    .command('backup')
    .description('Make a checked copy of the state of the project: runs, logs, outputs, audit, costs')
    .option('--list', 'list the backups that are kept, and make none')
    .option('--drill', 'try the newest one: bring it back into a temporary place, open it and count')
    .action(kit.run(backUp));
  kit.program
    .command('restore')
    .description('Bring a backup back as a project of its own in a new folder')
    .argument('[folder]', 'folder that is new or empty')
    .option('--backup <name>', 'which one (default: the newest)')
    .option('--here', 'in the place of a damaged store of this project, which is kept beside it')
    .option(
      '-f, --force',
      "with '--here': also where the store is not damaged; what was stored after the backup is lost",
    )
    .action(kit.run(restore));
}

interface BackupFlags {
  readonly list?: boolean;
  readonly drill?: boolean;
}

async function backUp(context: CliContext, flags: BackupFlags): Promise<ExitCode> {
  if (flags.list && flags.drill) throw usageError("'--list' and '--drill' do not go together");
  return withClient(context, async (client) => {
    if (flags.list) {
      const report = await client.call('storage.backups', {});
      print(context, report, () => listText(report));
      return EXIT.ok;
    }
    if (flags.drill) {
      const drill = await client.call('storage.drill', {});
      print(context, drill, () =>
        drill.counts === null
          ? `The backup ${drill.backup} could not be brought back: ${drill.problem?.message ?? ''}`
          : `The backup ${drill.backup} can be brought back: ${countsText(drill.counts)}.`,
      );
      return drill.counts === null ? EXIT.error : EXIT.ok;
    }
    const made = await client.call('storage.backUp', {});
    print(
      context,
      made,
      () => `Made and checked the backup ${made.name}: ${countsText(made)}, ${bytesText(made.bytes)}.`,
    );
    return EXIT.ok;
  });
}

interface RestoreFlags {
  readonly backup?: string;
  readonly here?: boolean;
  readonly force?: boolean;
}

async function restore(context: CliContext, folder: string | undefined, flags: RestoreFlags): Promise<ExitCode> {
  if (flags.force === true && flags.here !== true) throw usageError("'--force' goes with '--here' only");
  if (flags.here === true) {
    if (folder !== undefined) throw usageError("'--here' goes without a folder");
    const { path } = await context.findProject(context.globals.project);
    const { replaceStore } = await import('../../core/control-center.ts');
    const replaced = await replaceStore(path, {
      ...{ backup: flags.backup ?? null, now: Date.now, isForced: flags.force === true },
    });
    print(context, replaced, () => replacedText(replaced));
    return EXIT.ok;
  }
  if (folder === undefined) throw usageError("Name a new folder, or say '--here'");
  await withClient(context, async (client) => {
    const wanted = {
      path: resolve(context.cwd, folder),
      ...(flags.backup === undefined ? {} : { backup: flags.backup }),
    };
    const restored = await client.call('storage.restore', wanted);
    print(context, restored, () => `Brought back ${restored.backup} into ${restored.path}: ${countsText(restored)}.`);
  });
  return EXIT.ok;
}

const countsText = ({ runs, files, auditEvents, missing }: BackupCounts): string =>
  `${grouped(runs)} runs, ${grouped(files)} values and versions, ${grouped(auditEvents)} events of the audit${
    missing === 0 ? '' : `; ${grouped(missing)} values or versions were lost before`
  }`;

const replacedText = ({ backup, keptAs, ...counts }: ReplacedStore): string =>
  `The store is that of the backup ${backup} again: ${countsText(counts)}.${
    keptAs === null ? '' : ` The one before is kept as ${keptAs}.`
  }\nWhat was stored after it is lost: what its runs did since may be done twice when they go on.`;

const instant = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

function listText({ backups, drill, failed, folder }: BackupReport): string {
  const rows = backups.map((one: BackupInfo) => [one.name, instant(one.at), grouped(one.runs), bytesText(one.bytes)]);
  const list =
    backups.length === 0 ? 'There is no backup yet.\n' : table(['BACKUP', 'MADE (UTC)', 'RUNS', 'SIZE'], rows);
  const tried =
    drill === null
      ? 'None was ever tried.'
      : drill.counts === null
        ? `${drill.backup} was tried on ${instant(drill.at)} and could not be brought back.`
        : `${drill.backup} was tried on ${instant(drill.at)} and can be brought back.`;
  const problem = failed === null ? '' : `\nThe last one failed on ${instant(failed.at)}: ${failed.error.message}`;
  return `${list}In ${folder}. ${tried}${problem}`;
}
