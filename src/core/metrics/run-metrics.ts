import type { RunEvent } from '../../shared/model/events.ts';
import type { WorkflowMetrics } from '../../shared/model/metrics.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { countEvent } from './count-event.ts';
import { OpenStarts } from './open-starts.ts';
import { type Series, SeriesTable } from './series-table.ts';

const ENDS: readonly string[] = ['completed', 'failed', 'cancelled'];

const isoOrNull = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** One run as metrics have it (SPEC §10), counted from its own events in their order. */
export function runMetrics(
  run: RunSummary,
  events: readonly { readonly at: number; readonly event: RunEvent }[],
  now: number,
): WorkflowMetrics {
  const table = new SeriesTable();
  const starts = new OpenStarts();
  const { runId, workflowId, agent, startedAt, completedAt } = run;
  for (const { at, event } of events) countEvent(table, starts, { runId, workflowId, agent, at, event });
  const byStep = (series: readonly Series[]): Record<string, number> =>
    Object.fromEntries(series.map(({ labels: [, step = ''], value }) => [step, value]));
  return {
    workflow_id: workflowId,
    run_id: runId,
    agent_name: agent,
    started_at: isoOrNull(startedAt),
    completed_at: isoOrNull(completedAt),
    status: ENDS.includes(run.status) ? (run.status as 'completed' | 'failed' | 'cancelled') : 'running',
    total_steps: run.stepsTotal,
    completed_steps: run.stepsSucceeded,
    failed_steps: run.stepsFailed,
    skipped_steps: run.stepsSkipped,
    total_duration_seconds: startedAt === null ? null : ((completedAt ?? now) - startedAt) / 1000,
    step_durations: byStep(table.of('stepDuration')),
    retry_counts: byStep(table.of('retries')),
    failover_count: table.of('failovers').reduce((sum, { value }) => sum + value, 0),
  };
}
