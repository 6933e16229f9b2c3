import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AccessRepository } from './access-repository.ts';
import { translateStoreError } from './database.ts';
import { STATE_MIGRATIONS } from './migrations/index.ts';

/**
 * Looks at who may do what in a store that somebody else may hold, and writes nothing. Null where nothing of that kind is stored yet.
 * Errors: `store.*`, `file.io`.
 */
export async function readAccess<T>(
  storeFile: string,
  look: (repository: AccessRepository) => Promise<T>,
): Promise<T | null> {
  if (!existsSync(storeFile)) return null;
  let db: Database.Database | null = null;
  try {
    // Nobody has it open: as the last one to close it SQLite takes its side files away again, which a reader may not.
    const isAlone = !existsSync(`${storeFile}-wal`);
    db = new Database(storeFile, { readonly: !isAlone, fileMustExist: true });
    db.pragma('query_only = ON');
    const version = db.pragma('user_version', { simple: true }) as number;
    const first = STATE_MIGRATIONS.findIndex(({ name }) => name === 'access') + 1;
    return version < first ? null : await look(new AccessRepository(db));
  } catch (error) {
    throw translateStoreError(error, storeFile);
  } finally {
    db?.close();
  }
}
