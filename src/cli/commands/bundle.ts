import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { OutputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import { callReader, withClient } from '../client/call-reader.ts';
import { addGroup, type CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { note, print } from '../print.ts';
import { table } from '../text/table.ts';
import { withWorkflowRef } from '../values/workflow-ref.ts';
import { importBundle } from './bundle-import.ts';
import { trustBundle } from './bundle-trust.ts';
import { addRunOptions, runWorkflow } from './run.ts';
import { printValidation } from './validation.ts';

/** `bundle info|validate|run|list|import|trust|hash|export`. */
export function addBundle(kit: CommandKit): void {
  const group = addGroup(kit, 'bundle', 'Bundles: a workflow with its tools in one folder');
  group
    .command('info')
    .description('Show what a bundle holds')
    .argument('<path>', 'folder or name')
    .action(kit.run(showBundle));
  group
    .command('validate')
    .description('Check a bundle and name every problem')
    .argument('<path>', 'folder or name')
    .option('--strict', 'warnings are errors')
    .action(kit.run(validateBundle));
  addRunOptions(group.command('run').description('Run a bundle').argument('<path>', 'folder or name')).action(
    kit.run(runWorkflow),
  );
  group
    .command('list')
    .description('List the bundles in a folder')
    .argument('[path]', "folder (default: this one, else the project's bundles)")
    .action(kit.run(listBundles));
  group
    .command('import')
    .description(
      'Show what an archive holds and put it into the library; jobs of other programs become drafts; with --undo, take that back',
    )
    .argument(
      '<file>',
      'archive (.awb, .zip), workflow file, or a file of cron, launchd, Task Scheduler, GitHub Actions, n8n, Goose or Claude Code; with --undo: name of the bundle',
    )
    .option('--name <name>', 'under another name')
    .option('--force', 'replace what has the name; it is kept')
    .option('--accept <hash>', 'trust it at once, if this is its content hash')
    .option('--undo', 'take the import of a bundle back')
    .action(kit.run(importBundle));
  group
    .command('trust')
    .description('Show what a bundle, or a project folder, could do; with --accept, trust exactly that content')
    .argument('<path>', 'folder or name; . is the project')
    .option('--accept <hash>', 'trust it, if this is still its content hash')
    .option('--withdraw', 'stop trusting it')
    .action(kit.run(trustBundle));
  group
    .command('lock')
    .description(
      'Write down what a bundle and the tools that it uses are now; from then on another content is an error',
    )
    .argument('<path>', 'folder or name')
    .option('--update', 'lock it anew as it is now')
    .action(kit.run(lockBundle));
  group
    .command('hash')
    .description('Show the content hash: the version of a bundle')
    .argument('<path>', 'folder or name')
    .action(kit.run(hashBundle));
  addExport(kit, group, ['<path>', 'folder or name']);
}

const info = (context: CliContext, path: string): Promise<OutputOf<'bundles.info'>> =>
  withWorkflowRef(path, context.cwd, (ref) => callReader(context, 'bundles.info', { path: ref }));

async function showBundle(context: CliContext, path: string): Promise<ExitCode> {
  const bundle = await info(context, path);
  print(context, bundle, () => {
    const { workflow, tools, config } = bundle;
    const rows: readonly (readonly [string, string])[] = [
      ['Bundle', bundle.name],
      ['Path', bundle.path],
      [
        'Workflow',
        workflow.error ?? `${workflow.name ?? workflow.id ?? '-'} ${workflow.version ?? ''} (${workflow.steps} steps)`,
      ],
      ['Tools', tools.all_tools.length === 0 ? 'none' : tools.all_tools.join(', ')],
      ['Agent', config.agent ?? 'none'],
      ['Trusted', bundle.trusted ? 'yes' : 'no'],
      ['Size', `${grouped(bundle.size_bytes)} bytes`],
      ['Hash', bundle.content_hash],
    ];
    return rows.map(([name, value]) => `${`${name}:`.padEnd(10)}${value}`).join('\n');
  });
  return EXIT.ok;
}

async function validateBundle(
  context: CliContext,
  path: string,
  flags: { readonly strict?: boolean },
): Promise<ExitCode> {
  const report = await withWorkflowRef(path, context.cwd, (ref) =>
    callReader(context, 'bundles.validate', { path: ref }),
  );
  return printValidation(context, report, { strict: flags.strict ?? false, noun: 'Bundle' });
}

async function listBundles(context: CliContext, path: string | undefined): Promise<ExitCode> {
  const list = async (folder: string | undefined): Promise<OutputOf<'bundles.list'>['bundles']> =>
    (await callReader(context, 'bundles.list', folder === undefined ? {} : { path: folder })).bundles;
  const here = await list(resolve(context.cwd, path ?? '.'));
  const bundles = here.length > 0 || path !== undefined ? here : await list(undefined);
  print(context, { bundles, count: bundles.length }, () =>
    bundles.length === 0
      ? 'No bundles found.'
      : table(
          ['NAME', 'WORKFLOW', 'TOOLS', 'STATUS'],
          bundles.map((one) => [one.name, one.workflow ?? '-', String(one.tools), one.status]),
        ),
  );
  return EXIT.ok;
}

/** Adds what `bundle export` and `workflow export` have in common. */
export const addExport = (kit: CommandKit, group: Command, argument: readonly [name: string, help: string]): void => {
  group
    .command('export')
    .description('Write a bundle as an archive')
    .argument(...argument)
    .option('-o, --output <file>', 'the archive (default: name and hash of the bundle, here)')
    .option('--force', 'write over a file that is there')
    .action(kit.run(exportBundle));
};

interface ExportFlags {
  readonly output?: string;
  readonly force?: boolean;
}

/** `bundle export PATH -o FILE`, `workflow export ID`: the same bytes for the same version and user, who signs them, and no secret among them (SPEC §6.6). */
async function exportBundle(context: CliContext, path: string, flags: ExportFlags): Promise<ExitCode> {
  const { exportArchive, openSigningKey, readBundle } = await import('../../core/bundles/index.ts');
  const { userDataDir } = await import('../../core/projects/index.ts');
  const bundle = await info(context, path);
  const shown = flags.output ?? `${bundle.name.replace(/[^\w.-]+/g, '-')}-${bundle.content_hash.slice(0, 12)}.awb`;
  const file = resolve(context.cwd, shown);
  if (flags.force !== true && (await stat(file).catch(() => null)) !== null) {
    throw new AppError('project.exists', `Already there: ${shown}`, {
      hint: 'Name another file with -o, or use --force to write over it.',
    });
  }
  const { looked } = await withWorkflowRef(path, context.cwd, (ref) =>
    withClient(context, (client) => client.call('bundles.checkExport', { ref })),
  );
  if (!looked) note(context, 'The secrets are locked: nobody looked whether a file holds one.');
  const privateKey = await openSigningKey(userDataDir(process.env, process.platform));
  await exportArchive(await readBundle(bundle.path), file, { privateKey });
  const { size } = await stat(file);
  print(
    context,
    { name: bundle.name, file, content_hash: bundle.content_hash, size_bytes: size },
    () => `Exported ${bundle.name} to ${shown} (${grouped(size)} bytes).`,
  );
  return EXIT.ok;
}

async function lockBundle(
  context: CliContext,
  path: string,
  { update = false }: { readonly update?: boolean },
): Promise<ExitCode> {
  const locked = await withWorkflowRef(path, context.cwd, (ref) =>
    withClient(context, (client) => client.call('bundles.lock', { path: ref, update })),
  );
  const { contentHash, ...shown } = locked;
  print(context, { ...shown, content_hash: contentHash }, () =>
    locked.outcome === 'unchanged'
      ? `${locked.name} is what ${locked.file} says.`
      : `Locked ${locked.name} in ${locked.file}: ${locked.hash}`,
  );
  return EXIT.ok;
}

async function hashBundle(context: CliContext, path: string): Promise<ExitCode> {
  const bundle = await info(context, path);
  print(
    context,
    { name: bundle.name, path: bundle.path, content_hash: bundle.content_hash },
    () => bundle.content_hash,
  );
  return EXIT.ok;
}
