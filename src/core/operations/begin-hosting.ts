import { endMcpOrphans } from '../tools/index.ts';
import type { ProjectSession, SessionOptions } from './project-session.ts';

/** How many of the newest ended runs are looked at for left-overs when a project is opened. */
const RECENT_RUNS = 50;

/** What an open project does by itself, as its host wants it: takes over the runs that were left open, and serves its triggers. */
export async function beginHosting(
  session: ProjectSession,
  {
    resumeOpenRuns,
    servesTriggers,
    isWake,
    onBug,
  }: Pick<SessionOptions, 'resumeOpenRuns' | 'servesTriggers' | 'isWake' | 'onBug'>,
): Promise<void> {
  if (session.settingsProblems.some(({ severity }) => severity === 'error')) return;
  if (resumeOpenRuns) {
    // Servers of an engine that was killed go before anything is started anew.
    await endMcpOrphans(session.paths.stateDir);
    const hasKey = await session.secrets.warm();
    await session.engine.recoverAll();
    session.host.files
      .recover()
      .then(() => session.host.copies.recover())
      .catch(onBug);
    // What an earlier process left standing for want of the key.
    if (hasKey) session.resumeKeyAway();
    forgetEndedRuns(session, onBug);
    session.leftovers.sweep().catch(onBug);
    session.wakeups.host();
    await session.requests.host();
  }
  if (isWake) await session.triggers.hostForTimer();
  if (servesTriggers)
    for (const part of [session.triggers, session.queues, session.metrics, session.storage, session.search])
      await part.host();
}

/** An engine that died between a run's end and its tidying left records of children behind. */
function forgetEndedRuns({ store, host }: ProjectSession, onBug: (error: unknown) => void): void {
  const { runs } = store.runs.list({ status: ['completed', 'failed', 'cancelled'], limit: RECENT_RUNS });
  for (const { runId, status } of runs) host.forgetRun(runId, status).catch(onBug);
}
