import { Worker } from 'node:worker_threads';
import { AppError, type ErrorRecord } from '../../shared/errors.ts';
import type { BackupCounts, BackupInfo } from '../../shared/model/backup.ts';
import type { StatePlaces } from './backup-files.ts';

/** What the thread of backups is to do. */
export type BackupWork =
  | { readonly kind: 'make'; readonly from: StatePlaces; readonly folder: string; readonly at: number }
  | { readonly kind: 'restore'; readonly folder: string; readonly to: StatePlaces };

/** What it says in the end. */
export type BackupAnswer =
  | { readonly ok: true; readonly value: BackupInfo | BackupCounts }
  | { readonly ok: false; readonly error: ErrorRecord };

interface BackupThread<T> {
  readonly done: Promise<T>;
  /** Gives it up; `done` then rejects. */
  stop(): Promise<unknown>;
}

/** Makes or brings back a backup in a thread of its own: nobody waits for a disk meanwhile. Errors: `file.*`, `store.*`. */
export function workApart(work: Extract<BackupWork, { kind: 'make' }>): BackupThread<BackupInfo>;
export function workApart(work: Extract<BackupWork, { kind: 'restore' }>): BackupThread<BackupCounts>;
export function workApart(work: BackupWork): BackupThread<BackupInfo | BackupCounts> {
  const thread = new Worker(entry(), { workerData: work, execArgv: [] });
  const done = new Promise<BackupInfo | BackupCounts>((resolve, reject) => {
    thread.once('error', reject);
    thread.once('exit', () =>
      reject(new AppError('engine.stopped', 'The project was closed before the backup was made.')),
    );
    thread.once('message', (answer: BackupAnswer) => {
      if (answer.ok) resolve(answer.value);
      else reject(AppError.fromRecord(answer.error));
    });
  }).finally(() => thread.terminate());
  return { done, stop: () => thread.terminate() };
}

/** Beside this file, where it runs from source and where it was built to. */
function entry(): URL {
  return new URL(`./backup-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
}
