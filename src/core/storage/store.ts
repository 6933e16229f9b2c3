import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { BlobStore } from './blobs.ts';
import { type Connection, openDatabase, translateStoreError } from './database.ts';
import { Journal } from './journal.ts';
import { LogStore } from './log-store.ts';
import { STATE_MIGRATIONS } from './migrations/index.ts';
import { RunRepository } from './run-repository.ts';
import { VersionRepository } from './version-repository.ts';

/** Where the parts of a store are, as absolute paths; `onLog` hears of grown logs. */
export interface StoreOptions {
  readonly storeFile: string;
  readonly logsFile: string;
  readonly blobsDir: string;
  readonly onLog: (runId: string, total: number) => void;
  /** Bench port only. */
  readonly sync?: 'FULL' | 'NORMAL';
}

/** All that is stored of one project: owned by whoever holds the lease. Errors of opening: those of `openDatabase`. */
export class Store {
  readonly journal: Journal;
  readonly runs: RunRepository;
  readonly versions: VersionRepository;
  readonly logs: LogStore;
  readonly #db: Connection;

  constructor(options: StoreOptions) {
    mkdirSync(dirname(options.storeFile), { recursive: true, mode: 0o700 });
    this.#db = openDatabase(options.storeFile, { sync: options.sync ?? 'FULL', migrations: STATE_MIGRATIONS });
    try {
      this.journal = new Journal(this.#db, new BlobStore(options.blobsDir));
      this.runs = new RunRepository(this.#db);
      this.versions = new VersionRepository(this.#db);
      this.logs = new LogStore(options.logsFile, options.onLog);
    } catch (error) {
      this.#db.close();
      throw translateStoreError(error);
    }
  }

  /** `ok`, or the first problem that SQLite's own check finds. Never throws. */
  checkIntegrity(): string {
    try {
      return String(this.#db.pragma('quick_check(1)', { simple: true }));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Closes both files; commits that still wait for room on the disk are given up (the next engine looks their effects up). */
  close(): void {
    this.logs.close();
    this.journal.close();
    this.#db.close();
  }
}
