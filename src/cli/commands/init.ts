import { resolve } from 'node:path';
import type { CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';

interface InitFlags {
  readonly force?: boolean;
  readonly example?: string;
}

/** `init [PATH]`. */
export function addInit(kit: CommandKit): void {
  kit.program
    .command('init')
    .description('Make a project in a folder')
    .argument('[path]', 'folder of the project', '.')
    .option('-f, --force', 'write the project files anew; edited ones are kept as .bak, state stays')
    .option('--example <name>', 'install one of the examples')
    .action(kit.run(initialize));
}

async function initialize(context: CliContext, path: string, flags: InitFlags): Promise<ExitCode> {
  const { initProject } = await import('../../core/projects/index.ts');
  const { examplesDir } = await context.place();
  const folder = resolve(context.cwd, path === '.' ? (context.globals.project ?? path) : path);
  const made = await initProject(folder, { force: flags.force ?? false, example: flags.example, examplesDir });
  print(context, { path: made.path, created: made.created }, () =>
    [
      `Project initialized in ${made.path}`,
      ...made.created.map((file) => `  ${file}`),
      "Next: 'aiworkflow workflow list', then 'aiworkflow run WORKFLOW'.",
    ].join('\n'),
  );
  return EXIT.ok;
}
