import { Option } from 'commander';
import { withClient } from '../client/call-reader.ts';
import type { CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { statisticsText } from '../text/statistics-report.ts';
import { ownZone, sinceOption } from '../values/option-values.ts';

const GROUPS = ['workflow', 'agent', 'day', 'month'] as const;

interface StatsFlags {
  readonly since?: string;
  readonly workflow?: string;
  readonly by?: (typeof GROUPS)[number];
  readonly zone?: string;
}

/** More than 30 years of months, more than one of days. */
const MAX_PERIODS = 400;

/** `stats`: how runs fared (SPEC §9). */
export function addStats(kit: CommandKit): void {
  kit.program
    .command('stats')
    .description('Say how runs fared: how many completed, how long they took, what they cost')
    .option('--since <instant>', 'only runs that were started since an instant, or since so long ago (2h, 7d)')
    .option('--workflow <id>', 'only runs of this workflow')
    .addOption(new Option('--by <group>', 'one grouping (default: workflow and agent)').choices([...GROUPS]))
    .option('--zone <name>', 'whose clocks say when a day begins (default: those of this machine)')
    .action(kit.run(showStatistics));
}

async function showStatistics(context: CliContext, { since, workflow, by, zone }: StatsFlags): Promise<ExitCode> {
  const from = since === undefined ? {} : { since: await sinceOption(since, Date.now(), zone) };
  await withClient(context, async (client) => {
    const statistics = await client.call('runs.statistics', {
      ...from,
      ...(workflow === undefined ? {} : { workflow }),
      zone: zone ?? ownZone(),
      unit: by === 'day' ? 'day' : 'month',
      max: MAX_PERIODS,
    });
    print(context, statistics, () => statisticsText(statistics, by === undefined ? ['workflow', 'agent'] : [by]));
  });
  return EXIT.ok;
}
