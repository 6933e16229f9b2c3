import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import type { BackupCounts, BackupInfo } from '../../shared/model/backup.ts';
import { sha256Hex, startSha256 } from '../crypto/index.ts';
import { damaged } from './damage.ts';
import { type Connection, findProblem, openDatabase } from './database.ts';
import { STATE_MIGRATIONS } from './migrations/index.ts';

/** Where the parts of a state folder lie, as absolute paths. */
export interface StatePlaces {
  readonly storeFile: string;
  readonly logsFile: string;
  readonly blobsDir: string;
  readonly archivesDir: string;
}

/** The parts of a backup in its folder. */
export const placesIn = (folder: string): StatePlaces => ({
  storeFile: join(folder, 'state.db'),
  logsFile: join(folder, 'logs.db'),
  blobsDir: join(folder, 'blobs'),
  archivesDir: join(folder, 'archives'),
});

const MANIFEST = 'backup.json';

/** What `backup.json` says. */
interface Manifest extends BackupCounts {
  readonly format: 1;
  /** UTC ms. */
  readonly at: number;
  /** The highest position of the journal, and the last number of the audit. */
  readonly position: number;
  readonly auditSeq: number;
  readonly bytes: number;
  /** SHA-256 of both databases: SQLite's own check sees how pages hang together, not what stands in them. */
  readonly hashes: { readonly state: string; readonly logs: string | null };
}

/**
 * Makes a backup in a folder that appears only once it is whole: copies of both databases as they are at one moment, opened and checked, then
 * the values and versions that they name. Those are never changed, so on the same disk a second name is enough. Whoever fails leaves nothing
 * behind. Blocks its thread.
 */
export function makeBackup(from: StatePlaces, folder: string, at: number): BackupInfo {
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  try {
    mkdirSync(part, { recursive: true, mode: 0o700 });
    const to = placesIn(part);
    copyDatabase(from.storeFile, to.storeFile);
    if (existsSync(from.logsFile)) copyDatabase(from.logsFile, to.logsFile);
    const db = openCopy(to.storeFile);
    try {
      const names = namesOf(db);
      const missing = carry(names, { from, to, put: linkOrCopy });
      const hashes = hashesOf(to);
      const manifest: Manifest = { format: 1, at, ...names.counts, missing, bytes: folderBytes(part), hashes };
      writeFileSync(join(part, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    } finally {
      db.close();
    }
    renameSync(part, folder);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    throw error;
  }
  return shownBackup(readBackup(folder) as StoredBackup);
}

/** A whole copy as of one moment; those who write meanwhile are not held up. */
function copyDatabase(file: string, copy: string): void {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    db.prepare('VACUUM INTO ?').run(copy);
  } finally {
    db.close();
  }
  chmodSync(copy, 0o600);
}

/** Opens a copy for reading; `store.corrupt` where SQLite's own check finds something. */
function openCopy(file: string): Connection {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  const problem = findProblem(db);
  if (problem === null) return db;
  db.close();
  throw damaged(`The copy is damaged: ${basename(file)} (${problem})`);
}

/** What a store names outside itself, and how much it holds. */
function namesOf(db: Connection): {
  readonly blobs: readonly string[];
  readonly versions: readonly string[];
  readonly counts: BackupCounts & Pick<Manifest, 'position' | 'auditSeq'>;
} {
  const one = (sql: string): number => (db.prepare(sql).pluck().get() as number | null) ?? 0;
  const blobs = db.prepare('SELECT DISTINCT hash FROM blob_uses').pluck().all() as string[];
  const versions = db.prepare('SELECT hash FROM versions').pluck().all() as string[];
  return {
    blobs,
    versions,
    counts: {
      runs: one('SELECT count(*) FROM runs'),
      events: one('SELECT count(*) FROM journal'),
      auditEvents: one('SELECT count(*) FROM audit'),
      files: blobs.length + versions.length,
      missing: 0,
      position: one('SELECT max(position) FROM journal'),
      auditSeq: one('SELECT max(seq) FROM audit'),
    },
  };
}

type Put = (from: string, to: string) => void;

/** Brings values and versions over; gives how many are not there any more. What is there already stays. */
function carry(
  { blobs, versions }: Pick<ReturnType<typeof namesOf>, 'blobs' | 'versions'>,
  { from, to, put }: { readonly from: StatePlaces; readonly to: StatePlaces; readonly put: Put },
): number {
  let missing = 0;
  for (const hash of blobs) {
    const name = join(hash.slice(0, 2), hash);
    if (existsSync(join(to.blobsDir, name))) continue;
    if (!existsSync(join(from.blobsDir, name))) missing += 1;
    else {
      mkdirSync(dirname(join(to.blobsDir, name)), { recursive: true, mode: 0o700 });
      put(join(from.blobsDir, name), join(to.blobsDir, name));
    }
  }
  for (const hash of versions) {
    if (existsSync(join(to.archivesDir, hash))) continue;
    if (existsSync(join(from.archivesDir, hash)))
      carryFolder(join(from.archivesDir, hash), join(to.archivesDir, hash), put);
    else missing += 1;
  }
  return missing;
}

function carryFolder(from: string, to: string, put: Put): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) carryFolder(source, target, put);
    else if (entry.isFile()) put(source, target);
  }
}

/** Another disk, and some file systems, know no second name of a file. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

const READ_BYTES = 1024 * 1024;

function hashOfFile(file: string): string {
  const hash = startSha256();
  const piece = Buffer.allocUnsafe(READ_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    for (let read = -1; read !== 0; ) {
      read = readSync(descriptor, piece);
      hash.update(piece.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
  return hash.digestHex();
}

const hashesOf = ({ storeFile, logsFile }: StatePlaces): Manifest['hashes'] => ({
  state: hashOfFile(storeFile),
  logs: existsSync(logsFile) ? hashOfFile(logsFile) : null,
});

/** Bytes of the files of a folder, those with a second name elsewhere too. */
function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
    (sum, entry) => sum + (entry.isFile() ? lstatSync(join(entry.parentPath, entry.name)).size : 0),
    0,
  );
}

/** A backup with what its state is held against. */
export type StoredBackup = BackupInfo & Omit<Manifest, 'format'>;

/** What people see of it. */
export const shownBackup = ({ position: _at, auditSeq: _last, hashes: _files, ...backup }: StoredBackup): BackupInfo =>
  backup;

/** What stands in a folder as a backup; null = it is none. */
function readBackup(folder: string): StoredBackup | null {
  try {
    const { format, ...manifest } = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as Manifest;
    return format === 1 ? { name: basename(folder), ...manifest } : null;
  } catch {
    return null;
  }
}

/** The backups of a folder, the newest first. */
export function listBackups(dir: string): readonly StoredBackup[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .map((name) => (name.endsWith('.part') ? null : readBackup(join(dir, name))))
    .filter((one) => one !== null)
    .sort((a, b) => b.at - a.at);
}

/** Copies a backup into an empty state folder, opens it as the product does and counts. `store.corrupt` where it is not what was backed up. */
export function restoreBackup(folder: string, to: StatePlaces): BackupCounts {
  const from = placesIn(folder);
  const manifest = readBackup(folder);
  const { state, logs } = hashesOf(from);
  if (manifest === null || manifest.hashes.state !== state || manifest.hashes.logs !== logs)
    throw damaged(`The backup is not what was backed up: ${basename(folder)}`);
  for (const file of [to.storeFile, to.logsFile]) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  copyFileSync(from.storeFile, to.storeFile);
  if (existsSync(from.logsFile)) copyFileSync(from.logsFile, to.logsFile);
  openCopy(to.storeFile).close();
  const db = openDatabase(to.storeFile, { migrations: STATE_MIGRATIONS });
  try {
    const names = namesOf(db);
    const missing = carry(names, { from, to, put: copyFileSync });
    for (const hash of names.blobs) requireBlob(join(to.blobsDir, hash.slice(0, 2), hash), hash);
    requireChain(db);
    const { position: _at, auditSeq: _last, ...counts } = { ...names.counts, missing };
    if (!(['runs', 'events', 'auditEvents', 'files'] as const).every((key) => counts[key] === manifest[key]))
      throw damaged(`The backup does not hold what was counted in it: ${basename(folder)}`);
    return counts;
  } finally {
    db.close();
  }
}

function requireBlob(file: string, hash: string): void {
  if (existsSync(file) && sha256Hex(readFileSync(file, 'utf8')) !== hash)
    throw damaged(`A value of the backup is damaged: ${hash}`);
}

/** Each event of the audit follows the one before it. */
function requireChain(db: Connection): void {
  const broken = db
    .prepare('SELECT min(b.seq) FROM audit a JOIN audit b ON b.seq = a.seq + 1 WHERE b.prev_hash <> a.hash')
    .pluck()
    .get() as number | null;
  if (broken !== null) throw damaged(`The audit of the backup is broken at event ${broken}.`);
}
