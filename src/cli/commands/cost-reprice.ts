import type { InputOf } from '../../shared/contract/index.ts';
import type { RepricePlan } from '../../shared/model/cost.ts';
import { withClient } from '../client/call-reader.ts';
import type { addGroup, CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { table } from '../text/table.ts';
import { sinceOption } from '../values/option-values.ts';

interface RepriceFlags {
  readonly since?: string;
  readonly model?: string;
  readonly yes?: boolean;
}

/** `costs reprice`: what mended prices change, and with `--yes` the change. */
export function addReprice(kit: CommandKit, costs: ReturnType<typeof addGroup>): void {
  costs
    .command('reprice')
    .description('Show what mended prices change of calls that are booked; with --yes book them anew')
    .option('--since <instant>', 'only calls since an instant, or since so long ago (2h, 7d)')
    .option('--model <name>', 'only calls of this model')
    .option('--yes', 'book them anew')
    .action(kit.run(reprice));
}

async function reprice(context: CliContext, { since, model, yes = false }: RepriceFlags): Promise<ExitCode> {
  const filter: InputOf<'costs.planReprice'> = {
    ...(since === undefined ? {} : { since: await sinceOption(since, Date.now()) }),
    ...(model === undefined ? {} : { model }),
  };
  await withClient(context, async (client) => {
    const shown = await client.call('costs.planReprice', filter);
    const isDone = yes && shown.calls > 0;
    const plan = isDone ? await client.call('costs.reprice', { ...filter, hash: shown.hash }) : shown;
    print(context, { ...plan, done: isDone }, () => planText(plan, isDone));
  });
  return EXIT.ok;
}

function planText(plan: RepricePlan, isDone: boolean): string {
  if (plan.calls === 0) return 'Every call is booked at the price that the price files give.';
  const { calls, runs, before, after, difference, newly_priced: priced, newly_unpriced: unpriced } = plan;
  const rows = plan.by_model.map((one) => [one.name, String(one.calls), signed(one.difference)]);
  return [
    table(['MODEL', 'CALLS', 'DIFFERENCE'], rows).trimEnd(),
    '',
    `${calls} ${calls === 1 ? 'call' : 'calls'} of ${runs} ${runs === 1 ? 'run' : 'runs'}: $${before} ${isDone ? 'became' : 'would become'} $${after} (${signed(difference)}).`,
    ...(priced === 0 ? [] : [`${priced} of them had no price.`]),
    ...(unpriced === 0 ? [] : [`${unpriced} of them have no price any more.`]),
    ...(isDone ? [] : ["Nothing was changed yet: 'aiworkflow costs reprice --yes' books them anew."]),
  ].join('\n');
}

const signed = (usd: string): string => (usd.startsWith('-') ? `-$${usd.slice(1)}` : `+$${usd}`);
