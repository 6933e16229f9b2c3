import { Option } from 'commander';
import type { InputOf, OutputOf } from '../../shared/contract/index.ts';
import type { CostGroup, CostRecord, CostSummary } from '../../shared/model/cost.ts';
import { withClient } from '../client/call-reader.ts';
import { addGroup, type CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { table } from '../text/table.ts';
import { localTime } from '../text/time-text.ts';
import { integerOption, sinceOption } from '../values/option-values.ts';

const GROUPS = ['workflow', 'agent', 'model'] as const;
type GroupName = (typeof GROUPS)[number];

interface FilterFlags {
  readonly since?: string;
  readonly workflow?: string;
  readonly run?: string;
  readonly agent?: string;
  readonly model?: string;
}

interface SummaryFlags extends FilterFlags {
  readonly by?: GroupName;
}

interface RecordFlags extends FilterFlags {
  readonly limit: string;
}

/** `costs summary|records`. */
export function addCosts(kit: CommandKit): void {
  const group = addGroup(kit, 'costs', 'What calls of models have cost');
  const summary = group.command('summary').description('Add up what was spent');
  addFilter(summary)
    .addOption(new Option('--by <group>', 'show only this grouping (default: all three)').choices(GROUPS))
    .action(kit.run(showSummary));
  const records = group.command('records').description('List the calls of models, newest first');
  addFilter(records).option('--limit <count>', 'at most so many', '100').action(kit.run(listRecords));
}

const addFilter = (command: ReturnType<typeof addGroup>): ReturnType<typeof addGroup> =>
  command
    .option('--since <instant>', 'only calls since an instant, or since so long ago (2h, 7d)')
    .option('--workflow <id>', 'only calls of this workflow')
    .option('--run <run>', 'only calls of this run')
    .option('--agent <name>', 'only calls by this agent')
    .option('--model <name>', 'only calls of this model');

async function filterOf(flags: FilterFlags): Promise<InputOf<'costs.summary'>> {
  const { since, workflow, run, agent, model } = flags;
  return {
    ...(since === undefined ? {} : { since: await sinceOption(since, Date.now()) }),
    ...(workflow === undefined ? {} : { workflow }),
    ...(run === undefined ? {} : { run }),
    ...(agent === undefined ? {} : { agent }),
    ...(model === undefined ? {} : { model }),
  };
}

async function showSummary(context: CliContext, flags: SummaryFlags): Promise<ExitCode> {
  const filter = await filterOf(flags);
  const summary = await withClient(context, (client) => client.call('costs.summary', filter));
  print(context, summary, () => summaryText(summary, flags.by === undefined ? GROUPS : [flags.by], context));
  return EXIT.ok;
}

function summaryText(summary: CostSummary, groups: readonly GroupName[], { colors }: CliContext): string {
  if (summary.total_requests === 0) return 'No model was called.';
  const { total_cost, total_requests, unpriced_requests } = summary;
  const tokens = `${summary.total_input_tokens} tokens in, ${summary.total_output_tokens} out`;
  const head = [`$${total_cost} for ${calls(total_requests)} (${tokens})`, ...unpricedLine(unpriced_requests, colors)];
  const tables = groups.map((group) => groupTable(group, summary[`by_${group}`]));
  return [head.join('\n'), ...tables].join('\n\n');
}

const calls = (count: number): string => (count === 1 ? '1 call' : `${count} calls`);

/** What has no price is not in the sum: that must be read together with it. */
function unpricedLine(unpriced: number, colors: CliContext['colors']): readonly string[] {
  if (unpriced === 0) return [];
  const text = `${calls(unpriced)} unpriced: no price is known for the model, so the sum is too low.`;
  return [`${colors.out.yellow(text)} Add it to .aiworkflow/prices.yaml.`];
}

function groupTable(group: GroupName, rows: readonly CostGroup[]): string {
  const cells = rows.map((row) => [
    row.name,
    amountText(row),
    String(row.requests),
    String(row.input_tokens),
    String(row.output_tokens),
  ]);
  return table([group.toUpperCase(), 'COST', 'CALLS', 'TOKENS IN', 'TOKENS OUT'], cells).trimEnd();
}

const amountText = ({ cost, requests, unpriced_requests }: CostGroup): string => {
  if (unpriced_requests === 0) return `$${cost}`;
  return unpriced_requests === requests ? 'unpriced' : `$${cost} + ${unpriced_requests} unpriced`;
};

const MAX_PAGE = 1000;

async function listRecords(context: CliContext, flags: RecordFlags): Promise<ExitCode> {
  const filter = await filterOf(flags);
  const limit = integerOption('--limit', flags.limit, { min: 1, max: 100_000 });
  const records = await withClient(context, async (client) => {
    const found: CostRecord[] = [];
    let cursor: string | null = null;
    do {
      const wanted = Math.min(MAX_PAGE, limit - found.length);
      const page: OutputOf<'costs.records'> = await client.call('costs.records', {
        ...filter,
        limit: wanted,
        ...(cursor === null ? {} : { cursor }),
      });
      found.push(...page.records);
      cursor = page.nextCursor;
    } while (cursor !== null && found.length < limit);
    return found;
  });
  print(context, { records, count: records.length }, () => recordsText(records));
  return EXIT.ok;
}

function recordsText(records: readonly CostRecord[]): string {
  if (records.length === 0) return 'No model was called.';
  const rows = records.map((record) => [
    localTime(Date.parse(record.timestamp)),
    record.run_id,
    record.step_name,
    record.agent_name,
    record.model_name ?? '',
    String(record.token_usage.input_tokens),
    String(record.token_usage.output_tokens),
    record.estimated_cost === null ? 'unpriced' : `$${record.estimated_cost}`,
    record.source,
  ]);
  return table(['WHEN', 'RUN', 'STEP', 'AGENT', 'MODEL', 'IN', 'OUT', 'COST', 'SOURCE'], rows);
}
