import { hostname } from 'node:os';
import { basename } from 'node:path';
import type { WorkerCard } from '../../../shared/model/queue.ts';
import type { ProjectSession } from '../project-session.ts';

/** What a worker of a queue is at, as it is asked. */
export interface WorkerDesk {
  readonly worker: { readonly concurrency: number; readonly busy: number };
  readonly runIds: () => readonly string[];
  /** Of the program. */
  readonly version: string;
  /** Since when it works on the queue; UTC ms. */
  readonly since: number;
}

/** So many runs are named. */
const MOST_NAMED = 20;

/** What a worker says of itself. */
export function workerCard({ paths, store }: ProjectSession, id: string, desk: WorkerDesk): WorkerCard {
  const names = desk
    .runIds()
    .slice(0, MOST_NAMED)
    .flatMap((runId) => store.runs.find(runId)?.workflowName ?? []);
  const { concurrency, busy } = desk.worker;
  const { version, since } = desk;
  return { id, name: basename(paths.project), host: hostname(), version, concurrency, busy, runs: names, since };
}
