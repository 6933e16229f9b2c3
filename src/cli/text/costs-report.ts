import { grouped } from '../../shared/grouped.ts';
import type { CostGroup, CostRecord, CostSpend, CostSummary } from '../../shared/model/cost.ts';
import type { CliContext } from '../context.ts';
import { callsText, costText } from './cost-text.ts';
import { cut, oneLine } from './plain-text.ts';
import { table } from './table.ts';
import { localTime } from './time-text.ts';

/** The groupings of a summary. */
export const GROUPS = ['workflow', 'agent', 'model'] as const;
export type GroupName = (typeof GROUPS)[number];

/** What the calls of a filter cost, and the groupings that are asked for. */
export function summaryText(
  summary: CostSummary,
  groups: readonly GroupName[],
  { colors }: Pick<CliContext, 'colors'>,
): string {
  const head = [headText(summary), ...unpricedLines(summary, colors)];
  const tables = groups.map((group) => groupTable(group, summary[`by_${group}`]));
  return [head.join('\n'), ...tables].join('\n\n');
}

function headText(summary: CostSummary): string {
  const { total_cost, total_requests, unpriced_requests } = summary;
  const tokens = `${grouped(summary.total_input_tokens)} tokens in, ${grouped(summary.total_output_tokens)} out`;
  const cost = costText({ usd: total_cost ?? '0', calls: total_requests, unpricedCalls: unpriced_requests });
  if (unpriced_requests === 0) return `${cost} for ${callsText(total_requests)} (${tokens})`;
  return unpriced_requests === total_requests
    ? `${cost} (${tokens})`
    : `${cost}, of ${callsText(total_requests)} (${tokens})`;
}

const partlyText = (count: number): string =>
  `Of ${callsText(count)} a part is in no sum: tools that the provider itself runs for money.`;

const MAX_NAMED = 5;

/** What has no price is not in the sum: which models that are, and what to do about it. */
function unpricedLines(
  { by_model, partly_priced_requests }: CostSummary,
  colors: CliContext['colors'],
): readonly string[] {
  const models = by_model.filter((group) => group.unpriced_requests > 0).map((group) => group.name);
  const parts = partly_priced_requests === 0 ? [] : [partlyText(partly_priced_requests)];
  if (models.length === 0) return parts.map(colors.out.yellow);
  return [
    colors.out.yellow(`No price is known for ${namesText(models)}: what these calls cost is in no sum.`),
    ...parts.map(colors.out.yellow),
    'Write model, input, output and valid_from into .aiworkflow/prices.yaml: a price counts from the next call on.',
  ];
}

function namesText(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).map((name) => cut(oneLine(name), 60));
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

function groupTable(group: GroupName, rows: readonly CostGroup[]): string {
  const cells = rows.map((row) => [
    row.name,
    amountText(row),
    String(row.requests),
    grouped(row.input_tokens),
    grouped(row.output_tokens),
  ]);
  return table([group.toUpperCase(), 'COST', 'CALLS', 'TOKENS IN', 'TOKENS OUT'], cells).trimEnd();
}

/** Day by day or month by month, the newest first; what of it was the most expensive. */
export function spendText({ zone, unit, periods, runs }: CostSpend): string {
  const rows = periods
    .filter(({ requests }) => requests > 0)
    .toReversed()
    .map((one) => [one.period, amountText(one), String(one.requests), one.parts[0]?.name ?? '']);
  const list = table([unit.toUpperCase(), 'COST', 'CALLS', 'MOST FOR'], rows);
  const perRun =
    runs.cost_per_completed === null
      ? ''
      : `\nA completed run cost $${runs.cost_per_completed}, failed ones counted in: ${grouped(runs.completed)} of ${grouped(runs.ended)} completed.\n`;
  return `${list}Days begin in ${zone}.\n${perRun}`.trimEnd();
}

const amountText = ({ cost, unpriced_requests }: Pick<CostGroup, 'cost' | 'unpriced_requests'>): string => {
  if (cost === null) return 'unpriced';
  return unpriced_requests === 0 ? `$${cost}` : `$${cost} + ${unpriced_requests} unpriced`;
};

/** The calls one by one; `hasMore` = there are older ones behind them. */
export function recordsText(records: readonly CostRecord[], hasMore: boolean): string {
  const rows = records.map((record) => [
    localTime(Date.parse(record.timestamp)),
    record.run_id,
    record.step_name,
    record.agent_name,
    record.model_name ?? 'unknown',
    grouped(record.token_usage.input_tokens),
    grouped(record.token_usage.output_tokens),
    record.estimated_cost === null ? 'unpriced' : `$${record.estimated_cost}`,
    record.source,
  ]);
  const list = table(['WHEN', 'RUN', 'STEP', 'AGENT', 'MODEL', 'IN', 'OUT', 'COST', 'SOURCE'], rows);
  return hasMore ? `${list}There are older calls: --limit shows more than ${records.length}.\n` : list;
}

/** Names by which calls can be chosen. */
export type NameFilter = Readonly<Partial<Record<GroupName | 'run', string | undefined>>>;

/** Why nothing is shown: nothing was ever spent, or the filter leaves nothing; `all` is the summary without a filter. */
export function noCallsText(filter: NameFilter, all: CostSummary): string {
  if (all.total_requests === 0)
    return 'No model was called yet. When a step asks an agent, its calls and what they cost stand here.';
  const lines = [`No call matches the filter; without it there ${callsAre(all.total_requests)}.`];
  for (const group of GROUPS) {
    const names = all[`by_${group}`].map((one) => one.name);
    const wanted = filter[group];
    if (wanted !== undefined && !names.includes(wanted))
      lines.push(`There is none of the ${group} '${cut(oneLine(wanted), 60)}', but of: ${namesText(names)}.`);
  }
  if (filter.run !== undefined) lines.push("'aiworkflow runs list' shows the ids of runs.");
  return lines.join('\n');
}

const callsAre = (count: number): string => `${count === 1 ? 'is' : 'are'} ${callsText(count)}`;
