/** The thread of `workApart`: one backup, made or brought back. */
import { parentPort, workerData } from 'node:worker_threads';
import { toErrorRecord } from '../../shared/errors.ts';
import type { BackupAnswer, BackupWork } from './backup-apart.ts';
import { makeBackup, restoreBackup } from './backup-files.ts';
import { translateStoreError } from './database.ts';

const work = workerData as BackupWork;
parentPort?.postMessage(answer());

function answer(): BackupAnswer {
  try {
    const value =
      work.kind === 'make' ? makeBackup(work.from, work.folder, work.at) : restoreBackup(work.folder, work.to);
    return { ok: true, value };
  } catch (error) {
    return {
      ok: false,
      error: toErrorRecord(translateStoreError(error, work.kind === 'make' ? work.from.storeFile : work.folder)),
    };
  }
}
