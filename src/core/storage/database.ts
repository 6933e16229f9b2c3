import { closeSync, openSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import Database from 'better-sqlite3';
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { refuseEmptiedStore, refuseLostStore, type StoreTraces } from './damage.ts';
import type { Migration } from './migrations/index.ts';

/** An open SQLite file. */
export type Connection = Database.Database;

/** Options of a connection. `sync` is a port of the bench, not a setting of the product (DESIGN §3). */
export interface ConnectionOptions {
  readonly sync?: 'FULL' | 'NORMAL';
  readonly migrations: readonly Migration[];
  /** What says that the file must be there already; default: it may be new. */
  readonly traces?: StoreTraces;
  /** A new file can give room back piece by piece (`incremental_vacuum`). */
  readonly shrinksInPieces?: true;
}

/** Opening waits for another program; later writers try again by themselves and must not hold their thread, and with it every reader. */
const OPEN_WAIT_MS = 10_000;
const WRITE_WAIT_MS = 200;

/**
 * Opens (and creates) a SQLite file in WAL mode with foreign keys and brings it to the newest schema, in one transaction: whatever
 * happens meanwhile, the file has the old schema or the new one. One that already holds something is copied to
 * `<file>.v<schema>.bak` before (SPEC §9). Nothing stays open when it
 * fails. Errors, which name the file: `store.corrupt` (not a database, damaged, or lost although `traces` say that it was there),
 * `store.newer_version`, `store.busy`, `file.io`, `file.disk_full`.
 */
export function openDatabase(file: string, options: ConnectionOptions): Connection {
  let db: Connection | null = null;
  const traces = options.traces ?? NO_TRACES;
  try {
    refuseLostStore(file, traces);
    makePrivate(file);
    db = new Database(file, { timeout: OPEN_WAIT_MS });
    addFunctions(db);
    if (options.shrinksInPieces) db.pragma('auto_vacuum = INCREMENTAL');
    db.pragma('journal_mode = WAL');
    db.pragma(`synchronous = ${options.sync ?? 'FULL'}`);
    db.pragma('fullfsync = 1');
    // The write-ahead log is written over from its start after every 500 pages: while the file still grows, each sync is a third
    // dearer, and checkpoints cost less than that (measured, W1 and W2: 400 to 500 is best, SQLite's own 1,000 is 8 % slower).
    // What a large commit made of it is cut back.
    db.pragma('wal_autocheckpoint = 500');
    db.pragma('journal_size_limit = 33554432');
    db.pragma('foreign_keys = ON');
    if (db.pragma('user_version', { simple: true }) === 0) refuseEmptiedStore(file, traces);
    migrate(db, options.migrations);
    db.pragma(`busy_timeout = ${WRITE_WAIT_MS}`);
    return db;
  } catch (error) {
    db?.close();
    throw translateStoreError(error, file);
  }
}

/** Opens a file that its one writer has open too, to read from it only. Errors, which name the file: `store.corrupt`, `store.busy`, `file.io`. */
export function openReadOnly(file: string): Connection {
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true, timeout: OPEN_WAIT_MS });
    addFunctions(db);
    return db;
  } catch (error) {
    throw translateStoreError(error, file);
  }
}

function addFunctions(db: Connection): void {
  db.function('lower_any', { deterministic: true }, (text) => String(text).toLowerCase());
}

const NO_TRACES: StoreTraces = { folders: [], files: [] };

/**
 * Makes the file, when it is missing, for this user alone (SPEC §14); SQLite gives its side files the same mode. One that is there is
 * not opened: closing it would free every lock that this process holds on it (POSIX).
 */
export function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function migrate(db: Connection, migrations: readonly Migration[]): void {
  const current = db.pragma('user_version', { simple: true }) as number;
  const newest = migrations.length;
  if (current > newest) {
    throw new AppError('store.newer_version', 'This project was written by a newer version of the app.', {
      hint: 'Update the app, or open a copy of the project from before the update.',
      details: { found: current, known: newest },
    });
  }
  if (current > 0 && current < newest) backUp(db, current);
  if (current === newest) return;
  // One commit for all: a sync for each migration was two thirds of what a new store took.
  db.transaction(() => {
    for (const migration of migrations.slice(current)) migration.up(db);
    db.pragma(`user_version = ${newest}`);
  }).immediate();
}

/**
 * What SQLite's own check finds in a file of at most `maxBytes` (its write-ahead log included), indices against rows too; null = nothing,
 * or the file is larger. Never throws.
 */
export function findProblem(db: Connection, maxBytes = Number.POSITIVE_INFINITY): string | null {
  try {
    const pages = db.pragma('page_count', { simple: true }) as number;
    if (pages * (db.pragma('page_size', { simple: true }) as number) > maxBytes) return null;
    const found = String(db.pragma('integrity_check(1)', { simple: true }));
    return found === 'ok' ? null : found;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** How a file is filled, its write-ahead log included. */
export interface FileFill {
  readonly bytes: number;
  readonly pageSize: number;
}

/** How a file is filled. Errors as SQLite throws them. */
export function fileFill(db: Connection): FileFill {
  const [pages, pageSize] = ['page_count', 'page_size'].map((name) => db.pragma(name, { simple: true })) as [
    number,
    number,
  ];
  return { bytes: pages * pageSize, pageSize };
}

/** A whole copy of the file as it was; one that a crash has left half-made is replaced. */
function backUp(db: Connection, version: number): void {
  const copy = `${db.name}.v${version}.bak`;
  rmSync(copy, { force: true });
  db.prepare('VACUUM INTO ?').run(copy);
}

/** SQL and value for "the column holds this text, in any case"; SQLite's own LIKE folds the case of ASCII letters only. */
export function holdsText(column: string, text: string): { readonly sql: string; readonly pattern: string } {
  const isAscii = /^[\x20-\x7e]*$/.test(text);
  const pattern = `%${(isAscii ? text : text.toLowerCase()).replace(/[\\%_]/g, '\\$&')}%`;
  return { sql: `${isAscii ? column : `lower_any(${column})`} LIKE ? ESCAPE '\\'`, pattern };
}

const CODES: readonly (readonly [RegExp, ErrorCode, string, string])[] = [
  [
    /^(SQLITE_FULL|ENOSPC|EDQUOT)/,
    'file.disk_full',
    'The disk is full: the last change could not be stored',
    'Free some space; work goes on by itself.',
  ],
  [
    /^SQLITE_(BUSY|LOCKED)/,
    'store.busy',
    'The store is in use by another program',
    'Close the other program or try again.',
  ],
  [
    /^SQLITE_(CORRUPT|NOTADB|FORMAT)/,
    'store.corrupt',
    'The store of this project is damaged',
    'Restore the last backup of the state folder.',
  ],
  [
    /^(EMFILE|ENFILE)/,
    'file.io',
    'Too many files are open',
    'Close other programs, or raise the limit of open files (ulimit -n), then try again.',
  ],
  [
    /^(SQLITE_(IOERR|CANTOPEN|READONLY|PERM|AUTH|NOLFS)|EIO|EACCES|EISDIR|EEXIST|ENOENT|ENOTDIR|EPERM|EROFS)/,
    'file.io',
    'The store of this project cannot be read or written',
    'Check the disk and the rights of the state folder.',
  ],
];

/**
 * SQLite's and the system's codes in the product's words, with the name of the file where it is known; what is not known stays what it
 * was. Who asks a closed store hears that the project was closed.
 */
export function translateStoreError(error: unknown, file?: string): unknown {
  if (error instanceof AppError) return error;
  if (error instanceof TypeError && error.message === 'The database connection is not open')
    return new AppError('engine.stopped', 'The project was closed meanwhile.', { cause: error });
  const { code, path } = (error ?? {}) as { code?: unknown; path?: unknown };
  if (typeof code !== 'string') return error;
  const row = CODES.find(([pattern]) => pattern.test(code));
  if (row === undefined) return error;
  // What is thrown by SQLite and was not translated where it happened comes from the one store: other files name themselves.
  const named = file ?? (typeof path === 'string' ? path : code.startsWith('SQLITE_') ? 'state.db' : null);
  return new AppError(row[1], named === null ? `${row[2]}.` : `${row[2]}: ${basename(named)}`, {
    hint: row[3],
    cause: error,
    details: { system_code: code, ...(named === null ? {} : { file: named }) },
  });
}
