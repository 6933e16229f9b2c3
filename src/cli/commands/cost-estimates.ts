import type { CostComparison, CostEstimate } from '../../shared/model/cost.ts';
import { withClient } from '../client/call-reader.ts';
import type { addGroup, CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { table } from '../text/table.ts';

/** `costs estimate WF` and `costs compare WF`: what a run will cost, before it is started. */
export function addEstimates(kit: CommandKit, costs: ReturnType<typeof addGroup>): void {
  costs
    .command('estimate')
    .argument('<workflow>', 'id, file or bundle')
    .description('Say what a run will cost')
    .option('--model <name>', 'with this model in place of those of its steps')
    .action(kit.run(estimate));
  costs
    .command('compare')
    .argument('<workflow>', 'id, file or bundle')
    .description('Say what a run will cost with each of several models, and how agents have done')
    .option('--models <names>', 'with commas between (default: those that its runs have used)')
    .action(kit.run(compare));
}

async function estimate(
  context: CliContext,
  workflow: string,
  { model }: { readonly model?: string },
): Promise<ExitCode> {
  await withClient(context, async (client) => {
    const found = await client.call('costs.estimate', { workflow, ...(model === undefined ? {} : { model }) });
    print(context, found, () => estimateText(found));
  });
  return EXIT.ok;
}

async function compare(
  context: CliContext,
  workflow: string,
  { models }: { readonly models?: string },
): Promise<ExitCode> {
  const named = models?.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  await withClient(context, async (client) => {
    const found = await client.call('costs.compare', { workflow, ...(named === undefined ? {} : { models: named }) });
    print(context, found, () => comparisonText(found));
  });
  return EXIT.ok;
}

const rangeText = ({ low, high }: CostEstimate): string => {
  if (low === null || high === null) return 'nobody knows the price';
  return low === high ? `$${low}` : `$${low} to $${high}`;
};

function estimateText(found: CostEstimate): string {
  const { calls, typical, based_on, runs, unpriced_models: unpriced, is_open } = found;
  const count = calls.low === calls.high ? String(calls.low) : `${calls.low} to ${calls.high}`;
  return [
    `A run costs ${rangeText(found)}${typical === null ? '' : `, usually $${typical}`} (${count} calls of agents).`,
    based_on === 'history'
      ? `As the last ${runs} completed runs did.`
      : 'From its steps as they are written: it has completed too seldom.',
    ...(is_open
      ? ['It may be more: how often a loop turns, or what a run that it starts costs, is not known before.']
      : []),
    ...(unpriced.length === 0 ? [] : [`Without a price: ${unpriced.join(', ')}.`]),
  ].join('\n');
}

function comparisonText({ estimates, agents }: CostComparison): string {
  const models = estimates.map((one) => [
    one.model ?? '',
    one.typical === null ? 'unpriced' : `$${one.typical}`,
    rangeText(one),
  ]);
  const records = agents.map(({ agent, runs, completed, cost, cost_per_completed: each, median_seconds: seconds }) => [
    ...[agent, String(runs), String(completed), `$${cost}`],
    ...[each === null ? '' : `$${each}`, seconds === null ? '' : `${seconds.toFixed(1)}s`],
  ]);
  return [
    models.length === 0
      ? 'No model is known yet: name some with --models.'
      : table(['MODEL', 'USUALLY', 'RANGE'], models).trimEnd(),
    ...(records.length === 0
      ? []
      : ['', table(['AGENT', 'RUNS', 'COMPLETED', 'COST', 'A COMPLETED RUN', 'TIME'], records).trimEnd()]),
  ].join('\n');
}
