import { Option } from 'commander';
import type { InputOf, OutputOf } from '../../shared/contract/index.ts';
import type { CostRecord } from '../../shared/model/cost.ts';
import { withClient } from '../client/call-reader.ts';
import { addGroup, type CommandKit } from '../command-kit.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { GROUPS, type GroupName, noCallsText, recordsText, spendText, summaryText } from '../text/costs-report.ts';
import { integerOption, ownZone, sinceOption } from '../values/option-values.ts';
import { addEstimates } from './cost-estimates.ts';
import { addCostLimits } from './cost-limits.ts';
import { addCostQuestions } from './cost-questions.ts';
import { addReprice } from './cost-reprice.ts';

interface FilterFlags {
  readonly since?: string;
  readonly workflow?: string;
  readonly run?: string;
  readonly agent?: string;
  readonly model?: string;
  readonly actor?: string;
}

const UNITS = ['day', 'month'] as const;

interface SummaryFlags extends FilterFlags {
  readonly by?: GroupName | (typeof UNITS)[number];
  readonly zone?: string;
}

interface RecordFlags extends FilterFlags {
  readonly limit: string;
}

/** `costs summary|records|limits|questions|raise|estimate|compare|reprice`. */
export function addCosts(kit: CommandKit): void {
  const group = addGroup(kit, 'costs', 'What calls of models have cost');
  const summary = group.command('summary').description('Add up what was spent');
  addFilter(summary)
    .addOption(
      new Option('--by <group>', 'one grouping (default: workflow, agent and model), or the calendar').choices([
        ...GROUPS,
        ...UNITS,
      ]),
    )
    .option(
      '--zone <name>',
      'with --by day or month: whose clocks say when a day begins (default: those of this machine)',
    )
    .action(kit.run(showSummary));
  const records = group.command('records').description('List the calls of models, newest first');
  addFilter(records).option('--limit <count>', 'at most so many', '100').action(kit.run(listRecords));
  addCostLimits(kit, group);
  addCostQuestions(kit, group);
  addEstimates(kit, group);
  addReprice(kit, group);
}

const addFilter = (command: ReturnType<typeof addGroup>): ReturnType<typeof addGroup> =>
  command
    .option('--since <instant>', 'only calls since an instant, or since so long ago (2h, 7d)')
    .option('--workflow <id>', 'only calls of this workflow')
    .option('--run <run>', 'only calls of this run')
    .option('--agent <name>', 'only calls by this agent')
    .option('--model <name>', 'only calls of this model')
    .option('--actor <name>', 'only calls of runs that this user or system:NAME started');

type Filter = InputOf<'costs.summary'>;

async function filterOf(flags: FilterFlags, zone?: string): Promise<Filter> {
  const { since, workflow, run, agent, model, actor } = flags;
  return {
    ...(since === undefined ? {} : { since: await sinceOption(since, Date.now(), zone) }),
    ...(workflow === undefined ? {} : { workflow }),
    ...(run === undefined ? {} : { run }),
    ...(agent === undefined ? {} : { agent }),
    ...(model === undefined ? {} : { model }),
    ...(actor === undefined ? {} : { actor }),
  };
}

async function showSummary(context: CliContext, flags: SummaryFlags): Promise<ExitCode> {
  const filter = await filterOf(flags, flags.zone);
  if (flags.by === 'day' || flags.by === 'month') return showSpend(context, flags.by, { filter, zone: flags.zone });
  if (flags.zone !== undefined) throw usageError('--zone goes with --by day or --by month.');
  const groups = flags.by === undefined ? GROUPS : [flags.by];
  await withClient(context, async (client) => {
    const summary = await client.call('costs.summary', filter);
    const nothing = summary.total_requests === 0 ? await whyNothing(client, filter) : null;
    print(context, summary, () => nothing ?? summaryText(summary, groups, context));
  });
  return EXIT.ok;
}

const MAX_PERIODS = 400;

async function showSpend(
  context: CliContext,
  unit: (typeof UNITS)[number],
  { filter, zone }: { readonly filter: Filter; readonly zone: string | undefined },
): Promise<ExitCode> {
  await withClient(context, async (client) => {
    const spend = await client.call('costs.spend', { ...filter, zone: zone ?? ownZone(), unit, max: MAX_PERIODS });
    const isEmpty = spend.periods.every(({ requests }) => requests === 0);
    const nothing = isEmpty ? await whyNothing(client, filter) : null;
    print(context, spend, () => nothing ?? spendText(spend));
  });
  return EXIT.ok;
}

const whyNothing = async (client: OpenClient, filter: Filter): Promise<string> =>
  noCallsText(filter, await client.call('costs.summary', {}));

async function listRecords(context: CliContext, flags: RecordFlags): Promise<ExitCode> {
  const filter = await filterOf(flags);
  const limit = integerOption('--limit', flags.limit, { min: 1, max: 100_000 });
  await withClient(context, async (client) => {
    const { records, hasMore } = await readRecords(client, filter, limit);
    const nothing = records.length === 0 ? await whyNothing(client, filter) : null;
    print(context, { records, count: records.length }, () => nothing ?? recordsText(records, hasMore));
  });
  return EXIT.ok;
}

const MAX_PAGE = 1000;

interface FoundRecords {
  readonly records: readonly CostRecord[];
  readonly hasMore: boolean;
}

async function readRecords(client: OpenClient, filter: Filter, limit: number): Promise<FoundRecords> {
  const records: CostRecord[] = [];
  let cursor: string | null = null;
  do {
    const page: OutputOf<'costs.records'> = await client.call('costs.records', {
      ...filter,
      limit: Math.min(MAX_PAGE, limit - records.length),
      ...(cursor === null ? {} : { cursor }),
    });
    records.push(...page.records);
    cursor = page.nextCursor;
  } while (cursor !== null && records.length < limit);
  return { records, hasMore: cursor !== null };
}
