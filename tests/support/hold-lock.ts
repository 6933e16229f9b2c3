/**
 * Holds the write lock of a SQLite file as a process of its own until its stdin ends: `node hold-lock.ts <file>`; prints `locked`, later
 * `released`.
 */
import { once } from 'node:events';
import Database from 'better-sqlite3';

const [file = ''] = process.argv.slice(2);
const db = new Database(file, { timeout: 30_000 });
db.exec('BEGIN IMMEDIATE');
process.stdout.write('locked\n');
await once(process.stdin.resume(), 'end');
db.exec('ROLLBACK');
db.close();
process.stdout.write('released\n');
