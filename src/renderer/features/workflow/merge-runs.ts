import type { WorkflowDetail } from '../../../shared/contract/index.ts';
import type { RunSummary } from '../../../shared/model/run.ts';

/** Live rows laid over fetched ones; new runs come on top. */
export function mergeRuns(fetched: readonly RunSummary[], live: readonly RunSummary[]): readonly RunSummary[] {
  const byId = new Map(live.map((run) => [run.runId, run]));
  const known = new Set(fetched.map((run) => run.runId));
  const newest = fetched[0]?.createdAt ?? 0;
  const added = live.filter((run) => !known.has(run.runId) && run.createdAt >= newest);
  return [...added, ...fetched.map((run) => byId.get(run.runId) ?? run)];
}

/** A live change of a run laid over a workflow's detail; the same object when the run belongs to another. */
export function applyRunToDetail(detail: WorkflowDetail, run: RunSummary): WorkflowDetail {
  // A replay has done nothing: how the workflow stands does not change.
  if (run.workflowId !== detail.entry.id || run.parentRunId !== null || run.trigger === 'replay') return detail;
  const isKnown = detail.lastRuns.some((each) => each.runId === run.runId);
  const newest = detail.lastRuns[0];
  if (!isKnown && newest !== undefined && run.createdAt < newest.createdAt) return detail;
  const lastRuns = isKnown
    ? detail.lastRuns.map((each) => (each.runId === run.runId ? run : each))
    : [run, ...detail.lastRuns].slice(0, Math.max(12, detail.lastRuns.length));
  const runsTotal = detail.entry.runsTotal + (isKnown ? 0 : 1);
  return { ...detail, lastRuns, entry: { ...detail.entry, lastRun: lastRuns[0] ?? null, runsTotal } };
}
