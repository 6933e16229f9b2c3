import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { LogLine, RunSummary } from '../../shared/model/run.ts';
import { RUN_STATUSES, type RunStatus } from '../../shared/model/run.ts';
import type { Json } from '../../shared/model/workflow.ts';
import { action, type CommandContext } from '../command-context.ts';
import { type OpenClient, withClient } from '../doors.ts';
import { durationText, table, usage } from '../output.ts';
import { readInputs } from '../read-inputs.ts';
import { reportRun, statusWord } from '../run-report.ts';
import { followRun } from './run.ts';

export function addRunsCommands(program: Command): void {
  const group = program.command('runs').description('List, show and steer runs.');
  addList(group);
  addShow(group);
  addLog(group);
  addActing(group);
  addResolve(group);
}

interface ListFlags {
  readonly workflow?: string;
  readonly status?: string;
  readonly since?: string;
  readonly limit: string;
}

function addList(group: Command): void {
  group
    .command('list')
    .description('List runs, newest first.')
    .option('--workflow <id>', 'Only of this workflow.')
    .option('--status <status>', 'Only in this status.')
    .option('--since <instant>', 'Only since this instant (ISO 8601).')
    .option('--limit <n>', 'At most this many.', '100')
    .action(
      action(async ({ output, options }, flags: ListFlags) => {
        const filter = { workflow: flags.workflow, status: statusOf(flags.status), since: instantOf(flags.since), limit: limitOf(flags.limit) };
        const { runs } = await withClient(options, (client) => client.call('runs.list', filter));
        const rows = runs.map((run) => [run.runId, run.workflowName, statusWord(run.status, run.outcome), durationText(tookSeconds(run))]);
        output.result({ runs: runs.map(runRow), count: runs.length }, runs.length === 0 ? 'No runs.' : table([['Run', 'Workflow', 'Status', 'Took'], ...rows]));
        return 0;
      }),
    );
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
const tookSeconds = (run: RunSummary): number | null => (run.startedAt === null || run.completedAt === null ? null : (run.completedAt - run.startedAt) / 1000);

const runRow = (run: RunSummary): Record<string, unknown> => ({
  run_id: run.runId,
  workflow_id: run.workflowId,
  version_hash: run.versionHash,
  status: run.status,
  outcome: run.outcome,
  trigger: run.trigger,
  started_at: iso(run.startedAt),
  completed_at: iso(run.completedAt),
  duration_seconds: tookSeconds(run),
  steps_total: run.stepsTotal,
  steps_succeeded: run.stepsSucceeded,
  steps_failed: run.stepsFailed,
  error: run.error?.message ?? null,
});

function statusOf(text: string | undefined): RunStatus[] | undefined {
  if (text === undefined) return undefined;
  const found = RUN_STATUSES.find((status) => status === text);
  if (found === undefined) throw usage(`'${text}' is not a status.`, `One of: ${RUN_STATUSES.join(', ')}`);
  return [found];
}

function instantOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw usage(`'${text}' is not an instant.`, 'Write it like 2026-01-22T08:00:00Z.');
  return at;
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw usage(`'${text}' is not a limit from 1 to 1000.`);
  return limit;
}

function addShow(group: Command): void {
  group
    .command('show <run>')
    .description('Show a run with its steps.')
    .action(
      action(async ({ output, options }, run: string) =>
        withClient(options, async (client) => {
          const runId = await findRun(client, run);
          const result = await client.call('runs.result', { runId });
          const rows = result.step_results.map((step) => [step.step_id, step.status, durationText(step.duration_seconds), step.error?.message ?? '']);
          const head = `${statusWord(result.status, result.outcome)}  ${result.run_id}\n${table(rows)}`;
          output.result(result, result.error === null ? head : `${head}\nWhy: ${result.error.message}`);
          return 0;
        }),
      ),
    );
}

const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled', 'paused', 'in_doubt']);
const PAGE = 1000;

function addLog(group: Command): void {
  group
    .command('log <run>')
    .description('Show the log of a run.')
    .option('--follow', 'Go on until the run rests.')
    .action(
      action(async ({ output, options }, run: string, flags: { follow?: boolean }) =>
        withClient(options, async (client) => {
          const runId = await findRun(client, run);
          if (flags.follow === true) return followLog(client, runId, { output, options });
          const lines: LogLine[] = [];
          for (;;) {
            const page: { readonly lines: readonly LogLine[] } = await client.call('runs.log', { runId, from: lines.length + 1, limit: PAGE });
            lines.push(...page.lines);
            if (page.lines.length < PAGE) break;
          }
          output.result({ run_id: runId, lines, total: lines.length }, lines.map((line) => `${line.path} ${line.text}`).join('\n'));
          return 0;
        }),
      ),
    );
}

async function followLog(client: OpenClient, runId: string, { output }: CommandContext): Promise<number> {
  let from = 1;
  for (;;) {
    const { run } = await client.call('runs.get', { runId });
    const { lines } = await client.call('runs.log', { runId, from, limit: PAGE });
    for (const line of lines) output.line(line, `${line.path} ${line.text}`);
    from += lines.length;
    if (lines.length === 0 && ENDED.has(run.status)) return 0;
    if (lines.length === 0) await delay(200);
  }
}

function addActing(group: Command): void {
  group.command('resume <run>').description('Go on with a run where it stopped.').action(action(resume));
  group
    .command('retry <run>')
    .description('Run again from a step, with what came before it.')
    .option('--from <step>', 'The first step to run again (default: the first that did not complete).')
    .action(action(retry));
  group
    .command('replay <run>')
    .description('Run the same version again with edited inputs.')
    .option('-i, --input <key=value>', 'An input to change.', (value: string, previous: readonly string[]) => [...previous, value], [])
    .option('--latest', "Use today's version.")
    .action(action(replay));
  for (const [name, description] of [['cancel', 'End a run now.'], ['pause', 'Let the running step end, begin no other.']] as const) {
    group
      .command(`${name} <run>`)
      .description(description)
      .action(
        action(async ({ output, options }, run: string) =>
          withClient(options, async (client) => {
            const runId = await findRun(client, run);
            const { status } = await client.call(`runs.${name}`, { runId });
            output.result({ run_id: runId, status }, `${runId}: ${status}`);
            return 0;
          }),
        ),
      );
  }
  group.command('delete <run>').description('Delete an ended run with its log and files.').action(action(remove));
}

async function resume(context: CommandContext, run: string): Promise<number> {
  return withClient(context.options, async (client) => {
    const { runId } = await client.call('runs.resume', { runId: await findRun(client, run) });
    return followRun(client, runId, context, false);
  });
}

async function retry(context: CommandContext, run: string, flags: { from?: string }): Promise<number> {
  return withClient(context.options, async (client) => {
    const { runId, repeats } = await client.call('runs.retry', { runId: await findRun(client, run), from: flags.from });
    context.output.progress(`New run ${runId}; runs again: ${repeats.join(', ') || 'nothing that ran before'}`);
    return followRun(client, runId, context, false);
  });
}

async function replay(context: CommandContext, run: string, flags: { input: readonly string[]; latest?: boolean }): Promise<number> {
  const inputs = await readInputs(flags.input, undefined);
  return withClient(context.options, async (client) => {
    const { runId } = await client.call('runs.replay', { runId: await findRun(client, run), inputs, latest: flags.latest ?? false });
    return followRun(client, runId, context, false);
  });
}

async function remove({ output, options }: CommandContext, run: string): Promise<number> {
  return withClient(options, async (client) => {
    const runId = await findRun(client, run);
    await client.call('runs.delete', { runId });
    output.result({ deleted: runId }, `Deleted ${runId}`);
    return 0;
  });
}

interface ResolveFlags {
  readonly step: string;
  readonly as: string;
  readonly output?: string;
}

const DECISIONS = ['completed', 'failed', 'rerun'] as const;

function addResolve(group: Command): void {
  group
    .command('resolve <run>')
    .description('Decide about a step in doubt; the run then goes on.')
    .requiredOption('--step <path>', 'The step.')
    .requiredOption('--as <decision>', 'completed, failed or rerun.')
    .option('--output <json>', 'Output of the step when it is marked completed.')
    .action(
      action(async (context, run: string, flags: ResolveFlags) => {
        const as = DECISIONS.find((one) => one === flags.as);
        if (as === undefined) throw usage(`'${flags.as}' is not a decision.`, `One of: ${DECISIONS.join(', ')}`);
        return withClient(context.options, async (client) => {
          const runId = await findRun(client, run);
          await client.call('runs.resolve', { runId, path: flags.step, as, output: outputOf(flags.output) });
          const { run: after } = await client.call('runs.get', { runId });
          return ENDED.has(after.status) || client.isHolder ? followRun(client, runId, context, false) : report(client, runId, context);
        });
      }),
    );
}

async function report(client: OpenClient, runId: string, { output }: CommandContext): Promise<number> {
  const result = await client.call('runs.result', { runId });
  return reportRun(result, output, { allowPartial: false, wasInterrupted: false, files: [], filesFolder: '' });
}

function outputOf(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** A run by its id, or by an unmistakable part of it. */
async function findRun(client: OpenClient, run: string): Promise<string> {
  if (!/^[A-Za-z0-9._-]{1,120}$/.test(run)) throw usage(`'${run}' is not a run id.`);
  const { runs } = await client.call('runs.list', { text: run, limit: 2 });
  const exact = runs.find((one) => one.runId === run);
  return exact?.runId ?? (runs.length === 1 && runs[0]?.runId.includes(run) ? runs[0].runId : run);
}
