import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { AgentStatsReader } from './agent-stats.ts';
import { BlobStore } from './blobs.ts';
import { BreakerRepository } from './breaker-repository.ts';
import { ConversationStore } from './conversation-store.ts';
import { CostRepository } from './cost-repository.ts';
import { damaged } from './damage.ts';
import { type Connection, openDatabase, translateStoreError } from './database.ts';
import { Journal } from './journal.ts';
import { LogStore } from './log-store.ts';
import { LOG_MIGRATIONS, STATE_MIGRATIONS } from './migrations/index.ts';
import { RunRepository } from './run-repository.ts';
import { VersionRepository } from './version-repository.ts';

/** Where the parts of a store are, as absolute paths; `onLog` hears of grown logs. */
export interface StoreOptions {
  readonly storeFile: string;
  readonly logsFile: string;
  readonly blobsDir: string;
  readonly onLog: (runId: string, total: number) => void;
  /** Hears of grown conversations. */
  readonly onConversation: (runId: string, total: number) => void;
  /** Bench port only. */
  readonly sync?: 'FULL' | 'NORMAL';
}

/** All that is stored of one project: owned by whoever holds the lease. Errors of opening: those of `openDatabase`. */
export class Store {
  readonly journal: Journal;
  readonly runs: RunRepository;
  readonly versions: VersionRepository;
  readonly breakers: BreakerRepository;
  readonly agentStats: AgentStatsReader;
  readonly costs: CostRepository;
  readonly logs: LogStore;
  readonly conversations: ConversationStore;
  readonly #db: Connection;
  readonly #logsDb: Connection;

  constructor(options: StoreOptions) {
    mkdirSync(dirname(options.storeFile), { recursive: true, mode: 0o700 });
    this.#db = openDatabase(options.storeFile, { sync: options.sync ?? 'FULL', migrations: STATE_MIGRATIONS });
    try {
      this.journal = new Journal(this.#db, new BlobStore(options.blobsDir));
      this.runs = new RunRepository(this.#db);
      this.versions = new VersionRepository(this.#db);
      this.breakers = new BreakerRepository(this.#db);
      this.agentStats = new AgentStatsReader(this.#db);
      this.costs = new CostRepository(this.#db);
      this.#logsDb = openDatabase(options.logsFile, { sync: 'NORMAL', migrations: LOG_MIGRATIONS });
      this.logs = new LogStore(this.#logsDb, options.onLog);
      this.conversations = new ConversationStore(this.#logsDb, options.onConversation);
    } catch (error) {
      this.#db.close();
      throw toOpenError(error);
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
    this.conversations.close();
    this.#logsDb.close();
    this.journal.close();
    this.#db.close();
  }
}

/** A statement of ours that SQLite does not understand when a store is opened: its tables are not those that were made. */
function toOpenError(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'SQLITE_ERROR' ? damaged('The tables of this store are damaged.', error) : translateStoreError(error);
}
