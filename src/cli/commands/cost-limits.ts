import { Option } from 'commander';
import type { InputOf } from '../../shared/contract/index.ts';
import { type CostLimit, type CostLimitStatus, LIMIT_ACTIONS, LIMIT_SCOPES } from '../../shared/model/cost-limit.ts';
import { withClient } from '../client/call-reader.ts';
import type { addGroup, CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { limitsText } from '../text/limits-report.ts';
import { ownZone } from '../values/option-values.ts';

interface LimitFlags {
  readonly max?: string;
  readonly period?: string;
  readonly zone?: string;
  readonly scope?: CostLimit['scope'];
  readonly of?: string;
  readonly alertAt?: string;
  readonly action?: CostLimit['action_on_limit'];
  readonly allowUnpriced?: boolean;
}

type Group = ReturnType<typeof addGroup>;

/** `costs limits list|add|edit|remove`. */
export function addCostLimits(kit: CommandKit, costs: Group): void {
  const group = costs.command('limits').description('How much may be spent');
  group.command('list').description('Show the limits and how full they are').action(kit.run(listLimits));
  const add = group.command('add <name>').description('Set a limit');
  limitOptions(add).action(kit.run(addLimit));
  const edit = group.command('edit <name>').description('Change a limit; runs that it has parked go on');
  limitOptions(edit).action(kit.run(editLimit));
  group.command('remove <name>').description('Take a limit away').action(kit.run(removeLimit));
}

const limitOptions = (command: Group): Group =>
  command
    .option('--max <usd>', 'how much may be spent')
    .option('--period <period>', 'day, week, month, a duration such as 12h that slides along, or ever')
    .option('--zone <name>', 'whose clocks say when a day begins (default: those of this machine)')
    .addOption(new Option('--scope <scope>', 'whose calls count (default: global)').choices(LIMIT_SCOPES))
    .option('--of <name>', 'with --scope: which workflow, agent, model or run; without it each run for itself')
    .option('--alert-at <percent>', 'warn at so many percent')
    .addOption(new Option('--action <action>', 'what happens when it is full (default: warn)').choices(LIMIT_ACTIONS))
    .option('--allow-unpriced', 'let calls through of which nobody knows the price')
    .option('--no-allow-unpriced', 'refuse them');

async function listLimits(context: CliContext): Promise<ExitCode> {
  await withClient(context, async (client) => {
    const { limits } = await client.call('costs.limits', {});
    print(context, { limits, count: limits.length }, () => limitsText(limits));
  });
  return EXIT.ok;
}

async function addLimit(context: CliContext, name: string, flags: LimitFlags): Promise<ExitCode> {
  if (flags.max === undefined) throw usageError('--max is missing: how much may be spent, in USD.');
  const fresh: CostLimit = {
    name,
    max_cost: flags.max,
    period: 'month',
    timezone: ownZone(),
    scope: 'global',
    scope_id: null,
    alert_threshold: 80,
    action_on_limit: 'warn',
    allow_unpriced: false,
  };
  await withClient(context, async (client) => {
    const { limits } = await client.call('costs.limits', {});
    if (limits.some((one) => one.name === name))
      throw usageError(`There is a limit '${name}' already.`, `'costs limits edit' changes it.`);
    tell(context, await client.call('costs.setLimit', changed(fresh, flags)));
  });
  return EXIT.ok;
}

async function editLimit(context: CliContext, name: string, flags: LimitFlags): Promise<ExitCode> {
  await withClient(context, async (client) => {
    const { limits } = await client.call('costs.limits', {});
    const found = limits.find((one) => one.name === name);
    if (found === undefined) throw usageError(`There is no cost limit '${name}'.`, `'costs limits list' shows them.`);
    tell(context, await client.call('costs.setLimit', changed(found, flags)));
  });
  return EXIT.ok;
}

async function removeLimit(context: CliContext, name: string): Promise<ExitCode> {
  await withClient(context, async (client) => {
    await client.call('costs.removeLimit', { name });
    print(context, { removed: name }, () => `The limit '${name}' is gone.`);
  });
  return EXIT.ok;
}

const tell = (context: CliContext, limit: CostLimitStatus): void => print(context, limit, () => limitsText([limit]));

function changed(limit: CostLimit, flags: LimitFlags): InputOf<'costs.setLimit'> {
  const scope = flags.scope ?? limit.scope;
  const isSameScope = scope === limit.scope;
  return {
    name: limit.name,
    max_cost: flags.max ?? limit.max_cost,
    period: flags.period === undefined ? limit.period : flags.period === 'ever' ? null : flags.period,
    timezone: flags.zone ?? limit.timezone,
    scope,
    scope_id: flags.of ?? (isSameScope ? limit.scope_id : null),
    alert_threshold: flags.alertAt === undefined ? limit.alert_threshold : Number(flags.alertAt),
    action_on_limit: flags.action ?? limit.action_on_limit,
    allow_unpriced: flags.allowUnpriced ?? limit.allow_unpriced,
  };
}
