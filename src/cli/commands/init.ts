import { resolve } from 'node:path';
import type { OutputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { CommandKit } from '../command-kit.ts';
import { type CliContext, cliCaller } from '../context.ts';
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
  const folder = resolve(context.cwd, path === '.' ? (context.globals.project ?? path) : path);
  const reader = await context.openReader(folder);
  const { force = false, example } = flags;
  const input = { force, ...(example === undefined ? {} : { example }) };
  const answer = await reader.call('project.init', input, cliCaller(context.login));
  if (!answer.ok) throw AppError.fromRecord(answer.error);
  // The handler of that very operation made it.
  const made = answer.value as OutputOf<'project.init'>;
  const passedOver = made.passedOver.map((one) => `${one.agent}: ${one.reason}`).join('; ');
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
