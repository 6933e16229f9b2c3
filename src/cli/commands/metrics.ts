import { resolve } from 'node:path';
import { Option } from 'commander';
import { writeFileAtomic } from '../../core/files/index.ts';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import type {
  MetricsServing,
  MetricsStatistics,
  WorkflowMetrics,
  WorkflowStatistics,
} from '../../shared/model/metrics.ts';
import { withClient } from '../client/call-reader.ts';
import { addGroup, type CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { holdProject, untilStopped } from '../live/hold-project.ts';
import { print } from '../print.ts';
import { table } from '../text/table.ts';
import { integerOption } from '../values/option-values.ts';

interface StartFlags {
  readonly host?: string;
  readonly port?: string;
}

interface ExportFlags {
  readonly format: 'json' | 'csv' | 'prometheus';
}

/** `metrics start|show|export` (SPEC §13). */
export function addMetrics(kit: CommandKit): void {
  const group = addGroup(kit, 'metrics', 'How workflows fare, for monitoring systems and for you');
  group
    .command('start')
    .description('Serve metrics for Prometheus, here or in the app that holds the project')
    .option('--host <name>', 'where to serve them (default: as in aiworkflow.yaml, 127.0.0.1)')
    .option('--port <number>', '0 takes any free port (default: as in aiworkflow.yaml, 9464)')
    .action(kit.run(start));
  group
    .command('show')
    .description('Show what was counted: of all workflows, of one, or of one run')
    .argument('[id]', 'id of a workflow or of a run')
    .action(kit.run(show));
  group
    .command('export')
    .description('Write what was counted into a file')
    .argument('<file>', 'the file to write')
    .addOption(
      new Option('-f, --format <format>', 'statistics, a table, or what Prometheus reads')
        .choices(['json', 'csv', 'prometheus'])
        .default('json'),
    )
    .action(kit.run(exportMetrics));
}

async function start(context: CliContext, flags: StartFlags): Promise<ExitCode> {
  const port = flags.port === undefined ? {} : { port: integerOption('--port', flags.port, { min: 0, max: 65_535 }) };
  const place = { ...(flags.host === undefined ? {} : { host: flags.host }), ...port };
  const holding = await holdProject(context);
  let quitBy: string | undefined;
  try {
    sayServing(context, await holding.call('metrics.listen', place), holding.pid);
    if (holding.isOwn) quitBy = await untilStopped(context, holding);
    return EXIT.ok;
  } finally {
    await holding.leave(quitBy);
  }
}

function sayServing(context: CliContext, { listening, endpoint }: MetricsServing, pid: number): void {
  if (listening?.kind !== 'listening')
    throw new AppError('trigger.port_in_use', listening?.message ?? `Nothing is served at ${endpoint}.`);
  const url = `${listening.url}/metrics`;
  print(context, { url, pid }, () => `Serving metrics at ${url} (process ${pid})`);
}

async function show(context: CliContext, id: string | undefined): Promise<ExitCode> {
  return withClient(context, async (client) => {
    const { statistics, serving } = await client.call('metrics.show', {});
    if (id === undefined) {
      print(context, statistics, () => statisticsText(statistics, serving));
      return EXIT.ok;
    }
    const one = Object.hasOwn(statistics.workflows, id) ? statistics.workflows[id] : undefined;
    if (one !== undefined) print(context, one, () => workflowText(id, one));
    else {
      const run = await client.call('metrics.run', { runId: id });
      print(context, run, () => runText(run));
    }
    return EXIT.ok;
  });
}

const seconds = (value: number | null): string => (value === null ? '' : `${value.toFixed(2)} s`);

function statisticsText({ workflows, running_executions }: MetricsStatistics, serving: MetricsServing): string {
  const { listening } = serving;
  const where =
    listening?.kind === 'listening'
      ? `Served at ${listening.url}/metrics.`
      : (listening?.message ?? "Not served: 'aiworkflow metrics start' does that.");
  const rows = Object.entries(workflows);
  if (rows.length === 0) return `No run has been counted yet.\n${where}`;
  const lines = table(
    ['WORKFLOW', 'RUNS', 'SUCCEEDED', 'FAILED', 'AVERAGE', 'RETRIES', 'FAILOVERS'],
    rows.map(([id, one]) => [
      id,
      grouped(one.total_executions),
      grouped(one.successful_executions),
      grouped(one.failed_executions),
      seconds(one.avg_duration_seconds),
      grouped(one.total_retries),
      grouped(one.total_failovers),
    ]),
  );
  return `${lines}${grouped(running_executions)} running now. ${where}`;
}

const workflowText = (id: string, one: WorkflowStatistics): string =>
  [
    `${id}: ${grouped(one.total_executions)} runs, ${grouped(one.successful_executions)} succeeded, ${grouped(one.failed_executions)} failed, ${grouped(one.cancelled_executions)} cancelled`,
    ...(one.avg_duration_seconds === null
      ? []
      : [
          `Took ${seconds(one.min_duration_seconds)} to ${seconds(one.max_duration_seconds)}, ${seconds(one.avg_duration_seconds)} on average`,
        ]),
    `${grouped(one.total_retries)} retries, ${grouped(one.total_failovers)} failovers`,
  ].join('\n');

const runText = (run: WorkflowMetrics): string =>
  [
    `${run.run_id}: ${run.status}, ${run.completed_steps} of ${run.total_steps} steps, ${seconds(run.total_duration_seconds)}`,
    ...Object.entries(run.step_durations).map(
      ([step, took]) => `  ${step}  ${seconds(took)}${retriesText(run.retry_counts[step] ?? 0)}`,
    ),
  ].join('\n');

const retriesText = (count: number): string => (count === 0 ? '' : `, ${grouped(count)} retries`);

async function exportMetrics(context: CliContext, file: string, { format }: ExportFlags): Promise<ExitCode> {
  const { text } = await withClient(context, (client) => client.call('metrics.export', { format }));
  const path = resolve(context.cwd, file);
  await writeFileAtomic(path, text);
  print(context, { file: path, format }, () => `Metrics written to ${path}`);
  return EXIT.ok;
}
