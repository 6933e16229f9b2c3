import { resolve } from 'node:path';
import type { CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { oneLine } from '../text/plain-text.ts';

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
  const { chooseProjectAgent } = await import('../../core/operations/index.ts');
  const { systemClock } = await import('../../core/time/index.ts');
  const { examplesDir } = await context.place();
  const folder = resolve(context.cwd, path === '.' ? (context.globals.project ?? path) : path);
  let passedOver = '';
  const made = await initProject(folder, {
    force: flags.force ?? false,
    example: flags.example,
    examplesDir,
    chooseAgent: async (paths) => {
      const first = await chooseProjectAgent(paths, process.env, systemClock);
      passedOver = first.passedOver.map((one) => `${one.agent}: ${one.reason}`).join('; ');
      return first.agent;
    },
  });
  print(context, { path: made.path, created: made.created }, () =>
    [
      `Project initialized in ${made.path}`,
      ...made.created.map((file) => `  ${file}`),
      `Agent: ${oneLine(made.agent)}${passedOver === '' ? '' : ` (${oneLine(passedOver)})`}`,
      "Next: 'aiworkflow workflow list', then 'aiworkflow run WORKFLOW'.",
    ].join('\n'),
  );
  return EXIT.ok;
}
