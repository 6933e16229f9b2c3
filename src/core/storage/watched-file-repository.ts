import type { Statement } from 'better-sqlite3';
import type { Connection } from './database.ts';

/** A file as a watch last took it in (SPEC §7.2 "Cursor"); its hash is known once its content was looked at. Times are whole UTC ms. */
export interface WatchedFile {
  /** Relative to the root of the watch, with `/`. */
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  /** Number of the file on its disk: a rename keeps it. */
  readonly inode: string;
  readonly hash: string | null;
}

/** What changes in the cursor with one event. */
export interface WatchedChange {
  readonly put: readonly WatchedFile[];
  readonly drop: readonly string[];
}

interface FileRow {
  path: string;
  size: number;
  mtime_ms: number;
  inode: string;
  hash: string;
}

/** The root of a watch has the row of the empty path; its mark stands where files have their number. */
const ROOT = '';

/** What watches have seen, each under the key of its trigger, which must be stored (`TriggerRepository.ensure`). */
export class WatchedFileRepository {
  readonly #transaction: (work: () => void) => void;
  readonly #no: Statement;
  readonly #put: Statement;
  readonly #drop: Statement;
  readonly #find: Statement;
  readonly #all: Statement;
  readonly #below: Statement;
  readonly #hasBelow: Statement;
  readonly #count: Statement;
  readonly #forget: Statement;

  constructor(db: Connection) {
    const of = 'trigger_no = (SELECT trigger_no FROM triggers WHERE key = ?)';
    const columns = 'path, size, mtime_ms, inode, hash';
    this.#transaction = (work) => db.transaction(work).immediate();
    this.#no = db.prepare('SELECT trigger_no FROM triggers WHERE key = ?').pluck();
    this.#put = db.prepare(`INSERT OR REPLACE INTO watched_files(trigger_no, ${columns}) VALUES (?, ?, ?, ?, ?, ?)`);
    this.#drop = db.prepare(`DELETE FROM watched_files WHERE ${of} AND path = ?`);
    this.#find = db.prepare(`SELECT ${columns} FROM watched_files WHERE ${of} AND path = ?`);
    this.#all = db.prepare(`SELECT ${columns} FROM watched_files WHERE ${of} AND path > ''`);
    // '0' follows '/': everything that begins with the folder's name and a stroke, by the index.
    this.#below = db.prepare(
      `SELECT ${columns} FROM watched_files WHERE ${of} AND path > ? || '/' AND path < ? || '0'`,
    );
    this.#hasBelow = db
      .prepare(`SELECT 1 FROM watched_files WHERE ${of} AND path > ? || '/' AND path < ? || '0' LIMIT 1`)
      .pluck();
    this.#count = db.prepare(`SELECT count(*) FROM watched_files WHERE ${of} AND path > ''`).pluck();
    this.#forget = db.prepare(`DELETE FROM watched_files WHERE ${of}`);
  }

  /** The mark of the root at the last look; null = the watch has never looked. */
  rootMark(key: string): string | null {
    return (this.#find.get(key, ROOT) as FileRow | undefined)?.inode ?? null;
  }

  markRoot(key: string, mark: string): void {
    this.#put.run(this.#no.get(key), ROOT, 0, 0, mark, '');
  }

  find(key: string, path: string): WatchedFile | null {
    const row = this.#find.get(key, path) as FileRow | undefined;
    return row === undefined ? null : toFile(row);
  }

  /** What lies below a folder at any depth; '' = everything. */
  below(key: string, folder: string): readonly WatchedFile[] {
    const rows = folder === '' ? this.#all.all(key) : this.#below.all(key, folder, folder);
    return (rows as FileRow[]).map(toFile);
  }

  hasBelow(key: string, folder: string): boolean {
    return this.#hasBelow.get(key, folder, folder) !== undefined;
  }

  count(key: string): number {
    return this.#count.get(key) as number;
  }

  /** One transaction, or a part of the one that it is called in. */
  write(key: string, { put, drop }: WatchedChange): void {
    this.#transaction(() => {
      for (const path of drop) this.#drop.run(key, path);
      const no = this.#no.get(key);
      for (const file of put) this.#put.run(no, file.path, file.size, file.mtimeMs, file.inode, file.hash ?? '');
    });
  }

  /** The watch begins anew: it has never looked. */
  forget(key: string): void {
    this.#forget.run(key);
  }
}

const toFile = (row: FileRow): WatchedFile => ({
  path: row.path,
  size: row.size,
  mtimeMs: row.mtime_ms,
  inode: row.inode,
  hash: row.hash === '' ? null : row.hash,
});
