import { grouped } from '../../shared/grouped.ts';
import type { RunFigures, RunStatistics } from '../../shared/model/run-statistics.ts';
import { table } from './table.ts';
import { durationText } from './time-text.ts';

type Grouping = 'workflow' | 'agent' | 'day' | 'month';

const COLUMNS = ['COMPLETED', 'FAILED', 'CANCELLED', 'SUCCESS', 'HALF WITHIN', '95 OF 100', 'COST', 'A COMPLETED RUN'];

/** How runs fared, in a sentence and a table for each grouping. */
export function statisticsText(statistics: RunStatistics, by: readonly Grouping[]): string {
  const { total_executions, completed, failed, running, success_rate } = statistics;
  if (total_executions === 0) return 'No run was started in this time.';
  const parts = [`${grouped(completed)} completed`, `${grouped(failed)} failed`, `${grouped(running)} running`];
  const head = `${grouped(total_executions)} runs: ${parts.join(', ')}. ${success_rate} % of those that came to an end completed.`;
  return [head, ...by.map((group) => groupTable(group, statistics))].join('\n\n');
}

function groupTable(group: Grouping, { periods, by_workflow, by_agent }: RunStatistics): string {
  const rows: readonly (RunFigures & { readonly name: string })[] =
    group === 'workflow' || group === 'agent'
      ? { workflow: by_workflow, agent: by_agent }[group]
      : periods.toReversed().map(({ period, ...figures }) => ({ name: period, ...figures }));
  const shown = rows.filter(({ completed, failed, cancelled }) => completed + failed + cancelled > 0);
  return table([group.toUpperCase(), ...COLUMNS], shown.map(cellsOf)).trimEnd();
}

function cellsOf(row: RunFigures & { readonly name: string }): readonly string[] {
  const time = (seconds: number | null): string => (seconds === null ? '' : durationText(seconds * 1000));
  const money = (usd: string | null): string => (usd === null ? '' : `$${usd}`);
  return [
    ...[row.name, grouped(row.completed), grouped(row.failed), grouped(row.cancelled)],
    row.completed + row.failed === 0 ? '' : `${row.success_rate} %`,
    ...[time(row.p50_seconds), time(row.p95_seconds), money(row.cost), money(row.cost_per_completed)],
  ];
}
