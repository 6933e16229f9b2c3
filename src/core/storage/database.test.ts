import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { openDatabase, translateStoreError } from './database.ts';
import { STATE_MIGRATIONS } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { addRun, cleanUp, makeFolder, openStore } from './store.test-support.ts';
import type { Store } from './store.ts';

afterEach(cleanUp);

const first: Migration = { name: 'first', up: (db) => void db.exec('CREATE TABLE one(a)') };
const second: Migration = { name: 'second', up: (db) => void db.exec('ALTER TABLE one ADD COLUMN b') };
const failing: Migration = {
  name: 'failing',
  up: (db) => {
    db.exec('ALTER TABLE one ADD COLUMN c');
    throw new AppError('file.io', 'in the middle');
  },
};

const columns = (file: string): readonly unknown[] => {
  const db = new Database(file, { readonly: true });
  const names = db.prepare("SELECT name FROM pragma_table_info('one')").pluck().all();
  db.close();
  return names;
};
const versionOf = (file: string): unknown => {
  const db = new Database(file, { readonly: true });
  const version = db.pragma('user_version', { simple: true });
  db.close();
  return version;
};

/** Descriptors of this process on a file; null where the system does not tell. */
async function countOpen(file: string): Promise<number | null> {
  const { readdirSync, readlinkSync } = await import('node:fs');
  if (!existsSync('/proc/self/fd')) return null;
  const targets = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return targets.filter((target) => target.startsWith(file)).length;
}

describe('migrations', () => {
  it('bring a file forward, keep its rows and a copy of what it was', () => {
    const file = join(makeFolder(), 'a.db');
    const db = openDatabase(file, { migrations: [first] });
    db.exec("INSERT INTO one VALUES ('kept')");
    db.close();
    expect(existsSync(`${file}.v1.bak`)).toBe(false);
    const next = openDatabase(file, { migrations: [first, second] });
    expect(next.prepare('SELECT * FROM one').all()).toEqual([{ a: 'kept', b: null }]);
    next.close();
    expect([versionOf(file), versionOf(`${file}.v1.bak`)]).toEqual([2, 1]);
    expect(columns(`${file}.v1.bak`)).toEqual(['a']);
    openDatabase(file, { migrations: [first, second] }).close();
  });

  it('leave the file as it was when one fails, and go on from there', () => {
    const file = join(makeFolder(), 'a.db');
    openDatabase(file, { migrations: [first] }).close();
    expect(() => openDatabase(file, { migrations: [first, second, failing] })).toThrow('in the middle');
    expect([columns(file), versionOf(file)]).toEqual([['a'], 1]);
    openDatabase(file, { migrations: [first, second] }).close();
    expect([columns(file), versionOf(file)]).toEqual([['a', 'b'], 2]);
  });

  it('leave the old schema or the new one when they are killed, and go on from there', () => {
    const file = join(makeFolder(), 'a.db');
    openDatabase(file, { migrations: [first] }).close();
    const killed = spawnSync(process.execPath, [
      ...['--input-type=module', '-e'],
      `import { openDatabase } from ${JSON.stringify(new URL('database.ts', import.meta.url).href)};
       const kept = { name: 'kept', up: () => undefined };
       const second = { name: 'second', up: (db) => db.exec('ALTER TABLE one ADD COLUMN b') };
       const killing = { name: 'killing', up: () => process.kill(process.pid, 'SIGKILL') };
       openDatabase(${JSON.stringify(file)}, { migrations: [kept, second, killing] });`,
    ]);
    expect(killed.signal).toBe('SIGKILL');
    expect([columns(file), versionOf(file), versionOf(`${file}.v1.bak`)]).toEqual([['a'], 1, 1]);
    openDatabase(file, { migrations: [first, second] }).close();
    expect([columns(file), versionOf(file)]).toEqual([['a', 'b'], 2]);
  });

  it('take a state file of the first schema', async () => {
    const folder = makeFolder();
    const [initial] = STATE_MIGRATIONS;
    if (initial === undefined) throw new Error('no migration');
    openDatabase(join(folder, 'state.db'), { migrations: [initial] }).close();
    expect(await openStore(folder).checkIntegrity()).toBe('ok');
  });

  it('refuse a file of a newer version and do not touch it', async () => {
    const file = join(makeFolder(), 'a.db');
    openDatabase(file, { migrations: [first, second] }).close();
    const before = readFileSync(file);
    expect(() => openDatabase(file, { migrations: [first] })).toThrow(
      expect.objectContaining({ code: 'store.newer_version', details: { found: 2, known: 1 } }),
    );
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(await countOpen(file)).toBeOneOf([0, null]);
  });
});

describe('a file that is no store', () => {
  it.each([
    ['garbage', Buffer.from('this is not a database at all. '.repeat(200))],
    ['a page of random bytes', Buffer.from(Array.from({ length: 8192 }, (_, at) => (at * 7919) % 251))],
    ['a header and nothing behind it', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(5000, 0xff)])],
  ])('%s is store.corrupt and stays unopened', async (_name, content) => {
    const file = join(makeFolder(), 'a.db');
    writeFileSync(file, content);
    expect(() => openDatabase(file, { migrations: [first] })).toThrow(
      expect.objectContaining({ code: 'store.corrupt' }),
    );
    expect(await countOpen(file)).toBeOneOf([0, null]);
  });

  it('a truncated store is store.corrupt', () => {
    const folder = makeFolder();
    const store = openStore(folder);
    store.close();
    truncateSync(join(folder, 'state.db'), 4096 * 2);
    expect(() => openStore(folder)).toThrow(expect.objectContaining({ code: 'store.corrupt' }));
  });

  it('a folder that is not there is file.io', () => {
    expect(() => openDatabase(join(makeFolder(), 'none', 'a.db'), { migrations: [] })).toThrow();
  });

  it.each([0, 1, 100, 511])('a store of %d bytes beside what a used one leaves is lost, not new', (sizeBytes) => {
    for (const trace of ['archives', 'runs', 'blobs']) {
      const folder = makeFolder();
      mkdirSync(join(folder, trace, 'one'), { recursive: true });
      writeFileSync(join(folder, 'state.db'), Buffer.alloc(sizeBytes, 1));
      expect(() => openStore(folder)).toThrow(
        expect.objectContaining({
          code: 'store.corrupt',
          message: expect.stringMatching(new RegExp(`${trace}/ beside it is in use: state\\.db$`)),
          hint: expect.stringContaining('backup'),
        }),
      );
      expect(statSync(join(folder, 'state.db')).size).toBe(sizeBytes);
    }
  });

  it('a store that is missing or holds no table beside logs.db is lost, and its write-ahead log is left alone', () => {
    const folder = makeFolder();
    openStore(folder).close();
    writeFileSync(join(folder, 'state.db-wal'), 'what could still be rescued');
    rmSync(join(folder, 'state.db'));
    const lost = expect.objectContaining({ code: 'store.corrupt', message: expect.stringContaining('logs.db') });
    expect(() => openStore(folder)).toThrow(lost);
    expect([existsSync(join(folder, 'state.db')), existsSync(join(folder, 'state.db-wal'))]).toEqual([false, true]);
    rmSync(join(folder, 'state.db-wal'));
    const empty = new Database(join(folder, 'state.db'));
    empty.pragma('journal_mode = WAL');
    empty.close();
    expect(() => openStore(folder)).toThrow(lost);
  });

  it('without traces an empty file is a new store, and a file too short to be one is none', () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'state.db'), '');
    openStore(folder).close();
    const other = makeFolder();
    writeFileSync(join(other, 'state.db'), 'x');
    expect(() => openStore(other)).toThrow(expect.objectContaining({ code: 'store.corrupt' }));
  });

  it('a damaged row of a run is store.corrupt, in a list too', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    await addRun(store, 'a');
    const other = new Database(join(folder, 'state.db'));
    other.prepare("UPDATE runs SET workflow_name = 'Another' WHERE run_id = 'a'").run();
    other.close();
    const refused = expect.objectContaining({ code: 'store.corrupt', message: expect.stringContaining('state.db') });
    expect(() => store.runs.find('a')).toThrow(refused);
    expect(() => store.runs.list({ limit: 5 })).toThrow(refused);
  });
});

describe('a damaged logs.db', () => {
  const open = (folder: string): { readonly store: Store; readonly notices: readonly string[] } => {
    const notices: string[] = [];
    return {
      store: openStore(
        folder,
        () => undefined,
        (notice) => notices.push(notice),
      ),
      notices,
    };
  };
  const LINE = { at: 1, path: 'a', stream: 'log', level: 'info', text: 'said' } as const;
  /** A store with a run and a line, closed. */
  async function usedFolder(): Promise<string> {
    const folder = makeFolder();
    const { store } = open(folder);
    await addRun(store, 'a');
    store.logs.append('a', LINE);
    store.close();
    return folder;
  }

  it.each([
    ['garbage', (file: string) => writeFileSync(file, 'garbage '.repeat(1000))],
    ['cut', (file: string) => truncateSync(file, 4096)],
    ['empty', (file: string) => truncateSync(file, 0)],
    ['missing', (file: string) => rmSync(file)],
  ])('%s is set aside and made anew with a notice', async (kind, harm) => {
    const folder = await usedFolder();
    harm(join(folder, 'logs.db'));
    const { store, notices } = open(folder);
    expect(notices).toEqual([expect.stringContaining('logs.db, was damaged or lost')]);
    expect(readdirSync(folder).filter((name) => /^logs\.db\.damaged-\d{8}T\d{6}Z$/.test(name))).toHaveLength(
      kind === 'missing' ? 0 : 1,
    );
    expect(store.runs.find('a')).not.toBeNull();
    store.logs.append('a', LINE);
    expect(store.logs.read('a', { from: 1, limit: 9 }).lines).toHaveLength(1);
  });

  it('a line that is not what was written is refused, and the file is set aside at the next opening', async () => {
    const folder = await usedFolder();
    const { store, notices } = open(folder);
    const other = new Database(join(folder, 'logs.db'));
    other.prepare("UPDATE lines SET text = 'never said'").run();
    other.close();
    expect(() => store.logs.read('a', { from: 1, limit: 9 })).toThrow(
      expect.objectContaining({ code: 'store.corrupt', message: expect.stringContaining('logs.db') }),
    );
    expect(notices).toEqual([]);
    store.close();
    const next = open(folder);
    expect(next.notices).toEqual([expect.stringContaining('logs.db')]);
    expect(next.store.logs.total('a')).toBe(0);
  });

  it('lines that went with its write-ahead log are missed', async () => {
    const folder = await usedFolder();
    const { store } = open(folder);
    store.logs.append('a', LINE);
    store.logs.flush();
    for (const name of ['logs.db', 'logs.db-height', 'state.db', 'state.db-wal', 'state.db-height'])
      copyFileSync(join(folder, name), join(folder, `${name}.kept`));
    store.close();
    for (const name of ['logs.db', 'logs.db-height', 'state.db', 'state.db-wal', 'state.db-height'])
      renameSync(join(folder, `${name}.kept`), join(folder, name));
    expect(open(folder).notices).toEqual([expect.stringContaining('newest log lines are lost')]);
  });
});

describe('translateStoreError', () => {
  it.each([
    ['SQLITE_FULL', 'file.disk_full'],
    ['ENOSPC', 'file.disk_full'],
    ['EDQUOT', 'file.disk_full'],
    ['SQLITE_BUSY_SNAPSHOT', 'store.busy'],
    ['SQLITE_CORRUPT_VTAB', 'store.corrupt'],
    ['SQLITE_NOTADB', 'store.corrupt'],
    ['SQLITE_IOERR_WRITE', 'file.io'],
    ['EMFILE', 'file.io'],
  ])('%s -> %s', (code, expected) => {
    expect(translateStoreError(Object.assign(new Error('x'), { code }))).toMatchObject({ code: expected });
  });

  it('leaves a bug a bug', () => {
    const bug = Object.assign(new Error('x'), { code: 'SQLITE_CONSTRAINT_UNIQUE' });
    expect(translateStoreError(bug)).toBe(bug);
    expect(translateStoreError('text')).toBe('text');
  });
});
