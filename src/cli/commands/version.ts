import type { CommandKit } from '../command-kit.ts';
import { EXIT } from '../exit-codes.ts';
import { print } from '../print.ts';

/** `version`. */
export function addVersion(kit: CommandKit): void {
  kit.program
    .command('version')
    .description('Show the version of this program')
    .action(
      kit.run(async (context) => {
        const { version } = await context.place();
        print(context, { version }, () => `aiworkflow version ${version}`);
        return EXIT.ok;
      }),
    );
}
