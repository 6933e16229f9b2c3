import type { OutputOf } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';

/** What was counted of runs, and where it is served; runs that change are counted some seconds later. */
export const metricsNow = createLiveQuery<OutputOf<'metrics.show'>>({
  ask: () => call('metrics.show', {}),
  dueOn: ({ kind }) => (kind === 'run' ? 'soon' : null),
  soonMs: 5_000,
});
