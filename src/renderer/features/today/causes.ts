import type { RunSummary } from '../../../shared/model/run.ts';

/** Runs that failed for one and the same reason. */
export interface Cause {
  readonly key: string;
  /** As the newest of them says it. */
  readonly message: string;
  /** The newest first. */
  readonly runs: readonly RunSummary[];
  /** How many of which workflow, the most first. */
  readonly workflows: readonly { readonly name: string; readonly runs: number }[];
}

/** What differs from run to run in what is otherwise the same sentence: numbers, ids, what stands in quotes. */
const sameIn = (message: string): string =>
  message
    .toLowerCase()
    .replaceAll(/'[^']*'|"[^"]*"|“[^”]*”/g, '…')
    .replaceAll(/\b[0-9a-f]{8,}\b|\d+/g, '#');

/**
 * Failed runs by what made them fail, the cause with the newest failure first. One that was begun again since, by a retry or a replay,
 * is dealt with and left out: what became of that stands for it.
 */
export function groupCauses(failed: readonly RunSummary[], later: readonly RunSummary[]): readonly Cause[] {
  const again = new Set(later.flatMap(({ linkedRunId }) => linkedRunId ?? []));
  const groups = new Map<string, RunSummary[]>();
  for (const run of failed) {
    // What a run of its own was started for fails with it: it is counted once.
    if (again.has(run.runId) || run.parentRunId !== null) continue;
    const key = run.error === null ? '' : `${run.error.code} ${sameIn(run.error.message)}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups].map(([key, runs]) => ({
    key,
    message: runs[0]?.error?.message ?? '',
    runs,
    workflows: workflowsOf(runs),
  }));
}

function workflowsOf(runs: readonly RunSummary[]): Cause['workflows'] {
  const counts = new Map<string, number>();
  for (const { workflowName } of runs) counts.set(workflowName, (counts.get(workflowName) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, runs: count })).toSorted((a, b) => b.runs - a.runs);
}
