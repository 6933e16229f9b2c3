import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { openDatabase, translateStoreError } from './database.ts';
import { STATE_MIGRATIONS } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { cleanUp, makeFolder, openStore } from './store.test-support.ts';

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
    expect(() => openDatabase(file, { migrations: [first, failing] })).toThrow('in the middle');
    expect([columns(file), versionOf(file)]).toEqual([['a'], 1]);
    openDatabase(file, { migrations: [first, second] }).close();
    expect([columns(file), versionOf(file)]).toEqual([['a', 'b'], 2]);
  });

  it('take a state file of the first schema', () => {
    const folder = makeFolder();
    const [initial] = STATE_MIGRATIONS;
    if (initial === undefined) throw new Error('no migration');
    openDatabase(join(folder, 'state.db'), { migrations: [initial] }).close();
    expect(openStore(folder).checkIntegrity()).toBe('ok');
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

  it('a damaged logs file leaves nothing of the store open', async () => {
    const folder = makeFolder();
    openStore(folder).close();
    writeFileSync(join(folder, 'logs.db'), 'garbage '.repeat(1000));
    expect(() => openStore(folder)).toThrow(expect.objectContaining({ code: 'store.corrupt' }));
    expect(await countOpen(join(folder, 'state.db'))).toBeOneOf([0, null]);
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
