import { create } from 'zustand';
import type { WorkflowDetail } from '../../../shared/contract/index.ts';
import { getClient } from '../../client/bridge.ts';
import { type LiveMessage, listenLive } from '../../client/live.ts';
import { failed, type Loadable, loading, ready } from '../../client/loadable.ts';
import { createRefetcher } from '../../client/refetcher.ts';
import { applyRunToDetail } from './merge-runs.ts';

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

function take(messages: readonly LiveMessage[]): void {
  for (const message of messages) {
    if (message.kind === 'library' || message.kind === 'resync' || message.kind === 'run_deleted') void loadWorkflow();
    if (message.kind === 'run') {
      const { detail } = useWorkflow.getState();
      if (detail.status === 'ready')
        useWorkflow.setState({ detail: ready(applyRunToDetail(detail.value, message.run)) });
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
