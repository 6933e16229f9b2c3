import type { FailureCause, LiveEvent, OperationName } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';

type FailureOperation = Extract<OperationName, `failures.${string}`>;

/** As many failures as a person deals with in one go. */
const MOST_FAILURES = 1000;

/** The use cases of failures that wait for somebody (UX "Today"). */
export function failureHandlers(
  { store, clock, clocks }: ProjectSession,
  publish: (event: LiveEvent) => void,
): HandlersOf<FailureOperation> {
  const changed = (isThere: boolean): null => {
    if (!isThere)
      throw new AppError('run.not_found', 'No run failed for this reason.', { hint: 'Look at the list again.' });
    publish({ kind: 'approvals' });
    return null;
  };
  return {
    'failures.list': ({ since }) => {
      const groups = new Map<string, RunSummary[]>();
      for (const { runNo, fingerprint } of store.failures.open(since, MOST_FAILURES)) {
        const run = store.runs.byNumber(runNo);
        if (run === null) continue;
        groups.set(fingerprint, [...(groups.get(fingerprint) ?? []), clocks.show(run)]);
      }
      return { causes: [...groups].map(([fingerprint, runs]) => causeOf(fingerprint, runs)) };
    },
    'failures.acknowledge': ({ fingerprint, newestAt }, actor) =>
      changed(store.failures.acknowledge(fingerprint, { until: newestAt, at: clock.now(), by: actor.id })),
    'failures.reopen': ({ fingerprint }) => changed(store.failures.reopen(fingerprint)),
  };
}

function causeOf(fingerprint: string, runs: readonly RunSummary[]): FailureCause {
  const counts = new Map<string, number>();
  for (const { workflowName } of runs) counts.set(workflowName, (counts.get(workflowName) ?? 0) + 1);
  return {
    fingerprint,
    message: runs[0]?.error?.message ?? '',
    runs,
    workflows: [...counts].map(([name, count]) => ({ name, runs: count })).toSorted((a, b) => b.runs - a.runs),
    newestAt: Math.max(...runs.map(({ completedAt, createdAt }) => completedAt ?? createdAt)),
  };
}
