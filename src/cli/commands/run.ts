import type { Command } from 'commander';
import { parseDuration } from '../../core/workflow/index.ts';
import type { RunPlan } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { action, type CommandContext } from '../command-context.ts';
import { absoluteRef, type OpenClient, withClient } from '../doors.ts';
import { durationText, table, usage } from '../output.ts';
import { readInputs } from '../read-inputs.ts';
import { reportRun } from '../run-report.ts';
import { watchRun } from '../watch-run.ts';

export interface RunFlags {
  readonly agent?: string;
  readonly model?: string;
  readonly input: readonly string[];
  readonly inputsFile?: string;
  readonly dryRun?: boolean;
  readonly resume?: string;
  readonly timeout?: string;
  readonly detach?: boolean;
  readonly allowPartial?: boolean;
}

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

export function addRunCommand(program: Command): void {
  addRunOptions(program.command('run [workflow]').description('Run a workflow: a file, a bundle or an id.')).action(action(runWorkflow));
}

export function addRunOptions(command: Command): Command {
  return command
    .option('-a, --agent <agent>', 'Agent for this run.')
    .option('--model <model>', 'Model for this run.')
    .option('-i, --input <key=value>', 'An input; key=@file reads a file, key:=JSON is raw JSON.', collect, [])
    .option('--inputs-file <file>', 'Inputs from a YAML or JSON file.')
    .option('--dry-run', 'Show what would happen, without any effect.')
    .option('--resume <run>', 'Go on with a run that failed, was cancelled or paused.')
    .option('--timeout <duration>', 'Time limit of the whole run, such as 10m.')
    .option('--detach', 'Start and do not wait.')
    .option('--allow-partial', 'Partial results count as success.');
}

export async function runWorkflow({ output, options }: CommandContext, workflow: string | undefined, flags: RunFlags): Promise<number> {
  if (workflow === undefined && flags.resume === undefined) throw usage('A workflow is needed: a file, a bundle or an id.');
  const inputs = await readInputs(flags.input, flags.inputsFile);
  const request = { workflow: absoluteRef(workflow ?? '.'), inputs, agent: flags.agent, model: flags.model, timeoutMs: timeoutOf(flags.timeout) };
  return withClient(options, async (client) => {
    if (flags.dryRun === true) {
      const plan = await client.call('runs.plan', request);
      output.result(plan, planText(plan));
      return 0;
    }
    if (flags.detach === true && client.isHolder) {
      throw new AppError('holder.unreachable', 'Nothing is open that could go on with the run after this command ends.', {
        hint: "Open the control center or 'aiworkflow serve' first, or leave --detach out.",
      });
    }
    const { runId } = flags.resume === undefined ? await client.call('runs.start', request) : await client.call('runs.resume', { runId: flags.resume });
    if (flags.detach === true) {
      output.result({ success: true, run_id: runId, status: 'running' }, `Started ${runId}`);
      return 0;
    }
    return followRun(client, runId, { output, options }, flags.allowPartial ?? false);
  });
}

/** Waits for a run, shows it, prints its report and gives the exit code. */
export async function followRun(client: OpenClient, runId: string, { output }: CommandContext, allowPartial: boolean): Promise<number> {
  const { wasInterrupted } = await watchRun(client, runId, output);
  const result = await client.call('runs.result', { runId });
  const { files, folder } = await client.call('runs.files', { runId });
  return reportRun(result, output, { allowPartial, wasInterrupted, files: files.map((file) => file.path), filesFolder: folder });
}

function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const { ms, problem } = parseDuration(text);
  if (ms === null || problem !== undefined) throw usage(`'${text}' is not a duration.`, 'Write it like 30s, 5m or 1h30m.');
  return ms;
}

function planText(plan: RunPlan): string {
  const rows = plan.plan.map((step, index) => [String(index + 1), step.name, step.action, step.condition === 'none' ? '' : `condition ${step.condition}`, step.effect]);
  const estimate = plan.estimate.duration_seconds === null ? '' : `\nUsually takes ${durationText(plan.estimate.duration_seconds)}.`;
  return `Dry run of ${plan.workflow.name}: nothing was done.\n${table(rows)}${estimate}`;
}
