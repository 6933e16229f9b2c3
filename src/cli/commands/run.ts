import { Option } from 'commander';
import type { InputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { withClient } from '../client/call-reader.ts';
import { type CommandKit, repeated } from '../command-kit.ts';
import { type CliContext, type OpenClient, unattended } from '../context.ts';
import { EXIT, type ExitCode, exitCodeOfRun } from '../exit-codes.ts';
import { conductRun } from '../live/conduct-run.ts';
import { runReport, runReportText } from '../live/run-report.ts';
import { startDetached } from '../live/start-detached.ts';
import { print, warn } from '../print.ts';
import { usageError } from '../report-error.ts';
import { askedText } from '../text/asked-text.ts';
import { planText } from '../text/plan-text.ts';
import { readInputs } from '../values/input-items.ts';
import { durationOption, runIdArgument } from '../values/option-values.ts';
import { withWorkflowRef } from '../values/workflow-ref.ts';

/** The options of `run` and `bundle run`. */
export interface RunFlags {
  readonly agent?: string;
  readonly model?: string;
  readonly input?: readonly string[];
  readonly inputsFile?: string;
  readonly dryRun?: boolean;
  readonly plan?: string;
  readonly resume?: string;
  readonly timeout?: string;
  readonly detach?: boolean;
  readonly allowPartial?: boolean;
}

/** Adds the options that every command which starts a run has. */
export function addRunOptions(command: ReturnType<CommandKit['program']['command']>): typeof command {
  return command
    .option('-a, --agent <name>', 'agent for every agent step of this run')
    .option('--model <name>', 'model for the steps that name none')
    .addOption(repeated('-i, --input <key=value>', 'an input; key=@file reads a file, key:=JSON is JSON'))
    .option('--inputs-file <file>', 'inputs from a YAML or JSON file')
    .option('--dry-run', 'show what would happen, without any effect')
    .addOption(
      new Option(
        '--plan <hash>',
        'follow a plan of --dry-run: the run rests where it would do anything else',
      ).conflicts(['dryRun', 'resume', 'detach']),
    )
    .addOption(
      new Option('--resume <run>', 'go on with an earlier run').conflicts([
        'dryRun',
        'inputsFile',
        'agent',
        'model',
        'timeout',
        'detach',
      ]),
    )
    .option('--timeout <duration>', 'longest time for the run, such as 30s, 5m, 1h')
    .option('--detach', 'return at once; the run goes on by itself')
    .option('--allow-partial', 'a run that completed in part is a success');
}

/** `run WORKFLOW`. */
export function addRun(kit: CommandKit): void {
  const command = kit.program.command('run').description('Run a workflow: a file, a bundle or an id of the library');
  addRunOptions(command.argument('[workflow]', 'file, bundle folder or id')).action(kit.run(runWorkflow));
}

/** Runs what a person named. */
export async function runWorkflow(
  context: CliContext,
  workflow: string | undefined,
  flags: RunFlags,
): Promise<ExitCode> {
  if (flags.resume !== undefined) return resumeRun(context, flags.resume, flags);
  if (workflow === undefined)
    throw usageError(
      "Missing argument 'workflow'",
      "Name a file, a bundle folder or an id; 'aiworkflow workflow list' shows them.",
    );
  const input = await startInput(context, flags);
  if (flags.dryRun === true) return planWorkflow(context, workflow, input);
  if (flags.detach === true) return detachRun(context, workflow, input);
  return withClient(context, async (client) => {
    const begin = async (): Promise<string> => {
      const { runId } = await withWorkflowRef(workflow, context.cwd, (ref) =>
        client.call('runs.start', {
          ...input,
          workflow: ref,
          ...(flags.plan === undefined ? {} : { plan: flags.plan }),
        }),
      );
      return runId;
    };
    try {
      return await followToReport(context, { client, begin, flags });
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'approval.needed') throw thrown;
      return askToRun(context, client, { ...input, workflow });
    }
  });
}

type StartInput = Omit<InputOf<'runs.start'>, 'workflow' | 'plan'>;

/** What the options of a start say. */
export async function startInput(
  context: CliContext,
  flags: Pick<RunFlags, 'agent' | 'model' | 'input' | 'inputsFile' | 'timeout'>,
): Promise<StartInput> {
  const given = { items: flags.input ?? [], file: flags.inputsFile };
  return {
    inputs: readInputs(given, context.cwd, (message) => warn(context, message)),
    ...(flags.agent === undefined ? {} : { agent: flags.agent }),
    ...(flags.model === undefined ? {} : { model: flags.model }),
    ...(flags.timeout === undefined ? {} : { timeoutMs: await durationOption('--timeout', flags.timeout) }),
  };
}

function resumeRun(context: CliContext, run: string, flags: RunFlags): Promise<ExitCode> {
  if (flags.input !== undefined)
    throw usageError(
      "A resumed run keeps its inputs: leave out '--input'",
      "'aiworkflow runs replay' starts a new run with other inputs.",
    );
  const runId = runIdArgument(run);
  return withClient(context, (client) =>
    followToReport(context, { client, flags, begin: async () => (await client.call('runs.resume', { runId })).runId }),
  );
}

/** Here nobody starts it alone: asked for instead (SPEC §1.1 `risk_level`). */
async function askToRun(context: CliContext, client: OpenClient, input: InputOf<'runs.start'>): Promise<ExitCode> {
  const asked = await withWorkflowRef(input.workflow, context.cwd, (workflow) =>
    client.call('approvals.request', { asked: { kind: 'run', ...input, workflow } }),
  );
  const suggestion = `aiworkflow approvals approve ${asked.id}`;
  print(context, { success: false, status: 'waiting', request_id: asked.id, title: asked.title, suggestion }, () =>
    askedText(asked),
  );
  return EXIT.waiting;
}

interface Following {
  readonly client: Awaited<ReturnType<CliContext['openClient']>>;
  readonly begin: () => Promise<string>;
  readonly flags: Pick<RunFlags, 'allowPartial'>;
}

async function followToReport(context: CliContext, { client, begin, flags }: Following): Promise<ExitCode> {
  const allowPartial = flags.allowPartial ?? false;
  const view = await conductRun(context, client, begin);
  const result = await client.call('runs.result', { runId: view.run.runId });
  print(context, runReport(view, result, allowPartial), () => runReportText(view, result, context));
  return exitCodeOfRun(view.run, { allowPartial, isInterrupted: context.interrupts.isInterrupted });
}

async function planWorkflow(context: CliContext, workflow: string, input: StartInput): Promise<ExitCode> {
  const plan = await withClient(context, (client) =>
    withWorkflowRef(workflow, context.cwd, (ref) => client.call('runs.plan', { ...input, workflow: ref })),
  );
  print(context, plan, () => planText(plan));
  return EXIT.ok;
}

async function detachRun(context: CliContext, workflow: string, input: StartInput): Promise<ExitCode> {
  const project = await context.findProject(context.globals.project);
  const place = await context.place();
  const start = (named: string): Promise<{ readonly runId: string }> =>
    startDetached({
      kind: 'run',
      project,
      place,
      login: unattended(context.login),
      input: { ...input, workflow: named },
    });
  const { runId } = await withWorkflowRef(workflow, context.cwd, start);
  print(
    context,
    { success: true, run_id: runId, status: 'running', detached: true },
    () => `Started ${runId}. Follow it with 'aiworkflow runs log ${runId} --follow'.`,
  );
  return EXIT.ok;
}
