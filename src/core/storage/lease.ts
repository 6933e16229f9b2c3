import Database from 'better-sqlite3';
import { AppError } from '../../shared/errors.ts';
import { systemClock } from '../time/index.ts';
import { makePrivate, translateStoreError } from './database.ts';
import { emptyInPlace } from './set-aside.ts';

/** Held as long as it is not released or the process lives; the system frees it at death, there is no timeout. */
export interface Lease {
  /** The name of the damaged file that was kept beside the new one; null = there was none. */
  readonly setAside: string | null;
  release(): void;
}

/**
 * Takes the project's lease: an open exclusive transaction (DESIGN decision 7). The file holds nothing, so one that is damaged is set
 * aside and made anew. `now` in UTC ms. Errors: `lease.held` when another process has it, else `file.io`, `file.disk_full`.
 */
export function takeLease(file: string, now: () => number = systemClock.now): Lease {
  try {
    return lock(file, null);
  } catch (error) {
    if (error instanceof AppError && error.code === 'lease.held') throw error;
    try {
      return lock(file, emptyInPlace(file, now()));
    } catch (second) {
      throw translateStoreError(second, file);
    }
  }
}

function lock(file: string, setAside: string | null): Lease {
  let db: Database.Database | null = null;
  try {
    makePrivate(file);
    db = new Database(file, { timeout: 0 });
    db.pragma('journal_mode = DELETE');
    db.exec('BEGIN EXCLUSIVE');
    const held = db;
    return { setAside, release: () => held.close() };
  } catch (error) {
    db?.close();
    const code = (error as { code?: unknown } | null)?.code;
    if (typeof code !== 'string' || !code.startsWith('SQLITE_BUSY')) throw error;
    throw new AppError('lease.held', 'Another AIWorkflow program has this project open.', {
      hint: 'Use that window, or close it first.',
    });
  }
}
