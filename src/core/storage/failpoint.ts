/** Where crash tests may kill the process. */
export type FailpointName =
  | 'journal.beforeCommit'
  | 'journal.afterCommit'
  | 'run.deciding'
  | 'step.afterSpawn'
  | 'step.afterExit'
  | 'schedule.planned'
  | 'schedule.claimed'
  | 'schedule.runStarted'
  | 'schedule.rowEnded'
  | 'queue.claimed'
  | 'queue.runStarted'
  | 'queue.runEnded'
  | 'queue.settled'
  | 'library.begun'
  | 'library.moved'
  | 'library.journaled'
  | 'library.trusted'
  | 'library.consented'
  | 'audit.cutBegun'
  | 'audit.cutRemoving'
  | 'audit.cutRemoved'
  | 'request.decided'
  | 'undo.kept'
  | 'undo.begun'
  | 'undo.copied'
  | 'undo.replaced'
  | 'undo.restored';

let hits = 0;

/**
 * Kills this process at a named place, for crash tests: `AIWORKFLOW_FAILPOINT=journal.afterCommit:3` = at its third hit. The
 * product's build replaces the variable by `undefined`, so there the function is empty.
 */
export function failpoint(name: FailpointName): void {
  const wanted = process.env.AIWORKFLOW_FAILPOINT;
  if (wanted === undefined) return;
  const [place, count = '1'] = wanted.split(':');
  if (place !== name) return;
  hits += 1;
  if (hits >= Number(count)) process.kill(process.pid, 'SIGKILL');
}
