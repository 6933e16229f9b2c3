import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { SIDE_FILES } from './set-aside.ts';

/** A run as a file of `schema_version` 1 tells it (SPEC §9); instants as they are written there. */
export interface PastExecution {
  readonly run_id: string;
  readonly workflow_id: string;
  readonly workflow_path: string | null;
  readonly status: string;
  readonly started_at: string | number | null;
  readonly completed_at: string | number | null;
  readonly agent: string | null;
  readonly inputs: string | null;
  readonly outputs: string | null;
  readonly error: string | null;
  readonly created_at: string | number | null;
  readonly steps: readonly PastStep[];
}

/** One of its steps. */
export interface PastStep {
  readonly step_index: number;
  readonly step_name: string | null;
  readonly status: string;
  readonly started_at: string | number | null;
  readonly completed_at: string | number | null;
  readonly inputs: string | null;
  readonly outputs: string | null;
  readonly error: string | null;
  readonly retry_count: number | null;
}

/** Where the file stands while its rows are taken over, and afterwards. */
const asideOf = (storeFile: string, isDone: boolean): string => `${storeFile}.schema-1${isDone ? '.bak' : ''}`;

/** Moves a store file of `schema_version` 1 out of the way of a new store. Anything else stays where it is. */
export function setHistoryAside(storeFile: string): void {
  if (!isHistory(storeFile)) return;
  for (const side of ['', ...SIDE_FILES])
    if (existsSync(`${storeFile}${side}`)) renameSync(`${storeFile}${side}`, `${asideOf(storeFile, false)}${side}`);
}

/** Its rows are taken over: the file is kept, and not looked at again. */
export function keepHistory(storeFile: string): void {
  for (const side of ['', ...SIDE_FILES]) {
    const file = `${asideOf(storeFile, false)}${side}`;
    if (existsSync(file)) renameSync(file, `${asideOf(storeFile, true)}${side}`);
  }
}

/** Its tables are those of SPEC §9, where ours are views of these names. */
function isHistory(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true || schemaOf(file) !== 0) return false;
  let db: Database.Database | null = null;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true });
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[];
    if (!tables.includes('executions') || !tables.includes('checkpoints')) return false;
    if (!tables.includes('schema_version')) return true;
    return db.prepare('SELECT max(version) FROM schema_version').pluck().get() === 1;
  } catch {
    // Whoever opens it says what is wrong with it.
    return false;
  } finally {
    db?.close();
  }
}

/** Where SQLite keeps the number that our own stores have from 1 on. */
const USER_VERSION_AT = 60;

/** That number, read without opening the database. */
function schemaOf(file: string): number {
  const head = Buffer.alloc(USER_VERSION_AT + 4);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, head, 0, head.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return head.readUInt32BE(USER_VERSION_AT);
}

/** The runs of the file that is set aside, the oldest first; none where nothing is. */
export function* readHistory(storeFile: string): Generator<PastExecution> {
  const file = asideOf(storeFile, false);
  if (!existsSync(file)) return;
  const db = new Database(file, { fileMustExist: true });
  try {
    const steps = db.prepare('SELECT * FROM checkpoints WHERE run_id = ? ORDER BY step_index');
    for (const row of db.prepare('SELECT * FROM executions ORDER BY created_at, run_id').all())
      yield { ...(row as PastExecution), steps: steps.all((row as PastExecution).run_id) as PastStep[] };
  } finally {
    db.close();
  }
}
