import type { RunSummary } from '../../shared/model/run.ts';
import { isEnded } from '../engine/index.ts';
import type { HttpClient } from '../http/index.ts';
import { ExecutionLogs } from './execution-logs.ts';
import type { ProjectSession } from './project-session.ts';
import { ProjectTraces } from './project-traces.ts';

/** What is written and sent of runs beside the store, after the commit: execution logs and traces. Neither ever holds a run up. */
export class RunFollowers {
  readonly #session: ProjectSession;
  readonly #logs: ExecutionLogs;
  readonly #traces: ProjectTraces;

  constructor(
    session: ProjectSession,
    {
      http,
      version,
      onBug,
    }: { readonly http: HttpClient; readonly version: string; readonly onBug: (error: unknown) => void },
  ) {
    this.#session = session;
    this.#logs = new ExecutionLogs(session, onBug);
    this.#traces = new ProjectTraces(session, { http, version });
  }

  /** Once, when the project is open. A host makes good what an engine that died has left. */
  begin(isHost: boolean): void {
    this.#logs.begin(isHost);
    this.#traces.begin(isHost);
  }

  /** Where the execution logs of a run are, or will be. */
  logPlaces(): Promise<(runId: string) => readonly string[]> {
    return this.#logs.places();
  }

  /** Something was committed in a run. */
  noteRun({ runId, status }: Pick<RunSummary, 'runId' | 'status'>): void {
    this.#logs.noteRun(runId);
    this.noteSaid(runId);
    if (isEnded(status)) this.#traces.noteEnd();
  }

  /** A run has said something. */
  noteLines(runId: string): void {
    this.#logs.noteLines(runId);
    this.noteSaid(runId);
  }

  /** A run of another control center tells it what is new. */
  noteSaid(runId: string): void {
    this.#session.remote.worker.noteRun(runId);
  }

  /** A run was deleted: its words and its log go. */
  remove(runId: string): Promise<void> {
    this.#session.store.search.forget(runId);
    return this.#logs.remove(runId);
  }

  async close(): Promise<void> {
    await this.#logs.close();
    await this.#traces.close();
  }
}
