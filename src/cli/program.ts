import { Command, CommanderError } from 'commander';
import type { AppError } from '../shared/errors.ts';
import type { CommandKit } from './command-kit.ts';
import { addAgent } from './commands/agent.ts';
import { addApprovals } from './commands/approvals.ts';
import { addAudit } from './commands/audit.ts';
import { addBackup } from './commands/backup.ts';
import { addBundle } from './commands/bundle.ts';
import { addCleanup } from './commands/cleanup.ts';
import { addCompletion } from './commands/completion.ts';
import { addConfig } from './commands/config.ts';
import { addCosts } from './commands/costs.ts';
import { addDiagnostics } from './commands/diagnostics.ts';
import { addDoctor } from './commands/doctor.ts';
import { addInit } from './commands/init.ts';
import { addLogs } from './commands/logs.ts';
import { addMcp } from './commands/mcp.ts';
import { addMetrics } from './commands/metrics.ts';
import { addQueue } from './commands/queue.ts';
import { addRole } from './commands/role.ts';
import { addRun } from './commands/run.ts';
import { addRuns } from './commands/runs.ts';
import { addSchedule } from './commands/schedule.ts';
import { addSecrets } from './commands/secrets.ts';
import { addServe } from './commands/serve.ts';
import { addStats } from './commands/stats.ts';
import { addTools } from './commands/tools.ts';
import { addUser } from './commands/user.ts';
import { addVersion } from './commands/version.ts';
import { addWatch } from './commands/watch.ts';
import { addWebhook } from './commands/webhook.ts';
import { addWorkflow } from './commands/workflow.ts';
import type { CliContext, CliPorts, GlobalOptions } from './context.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { reportError, usageError } from './report-error.ts';

/** Runs one command line (without node and script) and says with which code to end. Never rejects. */
export async function runCli(argv: readonly string[], ports: CliPorts): Promise<ExitCode> {
  const failures: unknown[] = [];
  const lastWork: Promise<unknown>[] = [];
  const afterwards: CliContext['afterwards'] = (work) =>
    void lastWork.push(work.catch((error: unknown) => failures.push(error)));
  const exitCode = await runLine(argv, { ...ports, afterwards });
  await Promise.all(lastWork);
  // The one value of `--json` is out by now.
  return failures.length === 0
    ? exitCode
    : reportError(failures[0], { ...ports, globals: { json: false, verbose: false } });
}

async function runLine(argv: readonly string[], base: CliPorts & Pick<CliContext, 'afterwards'>): Promise<ExitCode> {
  const line = beforeSeparator(argv);
  let context: CliContext = withLogin(base, {
    json: line.includes('--json'),
    verbose: false,
    quiet: false,
    color: !line.includes('--no-color'),
  });
  let exitCode: ExitCode = EXIT.ok;
  let shownHelp = '';
  const program = makeProgram((text) => {
    shownHelp += text;
  });
  const kit: CommandKit = {
    program,
    run:
      (handler) =>
      async (...args) => {
        // Commander appends the command itself; handlers take what they declare.
        context = withLogin(base, readGlobals(program.opts()));
        exitCode = (await handler(context, ...args)) ?? EXIT.ok;
      },
  };
  for (const add of [
    addInit,
    addRun,
    addWorkflow,
    addBundle,
    addRuns,
    addLogs,
    addApprovals,
    addAgent,
    addTools,
    addCosts,
    addStats,
    addMetrics,
    addCleanup,
    addBackup,
    addAudit,
    addSchedule,
    addConfig,
    addDoctor,
    addDiagnostics,
    addServe,
    addMcp,
    addWebhook,
    addWatch,
    addQueue,
    addUser,
    addRole,
    addSecrets,
    addVersion,
    addCompletion,
  ])
    add(kit);
  try {
    if (argv.length === 0)
      throw usageError(
        'No command given',
        `Commands: ${program.commands.map((one) => one.name()).join(', ')}. See 'aiworkflow --help'.`,
      );
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError && isHelp(thrown)) {
      context.terminal.out(context.globals.json ? `${JSON.stringify({ help: shownHelp })}\n` : shownHelp);
      return EXIT.ok;
    }
    return reportError(thrown instanceof CommanderError ? toUsageError(thrown, program, argv) : thrown, context);
  }
}

/** `--help` or the word `help`; a group without its command ends with the same code, but as an error. */
const isHelp = ({ code, exitCode }: CommanderError): boolean =>
  code === 'commander.helpDisplayed' || (code === 'commander.help' && exitCode === 0);

const beforeSeparator = (argv: readonly string[]): readonly string[] =>
  argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;

function makeProgram(takeHelp: (text: string) => void): Command {
  return new Command('aiworkflow')
    .description('Run, watch and manage AI workflows from the terminal')
    .usage('[global options] COMMAND [options]')
    .option('-v, --verbose', 'show more, such as the log lines of a run')
    .option('--json', 'print exactly one JSON value on stdout')
    .option('-q, --quiet', 'no progress')
    .option('--project <dir>', 'folder of the project (default: found from here upwards)')
    .option('--user <name>', 'act as this user')
    .option('--no-color', 'no colours')
    .helpOption('--help', 'show help')
    .helpCommand('help [command]', 'show help of a command')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({ writeOut: takeHelp, writeErr: () => undefined, outputError: () => undefined });
}

function withLogin(base: Omit<CliContext, 'globals' | 'login'>, globals: GlobalOptions): CliContext {
  const { osUser, token } = base;
  const user = globals.user === osUser ? undefined : globals.user;
  const password = (): Promise<string> => base.readSecret(`Password of ${user}: `);
  const login = {
    ...{ osUser, password },
    ...(user === undefined ? {} : { user }),
    ...(token === undefined ? {} : { token }),
  };
  return { ...base, globals, login };
}

function readGlobals(options: Readonly<Record<string, unknown>>): GlobalOptions {
  const { project, user } = options;
  return {
    json: options.json === true,
    verbose: options.verbose === true,
    quiet: options.quiet === true,
    color: options.color !== false,
    ...(typeof project === 'string' ? { project } : {}),
    ...(typeof user === 'string' ? { user } : {}),
  };
}

/** What commander found wrong with the line, in our form. */
function toUsageError(error: CommanderError, program: Command, argv: readonly string[]): AppError {
  if (error.code === 'commander.help')
    return usageError(
      argv.includes('help') ? `Unknown command: ${argv.at(-1)}` : 'No command given',
      `See 'aiworkflow --help'. Commands: ${program.commands.map((one) => one.name()).join(', ')}.`,
    );
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const near = /Did you mean (?:one of )?(.+?)\?/.exec(rest.join(' '))?.[1];
  const message = first.charAt(0).toUpperCase() + first.slice(1);
  return usageError(message, near === undefined ? "See 'aiworkflow --help'." : `Did you mean ${near}?`);
}
