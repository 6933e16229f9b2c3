import type { Command } from 'commander';
import { findAppFolders } from '../../server/index.ts';
import { action } from '../command-context.ts';

export function addVersionCommand(program: Command): void {
  program
    .command('version')
    .description('Show the version.')
    .action(
      action(async ({ output }) => {
        const { version } = findAppFolders();
        output.result({ version }, `aiworkflow version ${version}`);
        return 0;
      }),
    );
}
