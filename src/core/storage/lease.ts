import Database from 'better-sqlite3';
import { AppError } from '../../shared/errors.ts';
import { makePrivate, translateStoreError } from './database.ts';

/** Held as long as it is not released or the process lives; the system frees it at death, there is no timeout. */
export interface Lease {
  release(): void;
}

/** Takes the project's lease: an open exclusive transaction (DESIGN decision 7). `lease.held` when another process has it, else `store.corrupt`, `file.io`. */
export function takeLease(file: string): Lease {
  let db: Database.Database | null = null;
  try {
    makePrivate(file);
    db = new Database(file, { timeout: 0 });
    db.pragma('journal_mode = DELETE');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db?.close();
    const code = (error as { code?: unknown } | null)?.code;
    if (typeof code === 'string' && code.startsWith('SQLITE_BUSY')) {
      throw new AppError('lease.held', 'Another AIWorkflow program has this project open.', {
        hint: 'Use that window, or close it first.',
      });
    }
    throw translateStoreError(error);
  }
  const held = db;
  return { release: () => held.close() };
}
