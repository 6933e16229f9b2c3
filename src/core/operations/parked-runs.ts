import type { CostLimit } from '../../shared/model/cost-limit.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { isBudgetFull } from '../engine/index.ts';
import type { ProjectSession } from './project-session.ts';

/** As many parked runs are looked at. */
const MOST = 1000;

/** A run that a limit has parked, the limit, and what its call may cost. */
export interface Parked {
  readonly run: RunSummary;
  readonly limit: CostLimit;
  readonly asked: string;
}

/** Runs that stand because a limit has no room, those that stand longest first. That they do is in their journal: no restart forgets it. */
export function parkedRuns({ store }: Pick<ProjectSession, 'store'>): readonly Parked[] {
  const limits = new Map(store.limits.list().map((limit) => [limit.name, limit]));
  const { runs } = store.runs.list({ status: ['paused'], needsPerson: true, limit: MOST });
  return runs.toReversed().flatMap((run) => {
    const { error } = run;
    if (store.remoteRuns.isElsewhere(run.runId)) return [];
    if (error === null || !isBudgetFull(error)) return [];
    const { limit: name, asked } = error.details ?? {};
    const limit = limits.get(String(name));
    return limit === undefined ? [] : [{ run, limit, asked: typeof asked === 'string' ? asked : '0' }];
  });
}

/** The call that found no room, as limits look at it. */
export const callOf = ({ runId, workflowId, error }: RunSummary) => ({
  ...{ runId, workflowId, agent: String(error?.details?.agent ?? '') },
  model: typeof error?.details?.model === 'string' ? error.details.model : null,
});
