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
  | 'copy.begun'
  | 'copy.file'
  | 'copy.git'
  | 'copy.made'
  | 'copy.read'
  | 'copy.offered'
  | 'take.kept'
  | 'take.begun'
  | 'take.copied'
  | 'take.synced'
  | 'take.replaced'
  | 'take.restored'
  | 'take.ended'
  | 'take.declined'
  | 'undo.kept'
  | 'undo.begun'
  | 'undo.copied'
  | 'undo.synced'
  | 'undo.replaced'
  | 'undo.restored'
  | 'git.begun'
  | 'git.made'
  | 'git.acted';

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
