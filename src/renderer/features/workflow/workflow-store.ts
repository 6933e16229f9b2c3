import { create } from 'zustand';
import type { WorkflowDetail } from '../../../shared/contract/index.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import { getClient } from '../../app/bridge.ts';
import { type LiveMessage, listenLive } from '../../app/live.ts';
import { failed, type Loadable, loading, ready } from '../../app/loadable.ts';
import { createRefetcher } from '../../app/refetcher.ts';

interface WorkflowState {
  readonly ref: string;
  readonly detail: Loadable<WorkflowDetail>;
}

export const useWorkflow = create<WorkflowState>()(() => ({ ref: '', detail: loading() }));

export const loadWorkflow = createRefetcher(async () => {
  const { ref } = useWorkflow.getState();
  const isCurrent = (): boolean => useWorkflow.getState().ref === ref;
  try {
    const detail = await getClient().call('workflows.get', { ref });
    if (isCurrent()) useWorkflow.setState({ detail: ready(detail) });
  } catch (thrown) {
    if (isCurrent()) useWorkflow.setState((state) => ({ detail: failed(thrown, state.detail.value) }));
  }
});

/** A live change of a run laid over a workflow's detail; the same object when the run belongs to another. */
export function applyRunToDetail(detail: WorkflowDetail, run: RunSummary): WorkflowDetail {
  if (run.workflowId !== detail.entry.id || run.parentRunId !== null) return detail;
  const isKnown = detail.lastRuns.some((each) => each.runId === run.runId);
  const newest = detail.lastRuns[0];
  if (!isKnown && newest !== undefined && run.createdAt < newest.createdAt) return detail;
  const lastRuns = isKnown
    ? detail.lastRuns.map((each) => (each.runId === run.runId ? run : each))
    : [run, ...detail.lastRuns].slice(0, Math.max(12, detail.lastRuns.length));
  const runsTotal = detail.entry.runsTotal + (isKnown ? 0 : 1);
  return { ...detail, lastRuns, entry: { ...detail.entry, lastRun: lastRuns[0] ?? null, runsTotal } };
}

function take(messages: readonly LiveMessage[]): void {
  for (const message of messages) {
    if (message.kind === 'library' || message.kind === 'resync' || message.kind === 'run_deleted') void loadWorkflow();
    if (message.kind === 'run') {
      const { detail } = useWorkflow.getState();
      if (detail.status === 'ready') useWorkflow.setState({ detail: ready(applyRunToDetail(detail.value, message.run)) });
    }
  }
}

/** Subscribes, then asks for this workflow; called when the screen shows it, its answer when it goes. */
export function startWorkflow(ref: string): () => void {
  useWorkflow.setState((state) => ({ ref, detail: state.ref === ref ? state.detail : loading() }));
  const stop = listenLive(take);
  void loadWorkflow();
  return stop;
}
