import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import type { CleanupPlan, CleanupResult } from '../../shared/model/storage.ts';
import { withClient } from '../client/call-reader.ts';
import type { CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { note, print } from '../print.ts';
import { bytesText } from '../text/bytes-text.ts';
import { table } from '../text/table.ts';
import { integerOption } from '../values/option-values.ts';

interface CleanupFlags {
  readonly days: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** `cleanup --days 30 --dry-run` (SPEC §13). */
export function addCleanup(kit: CommandKit): void {
  kit.program
    .command('cleanup')
    .description(
      'Remove runs that ended long ago, with their logs and files, and what the settings say is too old; costs stay',
    )
    .option('--days <count>', 'runs that ended before so many days', '30')
    .option('--dry-run', 'say what would go and what that frees, and remove nothing')
    .option('-y, --yes', 'agree to the first cleanup of a project, after which the settings are kept to every day')
    .action(kit.run(cleanup));
}

async function cleanup(context: CliContext, flags: CleanupFlags): Promise<ExitCode> {
  const days = integerOption('--days', flags.days, { min: 0, max: 36_500 });
  await withClient(context, async (client) => {
    if (flags.dryRun === true) {
      const plan = await client.call('storage.plan', { days });
      return print(context, plan, () => planText(plan));
    }
    try {
      const result = await client.call('storage.cleanup', { days, agrees: flags.yes === true });
      print(context, result, () => resultText(result));
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'storage.not_agreed')) throw error;
      note(context, planText(await client.call('storage.plan', { days })));
      throw new AppError('usage.invalid', error.message, {
        hint: "Look at what would go, then run it with '--yes'.",
        details: error.details ?? {},
        cause: error,
      });
    }
  });
  return EXIT.ok;
}

function planText({ runs, deliveries, auditEvents, bytes, workflows, pinned, open, before }: CleanupPlan): string {
  const stays = `${grouped(pinned)} pinned and ${grouped(open)} open runs stay, and all costs.`;
  const since = new Date(before).toISOString().slice(0, 10);
  if (runs + deliveries + auditEvents === 0) return `Nothing ended before ${since}. ${stays}`;
  const rows = table(
    ['WORKFLOW', 'RUNS', 'FREES'],
    workflows.map((one) => [one.workflowId, grouped(one.runs), bytesText(one.bytes)]),
  );
  return `${rows}Would remove ${grouped(runs)} runs that ended before ${since}, ${grouped(deliveries)} deliveries and ${grouped(auditEvents)} events of the audit: ${bytesText(bytes)}.\n${stays}`;
}

const resultText = ({ runs, deliveries, auditEvents, bytes, isCompacted }: CleanupResult): string =>
  `Removed ${grouped(runs)} runs, ${grouped(deliveries)} deliveries and ${grouped(auditEvents)} events of the audit: ${bytesText(bytes)} smaller.${
    isCompacted ? '' : ' The rest is given back once nothing runs.'
  }`;
