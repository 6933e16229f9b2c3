import { resolve } from 'node:path';
import type { Command } from 'commander';
import { initProject } from '../../core/projects/index.ts';
import { findAppFolders } from '../../server/index.ts';
import { action } from '../command-context.ts';

export function addInitCommand(program: Command): void {
  program
    .command('init [path]')
    .description('Make a project in a folder (default: here).')
    .option('-f, --force', 'Make it anew; edited files are kept as .bak.')
    .option('--example <name>', 'Install an example bundle too.')
    .action(
      action(async ({ output, options }, path: string | undefined, flags: { force?: boolean; example?: string }) => {
        const folder = resolve(process.cwd(), path ?? options.project ?? '.');
        const { examplesDir } = findAppFolders();
        const made = await initProject(folder, { force: flags.force ?? false, example: flags.example, examplesDir });
        output.result(made, [`Project ready in ${made.path}`, ...made.created.map((file) => `  ${file}`)].join('\n'));
        return 0;
      }),
    );
}
