import type { LiveEvent, WorkflowDetail } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';
import { applyRunToDetail } from './merge-runs.ts';

const applyEvent = (detail: WorkflowDetail, event: LiveEvent): WorkflowDetail =>
  event.kind === 'run' ? applyRunToDetail(detail, event.run) : detail;

/** The workflow that is shown, by its ref. */
export const shownWorkflow = createLiveQuery<WorkflowDetail, string>({
  ask: (ref) => call('workflows.get', { ref }),
  dueOn: ({ kind }) => (kind === 'library' || kind === 'run_deleted' ? 'now' : null),
  apply: (detail, events) => events.reduce(applyEvent, detail),
});
