import { Command, CommanderError } from 'commander';
import { outcome } from './command-context.ts';
import { addBundleCommands } from './commands/bundle.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addInitCommand } from './commands/init.ts';
import { addRunCommand } from './commands/run.ts';
import { addRunsCommands } from './commands/runs.ts';
import { addServeCommand } from './commands/serve.ts';
import { addVersionCommand } from './commands/version.ts';
import { addWorkflowCommands } from './commands/workflow.ts';
import { Output, usage } from './output.ts';
import { EXIT } from './exit-codes.ts';

const words = process.argv.slice(2);
const wantsJson = words.includes('--json');

/** The command line (SPEC §13). `--help` lists what exists. */
function buildProgram(): Command {
  const program = new Command('aiworkflow');
  program
    .description('Run, watch and inspect AI workflows.')
    .helpOption('--help', 'Show this help.')
    .helpCommand(false)
    .option('--json', 'Print exactly one JSON value.')
    .option('-v, --verbose', 'Show more on the way, such as the live log.')
    .option('-q, --quiet', 'Show nothing on the way.')
    .option('--project <dir>', 'Use the project in this folder.')
    .option('--no-color', 'No colours.')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  addInitCommand(program);
  addRunCommand(program);
  addRunsCommands(program);
  addWorkflowCommands(program);
  addBundleCommands(program);
  addServeCommand(program);
  addDoctorCommand(program);
  addVersionCommand(program);
  return program;
}

/** Commander's own refusals are usage errors; its help goes to stdout and is a success. */
function handleCommanderError(error: CommanderError): void {
  if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return;
  const isBare = error.code === 'commander.help';
  const message = isBare ? 'A command is needed.' : error.message.replace(/^error: /, '').replace(/^./, (first) => first.toUpperCase());
  new Output({ json: wantsJson, verbose: false, quiet: false, color: true, project: undefined }).failure(usage(message, "See 'aiworkflow --help'."));
  outcome.exitCode = EXIT.usage;
}

try {
  await buildProgram().parseAsync(words, { from: 'user' });
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  handleCommanderError(error);
}
process.exitCode = outcome.exitCode;
