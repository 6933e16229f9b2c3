import type { AgentStatistics, MetricsStatistics, WorkflowStatistics } from '../../shared/model/metrics.ts';
import type { Series } from './series-table.ts';

/** Counted series, as statistics are added up from them. */
export interface CountedSeries {
  readonly workflows: readonly Series[];
  readonly workflowDuration: readonly Series[];
  readonly retries: readonly Series[];
  readonly failovers: readonly Series[];
}

/** Statistics of all (SPEC §10). Workflows and agents that are counted together stand as `other`. */
export function statisticsOf(counted: CountedSeries, runningExecutions: number): MetricsStatistics {
  const { workflows, workflowDuration, failovers } = counted;
  const ids = [
    ...new Set(
      [...workflows, ...workflowDuration, ...counted.retries, ...failovers].map(({ labels }) => first(labels)),
    ),
  ];
  const agents = [
    ...workflows.map(({ labels: [, agent = ''] }) => agent),
    ...failovers.flatMap(({ labels: [, from = '', to = ''] }) => [from, to]),
  ];
  return {
    workflows: Object.fromEntries(ids.sort().map((id) => [id, workflowStatistics(counted, id)])),
    agents: Object.fromEntries([...new Set(agents)].sort().map((name) => [name, agentStatistics(counted, name)])),
    total_workflows: ids.length,
    running_executions: runningExecutions,
  };
}

const first = ([label = '']: readonly string[]): string => label;
const sum = (series: readonly Series[]): number => series.reduce((total, { value }) => total + value, 0);

function workflowStatistics(counted: CountedSeries, id: string): WorkflowStatistics {
  const of = (series: readonly Series[]): readonly Series[] => series.filter(({ labels }) => first(labels) === id);
  const runs = of(counted.workflows);
  const withStatus = (wanted: string): number => sum(runs.filter(({ labels: [, , status] }) => status === wanted));
  const durations = of(counted.workflowDuration);
  const timed = durations.reduce((total, { count }) => total + count, 0);
  const seconds = sum(durations);
  const known = (pick: (series: Series) => number | null): readonly number[] =>
    durations.map(pick).filter((value) => value !== null);
  return {
    total_executions: sum(runs),
    successful_executions: withStatus('success'),
    failed_executions: withStatus('failure'),
    cancelled_executions: withStatus('cancelled'),
    total_duration_seconds: seconds,
    avg_duration_seconds: timed === 0 ? null : seconds / timed,
    min_duration_seconds: timed === 0 ? null : Math.min(...known(({ least }) => least)),
    max_duration_seconds: timed === 0 ? null : Math.max(...known(({ greatest }) => greatest)),
    total_retries: sum(of(counted.retries)),
    total_failovers: sum(of(counted.failovers)),
  };
}

const agentStatistics = ({ workflows, failovers }: CountedSeries, name: string): AgentStatistics => ({
  executions: sum(workflows.filter(({ labels: [, agent] }) => agent === name)),
  failovers_from: sum(failovers.filter(({ labels: [, from] }) => from === name)),
  failovers_to: sum(failovers.filter(({ labels: [, , to] }) => to === name)),
});

/** The snapshot file of SPEC §10. */
export const snapshotOf = ({ workflows, agents }: MetricsStatistics): unknown => ({
  workflows: Object.fromEntries(
    Object.entries(workflows).map(([id, one]) => [
      id,
      {
        total: one.total_executions,
        succeeded: one.successful_executions,
        failed: one.failed_executions,
        avg_duration: one.avg_duration_seconds,
      },
    ]),
  ),
  agents,
});
