/** Holds the write lock of a SQLite file as a process of its own: `node hold-lock.ts <file> <ms>`; prints `locked`, later `released`. */
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';

const [file = '', ms = '0'] = process.argv.slice(2);
const db = new Database(file, { timeout: 5_000 });
db.exec('BEGIN IMMEDIATE');
process.stdout.write('locked\n');
await delay(Number(ms));
db.exec('ROLLBACK');
db.close();
process.stdout.write('released\n');
