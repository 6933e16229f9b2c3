import { toE10 } from '../../shared/decimal.ts';
import type { AgentCallEnded, RunEnded, RunEvent } from '../../shared/model/events.ts';
import type { OpenStarts } from './open-starts.ts';
import type { SeriesTable } from './series-table.ts';

/** A committed event, and the run that it is of. */
export interface CountedEvent {
  readonly runId: string;
  readonly workflowId: string;
  /** Who was named for the run; null = nobody. */
  readonly agent: string | null;
  /** UTC ms. */
  readonly at: number;
  readonly event: RunEvent;
}

/** What a run without a named agent is counted under, as its log says it (SPEC §9). */
export const NO_AGENT = 'default';
const NO_MODEL = 'unknown';

const STATUS_OF = { 'run.completed': 'success', 'run.failed': 'failure', 'run.cancelled': 'cancelled' } as const;

/** Counts one event, once. Calls that an agent makes inside a step are no steps of their own. */
export function countEvent(table: SeriesTable, starts: OpenStarts, counted: CountedEvent): void {
  const { runId, workflowId, at, event } = counted;
  const endStep = (path: string, status: 'success' | 'failure'): void =>
    countStep(table, starts, counted, { path, status });
  switch (event.type) {
    case 'run.started':
    case 'run.resumed':
      // One that had ended begins anew; one that rested goes on.
      starts.begin(runId, '', at);
      break;
    case 'run.completed':
    case 'run.failed':
    case 'run.cancelled':
      countRun(table, starts, counted, event);
      break;
    case 'step.started':
      if (event.role !== 'call' && event.role !== 'undo') starts.begin(runId, event.path, at);
      break;
    case 'step.skipped':
      table.add('steps', [workflowId, nameOf(event.path), 'skipped']);
      break;
    case 'step.cancelled':
      starts.end(runId, event.path);
      break;
    case 'step.completed':
      endStep(event.path, 'success');
      break;
    case 'step.resolved':
      if (event.as !== 'rerun') endStep(event.path, event.as === 'completed' ? 'success' : 'failure');
      break;
    case 'step.failed':
      if (event.retryAt === null) {
        // Its fallback action says how the step ends.
        if (event.policy !== 'fallback_action') endStep(event.path, 'failure');
      } else if (starts.has(runId, event.path)) table.add('retries', [workflowId, nameOf(event.path)]);
      break;
    case 'agent.failed_over':
      if (event.isShared !== true) table.add('failovers', [workflowId, event.fromAgent, event.toAgent]);
      break;
    case 'agent.call_ended':
      countCall(table, workflowId, event);
  }
}

/** The name of a step in metrics: its place in the workflow, the same for each item or turn of a loop. */
const nameOf = (path: string): string => path.replace(/\[\d+\]/g, '');

function countRun(table: SeriesTable, starts: OpenStarts, counted: CountedEvent, { type }: RunEnded): void {
  const { runId, workflowId, agent, at } = counted;
  const labels = [workflowId, agent ?? NO_AGENT, STATUS_OF[type]];
  table.add('workflows', labels);
  const began = starts.end(runId, '');
  if (began !== null) table.observe('workflowDuration', labels, Math.max(0, at - began) / 1000);
  starts.forget(runId);
}

function countStep(
  table: SeriesTable,
  starts: OpenStarts,
  { runId, workflowId, at }: CountedEvent,
  { path, status }: { readonly path: string; readonly status: 'success' | 'failure' },
): void {
  const began = starts.end(runId, path);
  // What never began as a step is the call of an agent.
  if (began === null) return;
  const name = nameOf(path);
  table.add('steps', [workflowId, name, status]);
  table.observe('stepDuration', [workflowId, name], Math.max(0, at - began) / 1000);
}

function countCall(table: SeriesTable, workflowId: string, { agent, model, cost, usage }: AgentCallEnded): void {
  const name = model ?? NO_MODEL;
  if (cost !== null) table.add('cost', [workflowId, agent, name], toE10(cost));
  const kinds = {
    input: usage.inputTokens,
    output: usage.outputTokens,
    cached: usage.cachedTokens,
    cache_write: usage.cacheWriteTokens,
    reasoning: usage.reasoningTokens,
  };
  for (const [kind, count] of Object.entries(kinds)) table.add('tokens', [name, kind], Math.max(0, count));
}
