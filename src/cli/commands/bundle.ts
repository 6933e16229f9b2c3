import type { Command } from 'commander';
import type { BundleInfo } from '../../shared/model/bundle.ts';
import { action } from '../command-context.ts';
import { absoluteRef, openReading } from '../doors.ts';
import { table } from '../output.ts';
import { addRunOptions, runWorkflow } from './run.ts';
import { printValidation } from './workflow.ts';

export function addBundleCommands(program: Command): void {
  const group = program.command('bundle').description('Look at, check and run bundles.');
  addInfo(group);
  addHash(group);
  addList(group);
  group
    .command('validate <path>')
    .description('Check a bundle: its workflow, settings and tools.')
    .action(
      action(async ({ output, options }, path: string) => {
        const reader = await openReading(options);
        return printValidation(await reader.call('bundles.validate', { path: absoluteRef(path) }), false, output);
      }),
    );
  addRunOptions(group.command('run <path>').description('Run a bundle.')).action(action(runWorkflow));
}

function addInfo(group: Command): void {
  group
    .command('info <path>')
    .description('Show what a bundle is made of.')
    .action(
      action(async ({ output, options }, path: string) => {
        const reader = await openReading(options);
        const info = await reader.call('bundles.info', { path: absoluteRef(path) });
        output.result(info, infoText(info));
        return 0;
      }),
    );
}

function infoText(info: BundleInfo): string {
  return table([
    ['Name', info.name],
    ['Path', info.path],
    ['Workflow', `${info.workflow.name ?? '–'} (${info.workflow.id ?? '–'} ${info.workflow.version ?? ''})`],
    ['Steps', String(info.workflow.steps)],
    ['Tools', info.tools.all_tools.join(', ') || 'none'],
    ['Content hash', info.content_hash],
    ['Size', `${info.size_bytes} bytes`],
    ...(info.workflow.error === null ? [] : [['Error', info.workflow.error]]),
  ]);
}

function addHash(group: Command): void {
  group
    .command('hash <path>')
    .description('Show the content hash, the true version of a bundle.')
    .action(
      action(async ({ output, options }, path: string) => {
        const reader = await openReading(options);
        const { content_hash: contentHash } = await reader.call('bundles.info', { path: absoluteRef(path) });
        output.result({ content_hash: contentHash }, contentHash);
        return 0;
      }),
    );
}

function addList(group: Command): void {
  group
    .command('list [path]')
    .description('List the bundles in a folder.')
    .action(
      action(async ({ output, options }, path: string | undefined) => {
        const reader = await openReading(options);
        const { bundles } = await reader.call('bundles.list', { path: absoluteRef(path ?? '.') });
        const rows = bundles.map((one) => [one.name, one.workflow ?? '–', String(one.tools), one.status]);
        output.result({ bundles, count: bundles.length }, bundles.length === 0 ? 'No bundles found.' : table([['Name', 'Workflow', 'Tools', 'Status'], ...rows]));
        return 0;
      }),
    );
}
