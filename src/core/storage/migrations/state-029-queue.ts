import type { Connection } from '../database.ts';
import type { Migration } from './migration.ts';

/**
 * Messages of queues (SPEC §8) and who holds a queue back. `place` is the order within a priority: a message that is tried again goes to the
 * end, one that is given back keeps it. `expires_at` stands only where nothing was begun yet.
 */
export const createQueueTables = (db: Pick<Connection, 'exec'>): void =>
  void db.exec(`
CREATE TABLE queue_messages(
  message_no INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  queue TEXT NOT NULL,
  place INTEGER NOT NULL,
  workflow_id TEXT NOT NULL,
  workflow_path TEXT,
  version_hash TEXT,
  payload TEXT NOT NULL,
  priority INTEGER NOT NULL,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  processed_at INTEGER,
  ended_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  max_attempts INTEGER NOT NULL,
  error TEXT,
  not_before INTEGER,
  expires_at INTEGER,
  lease TEXT,
  visible_at INTEGER,
  dedupe_key TEXT,
  run_id TEXT,
  metadata TEXT NOT NULL,
  actor TEXT NOT NULL,
  dead_letter_queue TEXT,
  requeued_as TEXT
);
CREATE INDEX queue_next ON queue_messages(queue, priority DESC, place) WHERE status = 'pending';
CREATE INDEX queue_places ON queue_messages(queue, place);
CREATE INDEX queue_states ON queue_messages(queue, status, message_no);
CREATE INDEX queue_due ON queue_messages(queue, not_before) WHERE status = 'pending' AND not_before IS NOT NULL;
CREATE INDEX queue_expiring ON queue_messages(queue, expires_at) WHERE status = 'pending' AND expires_at IS NOT NULL;
CREATE INDEX queue_leases ON queue_messages(queue, visible_at) WHERE status = 'processing';
CREATE INDEX queue_begun ON queue_messages(queue, processed_at) WHERE processed_at IS NOT NULL;
CREATE INDEX queue_keys ON queue_messages(queue, dedupe_key) WHERE dedupe_key IS NOT NULL;
CREATE INDEX queue_ended ON queue_messages(queue, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX queue_versions ON queue_messages(version_hash) WHERE status IN ('pending', 'processing') AND version_hash IS NOT NULL;
CREATE TABLE queue_pauses(queue TEXT PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL) WITHOUT ROWID;
`);

/** Adds the tables of queues. */
export const queue: Migration = { name: 'queue', up: createQueueTables };
