import { Buffer as Buffer$1 } from 'node:buffer';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { appendFile, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { setTimeout as setTimeout$1 } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import MarkdownIt from 'markdown-it';
import { RE2JS } from 're2js';
import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser } from 'yaml';
import {
  a as createFrameReader,
  i as decodeOutput,
  s as endOrphans,
  f as isProcessAlive,
  n as syncFolder,
} from './record-file-DXZHXi_3.js';

// src/shared/errors.ts
var entry = (kind, retryable = false) => ({
  kind,
  retryable,
});
/** code -> kind and retryability. A code that is not here does not compile. */
var ERROR_CATALOGUE = {
  'access.denied': entry('denied'),
  'access.bad_token': entry('denied'),
  'access.bad_origin': entry('denied'),
  'bundle.not_found': entry('not_found'),
  'bundle.invalid': entry('invalid'),
  'bundle.no_workflow': entry('invalid'),
  'bundle.conflict': entry('conflict'),
  'bundle.changed': entry('conflict'),
  'bundle.archive_refused': entry('invalid'),
  'bundle.too_large': entry('limit'),
  'bundle.upload_not_found': entry('not_found'),
  'config.invalid': entry('invalid'),
  'contract.unknown_operation': entry('invalid'),
  'contract.invalid_input': entry('invalid'),
  'contract.too_large': entry('limit'),
  'engine.unsupported': entry('invalid'),
  'engine.stopped': entry('conflict', true),
  'engine.loop_limit': entry('limit'),
  'engine.unserialisable': entry('invalid'),
  'file.not_found': entry('not_found'),
  'file.outside': entry('denied'),
  'file.io': entry('io', true),
  'file.disk_full': entry('io', true),
  'input.required': entry('invalid'),
  'input.invalid': entry('invalid'),
  'input.unknown': entry('invalid'),
  'internal.bug': entry('bug'),
  'lease.held': entry('conflict', true),
  'holder.unreachable': entry('io', true),
  'holder.version': entry('conflict'),
  'project.exists': entry('conflict'),
  'project.not_found': entry('not_found'),
  'run.not_found': entry('not_found'),
  'run.illegal_state': entry('conflict'),
  'run.timed_out': entry('limit'),
  'run.cancelled': entry('conflict'),
  'run.output_missing': entry('invalid'),
  'run.success_conditions_unmet': entry('invalid'),
  'run.no_step_completed': entry('external'),
  'step.not_found': entry('not_found'),
  'step.in_doubt': entry('in_doubt'),
  'step.failed': entry('external'),
  'store.busy': entry('io', true),
  'store.corrupt': entry('corrupt'),
  'store.newer_version': entry('conflict'),
  'template.syntax': entry('invalid'),
  'template.type_error': entry('invalid'),
  'template.unknown': entry('invalid'),
  'template.limit': entry('limit'),
  'template.undefined': entry('invalid'),
  'tool.not_found': entry('not_found'),
  'tool.unknown_operation': entry('invalid'),
  'tool.invalid_params': entry('invalid'),
  'tool.script_failed': entry('external', true),
  'tool.timed_out': entry('external', true),
  'tool.output_too_large': entry('limit'),
  'tool.interpreter_missing': entry('io'),
  'tool.spawn_failed': entry('io', true),
  'usage.invalid': entry('invalid'),
  'workflow.not_found': entry('not_found'),
  'workflow.invalid': entry('invalid'),
  'workflow.invalid_yaml': entry('invalid'),
  'workflow.duplicate_id': entry('conflict'),
  'workflow.too_large': entry('limit'),
  'workflow.version_not_found': entry('not_found'),
  'workflow.failed_by_author': entry('external'),
};
/** The only error that is thrown on purpose. Anything else that is thrown is a bug and becomes `internal.bug`. */
var AppError = class AppError extends Error {
  code;
  kind;
  retryable;
  hint;
  details;
  constructor(code, message, extras = {}) {
    super(message, extras.cause === void 0 ? void 0 : { cause: extras.cause });
    this.name = 'AppError';
    this.code = code;
    this.kind = ERROR_CATALOGUE[code].kind;
    this.retryable = extras.retryable ?? ERROR_CATALOGUE[code].retryable;
    this.hint = extras.hint;
    this.details = extras.details;
  }
  /** The record for the journal and the doors: no stack, no cause. */
  toRecord() {
    return {
      code: this.code,
      kind: this.kind,
      message: this.message,
      retryable: this.retryable,
      ...(this.hint === void 0 ? {} : { hint: this.hint }),
      ...(this.details === void 0 ? {} : { details: this.details }),
    };
  }
  /** Rebuilds the error on the other side of a door. */
  static fromRecord(record) {
    return new AppError(record.code, record.message, {
      hint: record.hint,
      details: record.details,
      retryable: record.retryable,
    });
  }
};
// src/core/storage/database.ts
/**
 * Opens (and creates) a SQLite file in WAL mode with foreign keys and brings it to the newest schema, each migration in one
 * transaction. Errors: `store.corrupt` (not a database, failed check), `store.newer_version`, `store.busy`, `file.io`.
 */
function openDatabase(file, options) {
  try {
    const db = new Database(file, { timeout: 1e4 });
    db.pragma('journal_mode = WAL');
    db.pragma(`synchronous = ${options.sync ?? 'FULL'}`);
    db.pragma('fullfsync = 1');
    db.pragma('wal_autocheckpoint = 4000');
    db.pragma('journal_size_limit = 33554432');
    db.pragma('foreign_keys = ON');
    migrate(db, options.migrations);
    return db;
  } catch (error) {
    throw translateStoreError(error);
  }
}
function migrate(db, migrations) {
  const current = db.pragma('user_version', { simple: true });
  const newest = migrations.length;
  if (current > newest)
    throw new AppError('store.newer_version', 'This project was written by a newer version of the app.', {
      hint: 'Update the app, or open a copy of the project from before the update.',
      details: {
        found: current,
        known: newest,
      },
    });
  for (const [index, migration] of migrations.entries()) {
    if (index < current) continue;
    db.transaction(() => {
      migration.up(db);
      db.pragma(`user_version = ${index + 1}`);
    }).immediate();
  }
}
var CODES = [
  [
    /^SQLITE_(FULL)/,
    'file.disk_full',
    'The disk is full: the last change could not be stored.',
    'Free some space; work goes on by itself.',
  ],
  [
    /^SQLITE_(BUSY|LOCKED)/,
    'store.busy',
    'The store is in use by another program.',
    'Close the other program or try again.',
  ],
  [
    /^SQLITE_(CORRUPT|NOTADB)/,
    'store.corrupt',
    'The store of this project is damaged.',
    'Restore the last backup of the state folder.',
  ],
  [
    /^(SQLITE_(IOERR|CANTOPEN|READONLY)|EIO|EACCES|EROFS)/,
    'file.io',
    'The store of this project cannot be read or written.',
    'Check the disk and the rights of the state folder.',
  ],
  [
    /^ENOSPC/,
    'file.disk_full',
    'The disk is full: the last change could not be stored.',
    'Free some space; work goes on by itself.',
  ],
];
/** SQLite's and the system's codes in the product's words; what is not known stays what it was. */
function translateStoreError(error) {
  if (error instanceof AppError) return error;
  const code = error?.code;
  if (typeof code !== 'string') return error;
  const row = CODES.find(([pattern]) => pattern.test(code));
  return row === void 0
    ? error
    : new AppError(row[1], row[2], {
        hint: row[3],
        cause: error,
        details: { system_code: code },
      });
}
/** Content-addressed files for large values: temp file, fsync, rename, only then the commit that names them (DESIGN decision 6). */
var BlobStore = class {
  #folder;
  constructor(folder) {
    this.#folder = folder;
  }
  /** Stores the text durably and returns its SHA-256. Storing the same text twice is one file. */
  put(text) {
    const hash = createHash('sha256').update(text).digest('hex');
    const file = this.#fileOf(hash);
    if (existsSync(file)) return hash;
    mkdirSync(dirname(file), {
      recursive: true,
      mode: 448,
    });
    const temporary = `${file}.${randomBytes(4).toString('hex')}`;
    const descriptor = openSync(temporary, 'wx', 384);
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
    return hash;
  }
  /** The text of a hash; `store.corrupt` when the file is missing or its content is not what its name says. */
  get(hash) {
    const file = this.#fileOf(hash);
    const text = existsSync(file) ? readFileSync(file, 'utf8') : null;
    if (text === null || createHash('sha256').update(text).digest('hex') !== hash)
      throw new AppError('store.corrupt', 'A stored value of this run is missing or damaged.', {
        hint: 'Restore the state folder from a backup.',
        details: { blob: hash },
      });
    return text;
  }
  #fileOf(hash) {
    return join(this.#folder, hash.slice(0, 2), hash);
  }
};
// src/core/storage/event-codec.ts
var VALUE_FIELDS = ['output', 'outputs', 'variables', 'inputs', 'carried', 'fallback'];
/** The event as the text of a journal row. Large values go to blobs, `blobs` then names field and hash. */
function encodeEvent(event, blobs) {
  const text = JSON.stringify(event);
  if (text.length <= 262144) return text;
  const slim = { ...event };
  const moved = {};
  for (const field of VALUE_FIELDS) {
    if (!(field in slim)) continue;
    const value = JSON.stringify(slim[field]);
    if (value.length <= 262144 / VALUE_FIELDS.length) continue;
    moved[field] = blobs.put(value);
    slim[field] = null;
  }
  return JSON.stringify({
    ...slim,
    blobs: moved,
  });
}
/** The way back; values that left come back from their blobs. */
function decodeEvent(data, blobs) {
  const { blobs: moved, ...event } = JSON.parse(data);
  for (const [field, hash] of Object.entries(moved ?? {})) event[field] = JSON.parse(blobs.get(hash));
  return event;
}
// src/core/storage/rows.ts
var actorText = (actor) => `${actor.kind}:${actor.id}`;
// src/core/storage/projections.ts
function prepareStatements(db) {
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    insertEvent: db.prepare(
      'INSERT INTO journal(position, stream, seq, type, v, at, actor, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    readStream: db.prepare(
      'SELECT position, stream, seq, v, at, actor, data FROM journal WHERE stream = ? AND seq > ? ORDER BY seq LIMIT ?',
    ),
    countStream: db.prepare('SELECT count(*) AS n FROM journal WHERE stream = ?'),
    insertRun:
      db.prepare(`INSERT INTO runs(run_no, run_id, start_key, workflow_id, workflow_name, workflow_path, version_hash,
      version_label, trigger, actor, agent, parent_run_id, linked_run_id, created_at, steps_total, status, outcome, started_at,
      completed_at, steps_succeeded, steps_failed, steps_skipped, current_step, error, pause_requested, cancel_requested)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    updateRun:
      db.prepare(`UPDATE runs SET status = ?, outcome = ?, started_at = ?, completed_at = ?, steps_succeeded = ?,
      steps_failed = ?, steps_skipped = ?, current_step = ?, error = ?, pause_requested = ?, cancel_requested = ? WHERE run_no = ?`),
    updateProgress: db.prepare(
      'UPDATE runs SET steps_succeeded = ?, steps_failed = ?, steps_skipped = ?, current_step = ? WHERE run_no = ?',
    ),
    upsertStep: db.prepare(`INSERT INTO steps(run_no, path, attempt, step_index, name, status, started_at, completed_at,
      start_position, end_position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT(run_no, path, attempt) DO UPDATE SET status = excluded.status, started_at = excluded.started_at,
      completed_at = excluded.completed_at, end_position = excluded.end_position`),
  };
}
/** Writes the rows of a commit, inside its transaction. */
function writeProjections(statements, commit) {
  if (commit.isNew) insertRun(statements, commit);
  else if (commit.isProgressOnly) updateProgress(statements, commit);
  else updateRun(statements, commit);
  for (const step of commit.steps)
    statements.upsertStep.run(
      commit.runNo,
      step.path,
      step.attempt,
      step.index,
      step.name,
      step.status,
      step.startedAt,
      step.completedAt,
      step.startPosition,
      step.endPosition,
    );
}
function insertRun(statements, { run, runNo, startKey, events }) {
  const actor = events[0] === void 0 ? '' : actorText(events[0].actor);
  statements.insertRun.run(
    runNo,
    run.runId,
    startKey,
    run.workflowId,
    run.workflowName,
    run.workflowPath,
    run.versionHash,
    run.versionLabel,
    run.trigger,
    actor,
    run.agent,
    run.parentRunId,
    run.linkedRunId,
    run.createdAt,
    run.stepsTotal,
    run.status,
    run.outcome,
    run.startedAt,
    run.completedAt,
    run.stepsSucceeded,
    run.stepsFailed,
    run.stepsSkipped,
    run.currentStep,
    run.error === null ? null : JSON.stringify(run.error),
    run.pauseRequested ? 1 : 0,
    run.cancelRequested ? 1 : 0,
  );
}
function updateRun(statements, { run, runNo }) {
  statements.updateRun.run(
    run.status,
    run.outcome,
    run.startedAt,
    run.completedAt,
    run.stepsSucceeded,
    run.stepsFailed,
    run.stepsSkipped,
    run.currentStep,
    run.error === null ? null : JSON.stringify(run.error),
    run.pauseRequested ? 1 : 0,
    run.cancelRequested ? 1 : 0,
    runNo,
  );
}
function updateProgress(statements, { run, runNo }) {
  statements.updateProgress.run(run.stepsSucceeded, run.stepsFailed, run.stepsSkipped, run.currentStep, runNo);
}
// src/core/storage/journal.ts
var RETRY_MS = 500;
/**
 * The journal: the truth of every run. Invariants:
 * 1. A commit is one SQLite transaction with its events and their projections, or nothing.
 * 2. `append` resolves only after the commit is durable; commits that are asked for in the same turn share one transaction.
 * 3. Positions and run numbers are given here, in order; there is one writer per project (the lease), so none is given twice.
 * 4. When the disk is full or the store busy, waiting commits stay in order and are tried again: nothing is lost, nothing
 *    overtakes. `stalledBy` says why for the screens and for starts, which are refused meanwhile.
 */
var Journal = class {
  #db;
  #blobs;
  #statements;
  #actors = /* @__PURE__ */ new WeakMap();
  #nextPosition;
  #nextRunNo;
  #projectSeq;
  #waiting = [];
  #scheduled = false;
  #stalledBy = null;
  constructor(db, blobs) {
    this.#db = db;
    this.#blobs = blobs;
    this.#statements = prepareStatements(db);
    this.#nextPosition = maximum(db, 'SELECT max(position) FROM journal') + 1;
    this.#nextRunNo = maximum(db, 'SELECT max(run_no) FROM runs') + 1;
    this.#projectSeq = maximum(db, "SELECT max(seq) FROM journal WHERE stream = 'project'");
  }
  /** The position of the newest event that was handed out. */
  get position() {
    return this.#nextPosition - 1;
  }
  get stalledBy() {
    return this.#stalledBy;
  }
  takePosition() {
    return this.#nextPosition++;
  }
  takeRunNo() {
    return this.#nextRunNo++;
  }
  /** Makes the commit durable; see invariants. Rejects with `store.corrupt` and the like, never for a full or busy disk. */
  append(commit) {
    return this.#enqueue(() => {
      for (const stored of commit.events) this.#insert(stored);
      writeProjections(this.#statements, commit);
    });
  }
  /** Appends one event of the project's own stream. */
  appendProject(event, at, actor) {
    this.#projectSeq += 1;
    const stored = {
      position: this.takePosition(),
      stream: 'project',
      seq: this.#projectSeq,
      v: 1,
      at,
      actor,
      event,
    };
    return this.#enqueue(() => this.#insert(stored));
  }
  /** Events of a run in order. `limit` -1 = all. */
  readRun(runId, afterSeq = 0, limit = -1) {
    return this.#statements.readStream.all(`run:${runId}`, afterSeq, limit).map((row) => ({
      position: row.position,
      stream: row.stream,
      seq: row.seq,
      v: row.v,
      at: row.at,
      actor: JSON.parse(row.actor),
      event: decodeEvent(row.data, this.#blobs),
    }));
  }
  countRun(runId) {
    return this.#statements.countStream.get(`run:${runId}`).n;
  }
  #insert(stored) {
    this.#statements.insertEvent.run(
      stored.position,
      stored.stream,
      stored.seq,
      stored.event.type,
      stored.v,
      stored.at,
      this.#actorJson(stored.actor),
      encodeEvent(stored.event, this.#blobs),
    );
  }
  #actorJson(actor) {
    let text = this.#actors.get(actor);
    if (text === void 0) {
      text = JSON.stringify(actor);
      this.#actors.set(actor, text);
    }
    return text;
  }
  #enqueue(write) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        write,
        resolve,
        reject,
      });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.#flush());
    });
  }
  #flush() {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#scheduled = false;
    try {
      this.#commit(batch);
      this.#stalledBy = null;
    } catch (error) {
      this.#handleFailure(batch, translateStoreError(error));
      return;
    }
    for (const one of batch) one.resolve();
  }
  #commit(batch) {
    this.#statements.begin.run();
    try {
      for (const one of batch) one.write();
      this.#statements.commit.run();
    } catch (error) {
      if (this.#db.inTransaction) this.#statements.rollback.run();
      throw error;
    }
  }
  #handleFailure(batch, error) {
    if (error instanceof AppError && error.retryable) {
      this.#stalledBy = error;
      this.#waiting = [...batch, ...this.#waiting];
      this.#scheduled = true;
      setTimeout(() => this.#flush(), RETRY_MS);
      return;
    }
    for (const one of batch) one.reject(error);
  }
};
var maximum = (db, sql) => db.prepare(sql).pluck().get() ?? 0;
// src/core/storage/migrations/logs-001-initial.ts
/** Log lines are not journal events: own file, own writer, `synchronous = NORMAL` (DESIGN decision 10). */
var initialLogs = {
  name: 'initial',
  up: (db) =>
    void db.exec(`
CREATE TABLE logs(log_no INTEGER PRIMARY KEY, run_id TEXT NOT NULL UNIQUE);
CREATE TABLE lines(
  log_no INTEGER NOT NULL,
  line INTEGER NOT NULL,
  at INTEGER NOT NULL,
  path TEXT NOT NULL,
  stream TEXT NOT NULL,
  level TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY(log_no, line)
) WITHOUT ROWID;
`),
};
// src/core/storage/migrations/index.ts
var STATE_MIGRATIONS = [
  {
    name: 'initial',
    up: (db) =>
      void db.exec(`
CREATE TABLE journal(
  position INTEGER PRIMARY KEY,
  stream TEXT NOT NULL,
  seq INTEGER NOT NULL,
  type TEXT NOT NULL,
  v INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  data TEXT NOT NULL,
  UNIQUE(stream, seq)
);
CREATE TABLE runs(
  run_no INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  start_key TEXT UNIQUE,
  workflow_id TEXT NOT NULL,
  workflow_name TEXT NOT NULL,
  workflow_path TEXT NOT NULL,
  version_hash TEXT NOT NULL,
  version_label TEXT NOT NULL,
  trigger TEXT NOT NULL,
  actor TEXT NOT NULL,
  agent TEXT,
  parent_run_id TEXT,
  linked_run_id TEXT,
  created_at INTEGER NOT NULL,
  steps_total INTEGER NOT NULL,
  status TEXT NOT NULL,
  outcome TEXT,
  started_at INTEGER,
  completed_at INTEGER,
  steps_succeeded INTEGER NOT NULL,
  steps_failed INTEGER NOT NULL,
  steps_skipped INTEGER NOT NULL,
  current_step TEXT,
  error TEXT,
  pause_requested INTEGER NOT NULL,
  cancel_requested INTEGER NOT NULL
);
CREATE INDEX runs_created ON runs(created_at DESC, run_no DESC);
CREATE INDEX runs_workflow ON runs(workflow_id, created_at DESC);
CREATE INDEX runs_status ON runs(status, created_at DESC);
CREATE TABLE steps(
  run_no INTEGER NOT NULL REFERENCES runs(run_no) ON DELETE CASCADE,
  path TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  step_index INTEGER NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at INTEGER,
  completed_at INTEGER,
  start_position INTEGER,
  end_position INTEGER,
  PRIMARY KEY(run_no, path, attempt)
) WITHOUT ROWID;
CREATE TABLE versions(
  hash TEXT PRIMARY KEY,
  workflow_id TEXT NOT NULL,
  label TEXT NOT NULL,
  source TEXT NOT NULL,
  source_name TEXT NOT NULL,
  first_seen_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX versions_workflow ON versions(workflow_id, first_seen_at DESC);
CREATE VIEW executions AS
  SELECT r.run_id, r.workflow_id, r.workflow_path, r.status, r.started_at, r.completed_at, r.current_step,
         r.steps_total AS total_steps, r.agent,
         (SELECT json_extract(j.data, '$.inputs') FROM journal j WHERE j.stream = 'run:' || r.run_id AND j.seq = 1) AS inputs,
         (SELECT json_extract(j.data, '$.outputs') FROM journal j WHERE j.stream = 'run:' || r.run_id
            AND j.type IN ('run.completed', 'run.failed', 'run.cancelled') ORDER BY j.seq DESC LIMIT 1) AS outputs,
         r.error, json_object('outcome', r.outcome, 'version_hash', r.version_hash, 'trigger', r.trigger) AS metadata, r.created_at
  FROM runs r;
CREATE VIEW checkpoints AS
  SELECT s.run_no * 1000000 + s.step_index AS id, r.run_id, s.step_index, s.name AS step_name, s.status, s.started_at, s.completed_at,
         json_extract(a.data, '$.inputs') AS inputs, json_extract(b.data, '$.output') AS outputs,
         json_extract(b.data, '$.error') AS error, s.attempt - 1 AS retry_count, s.started_at AS created_at
  FROM steps s JOIN runs r USING (run_no)
  LEFT JOIN journal a ON a.position = s.start_position LEFT JOIN journal b ON b.position = s.end_position
  WHERE s.attempt = (SELECT max(attempt) FROM steps x WHERE x.run_no = s.run_no AND x.path = s.path);
`),
  },
];
var LOG_MIGRATIONS = [initialLogs];
// src/core/storage/log-store.ts
var FLUSH_MS = 100;
var FLUSH_LINES = 2e3;
var SCAN_LINES = 2e4;
/**
 * The log lines of runs, in their own file. Lines are numbered from 1 within a run when they arrive and written in batches; a
 * crash loses at most the lines of the last 100 ms, never a result (DESIGN decision 10). `onFlush` tells screens the new total.
 */
var LogStore = class {
  #db;
  #open = /* @__PURE__ */ new Map();
  #insert;
  #newLog;
  #onFlush;
  #buffer = [];
  #timer = null;
  constructor(file, onFlush) {
    this.#db = openDatabase(file, {
      sync: 'NORMAL',
      migrations: LOG_MIGRATIONS,
    });
    this.#onFlush = onFlush;
    this.#insert = this.#db.prepare('INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#newLog = this.#db.prepare('INSERT INTO logs(run_id) VALUES (?)');
  }
  /** Takes a line; it is readable at once and durable within 100 ms. */
  append(runId, line) {
    const log = this.#openLog(runId, true);
    if (log === null) return;
    log.total += 1;
    this.#buffer.push({
      runId,
      logNo: log.logNo,
      line: {
        ...line,
        line: log.total,
      },
    });
    if (this.#buffer.length >= FLUSH_LINES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }
  flush() {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const buffer = this.#buffer;
    if (buffer.length === 0) return;
    this.#buffer = [];
    this.#db.transaction(() => {
      for (const { logNo, line } of buffer)
        this.#insert.run(logNo, line.line, line.at, line.path, line.stream, line.level, line.text);
    })();
    for (const runId of new Set(buffer.map((one) => one.runId)))
      this.#onFlush(runId, this.#open.get(runId)?.total ?? 0);
  }
  total(runId) {
    return this.#openLog(runId, false)?.total ?? 0;
  }
  read(runId, filter) {
    this.flush();
    const log = this.#openLog(runId, false);
    if (log === null)
      return {
        lines: [],
        total: 0,
      };
    const narrowed = `${filter.path === void 0 ? '' : ' AND path = ?'}${filter.level === void 0 ? '' : ' AND level = ?'}`;
    const values = [filter.path, filter.level].filter((value) => value !== void 0);
    return {
      lines: this.#db
        .prepare(
          `SELECT line, at, path, stream, level, text FROM lines WHERE log_no = ? AND line >= ?${narrowed} ORDER BY line LIMIT ?`,
        )
        .all(log.logNo, filter.from, ...values, filter.limit),
      total:
        values.length === 0
          ? log.total
          : this.#db
              .prepare(`SELECT count(*) FROM lines WHERE log_no = ?${narrowed}`)
              .pluck()
              .get(log.logNo, ...values),
    };
  }
  /** How many lines a step has written. */
  countOf(runId, path) {
    const log = this.#openLog(runId, false);
    if (log === null) return 0;
    return this.#db.prepare('SELECT count(*) FROM lines WHERE log_no = ? AND path = ?').pluck().get(log.logNo, path);
  }
  /** Numbers of lines that hold the text, any case. Reads in slices so that the engine's thread is never held for long. */
  async search(runId, text, limit) {
    this.flush();
    const log = this.#openLog(runId, false);
    if (log === null)
      return {
        lines: [],
        total: 0,
      };
    const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
    const slice = this.#db
      .prepare(
        "SELECT line FROM lines WHERE log_no = ? AND line > ? AND line <= ? AND text LIKE ? ESCAPE '\\' ORDER BY line",
      )
      .pluck();
    const found = [];
    let total = 0;
    for (let start = 0; start < log.total; start += SCAN_LINES) {
      const hits = slice.all(log.logNo, start, start + SCAN_LINES, pattern);
      total += hits.length;
      for (const line of hits) if (found.length < limit) found.push(line);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return {
      lines: found,
      total,
    };
  }
  delete(runId) {
    this.flush();
    const log = this.#openLog(runId, false);
    if (log === null) return;
    this.#open.delete(runId);
    this.#db.transaction(() => {
      this.#db.prepare('DELETE FROM lines WHERE log_no = ?').run(log.logNo);
      this.#db.prepare('DELETE FROM logs WHERE log_no = ?').run(log.logNo);
    })();
  }
  close() {
    this.flush();
    this.#db.close();
  }
  #openLog(runId, create) {
    const known = this.#open.get(runId);
    if (known !== void 0) return known;
    let logNo = this.#db.prepare('SELECT log_no FROM logs WHERE run_id = ?').pluck().get(runId);
    if (logNo === void 0) {
      if (!create) return null;
      logNo = Number(this.#newLog.run(runId).lastInsertRowid);
    }
    const total = this.#db.prepare('SELECT max(line) FROM lines WHERE log_no = ?').pluck().get(logNo);
    const log = {
      logNo,
      total: total ?? 0,
    };
    this.#open.set(runId, log);
    return log;
  }
};
// src/core/storage/run-repository.ts
var OPEN_STATUSES = "('pending', 'running')";
/** Reads of the `runs` projection. Lists come newest first and page by cursor. */
var RunRepository = class {
  #db;
  #byId;
  #byStartKey;
  #lists = /* @__PURE__ */ new Map();
  constructor(db) {
    this.#db = db;
    this.#byId = db.prepare('SELECT * FROM runs WHERE run_id = ?');
    this.#byStartKey = db.prepare('SELECT run_id FROM runs WHERE start_key = ?').pluck();
  }
  find(runId) {
    const row = this.#byId.get(runId);
    return row === void 0 ? null : toSummary(row);
  }
  runNo(runId) {
    return this.#byId.get(runId)?.run_no ?? null;
  }
  findByStartKey(startKey) {
    return this.#byStartKey.get(startKey) ?? null;
  }
  /** Full ids that begin or end with the text, for people who type a part of an id. */
  list(filter) {
    const { sql, values } = buildListQuery(filter);
    let statement = this.#lists.get(sql);
    if (statement === void 0) {
      statement = this.#db.prepare(sql);
      this.#lists.set(sql, statement);
    }
    const rows = statement.all(...values, filter.limit + 1);
    const page = rows.slice(0, filter.limit);
    const last = page.at(-1);
    const nextCursor = rows.length > filter.limit && last !== void 0 ? `${last.created_at}.${last.run_no}` : null;
    return {
      runs: page.map(toSummary),
      nextCursor,
    };
  }
  /** Ids of runs that a new engine takes over. */
  openRunIds() {
    return this.#db.prepare(`SELECT run_id FROM runs WHERE status IN ${OPEN_STATUSES} ORDER BY run_no`).pluck().all();
  }
  countByStatus() {
    const rows = this.#db.prepare('SELECT status, count(*) AS n FROM runs GROUP BY status').all();
    return Object.fromEntries(rows.map((row) => [row.status, row.n]));
  }
  /** Mean duration of the last 20 completed runs of a workflow. */
  average(workflowId) {
    const row = this.#db
      .prepare(`SELECT avg(completed_at - started_at) AS mean, count(*) AS n FROM (SELECT completed_at, started_at FROM runs
         WHERE workflow_id = ? AND status = 'completed' ORDER BY created_at DESC LIMIT 20)`)
      .get(workflowId);
    return row.mean === null
      ? null
      : {
          durationMs: Math.round(row.mean),
          runs: row.n,
        };
  }
  countOf(workflowId) {
    return this.#db.prepare('SELECT count(*) FROM runs WHERE workflow_id = ?').pluck().get(workflowId);
  }
  /** Removes a finished run with its steps and its part of the journal. */
  delete(runId) {
    this.#db
      .transaction(() => {
        this.#db.prepare('DELETE FROM runs WHERE run_id = ?').run(runId);
        this.#db.prepare('DELETE FROM journal WHERE stream = ?').run(`run:${runId}`);
      })
      .immediate();
  }
};
function buildListQuery(filter) {
  const conditions = [];
  const values = [];
  const add = (condition, ...given) => {
    conditions.push(condition);
    values.push(...given);
  };
  if (filter.workflow !== void 0) add('workflow_id = ?', filter.workflow);
  if (filter.status !== void 0 && filter.status.length > 0)
    add(`status IN (${filter.status.map(() => '?').join(', ')})`, ...filter.status);
  if (filter.outcome !== void 0) add('outcome = ?', filter.outcome);
  if (filter.trigger !== void 0) add('trigger = ?', filter.trigger);
  if (filter.since !== void 0) add('created_at >= ?', filter.since);
  if (filter.until !== void 0) add('created_at < ?', filter.until);
  if (filter.text !== void 0 && filter.text !== '') {
    const pattern = `%${filter.text.replace(/[\\%_]/g, '\\$&')}%`;
    add(
      "(run_id LIKE ? ESCAPE '\\' OR workflow_id LIKE ? ESCAPE '\\' OR workflow_name LIKE ? ESCAPE '\\')",
      pattern,
      pattern,
      pattern,
    );
  }
  const cursor = /^(\d+)\.(\d+)$/.exec(filter.cursor ?? '');
  if (cursor !== null) add('(created_at, run_no) < (?, ?)', Number(cursor[1]), Number(cursor[2]));
  return {
    sql: `SELECT * FROM runs ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`} ORDER BY created_at DESC, run_no DESC LIMIT ?`,
    values,
  };
}
function toSummary(row) {
  return {
    runId: row.run_id,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    workflowPath: row.workflow_path,
    versionHash: row.version_hash,
    versionLabel: row.version_label,
    status: row.status,
    outcome: row.outcome,
    trigger: row.trigger,
    actor: row.actor,
    createdAt: row.created_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    stepsTotal: row.steps_total,
    stepsSucceeded: row.steps_succeeded,
    stepsFailed: row.steps_failed,
    stepsSkipped: row.steps_skipped,
    currentStep: row.current_step,
    agent: row.agent,
    error: row.error === null ? null : JSON.parse(row.error),
    parentRunId: row.parent_run_id,
    linkedRunId: row.linked_run_id,
    pauseRequested: row.pause_requested === 1,
    cancelRequested: row.cancel_requested === 1,
  };
}
// src/core/storage/version-repository.ts
/** Started versions by content hash (SPEC §6.5). */
var VersionRepository = class {
  #insert;
  #find;
  #list;
  constructor(db) {
    this.#insert = db.prepare('INSERT OR IGNORE INTO versions VALUES (?, ?, ?, ?, ?, ?)');
    this.#find = db.prepare('SELECT * FROM versions WHERE hash = ?');
    this.#list =
      db.prepare(`SELECT v.*, (SELECT count(*) FROM runs r WHERE r.version_hash = v.hash) AS runs FROM versions v
      WHERE workflow_id = ? ORDER BY first_seen_at DESC LIMIT 200`);
  }
  save(version) {
    this.#insert.run(
      version.hash,
      version.workflowId,
      version.label,
      version.source,
      version.sourceName,
      version.firstSeenAt,
    );
  }
  find(hash) {
    const row = this.#find.get(hash);
    return row === void 0 ? null : toVersion(row);
  }
  list(workflowId) {
    return this.#list.all(workflowId).map((row) => ({
      ...toVersion(row),
      runs: row.runs,
    }));
  }
};
var toVersion = (row) => ({
  hash: row.hash,
  workflowId: row.workflow_id,
  label: row.label,
  source: row.source,
  sourceName: row.source_name,
  firstSeenAt: row.first_seen_at,
});
// src/core/storage/store.ts
/** All that is stored of one project: owned by whoever holds the lease. */
var Store = class {
  journal;
  runs;
  versions;
  logs;
  #db;
  constructor(options) {
    mkdirSync(dirname(options.storeFile), {
      recursive: true,
      mode: 448,
    });
    this.#db = openDatabase(options.storeFile, {
      sync: options.sync ?? 'FULL',
      migrations: STATE_MIGRATIONS,
    });
    this.journal = new Journal(this.#db, new BlobStore(options.blobsDir));
    this.runs = new RunRepository(this.#db);
    this.versions = new VersionRepository(this.#db);
    this.logs = new LogStore(options.logsFile, options.onLog);
  }
  /** `ok`, or the first problem that SQLite's own check finds. */
  checkIntegrity() {
    return String(this.#db.pragma('quick_check(1)', { simple: true }));
  }
  close() {
    this.logs.close();
    this.#db.close();
  }
};
// src/core/workflow/action-name.ts
/** The two parts of an action (SPEC §1.4): the text before the first dot and the rest; without a dot both are the same. */
function splitAction(action) {
  const dot = firstDot(action);
  return dot === -1
    ? {
        tool: action,
        operation: action,
      }
    : {
        tool: action.slice(0, dot),
        operation: action.slice(dot + 1),
      };
}
/** The first dot outside of templates: in `{{ inputs.tool }}.create` it is the one before `create`. */
function firstDot(action) {
  if (!action.includes('{')) return action.indexOf('.');
  let depth = 0;
  for (let at = 0; at < action.length; at += 1) {
    const char = action[at];
    if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    else if (char === '.' && depth <= 0) return at;
  }
  return -1;
}
/** Whether the name still holds a template. */
function isTemplatedAction(action) {
  return action.includes('{');
}
// src/core/workflow/expressions/failures.ts
function failure(code, message, place = {}) {
  const details = {
    ...(place.offset === void 0 ? {} : { offset: place.offset }),
    ...(place.fix === void 0 ? {} : { fix: place.fix }),
  };
  const hint = place.hint ?? (place.fix === void 0 ? void 0 : `Did you mean \`${place.fix}\`?`);
  return new AppError(code, asSentence(message), {
    hint,
    details: Object.keys(details).length === 0 ? void 0 : details,
  });
}
/** The text is not the language of SPEC 2.3. */
function syntaxFailure(message, offset, extra = {}) {
  return failure('template.syntax', message, {
    offset,
    ...extra,
  });
}
/** A filter, test, function or method that does not exist (or is refused on purpose). */
function unknownFailure(message, offset, fix) {
  return failure('template.unknown', message, {
    offset,
    fix,
  });
}
/** An operation that its operands do not allow. */
function typeFailure(message) {
  return failure('template.type_error', message);
}
/** A cap of SPEC 2.3 "Limits" was reached. */
function limitFailure(message, offset) {
  return failure('template.limit', message, {
    offset,
    hint: 'Make the template smaller, or move heavy work into a script.',
  });
}
/** Shortens text of the source for messages. */
function excerpt(text) {
  const flat = text.replaceAll('\n', ' ').trim();
  return flat.length > 60 ? `${flat.slice(0, 57)}...` : flat;
}
/** A message that begins with a capital letter. */
function asSentence(message) {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
// src/core/workflow/expressions/evaluate-safely.ts
/**
 * Runs an evaluation. What the machine itself refuses (a stack or a text too large) is a `template.limit` like any other
 * cap, so that nothing but an `AppError` leaves the evaluator.
 */
function evaluateSafely(run) {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if (cause instanceof RangeError) throw limitFailure('The template is too large or nested too deeply.');
    throw cause;
  }
}
/**
 * Runs one text; an error that does not say where it arose is told the place and the piece of the source there.
 * `placeOf` gives the offset of the tag that was being evaluated.
 */
function evaluatePlaced(source, placeOf, run) {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof AppError) || typeof cause.details?.offset === 'number') throw cause;
    const offset = placeOf();
    const near = excerpt(source.slice(offset, offset + 80).split(/[}%]\}/)[0] ?? '');
    throw new AppError(cause.code, cause.message, {
      hint: cause.hint ?? `Look at \`${near}\`.`,
      details: {
        ...cause.details,
        offset,
      },
      cause,
    });
  }
}
// src/core/workflow/expressions/suggest.ts
/** Did-you-mean by edit distance. */
var MAX_WORD = 64;
/** Edit distance with transpositions, or `cap + 1` when it is larger than `cap`. */
function distance(a, b, cap) {
  if (Math.abs(a.length - b.length) > cap) return cap + 1;
  let before = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? cap + 1;
}
/**
 * The candidate nearest to `word`, or undefined when none is near: at most a third of the letters may differ.
 * Case counts for nothing.
 */
function suggestName(word, candidates) {
  const wanted = word.toLowerCase();
  if (wanted.length === 0 || wanted.length > MAX_WORD) return void 0;
  let cap = Math.max(1, Math.floor(wanted.length / 3));
  let best;
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const found = distance(wanted, candidate.toLowerCase(), cap);
    if (found > cap || (found === cap && best !== void 0)) continue;
    best = candidate;
    cap = found;
  }
  return best;
}
// src/core/workflow/expressions/limits.ts
var DEFAULT_LIMITS = {
  sourceLength: 262144,
  steps: 1e5,
  depth: 64,
  range: 1e5,
  outputLength: 4194304,
  timeMs: 1e3,
  memory: 67108864,
};
var STEPS_BETWEEN_CLOCKS = 200;
var WORK_BETWEEN_CLOCKS = 262144;
/** A fresh budget whose clock starts now. */
function createBudget(limits) {
  return {
    limits,
    startedAtMs: performance.now(),
    steps: 0,
    nextCheck: STEPS_BETWEEN_CLOCKS,
    memory: 0,
    workLeft: WORK_BETWEEN_CLOCKS,
  };
}
function checkClock(budget) {
  if (performance.now() - budget.startedAtMs > budget.limits.timeMs)
    throw limitFailure(`The template ran longer than ${budget.limits.timeMs} ms.`);
}
function checkSteps(budget) {
  if (budget.steps > budget.limits.steps)
    throw limitFailure(`The template needs more than ${budget.limits.steps} evaluation steps.`);
  checkClock(budget);
  budget.nextCheck = Math.min(budget.steps + STEPS_BETWEEN_CLOCKS, budget.limits.steps + 1);
}
/** Counts one evaluation step. */
function step(budget) {
  budget.steps += 1;
  if (budget.steps >= budget.nextCheck) checkSteps(budget);
}
/** Accounts for a walk over `size` characters or items that creates nothing: now and then the clock is read. */
function work(budget, size) {
  budget.workLeft -= size;
  if (budget.workLeft > 0) return;
  checkClock(budget);
  budget.workLeft = WORK_BETWEEN_CLOCKS;
}
/** Accounts for work that creates `size` characters (8 per list slot). */
function charge(budget, size) {
  budget.memory += size;
  if (budget.memory > budget.limits.memory) throw limitFailure('The template creates more data than it may.');
  work(budget, size);
}
/** Accounts for `count` slots of a list or map before it is created. */
function chargeSlots(budget, count) {
  charge(budget, count * 8 + 16);
}
/** Refuses a text that would be longer than the output cap; call it before the text is built. */
function checkTextLength(budget, length) {
  if (length > budget.limits.outputLength)
    throw limitFailure(`A text may hold ${budget.limits.outputLength} characters at most.`);
}
/** As `checkTextLength`, and accounts for the work on the text. */
function chargeText(budget, length) {
  checkTextLength(budget, length);
  charge(budget, length);
}
/** Refuses data nested deeper than the cap. */
function checkDepth(budget, depth) {
  if (depth > budget.limits.depth) throw limitFailure(`Data may be nested ${budget.limits.depth} levels deep at most.`);
}
// src/core/workflow/expressions/scope.ts
/**
 * Whether a key is never readable (SPEC 2.3 Safety): names with a leading `_`, `constructor` and `prototype`.
 * `__proto__` is among the first.
 */
function isHiddenKey(key) {
  return key.charCodeAt(0) === 95 || key === 'constructor' || key === 'prototype';
}
/** A scope over the own keys of a map. The map is read live, not copied. */
function scopeOf(map) {
  const has = (name) => Object.hasOwn(map, name) && !isHiddenKey(name) && map[name] !== void 0;
  return {
    has,
    get: (name) => (Object.hasOwn(map, name) && !isHiddenKey(name) ? map[name] : void 0),
    names: () => Object.keys(map).filter(has),
  };
}
/** A scope whose own names shadow those of `parent`. */
function childScope(parent, map) {
  const own = scopeOf(map);
  return {
    has: (name) => own.has(name) || parent.has(name),
    get: (name) => own.get(name) ?? (own.has(name) ? null : parent.get(name)),
    names: () => /* @__PURE__ */ new Set([...own.names(), ...parent.names()]),
  };
}
// src/core/workflow/expressions/values.ts
/** Marks the values that are neither plain data nor forgeable by it. */
var SPECIAL = Symbol('aiworkflow.expression.value');
/** The special value behind `value`, if it is one. */
function asSpecial(value) {
  return typeof value === 'object' && value !== null && SPECIAL in value ? value : void 0;
}
/** A map of plain data. Class instances count by their own keys. */
function isMap$2(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(SPECIAL in value);
}
/** What the language may see of a value of the host: functions and symbols do not exist, a Date is a datetime. */
function admit(value) {
  switch (typeof value) {
    case 'function':
    case 'symbol':
      return;
    case 'bigint':
      return Number(value);
    case 'object':
      if (value instanceof Date)
        return Number.isNaN(value.getTime())
          ? void 0
          : {
              [SPECIAL]: 'datetime',
              epochMs: value.getTime(),
              zone: '',
              dateOnly: false,
            };
      return value;
    default:
      return value;
  }
}
/** An own, readable key of a map, else undefined. */
function readKey(map, key) {
  return Object.hasOwn(map, key) && !isHiddenKey(key) ? admit(map[key]) : void 0;
}
/** Sets a key of a map that is being built; `__proto__` never becomes a prototype. */
function setKey(map, key, value) {
  if (key !== '__proto__') map[key] = value;
}
/** The word for a value in messages. */
function kindOf(value) {
  if (value === void 0 || typeof value === 'function' || typeof value === 'symbol') return 'undefined';
  if (value === null) return 'null';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean' || typeof value === 'number') return typeof value;
  if (Array.isArray(value)) return 'list';
  return asSpecial(value)?.[SPECIAL] ?? 'map';
}
/** The word for a value with its article: `a list`, `an undefined value`, `null`. */
function aKindOf(value) {
  const kind = kindOf(value);
  if (kind === 'null') return kind;
  return kind === 'undefined' ? 'an undefined value' : `a ${kind}`;
}
/** Truth as in Python: empty, zero, null and undefined are false. */
function isTrue(value) {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'number') return value !== 0 && !Number.isNaN(value);
  if (value === null || value === void 0) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value !== 'object') return false;
  const special = asSpecial(value);
  if (special === void 0) return Object.keys(value).length > 0;
  return special[SPECIAL] === 'timedelta' ? special.ms !== 0 : true;
}
/** The items a loop or list filter sees: list items, map keys, characters of a text; nothing for undefined. */
function toItems(value, budget) {
  if (Array.isArray(value)) {
    work(budget, value.length * 4);
    return value;
  }
  if (value === void 0) return [];
  if (typeof value === 'string') {
    chargeSlots(budget, value.length);
    return Array.from(value);
  }
  if (isMap$2(value)) {
    const keys = Object.keys(value);
    chargeSlots(budget, keys.length);
    return keys;
  }
  throw typeFailure(`${aKindOf(value)} is not a list.`);
}
// src/core/workflow/expressions/zones.ts
var MAX_ZONES = 64;
var MINUTE_MS = 6e4;
var DAY_MS = 864e5;
var MAX_EPOCH_MS = 864e13;
var formats = /* @__PURE__ */ new Map();
var OFFSET_ZONE = /^([+-])(\d{2}):?(\d{2})$/;
function createFormat(zone) {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    if (cause instanceof RangeError) throw typeFailure(`\`${zone.slice(0, 60)}\` is not a known time zone.`);
    throw cause;
  }
}
function formatFor(zone) {
  const known = formats.get(zone);
  if (known !== void 0) return known;
  const made = createFormat(zone);
  if (formats.size >= MAX_ZONES) formats.clear();
  formats.set(zone, made);
  return made;
}
/** Refuses instants that a calendar cannot hold. */
function checkEpoch(epochMs) {
  if (!(Math.abs(epochMs) <= MAX_EPOCH_MS)) throw typeFailure('The date is out of range.');
  return Math.round(epochMs);
}
function civilOfShifted(shiftedMs) {
  const date = new Date(shiftedMs);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}
/** Milliseconds that a zone is ahead of UTC at an instant. `zone` is an IANA name or `+HH:MM`. */
function offsetMs(epochMs, zone) {
  if (zone === 'UTC' || zone === 'Etc/UTC') return 0;
  const fixed = OFFSET_ZONE.exec(zone);
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3]);
    return (fixed[1] === '-' ? -minutes : minutes) * MINUTE_MS;
  }
  const seconds = Math.floor(epochMs / 1e3) * 1e3;
  const fields = {};
  for (const part of formatFor(zone).formatToParts(seconds)) fields[part.type] = part.value;
  const year = fields.era === 'BC' ? 1 - Number(fields.year) : Number(fields.year);
  const local = /* @__PURE__ */ new Date(0);
  local.setUTCFullYear(year, Number(fields.month) - 1, Number(fields.day));
  local.setUTCHours(Number(fields.hour), Number(fields.minute), Number(fields.second));
  return local.getTime() - seconds;
}
/** The calendar fields of an instant in a zone. */
function toCivil(epochMs, zone) {
  return civilOfShifted(epochMs + offsetMs(epochMs, zone));
}
/** The instant of a wall-clock time in a zone; a time that a clock change skips moves forward. */
function fromCivil(civil, zone) {
  const date = /* @__PURE__ */ new Date(0);
  date.setUTCFullYear(civil.year, civil.month - 1, civil.day);
  const wall = date.setUTCHours(civil.hour, civil.minute, civil.second, civil.millisecond);
  const earlier = wall - offsetMs(wall - DAY_MS, zone);
  if (earlier + offsetMs(earlier, zone) === wall) return earlier;
  const later = wall - offsetMs(wall + DAY_MS, zone);
  return later + offsetMs(later, zone) === wall ? later : earlier;
}
var names = /* @__PURE__ */ new Map();
/** The short name of a zone at an instant, e.g. `EST`, `UTC`, `GMT+1`. */
function zoneName(epochMs, zone) {
  if (zone === 'UTC' || zone === 'Etc/UTC') return 'UTC';
  if (OFFSET_ZONE.test(zone)) return `UTC${zone}`;
  formatFor(zone);
  let format = names.get(zone);
  if (format === void 0) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      timeZoneName: 'short',
    });
    if (names.size >= MAX_ZONES) names.clear();
    names.set(zone, format);
  }
  return format.formatToParts(epochMs).find((part) => part.type === 'timeZoneName')?.value ?? zone;
}
/** `+0530`, or with a colon `+05:30`. */
function offsetText(epochMs, zone, colon) {
  const minutes = Math.round(offsetMs(epochMs, zone) / MINUTE_MS);
  const pad = (value) => String(value).padStart(2, '0');
  const absolute = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(absolute / 60))}${colon}${pad(absolute % 60)}`;
}
// src/core/workflow/expressions/datetime.ts
var ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s?(Z|z|[+-]\d{2}(?::?\d{2})?)?$/;
var NUMERIC = /^[+-]?\d{1,16}(?:\.\d{1,9})?$/;
/** Numbers from here on are milliseconds; below, seconds (5138 A.D.). */
var FIRST_MILLISECONDS = 1e11;
/** An instant; `zone` is the zone it is shown in, the empty text stands for the zone of the run. */
function dateTime(epochMs, zone, dateOnly = false) {
  return {
    [SPECIAL]: 'datetime',
    epochMs: checkEpoch(epochMs),
    zone,
    dateOnly,
  };
}
function timeDelta(ms) {
  return {
    [SPECIAL]: 'timedelta',
    ms: checkEpoch(ms),
  };
}
function asDateTime(value) {
  const special = asSpecial(value);
  return special?.[SPECIAL] === 'datetime' ? special : void 0;
}
function asTimeDelta(value) {
  const special = asSpecial(value);
  return special?.[SPECIAL] === 'timedelta' ? special : void 0;
}
/** The zone in which a datetime is shown. */
function zoneOf(value, rt) {
  return value.zone === '' ? rt.timeZone : value.zone;
}
/** ISO 8601 text -> instant; without an offset it is wall-clock time in `zone`. Undefined when it is not ISO. */
function parseIso(text, zone) {
  if (text.length > 40) return void 0;
  const match = ISO.exec(text.trim());
  if (match === null) return void 0;
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((group) => Number(match[group] ?? 0));
  const civil = {
    year: year ?? 0,
    month: month ?? 0,
    day: day ?? 0,
    hour: hour ?? 0,
    minute: minute ?? 0,
    second: second ?? 0,
    millisecond: Number((match[7] ?? '').padEnd(3, '0').slice(0, 3)),
  };
  const lastDay = new Date(Date.UTC(2e3 + (civil.year % 400), civil.month, 0)).getUTCDate();
  if (civil.month < 1 || civil.month > 12 || civil.day < 1 || civil.day > lastDay) return void 0;
  if (civil.hour > 23 || civil.minute > 59 || civil.second > 59) return void 0;
  const offset = match[8];
  if (offset === void 0) return fromCivil(civil, zone);
  if (offset === 'Z' || offset === 'z') return fromCivil(civil, 'UTC');
  return fromCivil(civil, offset.length === 3 ? `${offset}:00` : offset);
}
/** Instant of an ISO text, datetime, or epoch in seconds or milliseconds (SPEC 2.3 time filters). */
function toInstant(value, rt) {
  const known = asDateTime(value);
  if (known !== void 0) return known.epochMs;
  if (typeof value === 'number') return instantOfNumber(value);
  if (typeof value !== 'string') return void 0;
  const trimmed = value.trim();
  return NUMERIC.test(trimmed) ? instantOfNumber(Number(trimmed)) : parseIso(trimmed, rt.timeZone);
}
function instantOfNumber(value) {
  const ms = Math.abs(value) >= FIRST_MILLISECONDS ? value : value * 1e3;
  return Number.isFinite(value) && Math.abs(ms) <= 864e13 ? Math.round(ms) : void 0;
}
var pad$2 = (value, width = 2) => String(value).padStart(width, '0');
function yearText(year) {
  if (year >= 0 && year <= 9999) return pad$2(year, 4);
  return `${year < 0 ? '-' : '+'}${pad$2(Math.abs(year), 6)}`;
}
/** ISO 8601 text: `2026-01-22T08:00:00Z`, with an offset when the zone is not UTC. */
function isoOf(value, rt) {
  const zone = zoneOf(value, rt);
  const civil = toCivil(value.epochMs, zone);
  const date = `${yearText(civil.year)}-${pad$2(civil.month)}-${pad$2(civil.day)}`;
  if (value.dateOnly) return date;
  const fraction = civil.millisecond === 0 ? '' : `.${pad$2(civil.millisecond, 3)}`;
  const offset = zone === 'UTC' || zone === 'Etc/UTC' ? 'Z' : offsetText(value.epochMs, zone, ':');
  return `${date}T${pad$2(civil.hour)}:${pad$2(civil.minute)}:${pad$2(civil.second)}${fraction}${offset}`;
}
var DELTA_UNITS$1 = [
  ['d', 864e5],
  ['h', 36e5],
  ['m', 6e4],
  ['s', 1e3],
  ['ms', 1],
];
/** A length of time in the product's own form (SPEC 1.1 Durations): `1d2h30m`, `-5m`, `0s`. */
function deltaText(delta) {
  let rest = Math.abs(delta.ms);
  let text = '';
  for (const [unit, size] of DELTA_UNITS$1) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : `${delta.ms < 0 ? '-' : ''}${text}`;
}
/** Monday is 0, as in Python. */
function weekdayOf(epochMs, zone) {
  return (((Math.floor((epochMs + offsetMs(epochMs, zone)) / 864e5) + 3) % 7) + 7) % 7;
}
/** The same day at midnight in its zone. */
function dateOf(value, rt) {
  const zone = zoneOf(value, rt);
  return dateTime(
    fromCivil(
      {
        ...toCivil(value.epochMs, zone),
        hour: 0,
        minute: 0,
        second: 0,
        millisecond: 0,
      },
      zone,
    ),
    zone,
    true,
  );
}
// src/core/workflow/expressions/text-of.ts
/**
 * The text of a value (SPEC 2.1): null and undefined are empty, booleans `true`/`false`, integral numbers without `.0`,
 * lists and maps JSON with `, ` and `: `, datetimes ISO. Never a debug form of the host.
 */
function textOf$1(value, rt) {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return numberText(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return value.toString();
    case 'object':
      return value === null ? '' : objectText(value, rt);
    default:
      return '';
  }
}
/** A number without `.0`; what is not finite has no text. */
function numberText(value) {
  return Number.isFinite(value) ? String(value) : '';
}
function objectText(value, rt) {
  const plain = admit(value);
  const special = asSpecial(plain);
  if (special !== void 0) {
    const text = specialText(special, rt);
    if (text !== void 0) return text;
  }
  return jsonOf(plain, rt);
}
/** Text of a datetime or timedelta; other special values have none. */
function specialText(special, rt) {
  if (special[SPECIAL] === 'datetime') return isoOf(special, rt);
  if (special[SPECIAL] === 'timedelta') return deltaText(special);
  return special[SPECIAL] === 'namespace' ? void 0 : '';
}
/** Data as JSON: keys in their order, no HTML escaping, `, ` and `: `, or indented lines. */
function jsonOf(value, rt, indent = 0) {
  const writer = {
    rt,
    indent,
    length: 0,
    parts: [],
  };
  writeValue(writer, value, 0);
  const text = writer.parts.join('');
  checkTextLength(rt, text.length);
  return text;
}
function put(writer, text) {
  writer.parts.push(text);
  const before = writer.length;
  writer.length += text.length + 1;
  if (before >> 14 !== writer.length >> 14) checkTextLength(writer.rt, writer.length);
  charge(writer.rt, text.length + 1);
}
function scalarJson(value) {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return 'null';
}
function writeValue(writer, raw, depth) {
  const value = admit(raw);
  if (typeof value !== 'object' || value === null) {
    put(writer, scalarJson(value));
    return;
  }
  checkDepth(writer.rt, depth);
  if (Array.isArray(value)) {
    writeItems(writer, ['[', ']'], value.length, depth, (i) => writeValue(writer, value[i], depth + 1));
    return;
  }
  const special = asSpecial(value);
  if (special !== void 0 && special[SPECIAL] !== 'namespace') {
    const text = specialText(special, writer.rt);
    put(writer, text === void 0 || text === '' ? 'null' : JSON.stringify(text));
    return;
  }
  const map = special?.[SPECIAL] === 'namespace' ? Object.fromEntries(special.values) : value;
  const keys = Object.keys(map);
  writeItems(writer, ['{', '}'], keys.length, depth, (i) => {
    const key = keys[i] ?? '';
    put(writer, `${JSON.stringify(key)}: `);
    writeValue(writer, map[key], depth + 1);
  });
}
function writeItems(writer, brackets, count, depth, writeItem) {
  if (count === 0) {
    put(writer, brackets.join(''));
    return;
  }
  const newline = writer.indent === 0 ? '' : `\n${' '.repeat(writer.indent * (depth + 1))}`;
  const separator = writer.indent === 0 ? ', ' : `,${newline}`;
  put(writer, brackets[0] + newline);
  for (let i = 0; i < count; i += 1) {
    if (i > 0) put(writer, separator);
    writeItem(i);
  }
  put(writer, writer.indent === 0 ? brackets[1] : `\n${' '.repeat(writer.indent * depth)}${brackets[1]}`);
}
/**
 * A value as it leaves the evaluator (SPEC 2.1 native rule): datetimes and timedeltas become text, functions null, lists
 * and maps stay; the same object comes back when nothing in it had to change.
 */
function exportValue(raw, rt, depth = 0) {
  const value = admit(raw);
  if (value === void 0) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || value === null) return value;
  checkDepth(rt, depth);
  if (Array.isArray(value)) return exportList(value, rt, depth);
  const special = asSpecial(value);
  if (special === void 0) return exportMap(value, rt, depth);
  if (special[SPECIAL] === 'namespace') return exportMap(Object.fromEntries(special.values), rt, depth);
  const text = specialText(special, rt);
  return text === void 0 || text === '' ? null : text;
}
function exportList(list, rt, depth) {
  let copy;
  for (let i = 0; i < list.length; i += 1) {
    const before = list[i];
    const after = exportValue(before, rt, depth + 1);
    if (copy === void 0 && !Object.is(after, before)) copy = list.slice();
    if (copy !== void 0) copy[i] = after;
  }
  return copy ?? list;
}
function exportMap(map, rt, depth) {
  let copy;
  for (const key of Object.keys(map)) {
    const after = exportValue(map[key], rt, depth + 1);
    if (Object.is(after, map[key]) || key === '__proto__') continue;
    copy ??= { ...map };
    copy[key] = after;
  }
  return copy ?? map;
}
// src/core/workflow/expressions/arguments.ts
/** Fits written arguments to a signature; too many, unknown or missing ones are `template.syntax`. */
function bindArguments(signature, args, what, offset) {
  const { params } = signature;
  if (args.positional.length > params.length && signature.variadic !== true)
    throw syntaxFailure(`${what} takes at most ${params.length} argument${params.length === 1 ? '' : 's'}.`, offset);
  const values = [...args.positional];
  const named = [];
  for (const { name, value, start } of args.named) {
    const index = params.indexOf(name);
    if (index === -1 && signature.anyNames === true)
      named.push({
        name,
        value,
      });
    else if (index === -1)
      throw syntaxFailure(`${what} has no argument \`${name}\`.`, start, { fix: suggestName(name, params) });
    else if (values[index] !== void 0) throw syntaxFailure(`${what} gets \`${name}\` twice.`, start);
    else values[index] = value;
  }
  for (let i = 0; i < values.length; i += 1) values[i] ??= void 0;
  const missing = params.slice(0, signature.required ?? 0).find((_, index) => values[index] === void 0);
  if (missing !== void 0) throw syntaxFailure(`${what} needs the argument \`${missing}\`.`, offset);
  return {
    values,
    named,
  };
}
/** A whole number given as an argument. */
function wholeArgument(args, index, fallback) {
  const value = args.values[index];
  if (value === void 0 || value === null) return fallback;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw typeFailure(`Expected a whole number as an argument, not ${aKindOf(value)}.`);
}
/** A text given as an argument; other scalars are turned into text. */
function textArgument(value, fallback, rt) {
  return value === void 0 || value === null ? fallback : textOf$1(value, rt);
}
/** A yes or no given as an argument. */
function flagArgument(args, index, fallback) {
  const value = args.values[index];
  return value === void 0 ? fallback : isTrue(value);
}
// src/core/workflow/expressions/expression-path.ts
/** The name and the written path of `name.a[0]['b']`; undefined when it does not start at a name. */
function pathOf(expr) {
  const path = [];
  let at = expr;
  for (;;) {
    if (at.kind === 'name')
      return {
        name: at,
        path,
      };
    if (at.kind === 'attribute') path.unshift(at.name);
    else if (at.kind !== 'index') return void 0;
    else if (at.index.kind === 'literal') path.unshift(String(at.index.value));
    else path.length = 0;
    at = at.target;
  }
}
// src/core/workflow/expressions/chars.ts
/** Length, slices and positions of text by characters (code points), so that an emoji is never cut in half. */
var SURROGATE = /[\ud800-\udfff]/;
/** The characters of a text when it holds any outside the basic plane, else undefined (units are characters then). */
function wideCharacters(text) {
  return SURROGATE.test(text) ? Array.from(text) : void 0;
}
function textLength(text) {
  return wideCharacters(text)?.length ?? text.length;
}
/** `text[from:to]` for 0 <= from <= to. */
function textSlice(text, from, to) {
  const wide = wideCharacters(text);
  return wide === void 0 ? text.slice(from, to) : wide.slice(from, to).join('');
}
/** The character at a position, negative from the end. */
function textAt(text, index) {
  return (wideCharacters(text) ?? text).at(index);
}
function textReverse(text) {
  return Array.from(text).reverse().join('');
}
/** Positions of a Python slice over `length` items. `slice` has a step that is not zero. */
function sliceIndexes(length, slice) {
  const step = slice.step ?? 1;
  const low = step > 0 ? 0 : -1;
  const high = step > 0 ? length : length - 1;
  const clamp = (value) => Math.min(Math.max(value < 0 ? value + length : value, low), high);
  const from = slice.from === void 0 ? (step > 0 ? low : high) : clamp(slice.from);
  const to = slice.to === void 0 ? (step > 0 ? high : low) : clamp(slice.to);
  const indexes = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step) indexes.push(i);
  return indexes;
}
/** A slice of a list or a text. */
function sliceOf(value, slice) {
  if (slice.step === void 0 || slice.step === 1) {
    if (typeof value !== 'string') return value.slice(slice.from ?? 0, slice.to ?? value.length);
    const wide = wideCharacters(value);
    if (wide === void 0) return value.slice(slice.from ?? 0, slice.to ?? value.length);
    return wide.slice(slice.from ?? 0, slice.to ?? wide.length).join('');
  }
  const source = typeof value === 'string' ? (wideCharacters(value) ?? value) : value;
  const picked = sliceIndexes(source.length, slice).map((index) => source[index]);
  return typeof value === 'string' ? picked.join('') : picked;
}
// src/core/workflow/expressions/access.ts
/** Lists made by `groupby`: they answer to `grouper` and `list` beside `[0]` and `[1]`. */
var groups = /* @__PURE__ */ new WeakSet();
/** Makes one group of `groupby`. */
function createGroup(grouper, list) {
  const group = [grouper, list];
  groups.add(group);
  return group;
}
var INDEX = /^\d{1,15}$/;
/**
 * A field of a value (SPEC 2.3 Safety): own keys of maps, positions of lists, fields of our own special values. Anything
 * else, every hidden name, and any field of undefined, is undefined. `zone` is where a datetime without a zone is shown.
 */
function readAttribute(value, name, zone) {
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' && INDEX.test(name) ? textAt(value, Number(name)) : void 0;
  if (Array.isArray(value)) {
    if (INDEX.test(name)) return admit(value[Number(name)]);
    if (!groups.has(value)) return void 0;
    return name === 'grouper' ? value[0] : name === 'list' ? value[1] : void 0;
  }
  if (isMap$2(value)) return readKey(value, name);
  return readSpecial(value, name, zone);
}
function readSpecial(special, name, zone) {
  if (isHiddenKey(name)) return void 0;
  switch (special[SPECIAL]) {
    case 'loop':
      return readLoop(special, name);
    case 'namespace':
      return special.values.get(name);
    case 'cycler':
      return name === 'current' ? special.items[special.position] : void 0;
    case 'timedelta':
      return readDelta(special.ms, name);
    case 'datetime':
      return readDate(special, name, special.zone === '' ? zone : special.zone);
    default:
      return;
  }
}
var LOOP_FIELDS = /* @__PURE__ */ new Map([
  ['index', (loop) => loop.index0 + 1],
  ['index0', (loop) => loop.index0],
  ['revindex', (loop) => loop.items.length - loop.index0],
  ['revindex0', (loop) => loop.items.length - loop.index0 - 1],
  ['first', (loop) => loop.index0 === 0],
  ['last', (loop) => loop.index0 === loop.items.length - 1],
  ['length', (loop) => loop.items.length],
  ['previtem', (loop) => admit(loop.items[loop.index0 - 1])],
  ['nextitem', (loop) => admit(loop.items[loop.index0 + 1])],
  ['depth', () => 1],
  ['depth0', () => 0],
]);
function readLoop(loop, name) {
  return LOOP_FIELDS.get(name)?.(loop);
}
function readDelta(ms, name) {
  const days = Math.floor(ms / 864e5);
  if (name === 'days') return days;
  return name === 'seconds' ? Math.floor((ms - days * 864e5) / 1e3) : void 0;
}
/** Names that `readDate` knows; methods of the same names exist too. */
var DATE_FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'weekday'];
/** A calendar field of a datetime in a zone. */
function readDate(value, name, zone) {
  if (name === 'weekday') return weekdayOf(value.epochMs, zone);
  const field = DATE_FIELDS.find((known) => known === name);
  return field === void 0 ? void 0 : toCivil(value.epochMs, zone)[field];
}
/** `value[index]`: keys of maps, positions of lists and texts (negative from the end). */
function readIndex(value, index, zone) {
  if (typeof index === 'number') {
    if (Array.isArray(value)) return Number.isInteger(index) ? admit(value.at(index)) : void 0;
    if (typeof value === 'string') return Number.isInteger(index) ? textAt(value, index) : void 0;
    return isMap$2(value) ? readKey(value, String(index)) : void 0;
  }
  return typeof index === 'string' ? readAttribute(value, index, zone) : void 0;
}
/** A path given to a filter: `'a.b'`, `'items.0.name'` or a position (SPEC 2.3). */
function readPath(value, path, zone = 'UTC') {
  if (typeof path === 'number') return readIndex(value, path, zone);
  if (typeof path !== 'string')
    throw typeFailure(`An attribute is named by a text or a position, not ${aKindOf(path)}.`);
  if (!path.includes('.')) return readAttribute(value, path, zone);
  return path.split('.').reduce((found, part) => readAttribute(found, part, zone), value);
}
/** `value[from:to:step]` of a list or a text. */
function readSlice(value, bounds) {
  if (typeof value !== 'string' && !Array.isArray(value)) throw typeFailure(`${aKindOf(value)} cannot be sliced.`);
  const [from, to, step] = bounds.map((bound) => {
    if (bound === void 0 || bound === null) return void 0;
    if (typeof bound === 'number' && Number.isInteger(bound)) return bound;
    throw typeFailure('The bounds of a slice are whole numbers.');
  });
  if (step === 0) throw typeFailure('The step of a slice cannot be zero.');
  return sliceOf(value, {
    from,
    to,
    step,
  });
}
/** Whether a value is one of our own functions. */
function isCallable(value) {
  return asSpecial(value)?.[SPECIAL] === 'callable';
}
// src/core/workflow/expressions/runtime.ts
var MAX_WARNINGS = 100;
/** A fresh runtime. */
function createRuntime(setup, options) {
  return {
    ...createBudget(
      options.limits === void 0
        ? DEFAULT_LIMITS
        : {
            ...DEFAULT_LIMITS,
            ...options.limits,
          },
    ),
    scope: setup.scope,
    condition: setup.condition,
    library: setup.library,
    nowMs: options.now ?? Date.now(),
    timeZone: options.timeZone ?? 'UTC',
    warnings: [],
    locals: [],
    place: 0,
    out: '',
  };
}
/** Adds a warning once. */
function warn(rt, code, text) {
  const { warnings } = rt;
  const message = asSentence(text);
  if (warnings.length >= MAX_WARNINGS) return;
  if (warnings.some((known) => known.message === message && known.code === code)) return;
  warnings.push({
    code,
    message,
  });
}
/** The warning for a name or field that is not defined; `label` is the piece of the source. */
function warnUndefined(rt, label) {
  if (label !== void 0) warn(rt, 'template.undefined', `\`${label}\` is not defined.`);
}
// src/core/workflow/expressions/compare.ts
var NUMERIC_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** The number a text spells, or undefined. */
function numberOfText(text) {
  const trimmed = text.trim();
  if (trimmed.length > 400 || !NUMERIC_TEXT.test(trimmed)) return void 0;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : void 0;
}
function asNumber(value) {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
}
/** Equality by content, as in Python; in conditions numeric text equals its number (SPEC 2.1). */
function isEqual(a, b, rt) {
  if (a === b) return true;
  if (typeof a !== 'object' && typeof b !== 'object') return isScalarEqual(a, b, rt);
  if (a === null || b === null) return false;
  return isDeepEqual(a, b, rt, 0);
}
function isScalarEqual(a, b, rt) {
  const left = asNumber(a);
  const right = asNumber(b);
  if (left !== void 0 && right !== void 0) return left === right;
  if (!rt.condition) return false;
  if (typeof a === 'number' && typeof b === 'string') return numberOfText(b) === a;
  if (typeof a === 'string' && typeof b === 'number') return numberOfText(a) === b;
  return false;
}
function isDeepEqual(a, b, rt, depth) {
  step(rt);
  checkDepth(rt, depth);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isInnerEqual(item, b[index], rt, depth));
  const instants = instantPair(a, b, rt);
  if (instants !== void 0) return instants[0] === instants[1];
  if (!isMap$2(a) || !isMap$2(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isInnerEqual(a[key], b[key], rt, depth));
}
function isInnerEqual(a, b, rt, depth) {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return isEqual(a, b, rt);
  return isDeepEqual(a, b, rt, depth + 1);
}
/** Both sides as milliseconds when at least one is a datetime or both are timedeltas; ISO text may stand for a datetime. */
function instantPair(a, b, rt) {
  const deltas = [asTimeDelta(a)?.ms, asTimeDelta(b)?.ms];
  if (deltas[0] !== void 0 && deltas[1] !== void 0) return [deltas[0], deltas[1]];
  const left = asDateTime(a);
  const right = asDateTime(b);
  if (left === void 0 && right === void 0) return void 0;
  const from = (known, value) => known?.epochMs ?? (typeof value === 'string' ? parseIso(value, rt.timeZone) : void 0);
  const [x, y] = [from(left, a), from(right, b)];
  return x === void 0 || y === void 0 ? void 0 : [x, y];
}
/** Less than zero, zero or more, or undefined when the two have no order. */
function order(a, b, rt) {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  const left = asNumber(a) ?? (rt.condition && typeof a === 'string' ? numberOfText(a) : void 0);
  const right = asNumber(b) ?? (rt.condition && typeof b === 'string' ? numberOfText(b) : void 0);
  if (left !== void 0 && right !== void 0) return left - right;
  const instants = instantPair(a, b, rt);
  if (instants !== void 0) return instants[0] - instants[1];
  return Array.isArray(a) && Array.isArray(b) ? orderLists(a, b, rt) : void 0;
}
function orderLists(a, b, rt) {
  step(rt);
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i += 1) if (!isEqual(a[i], b[i], rt)) return order(a[i], b[i], rt);
  return a.length - b.length;
}
/** An ordered comparison. Without an order: `template.type_error`, in a condition false with a warning (SPEC 2.1). */
function isOrdered(operator, a, b, rt) {
  if (a === void 0 || b === void 0) return false;
  const sign = order(a, b, rt);
  if (sign === void 0) {
    const message = `${aKindOf(a)} and ${aKindOf(b)} cannot be compared with \`${operator}\`.`;
    if (!rt.condition) throw typeFailure(message);
    warn(rt, 'template.type_error', `${message} The comparison counts as false.`);
    return false;
  }
  if (operator === '<') return sign < 0;
  if (operator === '<=') return sign <= 0;
  return operator === '>' ? sign > 0 : sign >= 0;
}
/** `needle in container`. Undefined stands for unknown: the answer hangs on an undefined item. */
function isIn(needle, container, rt) {
  if (typeof container === 'string') {
    if (typeof needle === 'string') return container.includes(needle);
    if (rt.condition && typeof needle === 'number') return container.includes(String(needle));
    if (rt.condition) return false;
    throw typeFailure(`${aKindOf(needle)} cannot be in a text.`);
  }
  if (Array.isArray(container)) {
    work(rt, container.length);
    for (const item of container) {
      if (typeof item === 'object' && item !== null) step(rt);
      if (isEqual(item, needle, rt)) return true;
    }
    return rt.condition && container.includes(void 0) ? void 0 : false;
  }
  if (isMap$2(container))
    return (typeof needle === 'string' || typeof needle === 'number') && Object.hasOwn(container, String(needle));
  throw typeFailure(`${aKindOf(container)} cannot be searched with \`in\`.`);
}
// src/core/workflow/expressions/arithmetic.ts
function mismatch(operator, a, b) {
  throw typeFailure(`\`${operator}\` does not work between ${aKindOf(a)} and ${aKindOf(b)}.`);
}
function finite(value, operator) {
  if (!Number.isFinite(value)) throw typeFailure(`The result of \`${operator}\` is not a finite number.`);
  return value;
}
function nonZero(value) {
  if (value === 0) throw typeFailure('Division by zero.');
  return value;
}
/** Joins two texts; the length is checked first. */
function joinTexts(a, b, rt) {
  if (a.length + b.length > rt.limits.outputLength) chargeText(rt, a.length + b.length);
  charge(rt, 32);
  return a + b;
}
function add(a, b, rt) {
  if (typeof a === 'number' && typeof b === 'number') return finite(a + b, '+');
  if (typeof a === 'string' && typeof b === 'string') return joinTexts(a, b, rt);
  if (Array.isArray(a) && Array.isArray(b)) {
    chargeSlots(rt, a.length + b.length);
    return a.concat(b);
  }
  return addTime(a, b, rt) ?? mismatch('+', a, b);
}
/** A datetime, or ISO text that stands for one beside a timedelta or datetime. */
function instantOf(value, rt) {
  const known = asDateTime(value);
  if (known !== void 0) return known;
  const epochMs = typeof value === 'string' ? parseIso(value, rt.timeZone) : void 0;
  return epochMs === void 0
    ? void 0
    : {
        epochMs,
        zone: '',
      };
}
function addTime(a, b, rt) {
  const left = asTimeDelta(a);
  const right = asTimeDelta(b);
  if (left !== void 0 && right !== void 0) return timeDelta(left.ms + right.ms);
  const delta = left ?? right;
  const instant = instantOf(left === void 0 ? a : b, rt);
  if (delta === void 0 || instant === void 0) return void 0;
  return dateTime(instant.epochMs + delta.ms, instant.zone, isWholeDays(delta.ms) && isDateOnly(a, b));
}
var isWholeDays = (ms) => ms % 864e5 === 0;
var isDateOnly = (a, b) => (asDateTime(a) ?? asDateTime(b))?.dateOnly === true;
function subtract(a, b, rt) {
  if (typeof a === 'number' && typeof b === 'number') return finite(a - b, '-');
  const left = asTimeDelta(a);
  const right = asTimeDelta(b);
  if (left !== void 0 && right !== void 0) return timeDelta(left.ms - right.ms);
  if (right !== void 0) return addTime(a, timeDelta(-right.ms), rt) ?? mismatch('-', a, b);
  if (asDateTime(a) === void 0 && asDateTime(b) === void 0) return mismatch('-', a, b);
  const from = instantOf(a, rt);
  const to = instantOf(b, rt);
  return from === void 0 || to === void 0 ? mismatch('-', a, b) : timeDelta(from.epochMs - to.epochMs);
}
/** `text * count`, refused before it is built when it would be too long. */
function repeat(text, count, rt) {
  if (!Number.isInteger(count)) throw typeFailure('A text can only be multiplied with a whole number.');
  if (count <= 0 || text === '') return '';
  chargeText(rt, text.length * count);
  return text.repeat(count);
}
function multiply(a, b, rt) {
  if (typeof a === 'number' && typeof b === 'number') return finite(a * b, '*');
  if (typeof a === 'string' && typeof b === 'number') return repeat(a, b, rt);
  if (typeof a === 'number' && typeof b === 'string') return repeat(b, a, rt);
  const delta = asTimeDelta(a) ?? asTimeDelta(b);
  const factor = typeof a === 'number' ? a : b;
  return delta !== void 0 && typeof factor === 'number' ? timeDelta(delta.ms * factor) : mismatch('*', a, b);
}
function divide(operator, a, b) {
  if (typeof a !== 'number' || typeof b !== 'number') {
    const delta = asTimeDelta(a);
    const other = asTimeDelta(b);
    if (operator === '/' && delta !== void 0 && typeof b === 'number') return timeDelta(delta.ms / nonZero(b));
    if (operator === '/' && delta !== void 0 && other !== void 0) return delta.ms / nonZero(other.ms);
    return mismatch(operator, a, b);
  }
  nonZero(b);
  if (operator === '/') return finite(a / b, '/');
  if (operator === '//') return finite(Math.floor(a / b), '//');
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}
/** One binary operator on defined values (SPEC 2.3). Types it does not allow are `template.type_error`. */
function calculate(operator, a, b, rt) {
  switch (operator) {
    case '+':
      return add(a, b, rt);
    case '-':
      return subtract(a, b, rt);
    case '~':
      return joinTexts(textOf$1(a, rt), textOf$1(b, rt), rt);
    case '*':
      return multiply(a, b, rt);
    case '**':
      if (typeof a !== 'number' || typeof b !== 'number') return mismatch('**', a, b);
      return finite(a ** b, '**');
    default:
      return divide(operator, a, b);
  }
}
/** Unary `-` and `+`. */
function signed(operator, value) {
  const delta = asTimeDelta(value);
  if (delta !== void 0) return operator === '-' ? timeDelta(-delta.ms) : delta;
  if (typeof value !== 'number') throw typeFailure(`\`${operator}\` does not work on ${aKindOf(value)}.`);
  return operator === '-' && value !== 0 ? -value : value;
}
// src/core/workflow/expressions/library.ts
var NO_NAMES = /* @__PURE__ */ new Map();
var NO_ARGUMENTS = {
  values: [],
  named: NO_NAMES,
};
/** Short form for tables: `filter(['count'], (input, {values}, rt) => ...)`. */
function filter(params, run, extra = {}) {
  return {
    params,
    run,
    ...extra,
  };
}
// src/core/workflow/expressions/rounding.ts
var MAX_PRECISION = 30;
/** Rounds to `precision` decimals, halves to the even neighbour as Python does; exact on the binary value. */
function roundHalfEven(value, precision) {
  if (precision <= 0) {
    const scale = 10 ** -precision;
    const scaled = value / scale;
    const low = Math.floor(scaled);
    const rest = scaled - low;
    return (rest > 0.5 || (rest === 0.5 && low % 2 !== 0) ? low + 1 : low) * scale;
  }
  if (Math.abs(value) >= 1e21) return value;
  const rounded = Number(value.toFixed(precision));
  const exact = Math.abs(value).toFixed(100);
  const cut = exact.indexOf('.') + 1 + precision;
  if (!(exact[cut] === '5' && /^0*$/.test(exact.slice(cut + 1)))) return rounded;
  const last = Number(exact[cut - 1] === '.' ? exact[cut - 2] : exact[cut - 1]);
  const down = Number(`${value < 0 ? '-' : ''}${exact.slice(0, cut)}`);
  return last % 2 === 0 ? down : rounded;
}
/** The filter `round` (SPEC 2.3). */
function roundNumber(value, precision, method) {
  if (Math.abs(precision) > MAX_PRECISION) throw typeFailure(`\`round\` takes at most ${MAX_PRECISION} digits.`);
  if (method === 'common') return roundHalfEven(value, precision) + 0;
  if (method !== 'ceil' && method !== 'floor') throw typeFailure('`round` knows the methods common, ceil and floor.');
  const scale = 10 ** precision;
  const scaled = value * scale;
  if (!Number.isFinite(scaled)) return value;
  return (method === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)) / scale + 0;
}
// src/core/workflow/expressions/filters-number.ts
var PREFIXES = /* @__PURE__ */ new Map([
  [2, '0b'],
  [8, '0o'],
  [16, '0x'],
]);
function wholeOfText(text, base) {
  const trimmed = text.trim();
  if (base === 10) {
    const value = numberOfText(trimmed);
    return value === void 0 ? void 0 : Math.trunc(value) + 0;
  }
  if (!Number.isInteger(base) || base < 2 || base > 36) throw typeFailure('The base of `int` is 2 to 36.');
  const [, sign = '', digits = ''] = /^([+-]?)(\w{1,100})$/.exec(trimmed) ?? [];
  const prefix = PREFIXES.get(base);
  const bare = (prefix !== void 0 && digits.toLowerCase().startsWith(prefix) ? digits.slice(2) : digits).toLowerCase();
  const allowed = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base);
  if (bare === '' || ![...bare].every((digit) => allowed.includes(digit))) return void 0;
  return Number.parseInt(sign + bare, base);
}
var toInt = (input, args) => {
  const fallback = args.values[0] === void 0 ? 0 : args.values[0];
  if (typeof input === 'number') return Number.isFinite(input) ? Math.trunc(input) + 0 : fallback;
  if (typeof input === 'boolean') return input ? 1 : 0;
  return typeof input === 'string' ? (wholeOfText(input, wholeArgument(args, 1, 10)) ?? fallback) : fallback;
};
var toFloat = (input, args) => {
  const fallback = args.values[0] === void 0 ? 0 : args.values[0];
  if (typeof input === 'number') return Number.isFinite(input) ? input : fallback;
  if (typeof input === 'boolean') return input ? 1 : 0;
  return typeof input === 'string' ? (numberOfText(input) ?? fallback) : fallback;
};
function numberOf$1(value, name) {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw typeFailure(`\`${name}\` needs a number, not ${aKindOf(value)}.`);
}
var abs = (input) => {
  if (input === void 0) return void 0;
  const delta = asTimeDelta(input);
  return delta === void 0 ? Math.abs(numberOf$1(input, 'abs')) : timeDelta(Math.abs(delta.ms));
};
var round = (input, args, rt) =>
  input === void 0
    ? void 0
    : roundNumber(numberOf$1(input, 'round'), wholeArgument(args, 0, 0), textArgument(args.values[1], 'common', rt));
/** The items, or one field of each. */
function pick(input, attribute, rt) {
  const items = toItems(input, rt);
  return attribute === void 0 || attribute === null
    ? items
    : items.map((item) => readPath(item, attribute, rt.timeZone));
}
var sum = (input, args, rt) => {
  const start = args.values[1] ?? 0;
  return pick(input, args.values[0], rt).reduce((total, item) => {
    const value = typeof item === 'boolean' ? Number(item) : item;
    if (value === void 0) return total;
    if (typeof total === 'number' && total === 0 && asTimeDelta(value) !== void 0) return value;
    if (typeof value === 'string') throw typeFailure('`sum` needs numbers, not texts.');
    return calculate('+', total, value, rt);
  }, start);
};
/** A key that leaves the case of text aside unless it counts. */
function sortKey(value, caseCounts) {
  return typeof value === 'string' && !caseCounts ? value.toLowerCase() : value;
}
/** How two sort keys stand; null and undefined come last, kinds without an order are `template.type_error`. */
function compareKeys(a, b, rt) {
  const isMissing = (value) => value === null || value === void 0;
  if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b));
  const sign = order(a, b, rt);
  if (sign === void 0) throw typeFailure(`${aKindOf(a)} and ${aKindOf(b)} cannot be put in order.`);
  return sign;
}
function extreme(direction) {
  return (input, args, rt) => {
    const items = toItems(input, rt);
    const keys = pick(input, args.values[1], rt).map((key) => sortKey(key, flagArgument(args, 0, false)));
    let best = -1;
    for (let i = 0; i < keys.length; i += 1) {
      if (keys[i] === void 0 || keys[i] === null) continue;
      if (best === -1 || compareKeys(keys[i], keys[best], rt) * direction > 0) best = i;
    }
    return items[best];
  };
}
/** Filters over numbers. SPEC 2.3 "number filters". */
var NUMBER_FILTERS = [
  ['int', filter(['default', 'base'], toInt)],
  ['float', filter(['default'], toFloat)],
  ['abs', filter([], abs)],
  ['round', filter(['precision', 'method'], round)],
  ['sum', filter(['attribute', 'start'], sum)],
  ['min', filter(['case_sensitive', 'attribute'], extreme(-1))],
  ['max', filter(['case_sensitive', 'attribute'], extreme(1))],
];
// src/core/workflow/expressions/filters-list.ts
var length = (input) => {
  if (typeof input === 'string') return textLength(input);
  if (Array.isArray(input)) return input.length;
  if (input === void 0) return 0;
  if (isMap$2(input)) return Object.keys(input).length;
  throw typeFailure(`${aKindOf(input)} has no length.`);
};
var list = (input, _args, rt) => {
  const items = toItems(input, rt);
  chargeSlots(rt, items.length);
  return items.slice();
};
var map = (input, args, rt) => {
  const items = toItems(input, rt);
  chargeSlots(rt, items.length);
  const attribute = args.named.get('attribute');
  if (attribute !== void 0) {
    const fallback = args.named.get('default');
    return items.map((item) => readPath(item, attribute, rt.timeZone) ?? fallback);
  }
  const [name, ...values] = args.values;
  if (typeof name !== 'string') throw typeFailure('`map` needs the name of a filter or `attribute=`.');
  const chosen = rt.library.filters.get(name);
  if (chosen === void 0)
    throw unknownFailure(
      `Unknown filter \`${name.slice(0, 60)}\`.`,
      void 0,
      suggestName(name, rt.library.filters.keys()),
    );
  const inner = orderNamed(chosen.params, {
    values,
    named: args.named,
  });
  return items.map((item) => {
    step(rt);
    return chosen.run(admit(item), inner, rt);
  });
};
/** Puts keyword arguments that reached an inner filter or test through `map` or `select` in their places. */
function orderNamed(params, args) {
  if (args.named.size === 0)
    return {
      values: args.values,
      named: NO_NAMES,
    };
  const values = [...args.values];
  for (const [name, value] of args.named) {
    const index = params.indexOf(name);
    if (index !== -1) values[index] = value;
  }
  return {
    values,
    named: args.named,
  };
}
/** A predicate from the name of a test and its arguments; truth when there is no name. */
function predicate(args, rt) {
  const [name, ...values] = args;
  if (name === void 0) return isTrue;
  const chosen = typeof name === 'string' ? rt.library.tests.get(name) : void 0;
  if (chosen === void 0) {
    const shown = textOf$1(name, rt).slice(0, 60);
    throw unknownFailure(`Unknown test \`${shown}\`.`, void 0, suggestName(shown, rt.library.tests.keys()));
  }
  const inner = {
    values,
    named: NO_NAMES,
  };
  return (value) => (value !== void 0 || chosen.seesUndefined === true) && chosen.run(value, inner, rt);
}
function select(keeps) {
  return (input, args, rt) => {
    const test = predicate(args.values, rt);
    return toItems(input, rt).filter((item) => {
      step(rt);
      return test(admit(item)) === keeps;
    });
  };
}
function selectAttribute(keeps) {
  return (input, args, rt) => {
    const [attribute, ...rest] = args.values;
    const test = predicate(rest, rt);
    return toItems(input, rt).filter((item) => {
      step(rt);
      return test(readPath(item, attribute, rt.timeZone)) === keeps;
    });
  };
}
/** Items in a stable order, by one field or by several joined with commas. */
var sort = (input, args, rt) => {
  const caseCounts = flagArgument(args, 1, false);
  const attribute = args.values[2];
  const paths = typeof attribute === 'string' ? attribute.split(',').map((path) => path.trim()) : [attribute];
  const keysOf = (item) =>
    paths.map((path) =>
      sortKey(path === void 0 || path === null ? item : readPath(item, path, rt.timeZone), caseCounts),
    );
  const entries = toItems(input, rt).map((item) => ({
    item,
    keys: keysOf(item),
  }));
  chargeSlots(rt, entries.length * 4);
  const sign = flagArgument(args, 0, false) ? -1 : 1;
  entries.sort((a, b) => {
    charge(rt, 8);
    for (let i = 0; i < paths.length; i += 1) {
      const found = compareKeys(a.keys[i], b.keys[i], rt);
      if (found !== 0) return found * sign;
    }
    return 0;
  });
  return entries.map((entry) => entry.item);
};
/** A set of seen values: by identity for scalars, by content for the rest. */
function createSeen(rt) {
  const scalars = /* @__PURE__ */ new Set();
  const others = [];
  return (value) => {
    if (typeof value !== 'object' || value === null) {
      if (scalars.has(value)) return true;
      scalars.add(value);
      return false;
    }
    if (others.some((known) => isEqual(known, value, rt))) return true;
    others.push(value);
    return false;
  };
}
var unique = (input, args, rt) => {
  const attribute = args.values[1];
  const isSeen = createSeen(rt);
  return toItems(input, rt).filter((item) => {
    const key = attribute === void 0 || attribute === null ? item : readPath(item, attribute, rt.timeZone);
    return !isSeen(sortKey(key, flagArgument(args, 0, false)));
  });
};
var groupby = (input, args, rt) => {
  const attribute = args.values[0];
  const fallback = args.values[1];
  const caseCounts = flagArgument(args, 2, false);
  const entries = toItems(input, rt).map((item) => ({
    item,
    key: readPath(item, attribute, rt.timeZone) ?? fallback ?? null,
  }));
  chargeSlots(rt, entries.length * 4);
  entries.sort((a, b) => compareKeys(sortKey(a.key, caseCounts), sortKey(b.key, caseCounts), rt));
  const found = [];
  for (const { item, key } of entries) {
    const last = found.at(-1);
    if (last !== void 0 && isEqual(sortKey(last.key, caseCounts), sortKey(key, caseCounts), rt)) last.items.push(item);
    else
      found.push({
        key,
        items: [item],
      });
  }
  return found.map(({ key, items }) => createGroup(key, items));
};
var batch = (input, args, rt) => {
  const size = positive(wholeArgument(args, 0, 1), 'batch');
  const items = toItems(input, rt);
  const fill = args.values[1];
  if (fill !== void 0 && fill !== null) chargeSlots(rt, size);
  const rows = [];
  for (let at = 0; at < items.length; at += size) rows.push(items.slice(at, at + size));
  chargeSlots(rt, items.length + rows.length);
  const last = rows.at(-1);
  if (fill !== void 0 && fill !== null) while (last !== void 0 && last.length < size) last.push(fill);
  return rows;
};
function positive(count, name) {
  if (count < 1) throw typeFailure(`\`${name}\` needs a count of at least 1.`);
  if (count > 1e7) throw limitFailure(`The count of \`${name}\` is too large.`);
  return count;
}
/** Columns of nearly equal length, as in Jinja. */
var slice = (input, args, rt) => {
  const count = positive(wholeArgument(args, 0, 1), 'slice');
  const items = toItems(input, rt);
  const fill = args.values[1];
  chargeSlots(rt, items.length + count * 4);
  const size = Math.floor(items.length / count);
  const extra = items.length % count;
  return Array.from({ length: count }, (_, index) => {
    const from = index * size + Math.min(index, extra);
    const column = items.slice(from, from + size + (index < extra ? 1 : 0));
    return fill !== void 0 && fill !== null && index >= extra && extra > 0 ? [...column, fill] : column;
  });
};
var flatten = (input, args, rt) => {
  const levels = wholeArgument(args, 0, Number.MAX_SAFE_INTEGER);
  const out = [];
  const visit = (items, depth) => {
    checkDepth(rt, depth);
    for (const item of items) {
      chargeSlots(rt, 1);
      if (Array.isArray(item) && depth < levels) visit(item, depth + 1);
      else out.push(item);
    }
  };
  visit(toItems(input, rt), 0);
  return out;
};
/** Filters over lists. SPEC 2.3 "list and map filters". */
var LIST_FILTERS = [
  ['length', filter([], length)],
  ['count', filter([], length)],
  ['list', filter([], list)],
  ['first', filter([], (input, _args, rt) => admit(toItems(input, rt)[0]))],
  ['last', filter([], (input, _args, rt) => admit(toItems(input, rt).at(-1)))],
  [
    'map',
    filter([], map, {
      variadic: true,
      anyNames: true,
    }),
  ],
  ['select', filter([], select(true), { variadic: true })],
  ['reject', filter([], select(false), { variadic: true })],
  [
    'selectattr',
    filter(['attribute'], selectAttribute(true), {
      variadic: true,
      required: 1,
    }),
  ],
  [
    'rejectattr',
    filter(['attribute'], selectAttribute(false), {
      variadic: true,
      required: 1,
    }),
  ],
  ['sort', filter(['reverse', 'case_sensitive', 'attribute'], sort)],
  ['unique', filter(['case_sensitive', 'attribute'], unique)],
  ['groupby', filter(['attribute', 'default', 'case_sensitive'], groupby, { required: 1 })],
  ['batch', filter(['linecount', 'fill_with'], batch, { required: 1 })],
  ['slice', filter(['slices', 'fill_with'], slice, { required: 1 })],
  ['flatten', filter(['levels'], flatten)],
];
// src/core/workflow/expressions/filters-map.ts
var EMPTY$1 = {};
/** The map behind an input; undefined counts as empty. */
function mapOf(input, name) {
  if (input === void 0) return EMPTY$1;
  if (!isMap$2(input)) throw typeFailure(`\`${name}\` needs a map, not ${aKindOf(input)}.`);
  return input;
}
/** The pairs of a map. */
function entriesOf(input, name, rt) {
  const map = mapOf(input, name);
  const keys = Object.keys(map);
  chargeSlots(rt, keys.length * 4);
  return keys.map((key) => [key, admit(map[key])]);
}
var dictsort = (input, args, rt) => {
  const caseCounts = flagArgument(args, 0, false);
  const by = textArgument(args.values[1], 'key', rt);
  if (by !== 'key' && by !== 'value') throw typeFailure('`dictsort` sorts by key or by value.');
  const position = by === 'key' ? 0 : 1;
  const sign = flagArgument(args, 2, false) ? -1 : 1;
  return entriesOf(input, 'dictsort', rt)
    .slice()
    .sort((a, b) => compareKeys(sortKey(a[position], caseCounts), sortKey(b[position], caseCounts), rt) * sign);
};
/** Keys given as arguments or as lists of them. */
function namedKeys(args, rt) {
  const keys = args.values.flatMap((value) => (Array.isArray(value) ? value : [value]));
  chargeSlots(rt, keys.length);
  return new Set(keys.map((key) => textOf$1(key, rt)));
}
/** A copy with the keys for which `keeps` holds. */
function copyKeys(map, keeps, rt) {
  const copy = {};
  const keys = Object.keys(map);
  chargeSlots(rt, keys.length * 2);
  for (const key of keys) if (keeps(key)) setKey(copy, key, map[key]);
  return copy;
}
function choose(keeps, name) {
  return (input, args, rt) => {
    const keys = namedKeys(args, rt);
    const change = (map) => copyKeys(mapOf(map, name), (key) => keys.has(key) === keeps, rt);
    return Array.isArray(input) ? input.map(change) : change(input);
  };
}
var merge = (input, args, rt) => {
  const merged = copyKeys(mapOf(input, 'merge'), () => true, rt);
  const others = [
    ...args.values.flatMap((value) => (Array.isArray(value) ? value : [value])),
    Object.fromEntries(args.named),
  ];
  for (const other of others) {
    if (other === void 0 || other === null) continue;
    for (const [key, value] of entriesOf(other, 'merge', rt)) setKey(merged, key, value);
  }
  return merged;
};
/** Filters over maps. SPEC 2.3 "list and map filters". */
var MAP_FILTERS = [
  ['dictsort', filter(['case_sensitive', 'by', 'reverse'], dictsort)],
  ['items', filter([], (input, _args, rt) => entriesOf(input, 'items', rt))],
  ['keys', filter([], (input, _args, rt) => toItems(mapOf(input, 'keys'), rt))],
  ['values', filter([], (input, _args, rt) => entriesOf(input, 'values', rt).map((entry) => entry[1]))],
  ['pick', filter([], choose(true, 'pick'), { variadic: true })],
  ['omit', filter([], choose(false, 'omit'), { variadic: true })],
  [
    'merge',
    filter([], merge, {
      variadic: true,
      anyNames: true,
    }),
  ],
  [
    'attr',
    filter(['name'], (input, args, rt) => readAttribute(input, textArgument(args.values[0], '', rt), rt.timeZone), {
      required: 1,
    }),
  ],
];
// src/core/workflow/expressions/filters-markup.ts
var ENTITIES = /* @__PURE__ */ new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&#34;'],
  ["'", '&#39;'],
]);
/** HTML-escapes a text. */
function escapeHtml(text, rt) {
  chargeText(rt, text.length);
  const escaped = text.replace(/[&<>"']/g, (char) => ENTITIES.get(char) ?? char);
  chargeText(rt, escaped.length);
  return escaped;
}
var escapeFilter = filter([], (input, _args, rt) => escapeHtml(textOf$1(input, rt), rt));
/** Drops tags and comments, and folds blanks; looks at each character once. */
function stripTags(text) {
  let out = '';
  let from = 0;
  for (let open = text.indexOf('<'); open !== -1; open = text.indexOf('<', from)) {
    const isComment = text.startsWith('<!--', open);
    const close = text.indexOf(isComment ? '-->' : '>', open + 1);
    if (close === -1) break;
    out += text.slice(from, open);
    from = close + (isComment ? 3 : 1);
  }
  return (out + text.slice(from)).split(/\s+/).filter(Boolean).join(' ');
}
/** Percent-encoding; `/` stays in paths, blanks become `+` in queries. */
function encode(text, isQuery) {
  const encoded = encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return isQuery ? encoded.replaceAll('%20', '+') : encoded.replaceAll('%2F', '/');
}
var urlencode = (input, _args, rt) => {
  const pair = (key, value) => `${encode(textOf$1(key, rt), true)}=${encode(textOf$1(value, rt), true)}`;
  let text;
  if (isMap$2(input))
    text = Object.entries(input)
      .map(([key, value]) => pair(key, value))
      .join('&');
  else if (Array.isArray(input))
    text = input
      .map((item) => (Array.isArray(item) ? pair(item[0], item[1]) : encode(textOf$1(item, rt), true)))
      .join('&');
  else text = encode(textOf$1(input, rt), false);
  chargeText(rt, text.length);
  return text;
};
var LINK = /^(?:https?:\/\/|www\.)[^\s<>"']+$/i;
var TAIL = '.,:;!?)]';
var MAIL = /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/;
function linkWord(word, options) {
  if (word.length > 2048) return word;
  let end = word.length;
  while (end > 0 && TAIL.includes(word.charAt(end - 1))) end -= 1;
  const found = word.slice(0, end);
  const isMail = found.length < 320 && MAIL.test(found);
  if (!isMail && !LINK.test(found)) return word;
  const target = isMail ? `mailto:${found}` : /^www/i.test(found) ? `https://${found}` : found;
  const label = textLength(found) > options.trim ? `${textSlice(found, 0, options.trim)}...` : found;
  return `<a href="${target}"${options.extra}>${label}</a>${word.slice(end)}`;
}
var urlize = (input, args, rt) => {
  const trim = wholeArgument(args, 0, Number.MAX_SAFE_INTEGER);
  const target = textArgument(args.values[2], '', rt);
  const extra =
    (flagArgument(args, 1, false) ? ' rel="nofollow noopener"' : ' rel="noopener"') +
    (target === '' ? '' : ` target="${escapeHtml(target, rt)}"`);
  const text = escapeHtml(textOf$1(input, rt), rt)
    .split(/(\s+)/)
    .map((word) =>
      linkWord(word, {
        trim,
        extra,
      }),
    )
    .join('');
  chargeText(rt, text.length);
  return text;
};
function slugify(text) {
  if (text.length > MAX_SLUG) throw limitFailure('The text is too long for a slug.');
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join('-');
}
var MAX_SLUG = 65536;
var UNITS$1 = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
var filesizeformat = (input, args) => {
  const bytes = typeof input === 'string' ? Number(input.trim()) : input;
  if (typeof bytes !== 'number' || !Number.isFinite(bytes)) throw typeFailure('A file size is a number.');
  const isBinary = flagArgument(args, 0, false);
  const base = isBinary ? 1024 : 1e3;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const power = Math.min(UNITS$1.length, Math.floor(Math.log(bytes) / Math.log(base) + 1e-12));
  const unit = UNITS$1[power - 1] ?? 'Y';
  return `${(bytes / base ** power).toFixed(1)} ${isBinary ? `${unit.toUpperCase()}i` : unit}B`;
};
function wrapLine(line, width, breaksWords) {
  const lines = [];
  let current = '';
  for (const word of line.split(/(?<=\S)\s+(?=\S)/)) {
    let rest = word;
    if (current !== '' && current.length + 1 + rest.length <= width) {
      current += ` ${rest}`;
      continue;
    }
    if (current !== '') lines.push(current);
    for (; breaksWords && rest.length > width; rest = rest.slice(width)) lines.push(rest.slice(0, width));
    current = rest;
  }
  lines.push(current);
  return lines;
}
var wordwrap = (input, args, rt) => {
  const width = Math.max(1, wholeArgument(args, 0, 79));
  const text = textOf$1(input, rt);
  const mark = textArgument(args.values[2], '\n', rt);
  charge(rt, text.length * 2);
  chargeSlots(rt, Math.ceil(text.length / width));
  const lines = text.split(/\r\n|\r|\n/).flatMap((line) => wrapLine(line, width, flagArgument(args, 1, true)));
  chargeText(rt, text.length + lines.length * mark.length);
  return lines.join(mark);
};
var xmlattr = (input, args, rt) => {
  if (!isMap$2(input)) throw typeFailure('`xmlattr` needs a map.');
  const parts = [];
  for (const key of toItems(input, rt)) {
    const value = input[String(key)];
    if (value === null || value === void 0) continue;
    if (/[\s/>=]/.test(String(key)))
      throw typeFailure(`\`${String(key).slice(0, 40)}\` cannot be the name of an attribute.`);
    parts.push(`${escapeHtml(String(key), rt)}="${escapeHtml(textOf$1(value, rt), rt)}"`);
  }
  const text = parts.join(' ');
  return flagArgument(args, 0, true) && text !== '' ? ` ${text}` : text;
};
/** A filter over text without arguments. */
function overText$1(change) {
  return filter([], (input, _args, rt) => {
    const text = textOf$1(input, rt);
    chargeText(rt, text.length);
    return change(text);
  });
}
/** Filters for HTML, URLs and layout. SPEC 2.3 "text filters". */
var MARKUP_FILTERS = [
  ['escape', escapeFilter],
  ['e', escapeFilter],
  ['forceescape', escapeFilter],
  ['safe', overText$1((text) => text)],
  ['striptags', overText$1(stripTags)],
  ['urlencode', filter([], urlencode)],
  ['urlize', filter(['trim_url_limit', 'nofollow', 'target'], urlize)],
  ['slugify', overText$1(slugify)],
  ['filesizeformat', filter(['binary'], filesizeformat)],
  ['wordwrap', filter(['width', 'break_long_words', 'wrapstring'], wordwrap)],
  ['xmlattr', filter(['autospace'], xmlattr)],
];
// src/core/workflow/expressions/printf.ts
var PRINTF = /%(?:\(([^()%]{1,100})\))?([-+ 0#]*)(\d{0,9})(?:\.(\d{0,9}))?([sdifFeEgGxXorc%])/g;
function toNumber$1(value) {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw typeFailure(`A number is needed to format, not ${aKindOf(value)}.`);
}
/** `toFixed` and its kin take at most 100 digits. */
function digits(look, fallback) {
  const count = look.precision ?? fallback;
  if (count > 100) throw typeFailure('At most 100 digits can be formatted.');
  return count;
}
function withSign(value, text, flags) {
  if (value < 0) return `-${text}`;
  if (flags.includes('+')) return `+${text}`;
  return flags.includes(' ') ? ` ${text}` : text;
}
/** JavaScript writes `1e+5`, C writes `1e+05`. */
var exponent = (text) => text.replace(/e([+-])(\d)$/, 'e$10$2');
function general(value, precision) {
  if (value === 0) return '0';
  const significant = Math.max(1, precision);
  const power = Math.floor(Math.log10(value));
  if (power < -4 || power >= significant) return exponent(value.toExponential(significant - 1).replace(/\.?0+e/, 'e'));
  const text = value.toPrecision(significant);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
/** The digits of a number after the letter of a format, without its sign. */
function numberDigits(letter, value, look) {
  const size = Math.abs(value);
  switch (letter.toLowerCase()) {
    case 'f':
      return size.toFixed(digits(look, 6));
    case 'e':
      return exponent(size.toExponential(digits(look, 6)));
    case 'g':
      return general(size, digits(look, 6));
    case 'x':
      return Math.trunc(size).toString(16);
    case 'o':
      return Math.trunc(size).toString(8);
    default:
      return Math.trunc(size).toFixed(0);
  }
}
function pad$1(text, look, isNumber) {
  if (text.length >= look.width) return text;
  if (look.flags.includes('-')) return text.padEnd(look.width);
  if (!isNumber || !look.flags.includes('0')) return text.padStart(look.width);
  const sign = /^[+ -]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(look.width - sign.length, '0');
}
function formatOne(letter, value, look, rt) {
  if (letter === 's' || letter === 'c') {
    const text = textOf$1(value, rt);
    return pad$1(look.precision === void 0 ? text : text.slice(0, look.precision), look, false);
  }
  if (letter === 'r') return pad$1(jsonOf(value, rt), look, false);
  const number = toNumber$1(value);
  if (!Number.isFinite(number)) return pad$1(numberText(number), look, false);
  const text = withSign(number, numberDigits(letter, number, look), look.flags);
  return pad$1(letter === letter.toUpperCase() ? text.toUpperCase() : text, look, true);
}
/** `'%s has %d' | format(a, b)` and `'%(name)s' | format(name=a)`, as in Python. */
function formatPrintf(pattern, args, rt) {
  let position = 0;
  let length = pattern.length;
  const text = pattern.replace(PRINTF, (...groups) => {
    const [, name, flags, width, precision, letter] = groups;
    if (letter === '%') return '%';
    if (name === void 0 && position >= args.values.length)
      throw typeFailure('The format has more places than arguments.');
    const value = name === void 0 ? args.values[position++] : args.named.get(name);
    const look = {
      flags: flags ?? '',
      width: Number(width ?? 0),
      precision: precision === void 0 ? void 0 : Number(precision),
    };
    checkTextLength(rt, length + look.width);
    const made = formatOne(letter ?? 's', value, look, rt);
    length += made.length;
    checkTextLength(rt, length);
    charge(rt, made.length + 8);
    return made;
  });
  if (position < args.values.length) throw typeFailure('The format has fewer places than arguments.');
  return text;
}
// src/core/workflow/expressions/filters-text.ts
/** A filter without arguments over the text of its input. */
function plain(change) {
  return filter([], (input, _args, rt) => {
    const text = textOf$1(input, rt);
    chargeText(rt, text.length);
    return change(text, rt);
  });
}
/** First letter large, the rest small. */
function capitalize(text) {
  const first = textSlice(text, 0, 1);
  return first.toUpperCase() + text.slice(first.length).toLowerCase();
}
/** Jinja's title case: words end at blanks, dashes and opening brackets only. */
function titleWords(text) {
  return text
    .split(/([-\s({[<])/)
    .map(capitalize)
    .join('');
}
/** Replaces up to `count` (all when negative) pieces; the size of the result is checked before it is built. */
function replaceText(text, [old, next], count, rt) {
  chargeText(rt, text.length);
  const pieces = old === '' ? Array.from(text) : text.split(old);
  const gaps = old === '' ? pieces.length + 1 : pieces.length - 1;
  const changes = count < 0 ? gaps : Math.min(count, gaps);
  chargeText(rt, text.length + changes * (next.length - old.length));
  if (old === '')
    return (
      pieces.map((piece, index) => (index < changes ? next + piece : piece)).join('') +
      (changes > pieces.length ? next : '')
    );
  if (changes === gaps) return pieces.join(next);
  return [pieces.slice(0, changes + 1).join(next), ...pieces.slice(changes + 1)].join(old);
}
/** `text` in the middle of `width` blanks. */
function center(text, width, rt) {
  const padding = width - textLength(text);
  if (padding <= 0) return text;
  chargeText(rt, text.length + padding);
  const left = Math.floor(padding / 2) + (padding & width & 1);
  return ' '.repeat(left) + text + ' '.repeat(padding - left);
}
var truncate$1 = (input, args, rt) => {
  const text = textOf$1(input, rt);
  const length = Math.max(0, wholeArgument(args, 0, 255));
  const end = textArgument(args.values[2], '...', rt);
  if (textLength(text) <= length + wholeArgument(args, 3, 5)) return text;
  const kept = textSlice(text, 0, Math.max(0, length - textLength(end)));
  if (flagArgument(args, 1, false)) return kept + end;
  const blank = kept.lastIndexOf(' ');
  return (blank === -1 ? kept : kept.slice(0, blank)) + end;
};
var indent = (input, args, rt) => {
  const width = args.values[0];
  const size = typeof width === 'string' ? width.length : wholeArgument(args, 0, 4);
  const text = textOf$1(input, rt);
  const lines = text.split(/\r\n|\r|\n/);
  chargeText(rt, text.length + Math.max(0, size) * lines.length);
  const margin = typeof width === 'string' ? width : ' '.repeat(Math.max(0, size));
  const withFirst = flagArgument(args, 1, false);
  const withBlank = flagArgument(args, 2, false);
  const isIndented = (line, index) => (index === 0 ? withFirst : withBlank || line !== '');
  return lines.map((line, index) => (isIndented(line, index) ? margin + line : line)).join('\n');
};
/** Splits at a separator, or at runs of blanks when it is missing; at most `limit` times when that is not negative. */
function splitText(text, separator, limit, rt) {
  charge(rt, text.length * 2);
  if (separator === void 0 || separator === null) return splitBlanks(text, limit, rt);
  const mark = textOf$1(separator, rt);
  const parts = mark === '' ? Array.from(text) : text.split(mark);
  chargeSlots(rt, parts.length);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  return [...parts.slice(0, limit), parts.slice(limit).join(mark)];
}
function splitBlanks(text, limit, rt) {
  const parts = [];
  let rest = text.trimStart();
  if (limit < 0) {
    const words = text.trim() === '' ? [] : text.trim().split(/\s+/);
    chargeSlots(rt, words.length);
    return words;
  }
  for (let count = 0; count < limit && rest !== ''; count += 1) {
    const blank = rest.search(/\s/);
    if (blank === -1) break;
    parts.push(rest.slice(0, blank));
    rest = rest.slice(blank).trimStart();
    charge(rt, rest.length);
  }
  if (rest !== '') parts.push(rest);
  return parts;
}
/** Joins the texts of items; the size is checked while it grows. */
function joinItems(items, separator, rt) {
  let text = '';
  for (let i = 0; i < items.length; i += 1) {
    if (i > 0) text += separator;
    text += textOf$1(items[i], rt);
    if (text.length > rt.limits.outputLength) chargeText(rt, text.length);
  }
  chargeText(rt, text.length + items.length);
  return text;
}
var join$1 = (input, args, rt) => {
  const attribute = args.values[1];
  const items = toItems(input, rt);
  return joinItems(
    attribute === void 0 ? items : items.map((item) => readPath(item, attribute)),
    textArgument(args.values[0], '', rt),
    rt,
  );
};
/** Drops `chars` (blanks when undefined) from the chosen ends. */
function stripText(text, chars, ends) {
  if (typeof chars !== 'string') {
    if (ends === 'both') return text.trim();
    return ends === 'left' ? text.trimStart() : text.trimEnd();
  }
  const dropped = new Set(chars);
  let from = 0;
  let to = text.length;
  if (ends !== 'right') while (from < to && dropped.has(text[from] ?? '')) from += 1;
  if (ends !== 'left') while (to > from && dropped.has(text[to - 1] ?? '')) to -= 1;
  return text.slice(from, to);
}
var reverse = (input, _args, rt) => {
  if (typeof input === 'string') {
    chargeSlots(rt, input.length);
    return textReverse(input);
  }
  const items = toItems(input, rt);
  chargeSlots(rt, items.length);
  return items.toReversed();
};
var contains$1 = (input, args, rt) => {
  if (Array.isArray(input)) return input.some((item) => item === args.values[0]);
  if (isMap$2(input)) return Object.hasOwn(input, textArgument(args.values[0], '', rt));
  return textOf$1(input, rt).includes(textArgument(args.values[0], '', rt));
};
/** Filters over text whose result is text or a list of texts. SPEC 2.3 "text filters". */
var TEXT_FILTERS = [
  ['upper', plain((text) => text.toUpperCase())],
  ['lower', plain((text) => text.toLowerCase())],
  ['title', plain(titleWords)],
  ['capitalize', plain(capitalize)],
  ['trim', filter(['chars'], (input, args, rt) => stripText(textOf$1(input, rt), args.values[0], 'both'))],
  [
    'replace',
    filter(
      ['old', 'new', 'count'],
      (input, args, rt) => {
        const pair = [textArgument(args.values[0], '', rt), textArgument(args.values[1], '', rt)];
        return replaceText(textOf$1(input, rt), pair, wholeArgument(args, 2, -1), rt);
      },
      { required: 2 },
    ),
  ],
  ['truncate', filter(['length', 'killwords', 'end', 'leeway'], truncate$1)],
  [
    'split',
    filter(['sep', 'maxsplit'], (input, args, rt) =>
      splitText(textOf$1(input, rt), args.values[0], wholeArgument(args, 1, -1), rt),
    ),
  ],
  ['join', filter(['d', 'attribute'], join$1)],
  ['center', filter(['width'], (input, args, rt) => center(textOf$1(input, rt), wholeArgument(args, 0, 80), rt))],
  ['indent', filter(['width', 'first', 'blank'], indent)],
  ['wordcount', plain((text) => text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0)],
  [
    'format',
    filter([], (input, args, rt) => formatPrintf(textOf$1(input, rt), args, rt), {
      variadic: true,
      anyNames: true,
    }),
  ],
  ['string', plain((text) => text)],
  [
    'startswith',
    filter(['prefix'], (input, args, rt) => textOf$1(input, rt).startsWith(textArgument(args.values[0], '', rt)), {
      required: 1,
    }),
  ],
  [
    'endswith',
    filter(['suffix'], (input, args, rt) => textOf$1(input, rt).endsWith(textArgument(args.values[0], '', rt)), {
      required: 1,
    }),
  ],
  ['contains', filter(['value'], contains$1, { required: 1 })],
  ['reverse', filter([], reverse)],
];
// src/core/workflow/expressions/strftime.ts
var MONTHS$1 = 'January February March April May June July August September October November December'.split(' ');
var DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
var MAX_PATTERN = 1e3;
var pad = (value, width = 2) => String(value).padStart(width, '0');
var month = (m) => MONTHS$1[m.civil.month - 1] ?? '';
var day = (m) => DAYS[weekdayOf(m.epochMs, m.zone)] ?? '';
var hour12 = (m) => m.civil.hour % 12 || 12;
var clock = (m) => `${pad(m.civil.hour)}:${pad(m.civil.minute)}`;
function dayOfYear({ civil }) {
  const midnight = /* @__PURE__ */ new Date(0).setUTCFullYear(civil.year, civil.month - 1, civil.day);
  return Math.round((midnight - /* @__PURE__ */ new Date(0).setUTCFullYear(civil.year, 0, 1)) / 864e5) + 1;
}
var DIRECTIVES = /* @__PURE__ */ new Map([
  ['Y', (m) => pad(m.civil.year, 4)],
  ['m', (m) => pad(m.civil.month)],
  ['d', (m) => pad(m.civil.day)],
  ['e', (m) => String(m.civil.day).padStart(2, ' ')],
  ['H', (m) => pad(m.civil.hour)],
  ['M', (m) => pad(m.civil.minute)],
  ['S', (m) => pad(m.civil.second)],
  ['f', (m) => `${pad(m.civil.millisecond, 3)}000`],
  ['y', (m) => pad(((m.civil.year % 100) + 100) % 100)],
  ['b', (m) => month(m).slice(0, 3)],
  ['B', month],
  ['a', (m) => day(m).slice(0, 3)],
  ['A', day],
  ['j', (m) => pad(dayOfYear(m), 3)],
  ['p', (m) => (m.civil.hour < 12 ? 'AM' : 'PM')],
  ['I', (m) => pad(hour12(m))],
  ['Z', (m) => zoneName(m.epochMs, m.zone)],
  ['z', (m) => offsetText(m.epochMs, m.zone, '')],
  ['u', (m) => String(weekdayOf(m.epochMs, m.zone) + 1)],
  ['w', (m) => String((weekdayOf(m.epochMs, m.zone) + 1) % 7)],
  ['s', (m) => String(Math.floor(m.epochMs / 1e3))],
  ['F', (m) => `${pad(m.civil.year, 4)}-${pad(m.civil.month)}-${pad(m.civil.day)}`],
  ['T', (m) => `${clock(m)}:${pad(m.civil.second)}`],
  ['R', clock],
  ['%', () => '%'],
]);
/**
 * Text of an instant after a strftime pattern (SPEC 2.3). `%-d` drops the leading zero; a directive that is not known
 * stays as it is. Names are English on every machine.
 */
function strftime(epochMs, zone, pattern) {
  if (pattern.length > MAX_PATTERN) throw limitFailure('The pattern of the date is too long.');
  const moment = {
    epochMs,
    zone,
    civil: toCivil(epochMs, zone),
  };
  return pattern.replace(/%(-?)([A-Za-z%])/g, (whole, dash, letter) => {
    const text = DIRECTIVES.get(letter)?.(moment);
    if (text === void 0) return whole;
    return dash === '-' ? text.replace(/^[0 ]+(?=\d)/, '') : text;
  });
}
// src/core/workflow/expressions/filters-value.ts
var fallbackValue = (input, args) => {
  const fallback = args.values[0] ?? '';
  if (input === void 0) return args.values.length > 0 ? args.values[0] : '';
  return flagArgument(args, 1, false) && !isTrue(input) ? fallback : input;
};
var tojson = (input, args, rt) => jsonOf(input, rt, Math.min(16, Math.max(0, wholeArgument(args, 0, 0))));
var fromjson = (input, _args, rt) => {
  if (typeof input !== 'string') throw typeFailure(`\`fromjson\` needs a text, not ${aKindOf(input)}.`);
  chargeText(rt, input.length);
  charge(rt, input.length * 4);
  try {
    return JSON.parse(input);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw typeFailure(`The text is not JSON: \`${excerpt(input)}\`.`);
    throw cause;
  }
};
/** A filter over text without arguments. */
function overText(change) {
  return filter([], (input, _args, rt) => {
    const text = textOf$1(input, rt);
    chargeText(rt, text.length);
    const changed = change(text);
    chargeText(rt, changed.length);
    return changed;
  });
}
function splitPath(text) {
  const path = text.replace(/[/\\]$/, '');
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  if (at === -1) return ['', path];
  return [path.slice(0, at) || path.slice(0, 1), path.slice(at + 1)];
}
function unparsable(input, rt) {
  const text = textOf$1(input, rt);
  warn(rt, 'template.unparsable_date', `\`${excerpt(text)}\` is not a date or time.`);
  return text;
}
var datetimeformat = (input, args, rt) => {
  const instant = toInstant(input, rt);
  if (instant === void 0) return unparsable(input, rt);
  const pattern = textArgument(args.values[0], '%Y-%m-%d %H:%M', rt);
  return strftime(dateTime(instant, '').epochMs, textArgument(args.values[1], rt.timeZone, rt), pattern);
};
var UNITS = [
  ['year', 31536e3],
  ['month', 2592e3],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
];
/** `just now`, `5 minutes ago`, `in 2 days`: whole units, rounded down. */
function relativeTime(seconds) {
  const size = Math.abs(seconds);
  const unit = UNITS.find(([, length]) => size >= length);
  if (unit === void 0) return 'just now';
  const count = Math.floor(size / unit[1]);
  const words = `${count} ${unit[0]}${count === 1 ? '' : 's'}`;
  return seconds > 0 ? `${words} ago` : `in ${words}`;
}
var timeago = (input, _args, rt) => {
  const instant = toInstant(input, rt);
  return instant === void 0 ? unparsable(input, rt) : relativeTime((rt.nowMs - instant) / 1e3);
};
/** Filters over any value, and those over instants. SPEC 2.3 "value filters", "time filters". */
var VALUE_FILTERS = [
  ['default', filter(['default_value', 'boolean'], fallbackValue, { seesUndefined: true })],
  ['d', filter(['default_value', 'boolean'], fallbackValue, { seesUndefined: true })],
  ['tojson', filter(['indent'], tojson)],
  ['pprint', filter([], (input, _args, rt) => jsonOf(input, rt, 2))],
  ['fromjson', filter([], fromjson)],
  ['sha256', overText((text) => createHash('sha256').update(text, 'utf8').digest('hex'))],
  ['b64encode', overText((text) => Buffer.from(text, 'utf8').toString('base64'))],
  ['b64decode', overText((text) => Buffer.from(text, 'base64').toString('utf8'))],
  ['basename', overText((text) => splitPath(text)[1])],
  ['dirname', overText((text) => splitPath(text)[0])],
  ['datetimeformat', filter(['format', 'tz'], datetimeformat)],
  ['timeago', filter([], timeago)],
];
// src/core/workflow/expressions/tests.ts
function test(run, params = [], seesUndefined = false) {
  return {
    params,
    run,
    seesUndefined,
    required: params.length,
  };
}
function numberOf(value, name) {
  if (typeof value === 'number') return value;
  throw typeFailure(`The test \`${name}\` needs a number, not ${aKindOf(value)}.`);
}
function divisible(value, by, name) {
  if (by === 0) throw typeFailure('Division by zero.');
  return numberOf(value, name) % by === 0;
}
function ordered(operator) {
  return test((value, args, rt) => isOrdered(operator, value, args.values[0], rt), ['other']);
}
var equal = test((value, args, rt) => isEqual(value, args.values[0], rt), ['other'], true);
var unequal = test((value, args, rt) => !isEqual(value, args.values[0], rt), ['other'], true);
var isNull = test((value) => value === null);
var isSequence = (value) => typeof value === 'string' || Array.isArray(value) || isMap$2(value);
/** Lower or upper case as in Python: at least one letter has a case. */
function hasCase(value, change) {
  if (typeof value !== 'string') return false;
  return value === value[change]() && value.toLowerCase() !== value.toUpperCase();
}
/** The tests of SPEC 2.3. */
var TESTS = /* @__PURE__ */ new Map([
  ['defined', test((value) => value !== void 0, [], true)],
  ['undefined', test((value) => value === void 0, [], true)],
  ['none', isNull],
  ['null', isNull],
  ['boolean', test((value) => typeof value === 'boolean')],
  ['true', test((value) => value === true)],
  ['false', test((value) => value === false)],
  ['number', test((value) => typeof value === 'number')],
  ['integer', test((value) => typeof value === 'number' && Number.isInteger(value))],
  ['float', test((value) => typeof value === 'number' && !Number.isInteger(value))],
  ['string', test((value) => typeof value === 'string')],
  ['mapping', test((value) => isMap$2(value))],
  ['sequence', test(isSequence)],
  ['iterable', test(isSequence)],
  ['callable', test(isCallable)],
  ['lower', test((value) => hasCase(value, 'toLowerCase'))],
  ['upper', test((value) => hasCase(value, 'toUpperCase'))],
  ['odd', test((value) => Math.abs(numberOf(value, 'odd') % 2) === 1)],
  ['even', test((value) => numberOf(value, 'even') % 2 === 0)],
  [
    'divisibleby',
    test((value, args) => divisible(value, numberOf(args.values[0], 'divisibleby'), 'divisibleby'), ['num']),
  ],
  ['sameas', test((value, args) => value === args.values[0], ['other'])],
  ['in', test((value, args, rt) => isIn(value, args.values[0], rt) === true, ['seq'])],
  ['eq', equal],
  ['equalto', equal],
  ['==', equal],
  ['ne', unequal],
  ['!=', unequal],
  ['lt', ordered('<')],
  ['lessthan', ordered('<')],
  ['<', ordered('<')],
  ['le', ordered('<=')],
  ['<=', ordered('<=')],
  ['gt', ordered('>')],
  ['greaterthan', ordered('>')],
  ['>', ordered('>')],
  ['ge', ordered('>=')],
  ['>=', ordered('>=')],
  ['filter', test((value, _args, rt) => typeof value === 'string' && rt.library.filters.has(value))],
  ['test', test((value, _args, rt) => typeof value === 'string' && rt.library.tests.has(value))],
]);
// src/core/workflow/expressions/filters.ts
/** All filters of SPEC 2.3 by name. */
var FILTERS = new Map([
  ...TEXT_FILTERS,
  ...MARKUP_FILTERS,
  ...NUMBER_FILTERS,
  ...LIST_FILTERS,
  ...MAP_FILTERS,
  ...VALUE_FILTERS,
]);
/** Everything that an expression can call by name. */
var LIBRARY = {
  filters: FILTERS,
  tests: TESTS,
};
/** Filters of Jinja that are refused on purpose, with the reason. */
var REFUSED_FILTERS = /* @__PURE__ */ new Map([
  ['random', 'The filter `random` is refused: a run must give the same result when it is replayed.'],
]);
// src/core/workflow/expressions/globals.ts
function wholes(args) {
  return args.values.map((value) => {
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    throw typeFailure('`range` needs whole numbers.');
  });
}
function range(args, rt) {
  const [first = 0, second, step = 1] = wholes(args);
  const [from, to] = second === void 0 ? [0, first] : [first, second];
  if (step === 0) throw typeFailure('The step of `range` cannot be zero.');
  const count = Math.max(0, Math.ceil((to - from) / step));
  if (count > rt.limits.range) throw limitFailure(`\`range\` may hold ${rt.limits.range} items at most.`);
  chargeSlots(rt, count);
  return Array.from({ length: count }, (_, index) => from + index * step);
}
function dict(args, rt) {
  const map = {};
  const source = args.values[0];
  const pairs = Array.isArray(source) ? source : isMap$2(source) ? entriesOf(source, 'dict', rt) : [];
  chargeSlots(rt, pairs.length);
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) throw typeFailure('`dict` needs a map or pairs.');
    setKey(map, textOf$1(pair[0], rt), pair[1]);
  }
  for (const [key, value] of args.named) setKey(map, key, value);
  return map;
}
var DELTA_UNITS = [6048e5, 864e5, 36e5, 6e4, 1e3, 1];
var DELTA_NAMES = ['weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'];
function delta(args) {
  let ms = 0;
  args.values.forEach((value, index) => {
    if (value === void 0) return;
    if (typeof value !== 'number') throw typeFailure('`timedelta` needs numbers.');
    ms += value * (DELTA_UNITS[index] ?? 0);
  });
  return timeDelta(ms);
}
function joiner(args, rt) {
  const separator = args.values[0] === void 0 ? ', ' : textOf$1(args.values[0], rt);
  let isUsed = false;
  return callable('joiner', () => {
    const text = isUsed ? separator : '';
    isUsed = true;
    return text;
  });
}
function cycler(args) {
  if (args.values.length === 0) throw typeFailure('`cycler` needs at least one item.');
  return {
    [SPECIAL]: 'cycler',
    items: args.values,
    position: 0,
  };
}
function namespace(args, rt) {
  return {
    [SPECIAL]: 'namespace',
    values: new Map(Object.entries(dict(args, rt))),
  };
}
function callable(name, call) {
  return {
    [SPECIAL]: 'callable',
    name,
    call,
  };
}
function define(name, call, signature) {
  return [
    name,
    {
      value: callable(name, call),
      ...signature,
    },
  ];
}
/** The functions of SPEC 2.2. */
var GLOBALS = new Map([
  define('range', range, {
    params: ['start', 'stop', 'step'],
    required: 1,
  }),
  define('dict', dict, {
    params: ['mapping'],
    anyNames: true,
  }),
  define('namespace', namespace, {
    params: ['mapping'],
    anyNames: true,
  }),
  define('timedelta', delta, { params: DELTA_NAMES }),
  define('cycler', cycler, {
    params: [],
    variadic: true,
  }),
  define('joiner', joiner, { params: ['sep'] }),
  define('now', (_args, rt) => dateTime(rt.nowMs, ''), { params: [] }),
]);
/** The value of a built-in name that no scope defines. `now` is an instant; the functions stand for themselves. */
function readGlobal(name, rt) {
  return name === 'now' ? dateTime(rt.nowMs, '') : GLOBALS.get(name)?.value;
}
/** Functions of Jinja that are refused on purpose. */
var REFUSED_FUNCTIONS = /* @__PURE__ */ new Set(['lipsum']);
/** Names of SPEC 2.2 that are known in every template. */
var BUILT_IN_NAMES = /* @__PURE__ */ new Set([
  ...['inputs', 'variables', 'steps', 'run', 'run_id', 'workflow', 'workflow_context', 'trigger', 'secrets', 'env'],
  ...['true', 'false', 'none', 'null', 'True', 'False', 'None', 'Null'],
  ...GLOBALS.keys(),
]);
// src/core/workflow/expressions/format-braces.ts
var PLACE = /\{\{|\}\}|\{([^{}]{0,200})\}|[{}]/g;
var SPEC = /^(?:(.)?([<>^=]))?([-+ ]?)(0?)(\d{0,9})(,?)(?:\.(\d{1,9}))?([sdfFeEgGxXob%]?)$/su;
function group(text) {
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === void 0 ? grouped : `${grouped}.${fraction}`;
}
function formatNumber(value, letter, parts) {
  const precision = parts[7] === void 0 ? void 0 : Number(parts[7]);
  const look = {
    flags: '',
    width: 0,
    precision,
  };
  let digits;
  if (letter === '%') digits = `${numberDigits('f', value * 100, look)}%`;
  else if (letter === 'b') digits = Math.abs(Math.trunc(value)).toString(2);
  else if (letter === '') digits = precision === void 0 ? String(Math.abs(value)) : numberDigits('g', value, look);
  else digits = numberDigits(letter, value, look);
  if (parts[6] === ',') digits = group(digits);
  return (
    (value < 0 ? '-' : parts[3] === '+' || parts[3] === ' ' ? parts[3] : '') +
    (letter === 'X' || letter === 'E' || letter === 'G' ? digits.toUpperCase() : digits)
  );
}
function align(text, parts, isNumber) {
  const width = Number(parts[5] ?? 0);
  if (text.length >= width) return text;
  const isZero = parts[4] === '0';
  const fill = parts[1] ?? (isZero ? '0' : ' ');
  const side = parts[2] ?? (isZero && isNumber ? '=' : isNumber ? '>' : '<');
  if (side === '<') return text.padEnd(width, fill);
  if (side === '>') return text.padStart(width, fill);
  if (side === '^') return text.padStart(text.length + Math.floor((width - text.length) / 2), fill).padEnd(width, fill);
  const sign = /^[+ -]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, fill);
}
function formatPlace(value, spec, rt) {
  const parts = SPEC.exec(spec);
  if (parts === null) throw typeFailure(`\`${spec.slice(0, 40)}\` is not a format.`);
  checkTextLength(rt, Number(parts[5] ?? 0));
  const letter = parts[8] ?? '';
  if (typeof value === 'number' && Number.isFinite(value) && letter !== 's')
    return align(formatNumber(value, letter, parts), parts, true);
  if (letter !== '' && letter !== 's') throw typeFailure(`The format \`${spec}\` needs a number.`);
  const text = textOf$1(value, rt);
  return align(parts[7] === void 0 ? text : text.slice(0, Number(parts[7])), parts, false);
}
/** `'{} {0} {name:>5.2f}'.format(...)`. Fields of arguments (`{0.x}`) are refused: they are a classic way out. */
function formatBraces(pattern, args, rt) {
  let position = 0;
  let length = pattern.length;
  return pattern.replace(PLACE, (whole, place) => {
    if (whole === '{{' || whole === '}}') return whole.charAt(0);
    if (place === void 0) throw syntaxFailure('A single brace in a format must be doubled.');
    const colon = place.indexOf(':');
    const name = colon === -1 ? place : place.slice(0, colon);
    if (!/^\w*$/.test(name)) throw typeFailure(`\`{${name}}\` is refused: a format may name arguments only.`);
    const isPosition = /^\d*$/.test(name);
    const index = name === '' ? position++ : Number(name);
    if (isPosition ? index >= args.values.length : !args.named.has(name))
      throw typeFailure(`The format has no argument for \`{${name}}\`.`);
    const made = formatPlace(
      isPosition ? args.values[index] : args.named.get(name),
      colon === -1 ? '' : place.slice(colon + 1),
      rt,
    );
    length += made.length;
    checkTextLength(rt, length);
    charge(rt, made.length + 8);
    return made;
  });
}
// src/core/workflow/expressions/methods.ts
function method(params, run, extra = {}) {
  return {
    params,
    run,
    ...extra,
  };
}
/** A method of text that reads it once. */
function text(run) {
  return method([], (receiver, _args, rt) => {
    chargeText(rt, receiver.length);
    return run(receiver);
  });
}
/** One or several prefixes, as in Python. */
function anyAffix(args, rt, holds) {
  const affix = args.values[0];
  return Array.isArray(affix)
    ? affix.some((one) => typeof one === 'string' && holds(one))
    : holds(textArgument(args.values[0], '', rt));
}
function countText(receiver, piece, rt) {
  charge(rt, receiver.length);
  return piece === '' ? textLength(receiver) + 1 : receiver.split(piece).length - 1;
}
function find(receiver, args, rt) {
  const at = receiver.indexOf(textArgument(args.values[0], '', rt), wholeArgument(args, 1, 0));
  return at <= 0 ? at : textLength(receiver.slice(0, at));
}
var TEXT_METHODS = /* @__PURE__ */ new Map([
  ['upper', text((s) => s.toUpperCase())],
  ['lower', text((s) => s.toLowerCase())],
  ['title', text((s) => s.replace(/\p{L}+/gu, capitalize))],
  ['capitalize', text(capitalize)],
  ['strip', method(['chars'], (s, args) => stripText(s, args.values[0], 'both'))],
  ['lstrip', method(['chars'], (s, args) => stripText(s, args.values[0], 'left'))],
  ['rstrip', method(['chars'], (s, args) => stripText(s, args.values[0], 'right'))],
  ['split', method(['sep', 'maxsplit'], (s, args, rt) => splitText(s, args.values[0], wholeArgument(args, 1, -1), rt))],
  [
    'replace',
    method(
      ['old', 'new', 'count'],
      (s, args, rt) =>
        replaceText(
          s,
          [textArgument(args.values[0], '', rt), textArgument(args.values[1], '', rt)],
          wholeArgument(args, 2, -1),
          rt,
        ),
      { required: 2 },
    ),
  ],
  [
    'startswith',
    method(['prefix'], (s, args, rt) => anyAffix(args, rt, (affix) => s.startsWith(affix)), { required: 1 }),
  ],
  ['endswith', method(['suffix'], (s, args, rt) => anyAffix(args, rt, (affix) => s.endsWith(affix)), { required: 1 })],
  ['join', method(['items'], (s, args, rt) => joinItems(toItems(args.values[0], rt), s, rt), { required: 1 })],
  ['find', method(['sub', 'start'], find, { required: 1 })],
  ['count', method(['sub'], (s, args, rt) => countText(s, textArgument(args.values[0], '', rt), rt), { required: 1 })],
  [
    'format',
    method([], formatBraces, {
      variadic: true,
      anyNames: true,
    }),
  ],
]);
function indexOf(items, args, rt) {
  const at = items.findIndex((item) => isEqual(item, args.values[0], rt));
  if (at === -1) throw typeFailure('The value is not in the list.');
  return at;
}
/** `list.filter(key=value)` of routing rules (SPEC 2.1). */
function filterByKeys(items, args, rt) {
  const wanted = [...args.named];
  return items.filter((item) =>
    wanted.every(([key, value]) => isEqual(readAttribute(item, key, rt.timeZone), value, rt)),
  );
}
var LIST_METHODS = /* @__PURE__ */ new Map([
  ['index', method(['value'], indexOf, { required: 1 })],
  [
    'count',
    method(['value'], (items, args, rt) => items.filter((item) => isEqual(item, args.values[0], rt)).length, {
      required: 1,
    }),
  ],
  ['filter', method([], filterByKeys, { anyNames: true })],
]);
function getKey(map, args, rt) {
  const key = args.values[0];
  const found =
    typeof key === 'string' || typeof key === 'number' ? readAttribute(map, String(key), rt.timeZone) : void 0;
  return found === void 0 ? (args.values[1] ?? null) : found;
}
var MAP_METHODS = /* @__PURE__ */ new Map([
  ['get', method(['key', 'default'], getKey, { required: 1 })],
  ['items', method([], (map, _args, rt) => entriesOf(map, 'items', rt))],
  ['keys', method([], (map, _args, rt) => toItems(map, rt))],
  ['values', method([], (map, _args, rt) => entriesOf(map, 'values', rt).map((entry) => entry[1]))],
]);
var DATE_METHODS = new Map([
  ...DATE_FIELDS.map((name) => [name, method([], (date, _args, rt) => readDate(date, name, zoneOf(date, rt)))]),
  ['isoformat', method([], (date, _args, rt) => isoOf(date, rt))],
  ['timestamp', method([], (date) => date.epochMs / 1e3)],
  [
    'strftime',
    method(
      ['format'],
      (date, args, rt) => strftime(date.epochMs, zoneOf(date, rt), textArgument(args.values[0], '', rt)),
      { required: 1 },
    ),
  ],
  ['date', method([], (date, _args, rt) => dateOf(date, rt))],
]);
var DELTA_METHODS = /* @__PURE__ */ new Map([['total_seconds', method([], (delta) => delta.ms / 1e3)]]);
function cycle(loop, args) {
  return args.values.length === 0 ? void 0 : args.values[loop.index0 % args.values.length];
}
/** Whether the values differ from those of the call before. */
function hasChanged(loop, args, rt) {
  const key = jsonOf(args.values, rt);
  const isNew = key !== loop.changedKey;
  loop.changedKey = key;
  return isNew;
}
var LOOP_METHODS = /* @__PURE__ */ new Map([
  ['cycle', method([], cycle, { variadic: true })],
  ['changed', method([], hasChanged, { variadic: true })],
]);
function advance(cycler) {
  const current = cycler.items[cycler.position];
  cycler.position = (cycler.position + 1) % Math.max(1, cycler.items.length);
  return current;
}
var CYCLER_METHODS = /* @__PURE__ */ new Map([
  ['next', method([], advance)],
  [
    'reset',
    method([], (cycler) => {
      cycler.position = 0;
      return null;
    }),
  ],
]);
/** Every name that some value answers to as a method. */
var METHOD_NAMES = new Set(
  [TEXT_METHODS, LIST_METHODS, MAP_METHODS, DATE_METHODS, DELTA_METHODS, LOOP_METHODS, CYCLER_METHODS].flatMap(
    (table) => [...table.keys()],
  ),
);
/** A method of a value, ready to be called; undefined when the value has none of that name. */
function findMethod(receiver, name) {
  return tableFor(receiver)?.get(name);
}
function tableFor(receiver) {
  const value = admit(receiver);
  if (typeof value === 'string') return TEXT_METHODS;
  if (Array.isArray(value)) return LIST_METHODS;
  if (isMap$2(value)) return MAP_METHODS;
  switch (asSpecial(value)?.[SPECIAL]) {
    case 'datetime':
      return DATE_METHODS;
    case 'timedelta':
      return DELTA_METHODS;
    case 'loop':
      return LOOP_METHODS;
    case 'cycler':
      return CYCLER_METHODS;
    default:
      return;
  }
}
/** Calls a method that `findMethod` found for this very receiver. */
function callMethod(found, receiver, call) {
  return found.run(receiver, call.args, call.rt);
}
// src/core/workflow/expressions/library-checks.ts
/** A method that some kind of value has. */
function checkMethod(name, { end }) {
  if (METHOD_NAMES.has(name)) return;
  const offset = end - name.length;
  throw unknownFailure(`Unknown method \`${name}\`.`, offset, suggestName(name, METHOD_NAMES));
}
/** A function of SPEC 2.2 with arguments that fit. */
function checkFunction({ name, start }, args) {
  const known = GLOBALS.get(name);
  if (known !== void 0) bindArguments(known, args, `\`${name}\``, start);
  else if (REFUSED_FUNCTIONS.has(name)) throw unknownFailure(`The function \`${name}\` is refused.`, start);
  else throw unknownFailure(`Unknown function \`${name}\`.`, start, suggestName(name, GLOBALS.keys()));
}
/** A filter of SPEC 2.3. */
function checkFilterName(name, offset) {
  if (FILTERS.has(name)) return;
  throw unknownFailure(
    REFUSED_FILTERS.get(name) ?? `Unknown filter \`${name}\`.`,
    offset,
    suggestName(name, FILTERS.keys()),
  );
}
/** A test of SPEC 2.3. */
function checkTestName(name, offset) {
  if (!TESTS.has(name)) throw unknownFailure(`Unknown test \`${name}\`.`, offset, suggestName(name, TESTS.keys()));
}
/** Position of the argument of a filter that names another filter or a test. */
var NAMED_BY_ARGUMENT = /* @__PURE__ */ new Map([
  ['map', [0, checkFilterName]],
  ['select', [0, checkTestName]],
  ['reject', [0, checkTestName]],
  ['selectattr', [1, checkTestName]],
  ['rejectattr', [1, checkTestName]],
]);
// src/core/workflow/expressions/inspect.ts
/** Looks at a parsed template: every filter, test, function and method exists, and which names are read. */
function inspectNodes(nodes) {
  const look = {
    problems: [],
    references: [],
    tested: /* @__PURE__ */ new Set(),
    locals: [/* @__PURE__ */ new Set()],
    guarded: false,
  };
  visitNodes(look, nodes);
  return finish$1(look);
}
/** As `inspectNodes`, for one expression. */
function inspectExpression(expr) {
  const look = {
    problems: [],
    references: [],
    tested: /* @__PURE__ */ new Set(),
    locals: [],
    guarded: false,
  };
  visit(look, expr);
  return finish$1(look);
}
function finish$1(look) {
  const references = look.references.map((found) =>
    look.tested.has(found.root)
      ? {
          ...found,
          guarded: true,
        }
      : found,
  );
  return {
    problems: look.problems,
    references,
  };
}
/** More problems than these help nobody, and each costs a search for what was meant. */
var MAX_PROBLEMS$1 = 50;
function note(look, check) {
  if (look.problems.length >= MAX_PROBLEMS$1) return;
  try {
    check();
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    look.problems.push(cause);
  }
}
var isLocal = (look, name) => look.locals.some((frame) => frame.has(name));
/** Visits in a frame of its own that begins with these names. */
function inFrame(look, names, run) {
  const before = look.locals;
  look.locals = [new Set(names), ...before];
  run();
  look.locals = before;
}
function declare(look, names) {
  for (const name of names) look.locals[0]?.add(name);
}
function visitNodes(look, nodes) {
  for (const node of nodes) visitNode(look, node);
}
function visitNode(look, node) {
  switch (node.kind) {
    case 'text':
      return;
    case 'single':
      visitSingle(look, node.path, node.start);
      return;
    case 'output':
      visit(look, node.value);
      return;
    case 'if':
      for (const branch of node.branches) {
        visit(look, branch.test);
        visitNodes(look, branch.body);
      }
      visitNodes(look, node.otherwise);
      return;
    case 'for':
      visit(look, node.source);
      inFrame(look, node.names, () => {
        if (node.condition !== void 0) visit(look, node.condition);
        inFrame(look, ['loop'], () => visitNodes(look, node.body));
      });
      inFrame(look, [], () => visitNodes(look, node.otherwise));
      return;
    default:
      visitBinding(look, node);
      return;
  }
}
function visitBinding(look, node) {
  if (node.kind === 'with') {
    for (const binding of node.bindings) visit(look, binding.value);
    inFrame(
      look,
      node.bindings.map((binding) => binding.name),
      () => visitNodes(look, node.body),
    );
    return;
  }
  if (node.kind === 'set') visit(look, node.value);
  else {
    if (node.filter !== void 0) visit(look, node.filter);
    inFrame(look, [], () => visitNodes(look, node.body));
  }
  if (node.kind === 'filter-block') return;
  if (node.target.kind === 'names') declare(look, node.target.names);
}
function visitSingle(look, path, offset) {
  const [root = '', ...rest] = path;
  if (!isLocal(look, root))
    look.references.push({
      root,
      path: rest,
      guarded: look.guarded,
      dialect: 'single',
      offset,
    });
}
function visitAll(look, exprs) {
  for (const expr of exprs) if (expr !== void 0) visit(look, expr);
}
/** Visits as guarded: what is undefined in there is handled. */
function visitGuarded(look, expr) {
  const before = look.guarded;
  look.guarded = true;
  visit(look, expr);
  look.guarded = before;
}
function visit(look, expr) {
  switch (expr.kind) {
    case 'name':
    case 'attribute':
    case 'index':
      visitPath(look, expr);
      return;
    case 'call':
      visitCall(look, expr);
      return;
    case 'filter':
      visitFilter(look, expr);
      return;
    case 'compare':
      visitCompare(look, expr);
      return;
    case 'logic':
      for (const operand of expr.operands) (expr.operator === 'or' ? visitGuarded : visit)(look, operand);
      return;
    default:
      visitAll(look, partsOf(expr));
  }
}
/** The expressions directly inside one that adds nothing of its own. */
function partsOf(expr) {
  switch (expr.kind) {
    case 'literal':
      return [];
    case 'slice':
      return [expr.target, expr.from, expr.to, expr.step];
    case 'list':
      return expr.items;
    case 'map':
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case 'unary':
      return [expr.operand];
    case 'chain':
      return [expr.first, ...expr.rest.map((step) => step.operand)];
    case 'ternary':
      return [expr.test, expr.yes, expr.no];
  }
}
function visitPath(look, expr) {
  for (let at = expr; at.kind === 'attribute' || at.kind === 'index'; at = at.target) {
    if (at.kind === 'index') visit(look, at.index);
    if (at.target.kind !== 'attribute' && at.target.kind !== 'index' && at.target.kind !== 'name')
      visit(look, at.target);
  }
  const found = pathOf(expr);
  if (found === void 0 || isLocal(look, found.name.name)) return;
  const { name, dialect, start, word } = found.name;
  const reference = {
    root: name,
    path: found.path,
    guarded: look.guarded || word,
    dialect,
    offset: start,
  };
  look.references.push(
    word
      ? {
          ...reference,
          word,
        }
      : reference,
  );
}
function visitArguments(look, args) {
  visitAll(look, [...args.positional, ...args.named.map((one) => one.value)]);
}
function visitCall(look, { callee, args }) {
  visitArguments(look, args);
  if (callee.kind === 'attribute') {
    visit(look, callee.target);
    note(look, () => checkMethod(callee.name, callee));
    return;
  }
  if (callee.kind !== 'name') {
    visit(look, callee);
    return;
  }
  if (isLocal(look, callee.name)) return;
  note(look, () => checkFunction(callee, args));
}
function visitFilter(look, { input, name, nameStart, args }) {
  const known = FILTERS.get(name);
  if (input !== void 0) known?.seesUndefined === true ? visitGuarded(look, input) : visit(look, input);
  visitArguments(look, args);
  note(look, () => {
    checkFilterName(name, nameStart);
    if (known !== void 0) bindArguments(known, args, `The filter \`${name}\``, nameStart);
    const [position, check] = NAMED_BY_ARGUMENT.get(name) ?? [];
    const named = position === void 0 ? void 0 : args.positional[position];
    if (named?.kind === 'literal' && typeof named.value === 'string') check?.(named.value, named.start);
  });
}
function visitCompare(look, { first, rest }) {
  if (rest.filter((step) => 'name' in step).some((step) => step.name === 'defined' || step.name === 'undefined')) {
    const root = pathOf(first)?.name.name;
    if (root !== void 0) look.tested.add(root);
    visitGuarded(look, first);
  } else visit(look, first);
  for (const step of rest)
    if ('operand' in step) visit(look, step.operand);
    else visitTest(look, step);
}
function visitTest(look, { name, nameStart, args }) {
  visitArguments(look, args);
  note(look, () => {
    checkTestName(name, nameStart);
    const known = TESTS.get(name);
    if (known !== void 0) bindArguments(known, args, `The test \`${name}\``, nameStart);
  });
}
// src/core/workflow/expressions/lexer.ts
var OPERATORS = ['==', '!=', '<=', '>=', '//', '**', '&&', '||', ...'()[]{},:.|+-*/%~<>=!'];
var SPACE = /[ \t\r\n\f\v\u00a0\ufeff]+/y;
var NAME$1 = /[A-Za-z_]\w*/y;
var NUMBER$2 = /0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?/y;
var DIGITS = /\d+/y;
var ESCAPES = /* @__PURE__ */ new Map([
  ['n', '\n'],
  ['t', '	'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['\n', ''],
]);
function match(pattern, source, at) {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}
/** Reads one quoted text; the quote stands at `start`. */
function readString(source, start) {
  const quote = source[start];
  let value = '';
  let from = start + 1;
  for (let at = from; at < source.length; at += 1) {
    const char = source[at];
    if (char === quote)
      return {
        type: 'string',
        text: value + source.slice(from, at),
        value: 0,
        start,
        end: at + 1,
      };
    if (char !== '\\') continue;
    const found = readEscape(source, at);
    value += source.slice(from, at) + found.text;
    at = found.next - 1;
    from = found.next;
  }
  throw syntaxFailure('A quoted text is not closed.', start);
}
function readEscape(source, at) {
  const letter = source[at + 1] ?? '';
  const width = letter === 'x' ? 2 : letter === 'u' ? 4 : 0;
  const digits = source.slice(at + 2, at + 2 + width);
  if (width > 0 && digits.length === width && /^[\da-fA-F]+$/.test(digits))
    return {
      text: String.fromCharCode(Number.parseInt(digits, 16)),
      next: at + 2 + width,
    };
  return {
    text: ESCAPES.get(letter) ?? `\\${letter}`,
    next: at + 1 + letter.length,
  };
}
function isAfterDot(tokens, start) {
  const last = tokens.at(-1);
  const before = tokens.at(-2);
  return (
    last?.text === '.' &&
    last.type === 'op' &&
    last.end === start &&
    before?.end === last.start &&
    before.type !== 'number'
  );
}
function readToken$1(source, at, tokens) {
  const char = source[at] ?? '';
  const name = match(NAME$1, source, at);
  if (name !== void 0)
    return {
      type: 'name',
      text: name,
      value: 0,
      start: at,
      end: at + name.length,
    };
  if (char === '"' || char === "'") return readString(source, at);
  if (char >= '0' && char <= '9') {
    if (isAfterDot(tokens, at)) {
      const digits = match(DIGITS, source, at) ?? char;
      return {
        type: 'number',
        text: digits,
        value: Number(digits),
        start: at,
        end: at + digits.length,
      };
    }
    const text = match(NUMBER$2, source, at) ?? char;
    const value = Number(text.replaceAll('_', ''));
    if (!Number.isFinite(value)) throw syntaxFailure(`\`${excerpt(text)}\` is not a number.`, at);
    return {
      type: 'number',
      text,
      value,
      start: at,
      end: at + text.length,
    };
  }
  const operator = OPERATORS.find((op) => source.startsWith(op, at));
  if (operator === void 0) throw syntaxFailure(`The character \`${char}\` has no meaning here.`, at);
  return {
    type: 'op',
    text: operator,
    value: 0,
    start: at,
    end: at + operator.length,
  };
}
/** The closing mark at `at`, if it stands there. */
function closingAt(source, at, closing) {
  if (closing === 'end') return void 0;
  if (source.startsWith(closing, at))
    return {
      next: at + 2,
      trims: false,
    };
  const sign = source[at];
  if ((sign !== '-' && sign !== '+') || !source.startsWith(closing, at + 1)) return void 0;
  return {
    next: at + 3,
    trims: sign === '-',
  };
}
/** Splits the source from `start` into words up to the closing mark. Throws `template.syntax` with the offset. */
function readTokens(source, start, closing) {
  const tokens = [];
  let braces = 0;
  for (let at = start; ; ) {
    at += match(SPACE, source, at)?.length ?? 0;
    const end = braces === 0 || closing === '%}' ? closingAt(source, at, closing) : void 0;
    if (end !== void 0 || at >= source.length) {
      tokens.push({
        type: 'end',
        text: '',
        value: 0,
        start: at,
        end: at,
      });
      return {
        tokens,
        next: end?.next ?? at,
        trims: end?.trims ?? false,
        isClosed: end !== void 0,
      };
    }
    const token = readToken$1(source, at, tokens);
    if (token.type === 'op' && token.text === '{') braces += 1;
    if (token.type === 'op' && token.text === '}') braces = Math.max(0, braces - 1);
    tokens.push(token);
    at = token.end;
  }
}
// src/core/workflow/expressions/parse-state.ts
var END = {
  type: 'end',
  text: '',
  value: 0,
  start: 0,
  end: 0,
};
function peek(state, ahead = 0) {
  return state.tokens[state.position + ahead] ?? state.tokens.at(-1) ?? END;
}
function take(state) {
  const token = peek(state);
  if (token.type !== 'end') state.position += 1;
  return token;
}
/** End of the last word taken. */
function lastEnd(state) {
  return state.tokens[state.position - 1]?.end ?? 0;
}
function isOperator(state, text, ahead = 0) {
  const token = peek(state, ahead);
  return token.type === 'op' && token.text === text;
}
/** Takes the operator if it comes next. */
function takeOperator(state, text) {
  if (!isOperator(state, text)) return false;
  state.position += 1;
  return true;
}
/** Whether a keyword comes next; bare conditions write keywords in any case. */
function isWord(state, word, ahead = 0) {
  const token = peek(state, ahead);
  if (token.type !== 'name') return false;
  return token.text === word || (state.bare && token.text.toLowerCase() === word);
}
function takeWord(state, word) {
  if (!isWord(state, word)) return false;
  state.position += 1;
  return true;
}
/** The word for what comes next, for messages. */
function describeNext(state) {
  const token = peek(state);
  if (token.type === 'end') return 'the end';
  return token.type === 'string' ? 'a text' : `\`${token.text}\``;
}
function expectOperator(state, text) {
  if (!isOperator(state, text))
    throw syntaxFailure(`Expected \`${text}\` but found ${describeNext(state)}.`, peek(state).start);
  return take(state);
}
function expectName(state, what) {
  if (peek(state).type !== 'name')
    throw syntaxFailure(`Expected ${what} but found ${describeNext(state)}.`, peek(state).start);
  return take(state);
}
function expectEnd(state) {
  const token = peek(state);
  if (token.type === 'end') return;
  const hint = isOperator(state, '=') ? 'Compare with `==`.' : void 0;
  throw syntaxFailure(
    `${describeNext(state)} is not expected here.`.replace(/^./, (c) => c.toUpperCase()),
    token.start,
    { hint },
  );
}
/** Runs one level deeper; over the cap of SPEC 2.3 it is `template.limit`. */
function nested(state, parse) {
  state.depth += 1;
  checkNesting(state, state.depth);
  const result = parse();
  state.depth -= 1;
  return result;
}
/** Refuses a nesting or chain that is deeper than the cap. */
function checkNesting(state, depth) {
  if (depth > DEFAULT_LIMITS.depth)
    throw limitFailure(`Expressions may be nested ${DEFAULT_LIMITS.depth} levels deep at most.`, peek(state).start);
}
// src/core/workflow/expressions/reserved-names.ts
/** Names that stand for a constant (SPEC 2.2). */
var CONSTANTS = /* @__PURE__ */ new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
  ['null', null],
  ['Null', null],
]);
/** Words of the language. */
var RESERVED = /* @__PURE__ */ new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else']);
/** Names that cannot be variables. */
function isReservedName(name) {
  return RESERVED.has(name) || CONSTANTS.has(name);
}
// src/core/workflow/expressions/parse-operand.ts
var NO_ARGS = {
  positional: [],
  named: [],
};
/** One operand with its attributes, indexes, calls and filters. */
function parseOperand(state) {
  return parseFilters(state, parsePostfix(state, parsePrimary(state)));
}
function parsePrimary(state) {
  const token = take(state);
  if (token.type === 'number')
    return {
      kind: 'literal',
      value: token.value,
      start: token.start,
      end: token.end,
    };
  if (token.type === 'string') return parseText(state, token);
  if (token.type === 'name') return parseName(token);
  if (token.type === 'op') {
    if (token.text === '(') return parseGroup(state, token.start);
    if (token.text === '[') return parseItems(state, ']', token.start);
    if (token.text === '{') return parseBraces(state, token);
    if ((token.text === '-' || token.text === '+') && peek(state).type === 'number') {
      const number = take(state);
      return {
        kind: 'literal',
        value: token.text === '-' ? -number.value : number.value,
        start: token.start,
        end: number.end,
      };
    }
  }
  if (token.type !== 'end') state.position -= 1;
  throw syntaxFailure(`Expected a value but found ${describeNext(state)}.`, token.start);
}
function parseText(state, first) {
  let value = first.text;
  while (peek(state).type === 'string') value += take(state).text;
  return {
    kind: 'literal',
    value,
    start: first.start,
    end: lastEnd(state),
  };
}
function parseName(token) {
  const place = {
    start: token.start,
    end: token.end,
  };
  const constant = CONSTANTS.get(token.text);
  if (constant !== void 0)
    return {
      kind: 'literal',
      value: constant,
      ...place,
    };
  if (RESERVED.has(token.text)) throw syntaxFailure(`\`${token.text}\` is not expected here.`, token.start);
  return {
    kind: 'name',
    name: token.text,
    word: false,
    dialect: 'double',
    ...place,
  };
}
function parseGroup(state, start) {
  if (takeOperator(state, ')'))
    return {
      kind: 'list',
      items: [],
      start,
      end: lastEnd(state),
    };
  const first = state.parse(state);
  if (takeOperator(state, ')')) return first;
  expectOperator(state, ',');
  const rest = parseItems(state, ')', start);
  return rest.kind === 'list'
    ? {
        ...rest,
        items: [first, ...rest.items],
      }
    : rest;
}
function parseItems(state, closing, start) {
  const items = [];
  while (!isOperator(state, closing)) {
    items.push(state.parse(state));
    if (!takeOperator(state, ',')) break;
  }
  expectOperator(state, closing);
  return {
    kind: 'list',
    items,
    start,
    end: lastEnd(state),
  };
}
/** A map; in conditions also `{path}` and `{{ expr }}`, neither of which can be a map. */
function parseBraces(state, open) {
  if (state.condition) {
    if (isOperator(state, '{') && peek(state).start === open.end) return parseDoubleBraces(state, open);
    const reference = parseReference(state, open);
    if (reference !== void 0) return reference;
  }
  const entries = [];
  while (!isOperator(state, '}')) {
    const key = state.parse(state);
    expectOperator(state, ':');
    entries.push({
      key,
      value: state.parse(state),
    });
    if (!takeOperator(state, ',')) break;
  }
  expectOperator(state, '}');
  return {
    kind: 'map',
    entries,
    start: open.start,
    end: lastEnd(state),
  };
}
function parseDoubleBraces(state, open) {
  take(state);
  if (isOperator(state, '-') && peek(state).start === open.end + 1) take(state);
  const wasBare = state.bare;
  state.bare = false;
  const inner = state.parse(state);
  state.bare = wasBare;
  takeOperator(state, '-');
  expectOperator(state, '}');
  expectOperator(state, '}');
  return inner;
}
/** `{path}` as a reference, or undefined when the brace opens something else. */
function parseReference(state, open) {
  const from = state.position;
  const root = peek(state);
  if (root.type !== 'name') return void 0;
  take(state);
  let expr = {
    kind: 'name',
    name: root.text,
    word: false,
    dialect: 'single',
    start: open.start,
    end: root.end,
  };
  for (let count = 1; takeOperator(state, '.'); count += 1) {
    const part = take(state);
    if (part.type !== 'name' && part.type !== 'number') break;
    checkNesting(state, count);
    expr = {
      kind: 'attribute',
      target: expr,
      name: part.text,
      start: open.start,
      end: part.end,
    };
  }
  if (takeOperator(state, '}'))
    return {
      ...expr,
      end: lastEnd(state),
    };
  state.position = from;
}
function parsePostfix(state, primary) {
  let expr = primary;
  for (let count = 1; ; count += 1) {
    const { start } = expr;
    if (takeOperator(state, '.')) {
      const token = peek(state);
      if (token.type !== 'name' && token.type !== 'number')
        throw syntaxFailure(`Expected a name after \`.\` but found ${describeNext(state)}.`, token.start);
      expr = {
        kind: 'attribute',
        target: expr,
        name: take(state).text,
        start,
        end: lastEnd(state),
      };
    } else if (takeOperator(state, '[')) expr = parseSubscript(state, expr);
    else if (isOperator(state, '('))
      expr = {
        kind: 'call',
        callee: expr,
        args: parseArguments(state),
        start,
        end: lastEnd(state),
      };
    else return expr;
    checkNesting(state, count);
  }
}
function parseSubscript(state, target) {
  const { start } = target;
  const part = () => (isOperator(state, ':') || isOperator(state, ']') ? void 0 : state.parse(state));
  const from = part();
  if (!isOperator(state, ':')) {
    if (from === void 0) throw syntaxFailure('An index is missing between `[` and `]`.', peek(state).start);
    expectOperator(state, ']');
    return {
      kind: 'index',
      target,
      index: from,
      start,
      end: lastEnd(state),
    };
  }
  take(state);
  const to = part();
  const step = takeOperator(state, ':') ? part() : void 0;
  expectOperator(state, ']');
  return {
    kind: 'slice',
    target,
    from,
    to,
    step,
    start,
    end: lastEnd(state),
  };
}
/** `(a, b, name=c)` */
function parseArguments(state) {
  expectOperator(state, '(');
  const positional = [];
  const named = [];
  while (!isOperator(state, ')')) {
    if (isOperator(state, '*') || isOperator(state, '**'))
      throw syntaxFailure('Arguments cannot be unpacked with `*`.', peek(state).start);
    const first = peek(state);
    if (first.type === 'name' && isOperator(state, '=', 1)) {
      state.position += 2;
      named.push({
        name: first.text,
        value: parseKeywordValue(state),
        start: first.start,
      });
    } else if (named.length > 0)
      throw syntaxFailure('Arguments without a name come before those with one.', first.start);
    else positional.push(state.parse(state));
    if (!takeOperator(state, ',')) break;
  }
  expectOperator(state, ')');
  return {
    positional,
    named,
  };
}
/** In a bare condition `list.filter(key=word)` may name a word (routing rules, SPEC 2.1). */
function parseKeywordValue(state) {
  const value = state.parse(state);
  return state.bare && value.kind === 'name' && value.dialect === 'double'
    ? {
        ...value,
        word: true,
      }
    : value;
}
/** The one argument a test may take without parentheses: `x is divisibleby 3`. */
function parseTestArguments(state) {
  const token = peek(state);
  if (
    !(
      token.type === 'number' ||
      token.type === 'string' ||
      (token.type === 'name' && !RESERVED.has(state.bare ? token.text.toLowerCase() : token.text)) ||
      (token.type === 'op' && (token.text === '[' || token.text === '{'))
    )
  )
    return NO_ARGS;
  return {
    positional: [parsePostfix(state, parsePrimary(state))],
    named: [],
  };
}
function parseFilters(state, input) {
  let expr = input;
  for (let count = 1; takeOperator(state, '|'); count += 1) {
    checkNesting(state, count);
    expr = parseFilter(state, expr);
  }
  return expr;
}
function parseFilter(state, input) {
  const name = expectName(state, 'the name of a filter');
  const args = isOperator(state, '(') ? nested(state, () => parseArguments(state)) : NO_ARGS;
  if (isOperator(state, '.') || isOperator(state, '[') || isOperator(state, '('))
    throw syntaxFailure(`${describeNext(state)} cannot follow a filter.`, peek(state).start, {
      hint: 'Put the filter in parentheses: `(value | filter).field`.',
    });
  return {
    kind: 'filter',
    input,
    name: name.text,
    nameStart: name.start,
    args,
    start: input?.start ?? name.start,
    end: lastEnd(state),
  };
}
/** `name(args) | name` of a `filter` or `set` block. */
function parseFilterChain(state) {
  let chain = parseFilter(state, void 0);
  while (takeOperator(state, '|')) chain = parseFilter(state, chain);
  return chain;
}
// src/core/workflow/expressions/parse-expression.ts
/** The state of a parser at the first of these words. */
function startParse(tokens, condition = false) {
  return {
    tokens,
    position: 0,
    depth: 0,
    condition,
    bare: condition,
    parse: parseExpression,
  };
}
/** Parses `expr`, or `a, b` as a list. */
function parseTuple(state) {
  const first = parseExpression(state);
  if (!isOperator(state, ',')) return first;
  const items = [first];
  while (takeOperator(state, ',')) {
    if (peek(state).type === 'end') break;
    items.push(parseExpression(state));
  }
  return {
    kind: 'list',
    items,
    start: first.start,
    end: lastEnd(state),
  };
}
/** Parses one expression, ternary included. */
function parseExpression(state) {
  return nested(state, () => {
    const yes = parseOr(state);
    if (!takeWord(state, 'if')) return yes;
    return {
      kind: 'ternary',
      test: parseOr(state),
      yes,
      no: takeWord(state, 'else') ? parseExpression(state) : void 0,
      start: yes.start,
      end: lastEnd(state),
    };
  });
}
/** Parses an expression that does not swallow a following `if` (the source of a `for`). */
function parseOr(state) {
  return parseLogic(state, 'or', '||', (inner) => parseLogic(inner, 'and', '&&', parseNot));
}
function parseLogic(state, operator, symbol, parse) {
  const first = parse(state);
  const operands = [first];
  while (takeWord(state, operator) || (state.condition && takeOperator(state, symbol))) operands.push(parse(state));
  if (operands.length === 1) return first;
  return {
    kind: 'logic',
    operator,
    operands,
    start: first.start,
    end: lastEnd(state),
  };
}
function parseNot(state) {
  const start = peek(state).start;
  if (!takeWord(state, 'not')) return parseComparison(state);
  return {
    kind: 'unary',
    operator: 'not',
    operand: nested(state, () => parseNot(state)),
    start,
    end: lastEnd(state),
  };
}
var COMPARISONS = /* @__PURE__ */ new Set(['==', '!=', '<', '<=', '>', '>=']);
function takeComparison(state) {
  const token = peek(state);
  if (token.type === 'op' && COMPARISONS.has(token.text)) return take(state).text;
  if (takeWord(state, 'is')) return 'is';
  if (takeWord(state, 'in')) return 'in';
  if (!isWord(state, 'not') || !isWord(state, 'in', 1)) return void 0;
  state.position += 2;
  return 'not in';
}
function parseComparison(state) {
  const first = parseSum(state);
  const rest = [];
  for (let operator = takeComparison(state); operator !== void 0; operator = takeComparison(state))
    if (operator === 'is') rest.push(parseTest(state));
    else
      rest.push({
        operator,
        operand: asWords(state, operator, parseSum(state)),
      });
  return rest.length === 0
    ? first
    : {
        kind: 'compare',
        first,
        rest,
        start: first.start,
        end: lastEnd(state),
      };
}
function parseTest(state) {
  const operator = takeWord(state, 'not') ? 'is not' : 'is';
  const token = peek(state);
  if (token.type !== 'name' && !(token.type === 'op' && COMPARISONS.has(token.text)))
    throw syntaxFailure(`Expected the name of a test but found ${describeNext(state)}.`, token.start);
  take(state);
  const args = isOperator(state, '(') ? parseArguments(state) : parseTestArguments(state);
  return {
    operator,
    name: token.text.replace(/^(None|True|False)$/, (word) => word.toLowerCase()),
    nameStart: token.start,
    args,
  };
}
/** In a bare condition, an undotted name right of a comparison or in an `in` list may stand for itself (SPEC 2.1). */
function asWords(state, operator, operand) {
  if (!state.bare) return operand;
  const asWord = (expr) =>
    expr.kind === 'name' && expr.dialect === 'double'
      ? {
          ...expr,
          word: true,
        }
      : expr;
  if (operator !== 'in' && operator !== 'not in') return asWord(operand);
  return operand.kind === 'list'
    ? {
        ...operand,
        items: operand.items.map(asWord),
      }
    : operand;
}
function parseChain(state, operators, parse) {
  const first = parse(state);
  const rest = [];
  for (;;) {
    const operator = operators.find((candidate) => isOperator(state, candidate));
    if (operator === void 0 || (operator === '-' && state.condition && isOperator(state, '}', 1))) break;
    take(state);
    rest.push({
      operator,
      operand: parse(state),
    });
  }
  return rest.length === 0
    ? first
    : {
        kind: 'chain',
        first,
        rest,
        start: first.start,
        end: lastEnd(state),
      };
}
var parseSum = (state) => parseChain(state, ['+', '-'], parseConcatenation);
var parseConcatenation = (state) => parseChain(state, ['~'], parseProduct);
var parseProduct = (state) => parseChain(state, ['*', '/', '//', '%'], parsePower);
var parsePower = (state) => parseChain(state, ['**'], parseUnary);
function parseUnary(state) {
  const token = peek(state);
  const isSign = token.type === 'op' && (token.text === '-' || token.text === '+');
  const isNegation = token.type === 'op' && token.text === '!' && state.condition;
  if ((!isSign && !isNegation) || (isSign && peek(state, 1).type === 'number')) return parseOperand(state);
  take(state);
  const operand = nested(state, () => parseUnary(state));
  return {
    kind: 'unary',
    operator: token.text === '!' ? 'not' : token.text === '-' ? '-' : '+',
    operand,
    start: token.start,
    end: lastEnd(state),
  };
}
/** Parses a whole condition text (SPEC 2.1). Throws `template.syntax`. */
function parseCondition(source) {
  if (source.trim() === '') throw syntaxFailure('The condition is empty.', 0);
  const state = startParse(readTokens(source, 0, 'end').tokens, true);
  const expr = parseExpression(state);
  expectEnd(state);
  return expr;
}
// src/core/workflow/expressions/parse-statement-heads.ts
function bindingName(state) {
  const token = expectName(state, 'a name');
  if (isReservedName(token.text) || token.text === '__proto__')
    throw syntaxFailure(`\`${token.text}\` cannot be the name of a variable.`, token.start);
  return token.text;
}
/** `a`, `a, b` or `(a, b)` */
function bindingNames(state) {
  const isGrouped = takeOperator(state, '(');
  const names = [bindingName(state)];
  while (takeOperator(state, ',')) names.push(bindingName(state));
  if (isGrouped) expectOperator(state, ')');
  return names;
}
/** `x in xs`, `k, v in m.items()`, `x in xs if cond` */
function parseForHead(state) {
  const names = bindingNames(state);
  if (!takeWord(state, 'in'))
    throw syntaxFailure(`Expected \`in\` but found ${describeNext(state)}.`, peek(state).start);
  const source = parseSource(state);
  const condition = takeWord(state, 'if') ? parseExpression(state) : void 0;
  if (takeWord(state, 'recursive')) throw syntaxFailure('`recursive` loops do not exist here.', peek(state).start);
  return {
    names,
    source,
    condition,
  };
}
function parseSource(state) {
  const first = parseOr(state);
  if (!isOperator(state, ',')) return first;
  const items = [first];
  while (takeOperator(state, ',')) items.push(parseOr(state));
  return {
    kind: 'list',
    items,
    start: first.start,
    end: items.at(-1)?.end ?? first.end,
  };
}
/** `a`, `a, b` or `ns.a` */
function parseSetHead(state) {
  const { start } = peek(state);
  const names = bindingNames(state);
  const [name] = names;
  if (names.length > 1 || name === void 0 || !takeOperator(state, '.'))
    return {
      kind: 'names',
      names,
    };
  return {
    kind: 'attribute',
    name,
    attribute: expectName(state, 'a name after `.`').text,
    start,
  };
}
/** `a = 1, b = 2`, or nothing */
function parseWithHead(state) {
  const bindings = [];
  while (peek(state).type !== 'end') {
    const name = bindingName(state);
    expectOperator(state, '=');
    bindings.push({
      name,
      value: parseExpression(state),
    });
    if (!takeOperator(state, ',')) break;
  }
  return bindings;
}
// src/core/workflow/expressions/scanner.ts
var RAW_END = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g;
function pushText(scan, end, trimsEnd, isRaw = false) {
  let text = scan.source.slice(scan.textStart, end);
  let start = scan.textStart;
  if (scan.trimsStart) {
    const trimmed = text.trimStart();
    start += text.length - trimmed.length;
    text = trimmed;
  }
  if (trimsEnd) text = text.trimEnd();
  if (text !== '')
    scan.segments.push({
      kind: 'text',
      text,
      start,
      isRaw,
    });
}
/** The next place from `from` where a tag opens, or -1. */
function findTag(source, from) {
  for (let at = source.indexOf('{', from); at !== -1; at = source.indexOf('{', at + 1)) {
    const next = source[at + 1];
    if (next === '{' || next === '%' || next === '#') return at;
  }
  return -1;
}
/** Splits a source into text and tags in one pass (SPEC 2.1). Comments vanish, `raw` becomes text. */
function scanTemplate(source) {
  const scan = {
    source,
    segments: [],
    problems: [],
    textStart: 0,
    trimsStart: false,
    hasTags: false,
  };
  for (let at = findTag(source, 0); at !== -1; at = findTag(source, scan.textStart)) {
    scan.hasTags = true;
    const sign = source[at + 2];
    pushText(scan, at, sign === '-');
    scan.trimsStart = false;
    if (source[at + 1] === '#') scanComment(scan, at);
    else scanTag(scan, at, sign === '-' || (sign === '+' && source[at + 1] === '%') ? at + 3 : at + 2);
  }
  pushText(scan, source.length, false);
  return scan;
}
function scanComment(scan, at) {
  const end = scan.source.indexOf('#}', at + 2);
  if (end === -1) {
    scan.problems.push(syntaxFailure('The comment is not closed with `#}`.', at));
    scan.textStart = scan.source.length;
    return;
  }
  scan.textStart = end + 2;
  scan.trimsStart = end > at + 2 && scan.source[end - 1] === '-';
}
function scanTag(scan, at, from) {
  const closing = scan.source[at + 1] === '{' ? '}}' : '%}';
  try {
    const run = readTokens(scan.source, from, closing);
    if (!run.isClosed) scan.problems.push(syntaxFailure(`The tag is not closed with \`${closing}\`.`, at));
    scan.textStart = run.next;
    scan.trimsStart = run.trims;
    if (run.isClosed && closing === '%}' && run.tokens[0]?.text === 'raw' && run.tokens[1]?.type === 'end')
      scanRaw(scan, at);
    else if (run.isClosed) {
      const kind = closing === '}}' ? 'output' : 'statement';
      scan.segments.push({
        kind,
        tokens: run.tokens,
        start: at,
        end: run.next,
      });
    }
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    scan.problems.push(cause);
    resume(scan, cause, closing);
  }
}
/** Goes on behind the place of an error, never before it: each character is read once. */
function resume(scan, error, closing) {
  const offset = error.details?.offset;
  const end = scan.source.indexOf(closing, typeof offset === 'number' ? offset : scan.source.length);
  scan.textStart = end === -1 ? scan.source.length : end + 2;
}
function scanRaw(scan, at) {
  RAW_END.lastIndex = scan.textStart;
  const end = RAW_END.exec(scan.source);
  if (end === null) {
    scan.problems.push(syntaxFailure('`raw` is not closed with `endraw`.', at));
    scan.textStart = scan.source.length;
    return;
  }
  pushText(scan, end.index, end[1] === '-', true);
  scan.textStart = end.index + end[0].length;
  scan.trimsStart = end[2] === '-';
}
// src/core/workflow/expressions/parse-template.ts
var MAX_PROBLEMS = 50;
var STATEMENTS = ['if', 'for', 'set', 'with', 'filter', 'raw'];
var ENDINGS = ['elif', 'else', 'endif', 'endfor', 'endset', 'endwith', 'endfilter', 'endraw'];
var REFUSED = /* @__PURE__ */ new Map([
  ['macro', 'Macros do not exist here; write the text out or use a `for` loop.'],
  ['call', 'Macros do not exist here; write the text out.'],
  ['include', 'Templates cannot include files; use an input or a step output.'],
  ['import', 'Templates cannot import files.'],
  ['from', 'Templates cannot import files.'],
  ['extends', 'Templates cannot extend others.'],
  ['block', 'Templates cannot extend others, so blocks do not exist.'],
]);
var PLACEHOLDER = {
  kind: 'literal',
  value: null,
  start: 0,
  end: 0,
};
var SINGLE = /\{([A-Za-z_]\w*(?:\.\w+)*)\}/g;
/** Parses a template source. Never throws for content: errors are in `problems`, each with its offset. */
function parseTemplate(source) {
  if (source.length > DEFAULT_LIMITS.sourceLength)
    return {
      nodes: [],
      problems: [limitFailure('A template may hold 256 KiB at most.')],
      hasTags: false,
    };
  const { segments, problems, hasTags } = scanTemplate(source);
  const parser = {
    segments,
    problems: [...problems],
    position: 0,
    depth: 0,
  };
  const nodes = [];
  while (parser.position < segments.length) {
    nodes.push(...parseBody(parser, []).nodes);
    if (parser.segments[parser.position] !== void 0) parser.position += 1;
  }
  return {
    nodes,
    problems: parser.problems,
    hasTags,
  };
}
/** Runs a parser; an error is noted and `fallback` stands in. */
function guarded(parser, fallback, parse) {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    if (parser.problems.length < MAX_PROBLEMS) parser.problems.push(cause);
    return fallback;
  }
}
function textNodes(segment) {
  if (segment.isRaw || !segment.text.includes('{'))
    return [
      {
        kind: 'text',
        text: segment.text,
      },
    ];
  const nodes = [];
  let from = 0;
  for (const found of segment.text.matchAll(SINGLE)) {
    if (found.index > from)
      nodes.push({
        kind: 'text',
        text: segment.text.slice(from, found.index),
      });
    nodes.push({
      kind: 'single',
      path: (found[1] ?? '').split('.'),
      raw: found[0],
      start: segment.start + found.index,
    });
    from = found.index + found[0].length;
  }
  if (from < segment.text.length)
    nodes.push({
      kind: 'text',
      text: segment.text.slice(from),
    });
  return nodes;
}
/** Parses up to a statement whose word is in `endings`, which is taken, or to the end. */
function parseBody(parser, endings) {
  const nodes = [];
  for (let segment = parser.segments[parser.position]; segment !== void 0; segment = parser.segments[parser.position]) {
    parser.position += 1;
    if (segment.kind === 'text') nodes.push(...textNodes(segment));
    else if (segment.kind === 'output') {
      const { tokens } = segment;
      const node = guarded(parser, void 0, () => parseOutput(tokens));
      if (node !== void 0) nodes.push(node);
    } else {
      const state = startParse(segment.tokens);
      const tag = {
        word: take(state).text,
        state,
        start: segment.start,
      };
      if (endings.includes(tag.word))
        return {
          nodes,
          ending: tag,
        };
      nodes.push(...guarded(parser, [], () => parseStatement(parser, tag)));
    }
  }
  return {
    nodes,
    ending: void 0,
  };
}
function parseOutput(tokens) {
  const state = startParse(tokens);
  const value = parseTuple(state);
  expectEnd(state);
  return {
    kind: 'output',
    value,
  };
}
function parseStatement(parser, tag) {
  parser.depth += 1;
  if (parser.depth > DEFAULT_LIMITS.depth) {
    parser.position = parser.segments.length;
    throw limitFailure(`Statements may be nested ${DEFAULT_LIMITS.depth} levels deep at most.`, tag.start);
  }
  const nodes = parseKnown(parser, tag);
  parser.depth -= 1;
  return nodes;
}
function parseKnown(parser, tag) {
  switch (tag.word) {
    case 'if':
      return [parseIf(parser, tag)];
    case 'for':
      return [parseFor(parser, tag)];
    case 'set':
      return [parseSet(parser, tag)];
    case 'with':
      return [parseWith(parser, tag)];
    case 'filter':
      return [parseFilterBlock(parser, tag)];
    default:
      if (parser.problems.length < MAX_PROBLEMS) parser.problems.push(strayStatement(tag));
      return [];
  }
}
function strayStatement({ word, start }) {
  const place = start;
  if (ENDINGS.includes(word)) return syntaxFailure(`\`${word}\` has no opening statement.`, place);
  const opened = word.replace(/^end/, '');
  const refusal = REFUSED.get(opened);
  if (refusal !== void 0) return syntaxFailure(`The statement \`${word}\` is refused.`, place, { hint: refusal });
  const fix = suggestName(word, [...STATEMENTS, ...ENDINGS]);
  return syntaxFailure(word === '' ? 'The statement is empty.' : `Unknown statement \`${word}\`.`, place, { fix });
}
/** Reads the head of a statement to its end; an error is noted, the body is still read. */
function head(parser, tag, fallback, parse) {
  return guarded(parser, fallback, () => {
    const value = parse(tag.state);
    expectEnd(tag.state);
    return value;
  });
}
/** Reads a body and its closing statement. */
function block(parser, opening, endings) {
  const body = parseBody(parser, endings);
  const { ending } = body;
  if (ending === void 0)
    parser.problems.push(syntaxFailure(`\`${opening.word}\` is not closed with \`${endings.at(-1)}\`.`, opening.start));
  else if (ending.word !== 'elif') head(parser, ending, void 0, () => void 0);
  return body;
}
function parseIf(parser, opening) {
  const branches = [];
  let otherwise = [];
  let tag = opening;
  while (tag !== void 0 && tag.word !== 'endif') {
    if (tag.word === 'else') {
      otherwise = block(parser, opening, ['endif']).nodes;
      break;
    }
    const test = head(parser, tag, PLACEHOLDER, parseExpression);
    const body = block(parser, opening, ['elif', 'else', 'endif']);
    branches.push({
      test,
      body: body.nodes,
    });
    tag = body.ending;
  }
  return {
    kind: 'if',
    branches,
    otherwise,
  };
}
function parseFor(parser, tag) {
  const parts = head(
    parser,
    tag,
    {
      names: [],
      source: PLACEHOLDER,
      condition: void 0,
    },
    parseForHead,
  );
  const body = block(parser, tag, ['else', 'endfor']);
  const otherwise = body.ending?.word === 'else' ? block(parser, tag, ['endfor']).nodes : [];
  return {
    kind: 'for',
    ...parts,
    body: body.nodes,
    otherwise,
  };
}
function parseSet(parser, tag) {
  const target = guarded(
    parser,
    {
      kind: 'names',
      names: [],
    },
    () => parseSetHead(tag.state),
  );
  if (takeOperator(tag.state, '='))
    return {
      kind: 'set',
      target,
      value: head(parser, tag, PLACEHOLDER, parseTuple),
    };
  return {
    kind: 'set-block',
    target,
    filter: head(parser, tag, void 0, (state) => (takeOperator(state, '|') ? parseFilterChain(state) : void 0)),
    body: block(parser, tag, ['endset']).nodes,
  };
}
function parseWith(parser, tag) {
  return {
    kind: 'with',
    bindings: head(parser, tag, [], parseWithHead),
    body: block(parser, tag, ['endwith']).nodes,
  };
}
function parseFilterBlock(parser, tag) {
  const chain = head(parser, tag, void 0, parseFilterChain);
  const body = block(parser, tag, ['endfilter']).nodes;
  if (chain !== void 0)
    return {
      kind: 'filter-block',
      filter: chain,
      body,
    };
  return {
    kind: 'with',
    bindings: [],
    body,
  };
}
// src/core/workflow/expressions/analyze.ts
function toProblem(error) {
  const { code } = error;
  const offset = error.details?.offset;
  const fix = error.details?.fix;
  const hint = fix === void 0 && error.hint !== void 0 && code === 'template.syntax' ? ` ${error.hint}` : '';
  return {
    code: code === 'template.unknown' || code === 'template.limit' ? code : 'template.syntax',
    message: error.message + hint,
    offset: typeof offset === 'number' ? offset : 0,
    ...(typeof fix === 'string' ? { fix } : {}),
  };
}
function summarise(found, errors, hasTags) {
  const problems = [...errors, ...found.problems].map(toProblem).sort((a, b) => a.offset - b.offset);
  const hasSingle = found.references.some((reference) => reference.dialect === 'single');
  return {
    problems,
    references: found.references,
    hasDouble: hasTags,
    hasSingle,
  };
}
function collect(run) {
  try {
    return evaluateSafely(run);
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return {
      problems: [toProblem(cause)],
      references: [],
      hasDouble: false,
      hasSingle: false,
    };
  }
}
/**
 * Looks at a text without evaluating it: its problems, in order, and the names it reads (SPEC 1.10). Never throws for
 * content. In mode `template` every possible `{path}` is reported; the caller decides whether its root is a known name.
 */
function analyzeText(source, mode) {
  return collect(() => {
    if (mode === 'template') {
      if (!source.includes('{'))
        return {
          problems: [],
          references: [],
          hasDouble: false,
          hasSingle: false,
        };
      const parsed = parseTemplate(source);
      return summarise(inspectNodes(parsed.nodes), parsed.problems, parsed.hasTags);
    }
    if (source.length > DEFAULT_LIMITS.sourceLength) throw limitFailure('A condition may hold 256 KiB at most.');
    return summarise(inspectExpression(parseCondition(source)), [], source.includes('{{'));
  });
}
// src/core/workflow/expressions/compile-context.ts
/** The value of a slot to which nothing was assigned yet; reading goes on outwards. */
var UNSET = Symbol('unset');
function createContext(source, condition) {
  return {
    source,
    condition,
    frame: {
      names: /* @__PURE__ */ new Map(),
      parent: void 0,
    },
    slotCount: 0,
  };
}
/** The slot of a name in the current frame, made when it is new. */
function declareSlot(ctx, name) {
  const known = ctx.frame.names.get(name);
  if (known !== void 0) return known;
  const slot = ctx.slotCount;
  ctx.slotCount += 1;
  ctx.frame.names.set(name, slot);
  return slot;
}
/** Slots that may hold a name here, nearest first. */
function visibleSlots(ctx, name) {
  const slots = [];
  for (let frame = ctx.frame; frame !== void 0; frame = frame.parent) {
    const slot = frame.names.get(name);
    if (slot !== void 0) slots.push(slot);
  }
  return slots;
}
/** Compiles in a new frame; gives the result and the slots of that frame. */
function inNewFrame(ctx, compile) {
  const frame = {
    names: /* @__PURE__ */ new Map(),
    parent: ctx.frame,
  };
  ctx.frame = frame;
  const result = compile();
  ctx.frame = frame.parent ?? frame;
  return {
    result,
    frame,
  };
}
/** How warnings name an expression: its piece of the source. Undefined for a ternary without `else`: it may be empty. */
function labelOf(ctx, expr) {
  if (expr.kind === 'ternary' && expr.no === void 0) return void 0;
  return excerpt(ctx.source.slice(expr.start, expr.end).replace(/^\{([\w.]+)\}$/, '$1'));
}
// src/core/workflow/expressions/compile-call.ts
/** Compiles arguments that are already in order. */
function compileArguments(ctx, bound, compile, allowsUndefined = false) {
  if (bound.values.length === 0 && bound.named.length === 0) return () => NO_ARGUMENTS;
  const values = bound.values.map((expr) =>
    expr === void 0
      ? void 0
      : {
          run: compile(ctx, expr),
          label: labelOf(ctx, expr),
        },
  );
  const named = bound.named.map(({ name, value }) => ({
    name,
    run: compile(ctx, value),
    label: labelOf(ctx, value),
  }));
  const isStrict = ctx.condition && !allowsUndefined;
  return (rt) => {
    const given = [];
    for (const part of values) {
      const value = part?.run(rt);
      if (value === void 0 && part !== void 0 && isStrict) return unknown(rt, part.label);
      given.push(value);
    }
    if (named.length === 0)
      return {
        values: given,
        named: NO_NAMES,
      };
    const names = /* @__PURE__ */ new Map();
    for (const { name, run, label } of named) {
      const value = run(rt);
      if (value === void 0 && isStrict) return unknown(rt, label);
      names.set(name, value);
    }
    return {
      values: given,
      named: names,
    };
  };
}
function unknown(rt, label) {
  warnUndefined(rt, label);
}
/** `input | name(args)`; `block` is the input of the first filter of a block. */
function compileFilter(ctx, expr, compile, block) {
  const { input, name, nameStart } = expr;
  const found = FILTERS.get(name);
  if (found === void 0) throw unknownFailure(`Unknown filter \`${name}\`.`, nameStart);
  const { run } = found;
  const seesUndefined = found.seesUndefined === true;
  const args = compileArguments(
    ctx,
    bindArguments(found, expr.args, `The filter \`${name}\``, nameStart),
    compile,
    seesUndefined,
  );
  const read = compileFilterInput(ctx, input, compile, block);
  const label = input === void 0 ? void 0 : labelOf(ctx, input);
  const { condition } = ctx;
  return (rt) => {
    step(rt);
    const value = read(rt);
    if (value === void 0 && !seesUndefined) {
      warnUndefined(rt, label);
      if (condition) return void 0;
    }
    const given = args(rt);
    return given === void 0 ? void 0 : run(value, given, rt);
  };
}
function compileFilterInput(ctx, input, compile, block) {
  if (input === void 0) return block ?? (() => void 0);
  if (block !== void 0 && input.kind === 'filter') return compileFilter(ctx, input, compile, block);
  return compile(ctx, input);
}
/** A call of a function, a method, or a value that is callable (`joiner`). */
function compileCall(ctx, expr, compile) {
  const { callee, args, start } = expr;
  if (callee.kind === 'attribute')
    return compileMethodCall(
      ctx,
      {
        ...expr,
        callee,
      },
      compile,
    );
  if (callee.kind === 'name' && visibleSlots(ctx, callee.name).length === 0) {
    const found = GLOBALS.get(callee.name);
    if (found === void 0) throw unknownFailure(`Unknown function \`${callee.name}\`.`, start);
    const { value } = found;
    const given = compileArguments(ctx, bindArguments(found, args, `\`${callee.name}\``, start), compile);
    return (rt) => {
      step(rt);
      const ready = given(rt);
      return ready === void 0 ? void 0 : value.call(ready, rt);
    };
  }
  const read = compile(ctx, callee);
  const given = compileArguments(
    ctx,
    {
      values: args.positional,
      named: args.named,
    },
    compile,
  );
  return (rt) => {
    step(rt);
    return callValue(read(rt), given, rt);
  };
}
function callValue(value, given, rt) {
  const special = asSpecial(value);
  if (special?.[SPECIAL] !== 'callable') throw typeFailure(`${aKindOf(value)} cannot be called.`);
  const ready = given(rt);
  return ready === void 0 ? void 0 : special.call(ready, rt);
}
function compileMethodCall(ctx, { callee, args }, compile) {
  const target = compile(ctx, callee.target);
  const label = labelOf(ctx, callee.target);
  const { name } = callee;
  const argumentsFor = bindLate(ctx, name, args, compile);
  return (rt) => {
    step(rt);
    const receiver = target(rt);
    if (receiver === void 0) return unknown(rt, label);
    const found = findMethod(receiver, name);
    if (found === void 0) {
      const value = readAttribute(receiver, name, rt.timeZone);
      if (asSpecial(value)?.[SPECIAL] === 'callable') return callValue(value, argumentsFor(FREE), rt);
      throw typeFailure(`${aKindOf(receiver)} has no method \`${name}\`.`);
    }
    const ready = argumentsFor(found)(rt);
    return ready === void 0
      ? void 0
      : callMethod(found, receiver, {
          args: ready,
          rt,
        });
  };
}
var FREE = {
  params: [],
  variadic: true,
  anyNames: true,
};
/** Arguments of a method are fitted once the kind of the receiver is known; few kinds meet at one place. */
function bindLate(ctx, name, args, compile) {
  const free = compileArguments(
    ctx,
    {
      values: args.positional,
      named: args.named,
    },
    compile,
  );
  const ready = /* @__PURE__ */ new Map();
  const local = { ...ctx };
  return (signature) => {
    if (signature === FREE) return free;
    let made = ready.get(signature);
    if (made === void 0) {
      made = compileArguments(local, bindArguments(signature, args, `\`${name}\``, 0), compile);
      ready.set(signature, made);
    }
    return made;
  };
}
// src/core/workflow/expressions/compile-compare.ts
var ANSWERS = {
  '==': isEqual,
  '!=': (left, right, rt) => !isEqual(left, right, rt),
  '<': (left, right, rt) => isOrdered('<', left, right, rt),
  '<=': (left, right, rt) => isOrdered('<=', left, right, rt),
  '>': (left, right, rt) => isOrdered('>', left, right, rt),
  '>=': (left, right, rt) => isOrdered('>=', left, right, rt),
  in: contains,
  'not in': (left, right, rt) => {
    const found = contains(left, right, rt);
    return found === void 0 ? void 0 : !found;
  },
};
function contains(left, right, rt) {
  return left === void 0 || right === void 0 ? false : isIn(left, right, rt);
}
/** Operators that in template text say something sensible about undefined without a warning, as in Jinja. */
var QUIET = /* @__PURE__ */ new Set(['==', '!=']);
/**
 * A chain of comparisons and tests, `a < b < c`, `x is defined`. In a condition a comparison that meets undefined is
 * unknown, which counts as false and stays so under `not` (SPEC 2.3 Undefined).
 */
function compileCompare(ctx, { first, rest }, compile) {
  const start = compile(ctx, first);
  const startLabel = labelOf(ctx, first);
  const links = rest.map((part) =>
    'operand' in part ? operatorLink(ctx, part, compile) : testLink(ctx, part, compile),
  );
  return (rt) => {
    let left = start(rt);
    let label = startLabel;
    for (const link of links) {
      step(rt);
      const right = link.right(rt);
      if (!link.isTest && (left === void 0 || right === void 0)) {
        if (rt.condition || !link.isQuiet) warnUndefined(rt, left === void 0 ? label : link.label);
        if (rt.condition) return void 0;
      }
      const answer = link.answer(left, right, rt);
      if (answer === void 0) warnUndefined(rt, left === void 0 ? label : link.label);
      if (answer !== true) return answer;
      if (!link.isTest) {
        left = right;
        label = link.label;
      }
    }
    return true;
  };
}
function operatorLink(ctx, part, compile) {
  const { operator, operand } = part;
  return {
    answer: ANSWERS[operator],
    right: compileSearched(ctx, part, compile),
    label: labelOf(ctx, operand),
    isTest: false,
    isQuiet: QUIET.has(operator),
  };
}
/** A list written right of `in` may hold undefined items: another item can still decide. */
function compileSearched(ctx, part, compile) {
  const { operator, operand } = part;
  if (operand.kind !== 'list' || (operator !== 'in' && operator !== 'not in')) return compile(ctx, operand);
  const items = operand.items.map((item) => compile(ctx, item));
  return (rt) => items.map((item) => item(rt));
}
function testLink(ctx, part, compile) {
  const found = TESTS.get(part.name);
  if (found === void 0) throw unknownFailure(`Unknown test \`${part.name}\`.`, part.nameStart);
  const args = compileArguments(
    ctx,
    bindArguments(found, part.args, `The test \`${part.name}\``, part.nameStart),
    compile,
  );
  const isAboutUndefined = part.name === 'defined' || part.name === 'undefined';
  const isNegated = part.operator === 'is not';
  const answer = (left, _right, rt) => {
    if (left === void 0 && !isAboutUndefined && rt.condition) return void 0;
    const given = args(rt);
    if (given === void 0) return void 0;
    return (left === void 0 && found.seesUndefined !== true ? false : found.run(left, given, rt)) !== isNegated;
  };
  return {
    answer,
    right: () => void 0,
    label: void 0,
    isTest: true,
    isQuiet: true,
  };
}
// src/core/workflow/expressions/compile-expression.ts
/** Turns a checked expression into a closure. The tree must have passed `inspect`. */
function compileExpression(ctx, expr) {
  switch (expr.kind) {
    case 'literal': {
      const { value } = expr;
      return () => value;
    }
    case 'name':
      return compileName(ctx, expr);
    case 'attribute':
      return compileAttribute(ctx, expr);
    case 'index':
    case 'slice':
      return compileSubscript(ctx, expr);
    case 'list':
    case 'map':
      return compileCollection(ctx, expr);
    case 'call':
      return compileCall(ctx, expr, compileExpression);
    case 'filter':
      return compileFilter(ctx, expr, compileExpression);
    case 'unary':
      return compileUnary(ctx, expr);
    case 'chain':
      return compileChain(ctx, expr);
    case 'compare':
      return compileCompare(ctx, expr, compileExpression);
    case 'logic':
      return compileLogic(ctx, expr);
    case 'ternary':
      return compileTernary(ctx, expr);
  }
}
/** A name outside the template: the scope, then the built-in names (SPEC 2.2). */
function compileOuterName(name) {
  if (isHiddenKey(name)) return () => void 0;
  const isGlobal = GLOBALS.has(name);
  return (rt) => {
    const value = admit(rt.scope.get(name));
    return value === void 0 && isGlobal ? readGlobal(name, rt) : value;
  };
}
function compileName(ctx, { name, word }) {
  const outer = word ? compileWord(name) : compileOuterName(name);
  const slots = visibleSlots(ctx, name);
  const [nearest] = slots;
  if (nearest === void 0) return outer;
  if (slots.length === 1)
    return (rt) => {
      const value = rt.locals[nearest];
      return value === UNSET ? outer(rt) : value;
    };
  return (rt) => {
    const slot = slots.find((candidate) => rt.locals[candidate] !== UNSET);
    return slot === void 0 ? outer(rt) : rt.locals[slot];
  };
}
/** A name that stands for itself as text when nothing defines it (SPEC 2.1, bare conditions). */
function compileWord(name) {
  const read = compileOuterName(name);
  return (rt) => {
    const value = read(rt);
    if (value !== void 0 || rt.scope.has(name)) return value;
    warn(rt, 'template.bare_word', `\`${name}\` is not a known name and is taken as the text "${name}".`);
    return name;
  };
}
function compileAttribute(ctx, expr) {
  const target = compileExpression(ctx, expr.target);
  const { name } = expr;
  if (isHiddenKey(name)) return () => void 0;
  if (ctx.condition && name === 'length')
    return (rt) => {
      const value = target(rt);
      return Array.isArray(value) ? value.length : readAttribute(value, name, rt.timeZone);
    };
  return (rt) => readAttribute(target(rt), name, rt.timeZone);
}
function compileSubscript(ctx, expr) {
  const target = compileExpression(ctx, expr.target);
  if (expr.kind === 'index') {
    const index = compileExpression(ctx, expr.index);
    return (rt) => readIndex(target(rt), index(rt), rt.timeZone);
  }
  const label = labelOf(ctx, expr.target);
  const [from, to, by] = [expr.from, expr.to, expr.step].map((bound) =>
    bound === void 0 ? () => void 0 : compileExpression(ctx, bound),
  );
  return (rt) => {
    const value = target(rt);
    if (value === void 0) return missing(rt, label);
    const sliced = readSlice(value, [from?.(rt), to?.(rt), by?.(rt)]);
    chargeSlots(rt, sliced.length);
    return sliced;
  };
}
/** Notes that something undefined was met; the result is undefined too. */
function missing(rt, label) {
  warnUndefined(rt, label);
}
/** Lists and maps. In a condition an undefined part makes the whole unknown, so that it can decide nothing. */
function compileCollection(ctx, expr) {
  const { condition } = ctx;
  if (expr.kind === 'list') {
    const items = expr.items.map((item) => compileExpression(ctx, item));
    const label = labelOf(ctx, expr);
    return (rt) => {
      chargeSlots(rt, items.length);
      const list = items.map((item) => item(rt));
      return condition && list.includes(void 0) ? missing(rt, label) : list;
    };
  }
  const entries = expr.entries.map(({ key, value }) => ({
    key: compileExpression(ctx, key),
    value: compileExpression(ctx, value),
    label: labelOf(ctx, value),
  }));
  return (rt) => {
    chargeSlots(rt, entries.length * 2);
    const map = {};
    for (const { key, value, label } of entries) {
      const item = value(rt);
      if (item === void 0 && condition) return missing(rt, label);
      setKey(map, textOf$1(key(rt), rt), item);
    }
    return map;
  };
}
function compileUnary(ctx, { operator, operand }) {
  const inner = compileExpression(ctx, operand);
  const label = labelOf(ctx, operand);
  const { condition } = ctx;
  if (operator === 'not')
    return (rt) => {
      const value = inner(rt);
      return value === void 0 && condition ? missing(rt, label) : !isTrue(value);
    };
  return (rt) => {
    step(rt);
    const value = inner(rt);
    return value === void 0 ? missing(rt, label) : signed(operator, value);
  };
}
function compileChain(ctx, { first, rest }) {
  const start = compileExpression(ctx, first);
  const startLabel = labelOf(ctx, first);
  const steps = rest.map(({ operator, operand }) => ({
    operator,
    run: compileExpression(ctx, operand),
    label: labelOf(ctx, operand),
  }));
  const { condition } = ctx;
  return (rt) => {
    let value = start(rt);
    let label = startLabel;
    for (const { operator, run, label: nextLabel } of steps) {
      step(rt);
      const operand = run(rt);
      if (value === void 0) warnUndefined(rt, label);
      if (operand === void 0) warnUndefined(rt, nextLabel);
      if ((value === void 0 || operand === void 0) && (condition || operator !== '~')) return void 0;
      value = calculate(operator, value, operand, rt);
      label = void 0;
    }
    return value;
  };
}
/**
 * `and` and `or` give one of their operands, as in Python. In a condition an undefined operand of `and` makes the answer
 * unknown; `or` goes on and may still decide (SPEC 2.3 Undefined).
 */
function compileLogic(ctx, { operator, operands }) {
  const parts = operands.map((operand) => ({
    run: compileExpression(ctx, operand),
    label: labelOf(ctx, operand),
  }));
  const { condition } = ctx;
  if (operator === 'and')
    return (rt) => {
      let value;
      for (const { run, label } of parts) {
        value = run(rt);
        if (value === void 0 && condition) return missing(rt, label);
        if (!isTrue(value)) return value;
      }
      return value;
    };
  return (rt) => {
    let value;
    let isUnknown = false;
    for (const { run } of parts) {
      value = run(rt);
      if (isTrue(value)) return value;
      if (value === void 0) isUnknown = true;
    }
    return condition && isUnknown ? void 0 : value;
  };
}
function compileTernary(ctx, expr) {
  const test = compileExpression(ctx, expr.test);
  const yes = compileExpression(ctx, expr.yes);
  const no = expr.no === void 0 ? () => void 0 : compileExpression(ctx, expr.no);
  const label = labelOf(ctx, expr.test);
  const { condition } = ctx;
  return (rt) => {
    const value = test(rt);
    if (value === void 0 && condition) return missing(rt, label);
    return isTrue(value) ? yes(rt) : no(rt);
  };
}
// src/core/workflow/expressions/compiled-cache.ts
var MAX_ENTRIES = 2e3;
var MAX_CHARACTERS = 4194304;
/** Creates a cache. What `make` throws is not kept. */
function createCompiledCache() {
  const entries = /* @__PURE__ */ new Map();
  let characters = 0;
  const evict = () => {
    for (const oldest of entries.keys()) {
      if (entries.size <= MAX_ENTRIES && characters <= MAX_CHARACTERS) return;
      entries.delete(oldest);
      characters -= oldest.length;
    }
  };
  return {
    get(source, make) {
      const known = entries.get(source);
      if (known !== void 0) {
        entries.delete(source);
        entries.set(source, known);
        return known;
      }
      const made = make(source);
      entries.set(source, made);
      characters += source.length;
      evict();
      return made;
    },
  };
}
// src/core/workflow/expressions/conditions.ts
var cache$1 = createCompiledCache();
function compile$1(source) {
  if (source.length > DEFAULT_LIMITS.sourceLength) throw limitFailure('A condition may hold 256 KiB at most.');
  const expr = parseCondition(source);
  const [problem] = inspectExpression(expr).problems;
  if (problem !== void 0) throw problem;
  const ctx = createContext(source, true);
  return {
    run: compileExpression(ctx, expr),
    label: labelOf(ctx, expr),
  };
}
/**
 * Evaluates a condition: a boolean, a bare expression, one `{{ expr }}` or an expression with `{path}` (SPEC 2.1). What
 * meets an undefined name is unknown, which counts as false under every operator, so that a missing name never makes a
 * condition true. Throws `template.syntax`, `.unknown`, `.type_error` or `.limit`.
 */
function evaluateCondition(condition, scope, options = {}) {
  if (typeof condition === 'boolean')
    return {
      value: condition,
      unknown: false,
      warnings: [],
    };
  return evaluateSafely(() => {
    const compiled = cache$1.get(condition, compile$1);
    const rt = createRuntime(
      {
        scope,
        condition: true,
        library: LIBRARY,
      },
      options,
    );
    const answer = evaluatePlaced(
      condition,
      () => 0,
      () => compiled.run(rt),
    );
    if (answer === void 0) warnUndefined(rt, compiled.label);
    return {
      value: isTrue(answer),
      unknown: answer === void 0,
      warnings: rt.warnings,
    };
  });
}
// src/core/workflow/expressions/compile-targets.ts
/** Gives a value to one name, or the parts of a list to several. */
function compileNames(slots) {
  const [only] = slots;
  if (only !== void 0 && slots.length === 1)
    return (rt, value) => {
      rt.locals[only] = value;
    };
  return (rt, value) => {
    if (!Array.isArray(value) || value.length !== slots.length)
      throw typeFailure(`A list of ${slots.length} values is needed for ${slots.length} names, not ${aKindOf(value)}.`);
    slots.forEach((slot, index) => {
      rt.locals[slot] = admit(value[index]);
    });
  };
}
/** What `set` writes to. */
function compileTarget(ctx, target) {
  if (target.kind === 'names') return compileNames(target.names.map((name) => declareSlot(ctx, name)));
  const { name, attribute, start } = target;
  const read = compileExpression(ctx, {
    kind: 'name',
    name,
    word: false,
    dialect: 'double',
    start,
    end: start + name.length,
  });
  return (rt, value) => {
    const special = asSpecial(read(rt));
    if (special?.[SPECIAL] !== 'namespace')
      throw typeFailure(`\`${name}\` is not a namespace; only \`namespace()\` values can be changed.`);
    if (isHiddenKey(attribute)) throw typeFailure(`\`${attribute}\` cannot be set.`);
    chargeSlots(rt, 2);
    special.values.set(attribute, value);
  };
}
/** Clears the names of a block before it runs again. */
function resetSlots(frame) {
  const slots = [...frame.names.values()];
  if (slots.length === 0) return () => void 0;
  return (rt) => {
    for (const slot of slots) rt.locals[slot] = UNSET;
  };
}
// src/core/workflow/expressions/compile-for.ts
/** `for ... [if ...] ... [else ...] endfor` (SPEC 2.3). */
function compileFor(ctx, node, compileBody) {
  const source = compileExpression(ctx, node.source);
  const label = labelOf(ctx, node.source);
  const { result: parts } = inNewFrame(ctx, () => {
    const assign = compileNames(node.names.map((name) => declareSlot(ctx, name)));
    const condition = node.condition === void 0 ? void 0 : compileExpression(ctx, node.condition);
    const loopSlot = declareSlot(ctx, 'loop');
    const { result: body, frame } = inNewFrame(ctx, () => compileBody(ctx, node.body));
    return {
      assign,
      condition,
      loopSlot,
      body,
      reset: resetSlots(frame),
    };
  });
  const { result: otherwise, frame: elseFrame } = inNewFrame(ctx, () => compileBody(ctx, node.otherwise));
  const resetElse = resetSlots(elseFrame);
  const { start } = node.source;
  return (rt) => {
    rt.place = start;
    step(rt);
    const value = source(rt);
    if (value === void 0) warnUndefined(rt, label);
    const items = loopItems(rt, value, parts);
    if (items.length > 0) return runLoop(rt, items, parts);
    resetElse(rt);
    otherwise(rt);
  };
}
/** The items a loop runs over; its `if` chooses before `loop` counts. */
function loopItems(rt, value, { assign, condition }) {
  const items = toItems(value, rt);
  if (condition === void 0) return items;
  return items.filter((item) => {
    step(rt);
    assign(rt, admit(item));
    return isTrue(condition(rt));
  });
}
function runLoop(rt, items, { assign, body, loopSlot, reset }) {
  const loop = {
    [SPECIAL]: 'loop',
    items,
    index0: 0,
    changedKey: void 0,
  };
  rt.locals[loopSlot] = loop;
  for (let i = 0; i < items.length; i += 1) {
    step(rt);
    loop.index0 = i;
    assign(rt, admit(items[i]));
    reset(rt);
    body(rt);
  }
}
// src/core/workflow/expressions/read-single.ts
/** The value of `{path}`, or `UNKNOWN` when its root is no known name (SPEC 2.1). */
var UNKNOWN = Symbol('unknown');
/** Reads `{path}` at run time. */
function readSingle(path, slots) {
  const [root = '', ...rest] = path;
  return (rt) => {
    const slot = slots.find((candidate) => rt.locals[candidate] !== UNSET);
    let value;
    if (slot !== void 0) value = rt.locals[slot];
    else if (isHiddenKey(root)) return UNKNOWN;
    else if (rt.scope.has(root)) value = admit(rt.scope.get(root));
    else if (root === 'now') value = readGlobal(root, rt);
    else return UNKNOWN;
    for (const part of rest) value = readAttribute(value, part, rt.timeZone);
    return value;
  };
}
// src/core/workflow/expressions/compile-template.ts
/** Compiles checked nodes of a template. */
function compileNodes(source, nodes) {
  const ctx = createContext(source, false);
  return {
    write: compileBody(ctx, nodes),
    slotCount: ctx.slotCount,
  };
}
function compileBody(ctx, nodes) {
  const writers = nodes.map((node) => compileNode(ctx, node));
  const [first, second] = writers;
  if (first === void 0) return () => void 0;
  if (second === void 0) return first;
  return (rt) => {
    for (const write of writers) write(rt);
  };
}
/** Appends to the output and holds it under its cap. */
function append(rt, text) {
  rt.out += text;
  if (rt.out.length > rt.limits.outputLength) checkTextLength(rt, rt.out.length);
}
function compileNode(ctx, node) {
  switch (node.kind) {
    case 'text': {
      const { text } = node;
      return (rt) => append(rt, text);
    }
    case 'single':
      return compileSingle(ctx, node);
    case 'output':
      return compileOutput(ctx, node.value);
    case 'if':
      return compileIf(ctx, node);
    case 'for':
      return compileFor(ctx, node, compileBody);
    case 'set': {
      const value = compileExpression(ctx, node.value);
      const assign = compileTarget(ctx, node.target);
      const { start } = node.value;
      return (rt) => {
        rt.place = start;
        step(rt);
        assign(rt, value(rt));
      };
    }
    case 'set-block': {
      const capture = compileCapture(ctx, node.body, node.filter);
      const assign = compileTarget(ctx, node.target);
      return (rt) => assign(rt, capture(rt));
    }
    case 'filter-block': {
      const capture = compileCapture(ctx, node.body, node.filter);
      return (rt) => append(rt, textOf$1(capture(rt), rt));
    }
    case 'with':
      return compileWith(ctx, node);
  }
}
function compileOutput(ctx, expr) {
  const value = compileExpression(ctx, expr);
  const label = labelOf(ctx, expr);
  const { start } = expr;
  return (rt) => {
    rt.place = start;
    step(rt);
    const found = value(rt);
    if (typeof found === 'string') append(rt, found);
    else if (found === void 0) warnUndefined(rt, label);
    else append(rt, textOf$1(found, rt));
  };
}
function compileSingle(ctx, node) {
  const read = readSingle(node.path, visibleSlots(ctx, node.path[0] ?? ''));
  const { raw, start } = node;
  const label = node.path.join('.');
  return (rt) => {
    rt.place = start;
    step(rt);
    const value = read(rt);
    if (value === UNKNOWN) append(rt, raw);
    else if (value === void 0) warnUndefined(rt, label);
    else append(rt, textOf$1(value, rt));
  };
}
function compileIf(ctx, node) {
  const branches = node.branches.map(({ test, body }) => ({
    test: compileExpression(ctx, test),
    start: test.start,
    body: compileBody(ctx, body),
  }));
  const otherwise = compileBody(ctx, node.otherwise);
  return (rt) => {
    step(rt);
    for (const { test, body, start } of branches) {
      rt.place = start;
      if (isTrue(test(rt))) return body(rt);
    }
    otherwise(rt);
  };
}
/** The text of a body, through a chain of filters if there is one. */
function compileCapture(ctx, body, chain) {
  const { result, frame } = inNewFrame(ctx, () => compileBody(ctx, body));
  const reset = resetSlots(frame);
  const slot = declareSlot(ctx, `block ${ctx.slotCount}`);
  const filter = chain === void 0 ? void 0 : compileFilter(ctx, chain, compileExpression, (rt) => rt.locals[slot]);
  return (rt) => {
    step(rt);
    reset(rt);
    const before = rt.out;
    rt.out = '';
    result(rt);
    const text = rt.out;
    rt.out = before;
    if (filter === void 0) return text;
    rt.locals[slot] = text;
    return filter(rt);
  };
}
function compileWith(ctx, node) {
  const values = node.bindings.map((binding) => compileExpression(ctx, binding.value));
  const { result, frame } = inNewFrame(ctx, () => {
    return {
      slots: node.bindings.map((binding) => declareSlot(ctx, binding.name)),
      body: compileBody(ctx, node.body),
    };
  });
  const reset = resetSlots(frame);
  return (rt) => {
    step(rt);
    const given = values.map((value) => value(rt));
    reset(rt);
    result.slots.forEach((slot, index) => {
      rt.locals[slot] = given[index];
    });
    result.body(rt);
  };
}
// src/core/workflow/expressions/compiled-template.ts
var cache = createCompiledCache();
/** The compiled form of a source; throws the first problem of the text. */
function compileTemplate(source) {
  return cache.get(source, compile);
}
function compile(source) {
  const parsed = parseTemplate(source);
  const problem = parsed.problems[0] ?? inspectNodes(parsed.nodes).problems[0];
  if (problem !== void 0) throw problem;
  return {
    isPlain: !parsed.hasTags && parsed.nodes.every((node) => node.kind === 'text'),
    ...compileNodes(source, parsed.nodes),
    native: compileNative(source, parsed.nodes),
  };
}
function compileNative(source, nodes) {
  const parts = nodes.filter((node) => node.kind !== 'text' || node.text.trim() !== '');
  const [only] = parts;
  const text = source.trim();
  if (only === void 0 || parts.length > 1 || !text.startsWith('{') || !text.endsWith('}')) return void 0;
  if (only.kind === 'output')
    return text.startsWith('{{') && text.endsWith('}}') ? nativeOutput(source, only.value) : void 0;
  return only.kind === 'single' ? nativeSingle(only.path) : void 0;
}
/** Whether a value comes out of the scope as it is, so that it need not be walked. */
function isReference(expr) {
  if (expr.kind === 'name') return true;
  if (expr.kind === 'attribute') return isReference(expr.target);
  return expr.kind === 'index' && expr.index.kind === 'literal' && isReference(expr.target);
}
/** A value as it leaves; undefined is null and a warning. */
function finish(rt, value, options) {
  if (value === void 0) {
    warnUndefined(rt, options.label);
    return null;
  }
  return options.isOwn || typeof value !== 'object' || asSpecial(value) !== void 0 ? exportValue(value, rt) : value;
}
function nativeOutput(source, expr) {
  const ctx = createContext(source, false);
  const read = compileExpression(ctx, expr);
  const options = {
    label: labelOf(ctx, expr),
    isOwn: !isReference(expr),
  };
  return (rt) => finish(rt, read(rt), options);
}
function nativeSingle(path) {
  const read = readSingle(path, []);
  const options = {
    label: path.join('.'),
    isOwn: false,
  };
  return (rt) => {
    const value = read(rt);
    return value === UNKNOWN ? UNKNOWN : finish(rt, value, options);
  };
}
// src/core/workflow/expressions/render.ts
var NO_WARNINGS = [];
var NO_OPTIONS = {};
function runtimeOf(rendering) {
  rendering.rt ??= createRuntime(
    {
      scope: rendering.scope,
      condition: false,
      library: LIBRARY,
    },
    rendering.options,
  );
  return rendering.rt;
}
/** Makes the runtime ready for one more text: each has its own steps and names; clock and memory are those of the value. */
function begin(rt, compiled) {
  rt.steps = 0;
  rt.nextCheck = Math.min(200, rt.limits.steps + 1);
  rt.out = '';
  rt.place = 0;
  rt.locals = compiled.slotCount === 0 ? [] : new Array(compiled.slotCount).fill(UNSET);
}
function renderString(rendering, source) {
  if (!source.includes('{')) return source;
  const compiled = compileTemplate(source);
  if (compiled.isPlain) return source;
  const rt = runtimeOf(rendering);
  begin(rt, compiled);
  const value = evaluatePlaced(
    source,
    () => rt.place,
    () => (compiled.native ?? writeText)(rt, compiled),
  );
  return value === UNKNOWN ? source : value;
}
function writeText(rt, compiled) {
  compiled.write(rt);
  return rt.out;
}
function renderAny(rendering, value, depth) {
  if (typeof value === 'string') return renderString(rendering, value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 60) checkDepth(runtimeOf(rendering), depth);
  if (Array.isArray(value)) return renderList(rendering, value, depth);
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? renderMap(rendering, value, depth) : value;
}
function renderList(rendering, list, depth) {
  let copy;
  for (let i = 0; i < list.length; i += 1) {
    const rendered = renderAny(rendering, list[i], depth + 1);
    if (copy === void 0 && !Object.is(rendered, list[i])) copy = list.slice();
    if (copy !== void 0) copy[i] = rendered;
  }
  return copy ?? list;
}
function renderMap(rendering, map, depth) {
  let copy;
  for (const key of Object.keys(map)) {
    const rendered = renderAny(rendering, map[key], depth + 1);
    if (Object.is(rendered, map[key])) continue;
    copy ??= { ...map };
    setKey(copy, key, rendered);
  }
  return copy ?? map;
}
/**
 * Renders the strings inside a value, maps and lists included; keys stay (SPEC 2.1 type rule). Parts in which nothing
 * changes come back as the same objects. Throws `template.syntax`, `.unknown`, `.type_error` or `.limit`.
 */
function renderValue(value, scope, options = NO_OPTIONS) {
  if (typeof value === 'string' && !value.includes('{'))
    return {
      value,
      warnings: NO_WARNINGS,
    };
  const rendering = {
    scope,
    options,
    rt: void 0,
  };
  return {
    value: evaluateSafely(() => renderAny(rendering, value, 0)),
    warnings: rendering.rt?.warnings ?? NO_WARNINGS,
  };
}
/** Renders one text to text. Throws as `renderValue`. */
function renderText(source, scope, options = NO_OPTIONS) {
  if (!source.includes('{'))
    return {
      text: source,
      warnings: NO_WARNINGS,
    };
  return evaluateSafely(() => {
    const compiled = compileTemplate(source);
    if (compiled.isPlain)
      return {
        text: source,
        warnings: NO_WARNINGS,
      };
    const rt = runtimeOf({
      scope,
      options,
      rt: void 0,
    });
    begin(rt, compiled);
    return {
      text: evaluatePlaced(
        source,
        () => rt.place,
        () => writeText(rt, compiled),
      ),
      warnings: rt.warnings,
    };
  });
}
// src/core/workflow/step-actions.ts
/** Most names that one templated action is expanded to. */
var MAX_EXPANSION = 64;
/** Every step, nested ones too, depth first in file order. */
function allSteps(workflow) {
  return flattenSteps(workflow.steps);
}
function flattenSteps(steps) {
  return steps.flatMap((step) => [step, ...step.groups.flatMap((group) => flattenSteps(group.steps))]);
}
/** The actions of one step, without its nested steps. */
function actionsOf(step) {
  const actions = [];
  if (step.kind === 'action' && step.action !== void 0 && step.action !== '')
    actions.push({
      action: step.action,
      inputs: step.inputs,
      use: 'action',
    });
  if (step.fallback !== void 0)
    actions.push({
      ...step.fallback,
      use: 'fallback',
    });
  const undo = step.compensate ?? null;
  for (const item of Array.isArray(undo) ? undo : [undo]) {
    const action = readAction$1(item);
    if (action !== void 0) actions.push(action);
  }
  return actions;
}
function readAction$1(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return void 0;
  const { action, inputs } = value;
  if (typeof action !== 'string' || action === '') return void 0;
  return {
    action,
    inputs: typeof inputs === 'object' && inputs !== null && !Array.isArray(inputs) ? inputs : {},
    use: 'compensate',
  };
}
/**
 * The names that an action may have: itself, or for a templated one every value of the inputs' enums, else their
 * defaults (SPEC §1.10). Undefined when only a run can tell.
 */
function expandAction(action, inputs) {
  if (!isTemplatedAction(action)) return [action];
  const analysis = analyzeText(action, 'template');
  if (analysis.problems.length > 0 || analysis.references.length === 0) return void 0;
  let scopes = [{}];
  for (const name of new Set(
    analysis.references.map((reference) => (reference.root === 'inputs' ? reference.path[0] : void 0)),
  )) {
    const definition = inputs.find((input) => input.name === name);
    const values = definition?.enum ?? (definition?.default === void 0 ? void 0 : [definition.default]);
    if (name === void 0 || values === void 0) return void 0;
    scopes = scopes.flatMap((scope) =>
      values.map((value) => ({
        ...scope,
        [name]: value,
      })),
    );
    if (scopes.length > MAX_EXPANSION) return void 0;
  }
  return renderNames(action, scopes);
}
function renderNames(action, scopes) {
  const names = /* @__PURE__ */ new Set();
  for (const inputs of scopes)
    try {
      names.add(renderText(action, scopeOf({ inputs })).text.trim());
    } catch {
      return;
    }
  return [...names].some((name) => isTemplatedAction(name)) ? void 0 : [...names];
}
// src/core/workflow/required-tools.ts
/** Tools that are part of the product (SPEC §1.4, §1.6): nobody has to provide them. */
var OWN_TOOLS = /* @__PURE__ */ new Set(['agent', 'workflow']);
/** Tools that steps use, by name, and action names that only a run can tell. Both sorted. */
function usedTools(workflow) {
  const tools = /* @__PURE__ */ new Set();
  const dynamic = /* @__PURE__ */ new Set();
  for (const step of allSteps(workflow))
    for (const { action } of actionsOf(step)) {
      const names = expandAction(action, workflow.inputs);
      if (names === void 0) dynamic.add(action);
      else for (const name of names) tools.add(splitAction(name).tool);
    }
  return {
    tools: sortedTools(tools),
    dynamic: [...dynamic].sort(),
  };
}
function sortedTools(tools) {
  return [...new Set(tools)].filter((tool) => tool !== '' && !OWN_TOOLS.has(tool)).sort();
}
/**
 * SPEC §1.10: the tools of `requirements` and of all steps, nested ones too, never `agent` or `workflow`; sorted.
 * `dynamic` are templated actions whose name only a run can tell.
 */
function requiredTools(workflow) {
  const used = usedTools(workflow);
  return {
    tools: sortedTools([...used.tools, ...workflow.requirements.tools]),
    dynamic: used.dynamic,
  };
}
// src/core/workflow/words.ts
/** The newest workflow format this product reads (`compatibility.min_version`, SPEC §1.1). */
var FORMAT_VERSION = '1.0.0';
/** Keys that an agent step may carry beside `inputs` (SPEC §1.5). */
var AGENT_KEYS = [
  'task',
  'instructions',
  'prompt',
  'prompt_template',
  'template',
  'categories',
  'context',
  'data',
  'files',
  'query',
  'question',
  'sources',
  'tone',
  'requirements',
  'guidelines',
  'analysis_requirements',
  'analysis_depth',
  'include',
  'execution_data',
  'focus_areas',
  'output_schema',
  'max_tokens',
];
/** Inputs of agent steps that are rendered in the second phase (SPEC §2.4). */
var SECOND_PHASE_KEYS = /* @__PURE__ */ new Set(['template', 'prompt_template', 'prompt']);
/** Keys of every step kind (SPEC §1.5). */
var STEP_KEYS = [
  'id',
  'name',
  'description',
  'enabled',
  'type',
  'inputs',
  'output_variable',
  'condition',
  'conditions',
  'on_error',
  'fallback',
  'agent_hints',
  'output_file',
  'format',
  'timeout',
  'retry',
  'max_retries',
  'retry_delay_seconds',
  'fallback_action',
  'notify_channel',
  'needs',
  'idempotent',
  'compensate',
  'rollback',
  'agent',
  'model',
  'permissions',
  'cache',
  'allow_secrets',
  'max_items',
];
/** Action words of `on_error` (SPEC §1.6) and what they mean. */
var ERROR_ACTION_WORDS = /* @__PURE__ */ new Map([
  ['continue', 'continue'],
  ['log_and_continue', 'continue'],
  ['skip', 'continue'],
  ['ignore', 'continue'],
  ['stop', 'stop'],
  ['fail', 'stop'],
  ['abort', 'stop'],
  ['rollback', 'rollback'],
  ['retry', 'retry'],
  ['refresh_credentials', 'refresh_credentials'],
  ['notify', 'notify'],
]);
var AGENT_SUPPORT_WORDS = ['recommended', 'supported', 'partial', 'limited', 'experimental', 'not_supported'];
var FEATURE_LEVELS = ['required', 'recommended', 'optional'];
/** Features that a workflow may ask of its agent (SPEC §1.1). */
var FEATURES = [
  'tool_calling',
  'reasoning',
  'advanced_reasoning',
  'streaming',
  'code_execution',
  'file_creation',
  'file_reading',
  'file_editing',
  'mcp',
  'mcp_native',
  'extended_reasoning',
  'multi_turn',
  'web_search',
  'parallel_execution',
];
// src/core/workflow/input-values.ts
var INTEGER = /^[+-]?\d+(?:\.0+)?$/;
var NUMBER$1 = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
var BOOLEANS = /* @__PURE__ */ new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['false', false],
  ['0', false],
  ['no', false],
]);
function isMap$1(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
/** Turns a given value into the type of its input (SPEC §1.8); numbers and booleans become text where text is wanted. */
function coerceInputValue(definition, value) {
  const coerced = coerce(definition, value);
  return coerced === void 0
    ? { problem: `Input '${definition.name}' must be ${wantedWords(definition)}` }
    : { value: coerced };
}
function wantedWords({ type }) {
  return {
    string: 'a text',
    integer: 'a whole number',
    number: 'a number',
    float: 'a number',
    boolean: 'true or false',
    object: 'a map (JSON)',
    array: 'a list (JSON, or items with commas)',
  }[type];
}
function coerce({ type }, value) {
  if (type === 'string') return typeof value === 'string' ? value : typeof value === 'object' ? void 0 : String(value);
  if (type === 'integer') {
    const number = toNumber(value, INTEGER);
    return number !== void 0 && Number.isSafeInteger(number) ? number : void 0;
  }
  if (type === 'number' || type === 'float') return toNumber(value, NUMBER$1);
  if (type === 'boolean')
    return typeof value === 'boolean'
      ? value
      : typeof value === 'object'
        ? void 0
        : BOOLEANS.get(String(value).trim().toLowerCase());
  if (type === 'object') {
    const parsed = typeof value === 'string' ? parseJson(value) : value;
    return parsed !== void 0 && isMap$1(parsed) ? parsed : void 0;
  }
  return toList(value);
}
function toNumber(value, form) {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && form.test(value.trim())
        ? Number(value.trim())
        : NaN;
  return Number.isFinite(number) ? number : void 0;
}
function toList(value) {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string') return void 0;
  const text = value.trim();
  if (text === '') return [];
  if (!text.startsWith('[')) return text.split(',').map((item) => item.trim());
  const parsed = parseJson(text);
  return Array.isArray(parsed) ? parsed : void 0;
}
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return;
  }
}
/** Why a coerced value breaks the rules of its input (enum, limits, lengths, pattern), undefined when it does not. */
function checkInputValue(definition, value) {
  const { name, enum: choices, pattern } = definition;
  if (choices !== void 0 && !choices.some((choice) => sameValue(definition, choice, value)))
    return `Input '${name}' must be one of ${choices
      .slice(0, 20)
      .map((choice) => (typeof choice === 'string' ? choice : JSON.stringify(choice)))
      .join(', ')}`;
  const limit = checkLimits(definition, value) ?? checkLengths(definition, value);
  if (limit !== void 0) return limit;
  if (pattern === void 0 || typeof value !== 'string') return void 0;
  return matches(pattern, value) ? void 0 : `Input '${name}' does not match the pattern ${pattern}`;
}
function sameValue(definition, choice, value) {
  const coerced = coerce(definition, choice);
  return JSON.stringify(coerced === void 0 ? choice : coerced) === JSON.stringify(value);
}
function checkLimits({ name, min, max }, value) {
  if (typeof value !== 'number') return void 0;
  if (min !== void 0 && value < min) return `Input '${name}' must be at least ${min}`;
  return max !== void 0 && value > max ? `Input '${name}' must be at most ${max}` : void 0;
}
function checkLengths({ name, minLength, maxLength }, value) {
  const isText = typeof value === 'string';
  if (!isText && !Array.isArray(value)) return void 0;
  if (minLength === void 0 && maxLength === void 0) return void 0;
  const length = isText ? [...value].length : value.length;
  const unit = isText ? 'characters' : 'items';
  if (minLength !== void 0 && length < minLength) return `Input '${name}' must have at least ${minLength} ${unit}`;
  return maxLength !== void 0 && length > maxLength ? `Input '${name}' must have at most ${maxLength} ${unit}` : void 0;
}
var compiled = /* @__PURE__ */ new Map();
/** RE2 only: no pattern and no value can make it slow. A pattern that does not compile matches nothing. */
function matches(pattern, value) {
  let ready = compiled.get(pattern);
  if (ready === void 0) {
    try {
      ready = RE2JS.compile(pattern);
    } catch {
      return false;
    }
    if (compiled.size >= 200) compiled.clear();
    compiled.set(pattern, ready);
  }
  return ready.matcher(value).find();
}
// src/core/workflow/duration.ts
var UNIT_MS = {
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 36e5,
  d: 864e5,
};
var MAX_MS = 316224e5;
var DEFAULT_MS = 3e5;
var NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
var COMPOUND = /^(?:(?:\d+(?:\.\d*)?|\.\d+)\s*(?:ms|s|m|h|d)\s*)+$/;
var PART = /(\d+(?:\.\d*)?|\.\d+)\s*(ms|s|m|h|d)/g;
function bounded(ms, shown) {
  if (Number.isNaN(ms))
    return {
      ms: null,
      problem: `'${shown}' is not a duration`,
    };
  if (ms < 0)
    return {
      ms: null,
      problem: `Duration '${shown}' is negative`,
    };
  if (ms > MAX_MS)
    return {
      ms: null,
      problem: `Duration '${shown}' is longer than 366 days`,
    };
  return { ms: Math.round(ms) };
}
/**
 * SPEC §1.1 "Durations" in milliseconds: number and unit (`ms s m h d`), compounds (`1h30m`), a bare number counts
 * seconds. Empty or unparsable text gives 300 s and a problem (callers with an own default take that instead);
 * negative, NaN or above 366 days gives null and a problem.
 */
function parseDuration(text) {
  if (typeof text === 'number') return bounded(text * 1e3, String(text));
  const trimmed = text.trim().toLowerCase();
  if (trimmed === '')
    return {
      ms: DEFAULT_MS,
      problem: 'The duration is empty',
    };
  const shown = text.trim().slice(0, 60);
  const unreadable = {
    ms: DEFAULT_MS,
    problem: `'${shown}' is not a duration such as 30s, 5m or 1h30m`,
  };
  if (trimmed.length > 100) return unreadable;
  if (trimmed === 'nan') return bounded(NaN, shown);
  if (NUMBER.test(trimmed)) return bounded(Number(trimmed) * 1e3, shown);
  const negative = trimmed.startsWith('-');
  const body = negative ? trimmed.slice(1).trimStart() : trimmed;
  if (!COMPOUND.test(body)) return unreadable;
  let ms = 0;
  for (const [, amount, unit] of body.matchAll(PART)) ms += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  return bounded(negative ? -ms : ms, shown);
}
// src/core/workflow/cron-check.ts
var MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
var WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
var MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
var FIELDS = [
  {
    name: 'minute',
    min: 0,
    max: 59,
  },
  {
    name: 'hour',
    min: 0,
    max: 23,
  },
  {
    name: 'day',
    min: 1,
    max: 31,
  },
  {
    name: 'month',
    min: 1,
    max: 12,
    words: MONTHS,
  },
  {
    name: 'weekday',
    min: 0,
    max: 7,
    words: WEEKDAYS,
    wraps: true,
  },
];
var MACROS = /* @__PURE__ */ new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);
var MAX_LENGTH = 200;
/**
 * Why a cron text (grammar of SPEC §7.1) is not valid, or null when it is. A date that no year has, such as the 30th
 * of February, is a problem too.
 */
function checkCron(text) {
  const trimmed = text.trim();
  if (trimmed === '') return 'The schedule is empty';
  if (trimmed.length > MAX_LENGTH) return 'The schedule is too long';
  if (trimmed.startsWith('@')) return checkMacro(trimmed);
  const parts = trimmed.split(/\s+/);
  if (parts.length !== FIELDS.length)
    return `A schedule has 5 fields (minute hour day month weekday), this one has ${parts.length}`;
  const values = [];
  for (const [index, field] of FIELDS.entries()) {
    const read = readField(field, parts[index] ?? '');
    if (typeof read === 'string') return read;
    values.push(read);
  }
  return isNever(parts, values) ? 'The schedule never fires: no month has that day' : null;
}
function checkMacro(text) {
  const word = text.toLowerCase();
  if (MACROS.has(word)) return null;
  if (!word.startsWith('@every ')) return `Unknown schedule word '${text.slice(0, 40)}'`;
  const every = parseDuration(text.slice(7));
  if (every.problem !== void 0) return every.problem;
  return every.ms === null || every.ms <= 0 ? 'The time between two starts must be above zero' : null;
}
function readField(field, text) {
  const values = [];
  for (const item of text.split(',')) {
    const read = readItem$1(field, item);
    if (typeof read === 'string') return read;
    values.push(...read);
  }
  return values;
}
function readItem$1(field, item) {
  const bad = `'${item}' is not valid in the ${field.name} field`;
  if (field.name === 'day' && item.toUpperCase() === 'L') return [28];
  if (field.name === 'weekday' && item.includes('#')) return readNth(field, item) ?? bad;
  const slash = item.split('/');
  if (slash.length > 2) return bad;
  const [range = '', stepText] = slash;
  if (stepText !== void 0 && !/^\d{1,4}$/.test(stepText)) return bad;
  const step = stepText === void 0 ? 1 : Number(stepText);
  if (step === 0) return `The step of '${item}' in the ${field.name} field is zero`;
  const ends = readRange(field, range, stepText !== void 0);
  if (ends === void 0) return bad;
  if (typeof ends === 'string') return ends;
  return expand(field, ends, step);
}
function readNth(field, item) {
  const [day = '', nth = ''] = item.split('#');
  const value = readValue(field, day);
  return typeof value === 'number' && /^[1-5]$/.test(nth) ? [value] : void 0;
}
function readRange(field, range, stepped) {
  if (range === '*' || range === '?')
    return {
      from: field.min,
      to: field.max,
    };
  const [first = '', last, more] = range.split('-');
  if (more !== void 0) return void 0;
  const from = readValue(field, first);
  const to = last === void 0 ? (stepped ? field.max : from) : readValue(field, last);
  if (from === void 0 || to === void 0) return void 0;
  for (const value of [from, to])
    if (value < field.min || value > field.max)
      return `${value} is out of range in the ${field.name} field (${field.min}-${field.max})`;
  const named = /[a-z]/i.test(range);
  if (to < from && !named && !field.wraps) return `The range '${range}' in the ${field.name} field is reversed`;
  return {
    from,
    to,
  };
}
function readValue(field, text) {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  const index = field.words?.indexOf(text.toUpperCase()) ?? -1;
  return index === -1 ? void 0 : index + field.min;
}
function expand(field, ends, step) {
  const values = [];
  const size = field.name === 'weekday' ? 7 : field.max - field.min + 1;
  const last = ends.to < ends.from ? ends.to + size : ends.to;
  for (let value = ends.from; value <= last; value += step) values.push(((value - field.min) % size) + field.min);
  return values;
}
/** Only days that no chosen month has, and no weekday that could match instead. */
function isNever(parts, values) {
  const weekday = parts[4] ?? '*';
  if (!/^[*?]/.test(weekday)) return false;
  const [, , days = [], months = []] = values;
  return !months.some((month) => days.some((day) => day <= (MONTH_DAYS[month - 1] ?? 31)));
}
// src/core/workflow/headings.ts
var STEP = /^(#{2,4})\s+(?:Step\s+)?(\d+(?:\.\d+)?)[.:]\s*(.+)$/;
var ANY = /^ {0,3}(#{1,6})(?:\s+(.*?))?(?:\s+#+)?\s*$/;
var GLUED = /^ {0,3}(#{1,6})((?:step\b|\d).*)$/i;
var NEAR_TITLE = /^(?:step\b\s*#?\s*(\d+(?:\.\d+)*)?\s*[-–—.:)]*\s*(.*)|(\d+(?:\.\d+)*)\s*[.:)]\s*(.+))$/i;
/** A title longer than this is prose for the near-miss check. */
var MAX_TITLE = 500;
/** Reads one line outside of fences as a heading, undefined when it is none. */
function readHeading(line) {
  if (!line.trimStart().startsWith('#')) return void 0;
  const step = STEP.exec(line);
  if (step !== null) {
    const [, marks = '', number = '', title = ''] = step;
    return {
      kind: 'step',
      level: marks.length,
      id: `step_${number.replace('.', '_')}`,
      number,
      title: title.trim(),
    };
  }
  const [, marks = '', title = ''] = ANY.exec(line) ?? GLUED.exec(line) ?? [];
  if (marks === '') return void 0;
  return otherHeading(marks.length, title.trim());
}
/** A heading that is not a step by its form (also the underlined ones). */
function otherHeading(level, title) {
  const near = title.length > MAX_TITLE ? null : NEAR_TITLE.exec(title);
  if (near === null)
    return {
      kind: 'other',
      level,
      title,
      nearMiss: false,
    };
  const number = near[1] ?? near[3];
  const rest = (near[2] ?? near[4] ?? '').trim();
  return {
    kind: 'other',
    level,
    title,
    nearMiss: true,
    fix: `${'#'.repeat(Math.min(Math.max(level, 2), 4))} Step ${number ?? 'N'}: ${rest === '' ? 'Title' : rest}`,
  };
}
/** Whether the title of a step looks like a longer number was cut (`## Step 1.2.3: H` is step 1.2 named `3: H`). */
function hasCutNumber(heading) {
  return /^\d+(?:\.\d+)*[.:]/.test(heading.title);
}
// src/core/workflow/markdown-blocks.ts
var BLOCK_RULES = ['fence', 'code', 'blockquote', 'list', 'heading', 'lheading', 'html_block', 'hr', 'paragraph'];
var parser = createParser();
function createParser() {
  const markdown = new MarkdownIt('zero', {
    html: true,
    maxNesting: 20,
  });
  markdown.block.ruler.enableOnly(BLOCK_RULES);
  return markdown;
}
/** The blocks of the body in file order. `lines` are those of the file, the body begins at index `from`. */
function readMarkdown(lines, from) {
  const tokens = [];
  parser.block.parse(lines.slice(from).join('\n'), parser, {}, tokens);
  const blocks = [];
  const covered = new Uint8Array(lines.length + 1);
  for (const [index, token] of tokens.entries()) {
    const block = readToken(token, tokens[index + 1], from, lines);
    if (block !== void 0) blocks.push(block);
    if (token.type === 'fence' || token.type === 'html_block' || token.type === 'code_block')
      covered.fill(1, from + (token.map?.[0] ?? 0), from + (token.map?.[1] ?? 0));
  }
  for (let index = from; index < lines.length; index += 1) {
    const line = lines[index];
    if (covered[index] === 1 || line === void 0) continue;
    const heading = readHeading(line);
    if (heading !== void 0)
      blocks.push({
        kind: 'heading',
        line: index + 1,
        heading,
      });
  }
  return blocks.sort((a, b) => a.line - b.line);
}
/** Headings with `#` are read line by line; only underlined ones are taken from here. */
function readToken(token, next, from, lines) {
  const start = from + (token.map?.[0] ?? 0);
  if (token.type === 'fence') return readFence(token, start, from, lines);
  if (token.type === 'html_block')
    return {
      kind: 'comment',
      line: start + 1,
      text: token.content,
    };
  const text = next?.type === 'inline' ? next.content : '';
  if (token.type === 'paragraph_open')
    return {
      kind: 'prose',
      line: start + 1,
      text,
    };
  if (!(token.type === 'heading_open' && (token.markup === '=' || token.markup === '-'))) return void 0;
  return {
    kind: 'heading',
    line: start + 1,
    heading: otherHeading(token.markup === '=' ? 1 : 2, text.trim()),
  };
}
function readFence(token, start, from, lines) {
  const end = from + (token.map?.[1] ?? 0);
  const marks = (end - 1 > start ? (lines[end - 1] ?? '') : '').replace(/^[\s>]+/, '').trimEnd();
  const mark = token.markup[0] ?? '`';
  const closed = marks.length >= token.markup.length && marks === mark.repeat(marks.length);
  const words = token.info.trim().toLowerCase().split(/\s+/);
  return {
    kind: 'fence',
    line: start + 1,
    contentLine: start + 2,
    content: token.content.replace(/\n$/, ''),
    words,
    closed,
  };
}
/** Whether a fence holds YAML (SPEC §1.2). */
function isYamlFence(fence) {
  return fence.words[0] === 'yaml' || fence.words[0] === 'yml';
}
/** Whether a fence is tagged `yaml example`: shown to readers, never run. */
function isExampleFence(fence) {
  return isYamlFence(fence) && fence.words.includes('example');
}
// src/core/workflow/limits.ts
/** What a workflow file may cost to read (SPEC §1, QUALITY "YAML bombs"). */
var READER_LIMITS = {
  /** The whole file, in UTF-8 bytes. */
  fileBytes: 1048576,
  /** Nodes that all aliases of one YAML text together may stand for. */
  aliasNodes: 1e4,
  /** Levels of maps and lists in one YAML text. */
  yamlDepth: 100,
  /** Tokens of all YAML texts of one file together. */
  yamlTokens: 1e5,
  /** Levels of steps inside steps (SPEC §1.4). */
  stepDepth: 16,
  /** Problems reported for one file. */
  diagnostics: 500,
};
// src/core/workflow/reporter.ts
/** A sink for one file. It keeps the first problems up to the limit and counts the rest. */
function createSink(file) {
  const found = [];
  let dropped = 0;
  return {
    file,
    add(diagnostic) {
      if (found.length < READER_LIMITS.diagnostics)
        found.push({
          ...diagnostic,
          file,
        });
      else dropped += 1;
    },
    sorted() {
      const sorted = [...found].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
      if (dropped > 0) {
        const message = `There are ${dropped} more problems in this file. They are shown when these are mended.`;
        sorted.push({
          severity: 'notice',
          code: 'workflow.more_problems',
          message,
          file,
        });
      }
      return sorted;
    },
  };
}
/** A reporter that writes into `sink`. */
function createReporter(sink, source, step) {
  const report = (severity, code, message, at, fix) => {
    const place = typeof at === 'number' ? source.place(at) : at;
    sink.add({
      severity,
      code,
      message,
      line: place.line,
      column: place.column,
      ...(step === void 0 ? {} : { step }),
      ...(fix === void 0 ? {} : { fix }),
    });
  };
  return {
    source,
    step,
    report,
    error: (code, message, at, fix) => report('error', code, message, at, fix),
    warning: (code, message, at, fix) => report('warning', code, message, at, fix),
    notice: (code, message, at, fix) => report('notice', code, message, at, fix),
    forStep: (id) => createReporter(sink, source, id),
  };
}
// src/shared/model/workflow.ts
/** SPEC §1.4: the closed list of step kinds. */
var STEP_KINDS = [
  'action',
  'for_each',
  'parallel',
  'if',
  'switch',
  'while',
  'try',
  'workflow',
  'wait',
  'approval',
  'transaction',
  'savepoint',
  'rollback_to',
];
var INPUT_TYPES = ['string', 'integer', 'number', 'float', 'boolean', 'object', 'array'];
// src/core/workflow/fields.ts
/** The text of a scalar as a person wrote it (`1.0` stays `1.0`), undefined for lists, maps and nothing. */
function scalarText(node) {
  if (node.kind !== 'scalar' || node.value === null) return void 0;
  return typeof node.value === 'string' ? node.value : node.raw;
}
/** What sort of value a node is, in words for a message. */
function describeNode(node) {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a map' : 'a list';
  if (node.value === null) return 'empty';
  return typeof node.value === 'string' ? 'a text' : String(node.value);
}
/** Fields over a map of a YAML text. */
function fieldsOf(node, report) {
  const get = (key) => {
    const entry = node.entries.get(key);
    return entry === void 0 || (entry.node.kind === 'scalar' && entry.node.value === null) ? void 0 : entry;
  };
  const wrong = (entry, wanted) => {
    report.error(
      'workflow.wrong_type',
      `'${entry.key}' must be ${wanted}, it is ${describeNode(entry.node)}`,
      entry.node.at,
    );
  };
  const read = (key, wanted, take) => {
    const entry = get(key);
    return entry === void 0 ? void 0 : (take(entry.node.value) ?? wrong(entry, wanted));
  };
  const bounded = (key, bounds, whole) => {
    const sort = whole ? 'a whole number' : 'a number';
    const valid = (value) =>
      typeof value === 'number' && (!whole || Number.isInteger(value)) && value >= bounds.min && value <= bounds.max;
    const limit = Number.isFinite(bounds.max)
      ? `${sort} from ${bounds.min} to ${bounds.max}`
      : `${sort} from ${bounds.min} on`;
    return read(key, Number.isFinite(bounds.min) ? limit : sort, (value) => (valid(value) ? value : void 0));
  };
  return {
    node,
    report,
    get,
    text: (key) => {
      const entry = get(key);
      return entry === void 0 ? void 0 : (scalarText(entry.node) ?? wrong(entry, 'a text'));
    },
    flag: (key) => read(key, 'true or false', (value) => (typeof value === 'boolean' ? value : void 0)),
    number: (key, bounds) => bounded(key, bounds, false),
    integer: (key, bounds) => bounded(key, bounds, true),
    word: (key, words) => readWord(get(key), words, report),
    duration: (key) => readDuration(get(key), report),
    texts: (key) => readTexts(get(key), report),
    map: (key) => {
      const entry = get(key);
      if (entry === void 0) return void 0;
      return entry.node.kind === 'map' ? fieldsOf(entry.node, report) : wrong(entry, 'a map');
    },
    checkKeys: (known, more = []) => checkKeys(node, report, known, more),
  };
}
function readWord(entry, words, report) {
  if (entry === void 0) return void 0;
  const text = scalarText(entry.node);
  const found = words.find((word) => word === text);
  if (found !== void 0) return found;
  const near = text === void 0 ? void 0 : suggestName(text, words);
  const list = words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  const shown = text === void 0 ? `it is ${describeNode(entry.node)}` : `not '${text.slice(0, 60)}'`;
  report.error(
    'workflow.unknown_word',
    `'${entry.key}' must be ${list}, ${shown}`,
    entry.node.at,
    near && `Did you mean '${near}'?`,
  );
}
/** A duration at a node in ms; a warning for what cannot be parsed, an error for what cannot be a duration. */
function readDuration(entry, report) {
  if (entry === void 0) return void 0;
  const value = entry.node.value;
  if (typeof value !== 'string' && typeof value !== 'number') {
    const message = `'${entry.key}' must be a duration such as 30s or 5m, it is ${describeNode(entry.node)}`;
    report.error('workflow.wrong_type', message, entry.node.at);
    return;
  }
  const { ms, problem } = parseDuration(value);
  if (problem === void 0) return ms ?? void 0;
  const severity = ms === null ? 'error' : 'warning';
  const outcome = ms === null ? '' : '; the default is used';
  report.report(
    severity,
    'workflow.invalid_duration',
    `'${entry.key}': ${problem}${outcome}`,
    entry.node.at,
    'Write for example 30s, 5m or 1h30m.',
  );
}
function readTexts(entry, report) {
  if (entry === void 0) return [];
  const single = scalarText(entry.node);
  if (single !== void 0) return [single];
  if (entry.node.kind !== 'list') {
    report.error(
      'workflow.wrong_type',
      `'${entry.key}' must be a list of texts, it is ${describeNode(entry.node)}`,
      entry.node.at,
    );
    return [];
  }
  return textsOf(entry.node, entry.key, report);
}
function textsOf(list, key, report) {
  const texts = [];
  for (const item of list.items) {
    const text = scalarText(item);
    if (text !== void 0) texts.push(text);
    else
      report.error('workflow.wrong_type', `'${key}' must hold texts only, this one is ${describeNode(item)}`, item.at);
  }
  return texts;
}
function checkKeys(node, report, known, more) {
  for (const entry of node.entries.values()) {
    if (known.includes(entry.key) || more.includes(entry.key)) continue;
    const near = suggestName(entry.key, [...known, ...more]);
    const fix =
      near === void 0
        ? entry.key === '<<'
          ? 'YAML merge keys are not read; write the keys out.'
          : void 0
        : `Did you mean '${near}'?`;
    report.warning('workflow.unknown_key', `Unknown key '${entry.key.slice(0, 80)}'`, entry.at, fix);
  }
}
// src/core/workflow/step-kind.ts
/** Keys that only a step has: a map with one of them and no kind is a broken step, not an example. */
var STEP_ONLY_KEYS = ['output_variable', 'on_error', 'agent_hints', 'needs', 'fallback', 'retry', 'compensate'];
/** Kinds whose value may stand beside `type` in other keys (`type: transaction` with `steps`). */
var VALUELESS = /* @__PURE__ */ new Set(['transaction', 'approval']);
function isKind(word) {
  return STEP_KINDS.includes(word);
}
/** Whether a map has a key that makes it a step block. */
function hasKindKey(node) {
  if (STEP_KINDS.some((kind) => node.entries.has(kind))) return true;
  const type = node.entries.get('type')?.node.value;
  return typeof type === 'string' && isKind(type);
}
/** A misspelt kind key, and what was meant. */
function nearKindKey(node) {
  for (const entry of node.entries.values()) {
    if (entry.key.length < 4 || STEP_KEYS.includes(entry.key) || AGENT_KEYS.includes(entry.key)) continue;
    const kind = suggestName(entry.key, STEP_KINDS);
    if (kind !== void 0 && kind.length >= 4)
      return {
        entry,
        kind,
      };
  }
}
/** Whether a map without a kind key was still meant as a step. */
function isBrokenStep(node) {
  return nearKindKey(node) !== void 0 || STEP_ONLY_KEYS.some((key) => node.entries.has(key));
}
/** Decides the kind of a step (SPEC §1.4) and reports none, unknown and more than one; undefined when there is none. */
function readKind(node, report) {
  const present = STEP_KINDS.filter((kind) => node.entries.has(kind));
  const typed = readType$1(node, report);
  if (typed !== void 0) return readTyped$1(typed, node, report);
  const [first, second] = present;
  if (first === void 0) {
    reportNoKind(node, report);
    return;
  }
  if (second === void 0)
    return {
      kind: first,
      entry: node.entries.get(first),
      sugar: 'none',
    };
  const sugar = readSugar(present, node);
  if (sugar !== void 0) return sugar;
  const at = node.entries.get(present.at(-1) ?? second)?.at ?? node.at;
  const fix = present.includes('if')
    ? "Use 'condition' instead of 'if', or put the step under 'then'."
    : "Make two steps, or write 'type'.";
  report.error('workflow.two_kinds', `A step has one kind, this one has ${present.join(' and ')}`, at, fix);
  return {
    kind: first,
    entry: node.entries.get(first),
    sugar: 'none',
  };
}
function readType$1(node, report) {
  const entry = node.entries.get('type');
  if (entry === void 0 || entry.node.value === null) return void 0;
  const word = scalarText(entry.node) ?? '';
  if (isKind(word)) return word;
  const near = suggestName(word, STEP_KINDS);
  const fix = near === void 0 ? `Use one of ${STEP_KINDS.join(', ')}.` : `Did you mean '${near}'?`;
  report.error('workflow.unknown_kind', `Unknown step type '${word.slice(0, 60)}'`, entry.node.at, fix);
}
function readTyped$1(kind, node, report) {
  const entry = node.entries.get(kind);
  if (entry === void 0 && !VALUELESS.has(kind))
    report.error(
      'workflow.missing_key',
      `A step of type ${kind} needs the key '${kind}'`,
      node.entries.get('type')?.at ?? node.at,
    );
  if (kind === 'action' && node.entries.has('if'))
    return {
      kind,
      entry,
      sugar: 'condition',
    };
  if (kind === 'for_each' && node.entries.has('action'))
    return {
      kind,
      entry,
      sugar: 'loop_body',
    };
  return {
    kind,
    entry,
    sugar: 'none',
  };
}
function readSugar(present, node) {
  if (present.length !== 2 || !node.entries.has('action')) return void 0;
  const action = node.entries.get('action');
  if (node.entries.has('if') && !node.entries.has('then'))
    return {
      kind: 'action',
      entry: action,
      sugar: 'condition',
    };
  if (node.entries.has('for_each'))
    return {
      kind: 'for_each',
      entry: node.entries.get('for_each'),
      sugar: 'loop_body',
    };
}
function reportNoKind(node, report) {
  const near = nearKindKey(node);
  if (near !== void 0) {
    const message = `This step has no kind: unknown key '${near.entry.key.slice(0, 60)}'`;
    report.error('workflow.no_kind', message, near.entry.at, `Did you mean '${near.kind}'?`);
    return;
  }
  if (node.entries.has('type')) return;
  report.error(
    'workflow.no_kind',
    "This step has no kind such as 'action'",
    node.at,
    `Add one of ${STEP_KINDS.join(', ')}.`,
  );
}
// src/core/workflow/yaml-nodes.ts
var CORE_TAG = 'tag:yaml.org,2002:';
var ALLOWED_TAGS = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((t) => CORE_TAG + t));
/** Turns the parsed YAML into plain values with places, and reports what SPEC §1 forbids. */
function convertYaml(root, problem) {
  return convert(root, 0, 0, {
    problem,
    anchors: /* @__PURE__ */ new Map(),
    size: 0,
    aliasSize: 0,
    stopped: false,
  });
}
function nothing(at) {
  return {
    kind: 'scalar',
    value: null,
    at,
    end: at,
    raw: '',
    style: 'plain',
  };
}
/** Ends the conversion: the rest of the text becomes null. */
function stop(state, message, at) {
  if (!state.stopped) state.problem('error', message, at);
  state.stopped = true;
  return nothing(at);
}
function convert(node, depth, at, state) {
  if (state.stopped) return nothing(at);
  if (isAlias(node)) return convertAlias(node, state);
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return nothing(at);
  const start = node.range?.[0] ?? at;
  if (depth > READER_LIMITS.yamlDepth)
    return stop(state, `Values are nested more than ${READER_LIMITS.yamlDepth} levels deep`, start);
  const before = state.size;
  state.size += 1;
  checkTag(node, start, state);
  const converted = isScalar(node)
    ? convertScalar(node, start, state)
    : isMap(node)
      ? convertMap(node, depth, start, state)
      : convertList(node, depth, start, state);
  if (node.anchor !== void 0)
    state.anchors.set(node.anchor, {
      node: converted,
      size: state.size - before,
    });
  return converted;
}
function convertAlias(alias, state) {
  const at = alias.range?.[0] ?? 0;
  const target = state.anchors.get(alias.source);
  if (target === void 0) {
    state.problem('error', `Alias '*${alias.source}' has no anchor before it`, at);
    return nothing(at);
  }
  state.aliasSize += target.size;
  state.size += target.size;
  if (state.aliasSize > READER_LIMITS.aliasNodes)
    return stop(state, `Aliases stand for more than ${READER_LIMITS.aliasNodes} values`, at);
  return target.node;
}
function checkTag(node, at, state) {
  const tag = node.tag;
  if (tag === void 0 || ALLOWED_TAGS.has(tag)) return;
  const shown = tag.startsWith(CORE_TAG) ? `!!${tag.slice(18)}` : tag;
  state.problem('error', `Tag '${shown}' is not allowed`, at, 'Remove the tag.');
}
function convertScalar(node, at, state) {
  const written = node.value;
  const raw = node.source ?? (typeof written === 'string' ? written : '');
  const style =
    node.type === 'PLAIN' || node.type === void 0 ? 'plain' : node.type.startsWith('Q') ? 'quoted' : 'block';
  const base = {
    kind: 'scalar',
    at,
    end: node.range?.[1] ?? at,
    raw,
    style,
  };
  if (typeof written === 'number')
    return {
      ...base,
      value: checkNumber(written, raw, at, state),
    };
  if (written === null || typeof written === 'boolean' || typeof written === 'string')
    return {
      ...base,
      value: written,
    };
  return {
    ...base,
    value: raw,
  };
}
function checkNumber(value, raw, at, state) {
  if (!Number.isFinite(value)) {
    state.problem(
      'error',
      `'${raw.slice(0, 40)}' is not a number that can be stored`,
      at,
      `Write "${raw.slice(0, 40)}" in quotes for text.`,
    );
    return null;
  }
  if (!Number.isSafeInteger(value) && /^[-+]?\d+$/.test(raw)) {
    const message = `The number ${raw.slice(0, 40)} has too many digits and loses its last ones`;
    state.problem('warning', message, at, `Write "${raw.slice(0, 40)}" in quotes.`);
  }
  return value;
}
function convertList(node, depth, at, state) {
  const items = [];
  const value = [];
  for (const item of node.items) {
    const converted = convert(item, depth + 1, at, state);
    if (state.stopped) break;
    items.push(converted);
    value.push(converted.value);
  }
  return {
    kind: 'list',
    value,
    at,
    items,
  };
}
function convertMap(node, depth, at, state) {
  const entries = /* @__PURE__ */ new Map();
  const value = {};
  for (const pair of node.items) {
    const entry = convertPair(pair, depth, at, state);
    if (state.stopped) break;
    if (entry === void 0) continue;
    if (entries.has(entry.key)) {
      state.problem(
        'error',
        `Key '${entry.key}' is written twice`,
        entry.at,
        'Remove one of them or give it another name.',
      );
      continue;
    }
    entries.set(entry.key, entry);
    value[entry.key] = entry.node.value;
  }
  return {
    kind: 'map',
    value,
    at,
    entries,
  };
}
function convertPair(pair, depth, at, state) {
  const key = pair.key;
  if (!isScalar(key)) {
    const start = isMap(key) || isSeq(key) || isAlias(key) ? (key.range?.[0] ?? at) : at;
    const fix = isMap(key) ? 'Put text with {{ }} in quotes: "{{ name }}".' : void 0;
    state.problem('error', 'A key must be a text', start, fix);
    return;
  }
  const start = key.range?.[0] ?? at;
  checkTag(key, start, state);
  const name = typeof key.value === 'string' ? key.value : (key.source ?? '');
  if (name === '__proto__') {
    state.problem('error', `Key '${name}' is not allowed`, start);
    return;
  }
  return {
    key: name,
    at: start,
    node: convert(pair.value, depth + 1, key.range?.[1] ?? start, state),
  };
}
// src/core/workflow/yaml-block.ts
var EMPTY = {
  kind: 'scalar',
  value: null,
  at: 0,
  end: 0,
  raw: '',
  style: 'plain',
};
var SCALAR_MARK = '';
var MAX_ERRORS = 5;
/** Stops the parser early: the text costs more than it may. */
var CostBreach = class {
  message;
  at;
  constructor(message, at) {
    this.message = message;
    this.at = at;
  }
};
/** The tokens of the text, refused as soon as they nest too deep or become too many: composing them costs far more. */
function* guardedTokens(text, budget) {
  const parser = new Parser();
  let flowDepth = 0;
  let indicators = 0;
  let afterMark = false;
  for (const lexeme of new Lexer().lex(text)) {
    budget.tokens -= 1;
    if (budget.tokens < 0) throw new CostBreach('It holds too many values for one file', parser.offset);
    if (afterMark || lexeme === '\n') indicators = 0;
    else if (lexeme === '[' || lexeme === '{') flowDepth += 1;
    else if (lexeme === ']' || lexeme === '}') flowDepth -= 1;
    else if (lexeme === '-' || lexeme === '?') indicators += 1;
    if (flowDepth > READER_LIMITS.yamlDepth || indicators > READER_LIMITS.yamlDepth)
      throw new CostBreach(`Values are nested more than ${READER_LIMITS.yamlDepth} levels deep`, parser.offset);
    yield* parser.next(lexeme);
    afterMark = lexeme === SCALAR_MARK;
  }
  yield* parser.end();
}
/** Parses one YAML text (YAML 1.2 core) and reports every problem as `workflow.invalid_yaml` behind `prefix`. */
function parseYaml(report, budget, prefix) {
  const text = report.source.text;
  let broken = false;
  const fail = (message, at, fix) => {
    broken = true;
    report.error('workflow.invalid_yaml', `${prefix}: ${message}`, at, fix);
  };
  const composed = compose(text, budget);
  if (composed instanceof CostBreach) {
    fail(composed.message, composed.at);
    return {
      node: EMPTY,
      broken,
    };
  }
  const [document, next] = composed;
  if (document === void 0)
    return {
      node: EMPTY,
      broken,
    };
  if (next !== void 0) fail('It holds more than one YAML document', next.range?.[0] ?? 0, 'Remove the line `---`.');
  if (document.directives?.yaml.explicit && document.directives.yaml.version !== '1.2')
    fail('Only YAML 1.2 is read', 0, 'Remove the %YAML line.');
  reportSyntax(document.errors, text, fail);
  const seen = /* @__PURE__ */ new Set();
  return {
    node: convertYaml(document.contents, (severity, message, at, fix) => {
      if (seen.size >= 50 || seen.has(`${at}${message}`)) return;
      seen.add(`${at}${message}`);
      if (severity === 'error') fail(message, at, fix);
      else report.warning('workflow.number_precision', message, at, fix);
    }),
    broken,
  };
}
function compose(text, budget) {
  try {
    const composer = new Composer({
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: 'silent',
      version: '1.2',
      schema: 'core',
    });
    const found = [];
    for (const document of composer.compose(guardedTokens(text, budget), true, text.length)) {
      found.push(document);
      if (found.length === 2) break;
    }
    return found;
  } catch (thrown) {
    if (thrown instanceof CostBreach) return thrown;
    if (thrown instanceof RangeError) return new CostBreach('Values are nested too deep', 0);
    return new CostBreach('It cannot be read', 0);
  }
}
/** The first error of each line: what follows on the same line is nearly always its echo. */
function reportSyntax(errors, text, fail) {
  let lastLineStart = -2;
  let shown = 0;
  for (const error of errors) {
    const at = Math.min(error.pos[0], text.length);
    const lineStart = text.lastIndexOf('\n', at - 1);
    if (lineStart === lastLineStart) continue;
    if (shown === MAX_ERRORS) return;
    lastLineStart = lineStart;
    shown += 1;
    fail(error.message, at, fixFor$1(error, text, at));
  }
}
function fixFor$1(error, text, at) {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = text.indexOf('\n', at);
  const line = text.slice(lineStart, lineEnd === -1 ? void 0 : lineEnd);
  if (error.code === 'TAB_AS_INDENT' || /^ *\t/.test(line)) return 'Indent with spaces instead of tabs.';
  if (/:\s+\{[{%]/.test(line)) return 'Put text with {{ }} or {% %} in quotes.';
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY') return 'Put the text after the first colon in quotes.';
  if (error.code === 'BAD_SCALAR_START') return 'Put the text in quotes.';
  if (error.code === 'MISSING_CHAR') return 'Close the quote.';
  return error.code === 'BAD_INDENT' ? 'Check the indentation of this line and the lines above it.' : void 0;
}
// src/core/workflow/yaml-source.ts
/** The offsets at which the lines of a text begin. */
function lineStartsOf(text) {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
/** The index of the last line that begins at or before `offset`. */
function lineAt(starts, offset) {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
/**
 * A text whose first line is line `firstLine` of the file. `fileLines` are the lines of the file: where a line of the
 * text is shorter than that of the file (a fence in a list or a quote), its column is moved by what was cut away.
 */
function yamlSource(text, firstLine, fileLines) {
  let starts;
  return {
    text,
    place(offset) {
      starts ??= lineStartsOf(text);
      const index = lineAt(starts, Math.min(Math.max(offset, 0), text.length));
      const start = starts[index] ?? 0;
      const next = starts[index + 1];
      const length = (next === void 0 ? text.length : next - 1) - start;
      const cut = Math.max(0, (fileLines[firstLine - 1 + index] ?? '').length - length);
      return {
        line: firstLine + index,
        column: Math.max(0, offset - start) + 1 + cut,
      };
    },
  };
}
// src/core/workflow/body-blocks.ts
var KIND_LINE =
  /^\s*(?:-\s+)?["']?(?:action|for_each|parallel|if|switch|while|try|workflow|wait|approval|transaction|savepoint|rollback_to)["']?\s*:/m;
/** Parses every YAML block once. Blocks tagged `yaml example` are left out. */
function readPlacedBlocks(blocks, file) {
  return blocks.filter((placed) => !isExampleFence(placed.fence)).map((placed) => readBlock(placed, file));
}
function readBlock(placed, { lines, sink, budget }) {
  const { fence, section } = placed;
  const source = yamlSource(fence.content, fence.contentLine, lines);
  const plain = createReporter(sink, source);
  const report = section === void 0 ? plain : plain.forStep(section.heading.id);
  if (!fence.closed)
    report.error(
      'workflow.unclosed_block',
      'This block is never closed: everything below it belongs to it',
      {
        line: fence.line,
        column: 1,
      },
      'Add a line with ``` behind the block.',
    );
  const { node, broken } = parseYaml(report, budget, 'Invalid YAML');
  const brokenStep = broken && (KIND_LINE.test(fence.content) || (node.kind === 'map' && hasKindKey(node)));
  return {
    placed,
    node,
    report: plain,
    silent: createReporter(createSink(sink.file), source),
    broken,
    brokenStep,
  };
}
/** Whether a block has a kind key. */
function hasKind(block) {
  return block.node.kind === 'map' && hasKindKey(block.node);
}
// src/core/workflow/sections.ts
var SECTION_ROLES = [
  ['trigger', 'trigger'],
  ['input', 'input'],
  ['success', 'success'],
];
/** Sorts headings, fences and prose into step, trigger, input and success sections. */
function readStructure(markdown) {
  const blocks = [];
  const sections = [];
  const comments = [];
  const cursor = {
    role: 'none',
    section: void 0,
    stepLevel: void 0,
    nearMiss: void 0,
  };
  for (const block of markdown)
    if (block.kind === 'heading') {
      enterHeading(block, cursor);
      if (cursor.section !== void 0 && cursor.section.line === block.line) sections.push(cursor.section);
    } else if (block.kind === 'prose') {
      if (cursor.role === 'step') cursor.section?.prose.push(block.text);
    } else if (block.kind === 'comment')
      comments.push({
        line: block.line,
        text: block.text,
      });
    else if (isYamlFence(block)) blocks.push(placeBlock(block, cursor));
  return {
    blocks,
    sections,
    cutNumbers: sections.filter((section) => hasCutNumber(section.heading)),
    comments,
  };
}
function placeBlock(fence, cursor) {
  return {
    fence,
    role: cursor.role,
    ...(cursor.role === 'step' && cursor.section !== void 0 ? { section: cursor.section } : {}),
    ...(cursor.nearMiss === void 0 ? {} : { nearMiss: cursor.nearMiss }),
  };
}
function enterHeading(block, cursor) {
  const { heading, line } = block;
  cursor.nearMiss = void 0;
  if (heading.kind === 'step') {
    cursor.role = 'step';
    cursor.section = {
      heading,
      line,
      prose: [],
    };
    cursor.stepLevel = heading.level;
    return;
  }
  const role = sectionRole(heading.title, heading.level, cursor.stepLevel);
  if (role !== void 0) {
    cursor.role = role;
    cursor.section = void 0;
    return;
  }
  if (heading.nearMiss)
    cursor.nearMiss = {
      line,
      title: heading.title,
      fix: heading.fix ?? '',
    };
  if (cursor.role !== 'step' && heading.level <= 4) cursor.role = 'none';
}
function sectionRole(title, level, stepLevel) {
  if (stepLevel !== void 0 && level > stepLevel) return void 0;
  const lower = title.toLowerCase();
  return SECTION_ROLES.find(([word]) => lower.startsWith(word))?.[1];
}
/** The first 200 characters of a section's prose (SPEC §1.3). */
function describeSection(section) {
  const prose = section.prose.join(' ').replace(/\s+/g, ' ').trim();
  return prose.length <= 200 ? prose : [...prose.slice(0, 400)].slice(0, 200).join('');
}
// src/core/workflow/texts.ts
/** A collector without texts. */
function collectTexts() {
  return collectInto([], void 0);
}
function collectInto(uses, source) {
  const add = (node, mode, role) => {
    if (typeof node.value !== 'string') return;
    uses.push(
      source === void 0
        ? {
            text: node.value,
            mode,
            role,
            node,
          }
        : {
            text: node.value,
            mode,
            role,
            node,
            source,
          },
    );
  };
  const template = (node, role) => {
    if (node.kind === 'list') for (const item of node.items) template(item, role);
    else if (node.kind === 'map') for (const entry of node.entries.values()) template(entry.node, role);
    else if (typeof node.value === 'string' && node.value.includes('{')) add(node, 'template', role);
  };
  return {
    uses,
    template: (node, role = 'plain') => template(node, role),
    condition: (node, role = 'plain') => add(node, 'condition', role),
    within: (inner) => collectInto(uses, inner),
  };
}
/** A condition (text or boolean) at a node; anything else is an error and gives undefined. */
function readCondition(node, key, report, texts, role = 'plain') {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  if (node.kind === 'scalar' && (typeof node.value === 'string' || typeof node.value === 'number')) {
    const text = String(node.value);
    if (text.trim() === '') {
      report.error('workflow.empty_condition', `'${key}' is an empty condition`, node.at);
      return;
    }
    texts.condition(node, role);
    return text;
  }
  const fix = node.kind === 'map' ? 'Put a condition that begins with {{ in quotes.' : void 0;
  report.error('workflow.wrong_type', `'${key}' must be a condition, it is ${describeNode(node)}`, node.at, fix);
}
/** One condition or a list of them. */
function readConditions(entry, report, texts) {
  if (entry === void 0) return [];
  return (entry.node.kind === 'list' ? entry.node.items : [entry.node])
    .map((node) => readCondition(node, entry.key, report, texts))
    .filter((condition) => condition !== void 0);
}
/** A bare expression, a text with templates or a literal value; its texts are collected. */
function readExpression(node, texts, role = 'plain') {
  if (node.kind === 'scalar' && typeof node.value === 'string' && !node.value.includes('{'))
    texts.condition(node, role);
  else texts.template(node, role);
  return node.value;
}
// src/core/workflow/kinds/branches.ts
var BRANCH_POLICIES = ['stop', 'wait', 'continue'];
/** A condition of a group, with the text that stands for it in the checks. */
function groupCondition(host, node, key) {
  const value = readCondition(node, key, host.fields.report, host.texts);
  const use = host.texts.uses.at(-1);
  if (value === void 0) return void 0;
  return use?.node === node
    ? {
        value,
        use,
      }
    : { value };
}
/** `if` with `then`, `elif` and `else`. */
function readIf(host) {
  const { fields, entry } = host;
  const groups = [];
  const test = entry === void 0 ? void 0 : groupCondition(host, entry.node, 'if');
  const then = fields.get('then');
  if (then === void 0) fields.report.error('workflow.missing_key', "'then' is missing", entry?.at ?? fields.node.at);
  groups.push(host.group('then', 'then', then?.node, test));
  for (const [index, item] of listItems(fields, 'elif').entries()) {
    const inner = fieldsOf(item, fields.report);
    inner.checkKeys(['if', 'then']);
    const condition = requireKey(inner, 'if');
    const held = condition === void 0 ? void 0 : groupCondition(host, condition.node, 'if');
    groups.push(host.group(`elif:${index}`, `elif_${index + 1}`, requireKey(inner, 'then')?.node, held));
  }
  const otherwise = fields.get('else');
  if (otherwise !== void 0) groups.push(host.group('else', 'else', otherwise.node));
  return {
    keys: ['if', 'then', 'elif', 'else'],
    groups,
    detail: { if: test?.value ?? false },
  };
}
function requireKey(fields, key) {
  const entry = fields.get(key);
  if (entry === void 0) fields.report.error('workflow.missing_key', `'${key}' is missing`, fields.node.at);
  return entry;
}
/** The maps of a list key; one map counts as a list of one. */
function listItems(fields, key) {
  const entry = fields.get(key);
  if (entry === void 0) return [];
  return (entry.node.kind === 'list' ? entry.node.items : [entry.node]).filter((node) => {
    if (node.kind === 'map') return true;
    fields.report.error(
      'workflow.wrong_type',
      `An item of '${key}' must be a map, it is ${describeNode(node)}`,
      node.at,
    );
    return false;
  });
}
/** `switch` with `cases` as a map or a list, and `default`. */
function readSwitch(host) {
  const { fields, entry, texts } = host;
  const expression = entry === void 0 ? null : readExpression(entry.node, texts);
  const cases = requireKey(fields, 'cases');
  const groups = [];
  const detail = [];
  if (cases?.node.kind === 'map')
    for (const item of cases.node.entries.values()) {
      const name = `case:${item.key}`;
      groups.push(host.group(name, `case_${item.key}`, item.node));
      detail.push({
        group: name,
        when: item.key.split('|').map((part) => part.trim()),
      });
    }
  else
    for (const [index, item] of listItems(fields, 'cases').entries()) {
      const read = readCase(host, fieldsOf(item, fields.report), index);
      groups.push(read.group);
      detail.push(read.detail);
    }
  const otherwise = fields.get('default');
  if (otherwise !== void 0) groups.push(host.group('default', 'default', otherwise.node));
  return {
    keys: ['switch', 'cases', 'default'],
    groups,
    detail: {
      switch: expression,
      cases: detail,
    },
  };
}
function readCase(host, fields, index) {
  fields.checkKeys(['when', 'if', 'steps']);
  const when = fields.get('when');
  const test = fields.get('if');
  if (when === void 0 && test === void 0)
    fields.report.error('workflow.missing_key', "A case needs 'when' or 'if'", fields.node.at);
  if (when !== void 0) host.texts.template(when.node);
  const condition = test === void 0 ? void 0 : groupCondition(host, test.node, 'if');
  const name = `case:${index}`;
  const values = when === void 0 ? void 0 : when.node.kind === 'list' ? when.node.value : [when.node.value];
  return {
    group: host.group(name, `case_${index + 1}`, requireKey(fields, 'steps')?.node, condition),
    detail: {
      group: name,
      ...(values === void 0 ? {} : { when: values }),
      ...(condition === void 0 ? {} : { if: condition.value }),
    },
  };
}
/** `parallel`: a map of branches. */
function readParallel(host) {
  const { fields, entry } = host;
  const groups = [];
  if (entry?.node.kind === 'map') {
    for (const branch of entry.node.entries.values())
      groups.push(host.group(`branch:${branch.key}`, branch.key, branch.node));
    if (groups.length === 0) fields.report.error('workflow.empty_group', "'parallel' has no branches", entry.node.at);
  } else if (entry !== void 0) {
    const message = `'parallel' must be a map of branches, it is ${describeNode(entry.node)}`;
    fields.report.error('workflow.wrong_type', message, entry.node.at, 'Give every branch a name and a list of steps.');
  }
  const bounds = {
    min: 1,
    max: 64,
  };
  const concurrency = fields.integer('concurrency', bounds) ?? fields.integer('max_concurrent', bounds);
  return {
    keys: ['parallel', 'concurrency', 'max_concurrent', 'on_branch_error'],
    groups,
    detail: {
      branches: groups.map((group) => group.name.slice(7)),
      on_branch_error: fields.word('on_branch_error', BRANCH_POLICIES) ?? 'stop',
      ...(concurrency === void 0 ? {} : { concurrency }),
    },
  };
}
/** `try` with `catch` (steps, or a list by error code) and `finally`. */
function readTry(host) {
  const { fields, entry } = host;
  const groups = [host.group('try', 'try', entry?.node)];
  const catches = [];
  const handler = fields.get('catch');
  if (handler !== void 0)
    for (const item of catchItems(handler.node)) {
      const name = `catch:${catches.length}`;
      if (item.fields !== void 0) fieldsOf(item.fields, fields.report).checkKeys(['error', 'steps']);
      groups.push(host.group(name, item.fields === void 0 ? 'catch' : `catch_${catches.length + 1}`, item.steps));
      catches.push({
        group: name,
        error: item.codes,
      });
    }
  const last = fields.get('finally');
  if (last !== void 0) groups.push(host.group('finally', 'finally', last.node));
  if (handler === void 0 && last === void 0)
    fields.report.error('workflow.missing_key', "'try' needs 'catch' or 'finally'", entry?.at ?? fields.node.at);
  return {
    keys: ['try', 'catch', 'finally'],
    groups,
    detail: { catch: catches },
  };
}
/** A list of handlers when its items have `error` or only `steps`, else one handler for every error. */
function catchItems(node) {
  const maps = node.kind === 'list' ? node.items : [node];
  const handlers = maps.filter(
    (item) =>
      item.kind === 'map' &&
      item.entries.has('steps') &&
      !item.entries.has('for_each') &&
      !item.entries.has('while') &&
      !item.entries.has('type') &&
      !item.entries.has('transaction'),
  );
  if (handlers.length === 0 || handlers.length !== maps.length)
    return [
      {
        codes: ['default'],
        steps: node,
      },
    ];
  return handlers.flatMap((item) => {
    if (item.kind !== 'map') return [];
    const error = item.entries.get('error')?.node;
    return [
      {
        codes:
          error === void 0 || error.value === null ? ['default'] : error.kind === 'list' ? error.value : [error.value],
        steps: item.entries.get('steps')?.node,
        fields: item,
      },
    ];
  });
}
// src/core/workflow/step-options.ts
var IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
var PERMISSION_LISTS = ['read', 'write', 'commands', 'hosts', 'env'];
var ROLLBACK_WORDS = ['none', 'compensate', 'restore', 'idempotent'];
/** A name for a variable: letters, digits and `_`, not beginning with a digit. */
function readVariableName(fields, key) {
  const name = fields.text(key);
  if (name === void 0) return void 0;
  if (IDENTIFIER.test(name) && !['constructor', 'prototype'].includes(name) && !name.startsWith('_')) return name;
  const fixed = name
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^_+/, '')
    .replace(/^(?=\d)/, 'v');
  const fix = IDENTIFIER.test(fixed) ? `Write '${fixed}'.` : void 0;
  report(
    fields,
    key,
    `'${key}' must be a name of letters, digits and _, beginning with a letter, not '${name.slice(0, 60)}'`,
    fix,
  );
}
function report(fields, key, message, fix) {
  fields.report.error('workflow.bad_name', message, fields.get(key)?.node.at ?? fields.node.at, fix);
}
/** `{action, inputs}` of `fallback` and `compensate`; the action stands under `actionKey`. */
function readActionMap(node, actionKey, reporter) {
  const fields = fieldsOf(node, reporter);
  fields.checkKeys([actionKey, 'inputs']);
  const action = fields.text(actionKey);
  const inputs = fields.map('inputs');
  if (action === void 0 || action.trim() === '') {
    if (fields.get(actionKey) === void 0) reporter.error('workflow.missing_key', `'${actionKey}' is missing`, node.at);
    return;
  }
  return {
    action,
    inputs: inputs?.node.value ?? {},
    ...(inputs === void 0 ? {} : { inputsNode: inputs.node }),
  };
}
/** `fallback: {on_failure: action, inputs}` or the short key `fallback_action` (SPEC §1.5). */
function readFallback(fields, texts) {
  const entry = fields.get('fallback');
  if (entry === void 0) {
    const action = fields.text('fallback_action');
    return action === void 0
      ? void 0
      : {
          action,
          inputs: {},
        };
  }
  if (entry.node.kind !== 'map') {
    const message = `'fallback' must be a map with on_failure, it is ${describeNode(entry.node)}`;
    fields.report.error(
      'workflow.wrong_type',
      message,
      entry.node.at,
      'For a fixed output write on_error: {fallback: value}.',
    );
    return;
  }
  const read = readActionMap(entry.node, 'on_failure', fields.report);
  if (read?.inputsNode !== void 0) texts.template(read.inputsNode, 'error');
  return read === void 0
    ? void 0
    : {
        action: read.action,
        inputs: read.inputs,
      };
}
/** `compensate`: one `{action, inputs}` or a list of them. */
function readCompensate(fields, texts) {
  const entry = fields.get('compensate');
  if (entry === void 0) return void 0;
  for (const node of entry.node.kind === 'list' ? entry.node.items : [entry.node])
    if (node.kind === 'map') {
      const read = readActionMap(node, 'action', fields.report);
      if (read?.inputsNode !== void 0) texts.template(read.inputsNode, 'output');
    } else
      fields.report.error(
        'workflow.wrong_type',
        `'compensate' must be {action, inputs}, it is ${describeNode(node)}`,
        node.at,
      );
  return entry.node.value;
}
/** `agent_hints: {agent: {key: value}}`. */
function readAgentHints(fields, texts) {
  const hints = fields.map('agent_hints');
  if (hints === void 0) return void 0;
  for (const entry of hints.node.entries.values())
    if (entry.node.kind !== 'map') {
      const message = `'agent_hints.${entry.key}' must be a map, it is ${describeNode(entry.node)}`;
      fields.report.error('workflow.wrong_type', message, entry.node.at);
    }
  texts.template(hints.node);
  return hints.node.value;
}
/** `permissions: {read, write, commands, hosts, env, enforce}`. */
function readPermissions(fields) {
  const permissions = fields.map('permissions');
  if (permissions === void 0) return void 0;
  permissions.checkKeys(PERMISSION_LISTS, ['enforce']);
  for (const key of PERMISSION_LISTS) permissions.texts(key);
  permissions.word('enforce', ['best_effort', 'strict']);
  return permissions.node.value;
}
/** `needs`: a list of step ids; `[]` is a value, undefined is not written. */
function readNeeds(fields) {
  const entry = fields.node.entries.get('needs');
  if (entry === void 0) return void 0;
  return entry.node.value === null ? [] : fields.texts('needs');
}
/** `cache`: a duration in ms. */
function readCache(fields) {
  return fields.duration('cache');
}
/** `rollback`: the strategy word. */
function readRollback(fields) {
  return fields.word('rollback', ROLLBACK_WORDS);
}
/** `inputs`: a map; empty is `{}` and anything else an error (SPEC §1.5). */
function readInputsMap(fields) {
  const entry = fields.get('inputs');
  if (entry === void 0) return void 0;
  if (entry.node.kind === 'map') return entry.node;
  const fix = scalarText(entry.node) === void 0 ? 'Write the inputs as name: value lines.' : void 0;
  fields.report.error(
    'workflow.wrong_type',
    `'inputs' must be a map, it is ${describeNode(entry.node)}`,
    entry.node.at,
    fix,
  );
}
// src/core/workflow/kinds/loops.ts
var FOR_EACH_KEYS = [
  'for_each',
  'as',
  'index_as',
  'concurrency',
  'max_items',
  'on_item_error',
  'errors_variable',
  'steps',
  'output',
];
/** Keys of a `for_each` block with `action` that stay with the loop; the rest belongs to the action. */
var LOOP_KEYS = /* @__PURE__ */ new Set([
  ...FOR_EACH_KEYS,
  'type',
  'id',
  'name',
  'description',
  'enabled',
  'output_variable',
  'needs',
]);
var SHORT_FORM = /^(.*\S)\s+as\s+([A-Za-z_]\w*)$/s;
var ITEM_POLICIES = ['stop', 'continue'];
/** `for_each` in its long and short forms, with `steps` or an action in the same block. */
function readForEach(host, inlineBody) {
  const { fields, entry, texts } = host;
  const short = typeof entry?.node.value === 'string' ? SHORT_FORM.exec(entry.node.value) : null;
  const list = entry === void 0 ? null : short !== null ? (short[1] ?? '') : entry.node.value;
  readList$1(host, short?.[1]);
  const as = readVariableName(fields, 'as') ?? short?.[2] ?? 'item';
  const indexAs = readVariableName(fields, 'index_as');
  const errorsVariable = readVariableName(fields, 'errors_variable');
  const output = fields.get('output');
  if (output !== void 0) readExpression(output.node, texts, 'item');
  return {
    keys: FOR_EACH_KEYS,
    groups: [inlineBody !== void 0 ? host.inlineGroup('body', inlineBody) : host.group('body', '', readBody$1(host))],
    detail: {
      for_each: list,
      as,
      concurrency:
        fields.integer('concurrency', {
          min: 1,
          max: 64,
        }) ?? 1,
      max_items:
        fields.integer('max_items', {
          min: 1,
          max: 1e4,
        }) ?? 1e4,
      on_item_error: fields.word('on_item_error', ITEM_POLICIES) ?? 'stop',
      ...(indexAs === void 0 ? {} : { index_as: indexAs }),
      ...(errorsVariable === void 0 ? {} : { errors_variable: errorsVariable }),
      ...(output === void 0 ? {} : { output: output.node.value }),
    },
  };
}
function readList$1({ entry, fields, texts }, shortText) {
  if (entry === void 0) return;
  const { node } = entry;
  if (node.kind === 'scalar' && typeof node.value !== 'string') {
    const message = `'for_each' must be a list, a map or an expression, it is ${describeNode(node)}`;
    fields.report.error('workflow.wrong_type', message, node.at);
  } else if (node.kind === 'scalar' && shortText !== void 0)
    readExpression(
      {
        ...node,
        value: shortText,
      },
      texts,
    );
  else readExpression(node, texts);
}
/** The `steps` of a body; missing ones are an error. */
function readBody$1({ fields }) {
  const steps = fields.get('steps');
  if (steps === void 0)
    fields.report.error(
      'workflow.missing_key',
      "'steps' is missing",
      fields.node.at,
      'Add the steps to repeat under steps:.',
    );
  return steps?.node;
}
/** Parts a block that is loop and action at once. A condition goes with the action when it uses the item. */
function splitLoopBlock(node) {
  const list = node.entries.get('for_each')?.node.value;
  const short = typeof list === 'string' ? SHORT_FORM.exec(list)?.[2] : void 0;
  const as = node.entries.get('as')?.node.value ?? short ?? 'item';
  const names = ['loop', String(as)];
  const loop = /* @__PURE__ */ new Map();
  const body = /* @__PURE__ */ new Map();
  for (const [key, entry] of node.entries) {
    const isCondition = key === 'condition' || key === 'conditions';
    (LOOP_KEYS.has(key) || (isCondition && !mentions(entry.node, names)) ? loop : body).set(key, entry);
  }
  return {
    loop: {
      ...node,
      entries: loop,
    },
    body: {
      ...node,
      entries: body,
    },
  };
}
function mentions(node, names) {
  const words = new Set(JSON.stringify(node.value).split(/\W+/));
  return names.some((name) => words.has(name));
}
/** `while` with its turns (SPEC §1.4). */
function readWhile(host) {
  const { fields, entry, texts } = host;
  const condition = entry === void 0 ? void 0 : readCondition(entry.node, 'while', fields.report, texts);
  const delayMs = fields.duration('delay');
  return {
    keys: ['while', 'steps', 'max_iterations', 'delay'],
    groups: [host.group('body', '', readBody$1(host))],
    detail: {
      while: condition ?? false,
      max_iterations:
        fields.integer('max_iterations', {
          min: 1,
          max: 1e4,
        }) ?? 100,
      ...(delayMs === void 0 ? {} : { delay_ms: delayMs }),
    },
  };
}
// src/core/workflow/kinds/pauses.ts
var WAIT_MODES = ['for', 'until', 'condition', 'event'];
var DEFAULT_EVERY_MS = 3e4;
var DEFAULT_TIMEOUT_MS = 36e5;
var ON_DECISION = ['fail', 'continue'];
/** `wait`: a duration, or a map that says for what. */
function readWait(host) {
  const { fields, entry } = host;
  const keys = ['wait'];
  if (entry === void 0)
    return {
      keys,
      groups: [],
      detail: {},
    };
  if (entry.node.kind === 'map')
    return {
      keys,
      groups: [],
      detail: readWaitMap(host, fieldsOf(entry.node, fields.report)),
    };
  if (entry.node.kind === 'list' || entry.node.value === null) {
    const message = `'wait' must be a duration or a map, it is ${describeNode(entry.node)}`;
    fields.report.error('workflow.wrong_type', message, entry.node.at, 'Write for example wait: 5m.');
    return {
      keys,
      groups: [],
      detail: {},
    };
  }
  return {
    keys,
    groups: [],
    detail: {
      mode: 'for',
      for_ms: readWaitTime(host, entry),
    },
  };
}
/** A duration in ms, or its text while it holds a template. */
function readWaitTime(host, entry) {
  const { value } = entry.node;
  if (typeof value === 'string' && value.includes('{')) {
    host.texts.template(entry.node);
    return value;
  }
  return readDuration(entry, host.fields.report) ?? parseDuration('').ms;
}
function readWaitMap(host, inner) {
  inner.checkKeys(WAIT_MODES, ['every', 'timeout', 'match']);
  const modes = WAIT_MODES.filter((mode) => inner.get(mode) !== void 0);
  const mode = modes[0];
  if (mode === void 0 || modes.length > 1)
    inner.report.error('workflow.wrong_type', `'wait' needs exactly one of ${WAIT_MODES.join(', ')}`, inner.node.at);
  const entry = mode === void 0 ? void 0 : inner.get(mode);
  if (mode === void 0 || entry === void 0) return {};
  if (mode === 'for')
    return {
      mode,
      for_ms: readWaitTime(host, entry),
    };
  if (mode === 'until')
    return {
      mode,
      until: readInstant(host, inner),
    };
  if (mode === 'condition')
    return {
      mode,
      condition: readCondition(entry.node, 'condition', inner.report, host.texts) ?? false,
      every_ms: inner.duration('every') ?? DEFAULT_EVERY_MS,
      timeout_ms: inner.duration('timeout') ?? DEFAULT_TIMEOUT_MS,
    };
  return readEventWait(host, inner, entry);
}
function readEventWait(host, inner, entry) {
  host.texts.template(entry.node);
  const match = inner.get('match');
  const condition = match === void 0 ? void 0 : readCondition(match.node, 'match', inner.report, host.texts, 'open');
  const timeoutMs = inner.duration('timeout');
  return {
    mode: 'event',
    event: inner.text('event') ?? '',
    ...(condition === void 0 ? {} : { match: condition }),
    ...(timeoutMs === void 0 ? {} : { timeout_ms: timeoutMs }),
  };
}
/** ISO text, or a template that gives one. */
function readInstant(host, inner) {
  const text = inner.text('until') ?? '';
  const entry = inner.get('until');
  if (entry === void 0 || text === '') return text;
  if (text.includes('{')) host.texts.template(entry.node);
  else if (Number.isNaN(Date.parse(text)))
    inner.report.error(
      'workflow.invalid_instant',
      `'until' is not an instant: '${text.slice(0, 60)}'`,
      entry.node.at,
      'Write for example 2026-01-31T09:00:00Z.',
    );
  return text;
}
var APPROVAL_KEYS = [
  'title',
  'description',
  'approvers',
  'min_approvals',
  'expires_in',
  'on_reject',
  'on_expire',
  'allow_self_approval',
];
/** `approval`: a map, a title, or its keys beside `type: approval`. */
function readApproval(host) {
  const { fields, entry } = host;
  const isMap = entry?.node.kind === 'map';
  if (entry?.node.kind === 'list')
    fields.report.error('workflow.wrong_type', "'approval' must be a map or a title, it is a list", entry.node.at);
  const inner = entry?.node.kind === 'map' ? fieldsOf(entry.node, fields.report) : fields;
  if (isMap) inner.checkKeys(APPROVAL_KEYS);
  const title = isMap || entry === void 0 ? inner.text('title') : fields.text('approval');
  for (const key of ['title', 'description', 'approvers']) {
    const written = inner.get(key);
    if (written !== void 0) host.texts.template(written.node);
  }
  if (entry?.node.kind === 'scalar') host.texts.template(entry.node);
  const expiresInMs = inner.duration('expires_in');
  return {
    keys: ['approval', ...(isMap ? [] : APPROVAL_KEYS)],
    groups: [],
    detail: {
      title: title ?? '',
      description: inner.text('description') ?? '',
      approvers: inner.texts('approvers'),
      min_approvals:
        inner.integer('min_approvals', {
          min: 1,
          max: 1e3,
        }) ?? 1,
      on_reject: inner.word('on_reject', ON_DECISION) ?? 'fail',
      on_expire: inner.word('on_expire', ON_DECISION) ?? 'fail',
      allow_self_approval: inner.flag('allow_self_approval') ?? false,
      ...(expiresInMs === void 0 ? {} : { expires_in_ms: expiresInMs }),
    },
  };
}
// src/core/workflow/kinds/scopes.ts
var TRANSACTION_POLICIES = ['rollback', 'stop', 'continue'];
/** `transaction`: its steps and policy stand under the key or beside it. */
function readTransaction(host) {
  const { fields, entry } = host;
  const inner = entry?.node.kind === 'map' ? fieldsOf(entry.node, fields.report) : void 0;
  inner?.checkKeys(['steps', 'on_error', 'name']);
  const steps = entry?.node.kind === 'list' ? entry.node : (inner?.get('steps') ?? fields.get('steps'))?.node;
  if (steps === void 0) fields.report.error('workflow.missing_key', "'steps' is missing", entry?.at ?? fields.node.at);
  const beside = fields.get('on_error')?.node.kind === 'scalar' ? fields : void 0;
  const policy = (inner?.get('on_error') === void 0 ? beside : inner)?.word('on_error', TRANSACTION_POLICIES);
  return {
    keys: ['transaction', 'steps'],
    groups: [host.group('body', '', steps)],
    detail: { on_error: policy ?? 'rollback' },
  };
}
/** `savepoint` and `rollback_to`: a name. */
function readSavepoint(host, kind) {
  const name = host.fields.text(kind);
  if (host.entry !== void 0 && (name === void 0 || name.trim() === '') && host.entry.node.kind === 'scalar')
    host.fields.report.error('workflow.missing_key', `'${kind}' needs a name`, host.entry.at);
  return {
    keys: [kind],
    groups: [],
    detail: { name: name ?? '' },
  };
}
/** `workflow`: another workflow as a step. */
function readCall(host) {
  const { fields, entry, texts } = host;
  const target = fields.text('workflow');
  if (entry !== void 0 && entry.node.kind === 'scalar' && (target === void 0 || target.trim() === ''))
    fields.report.error('workflow.missing_key', "'workflow' needs a path or an id", entry.at);
  if (entry !== void 0) texts.template(entry.node);
  const version = fields.text('version');
  return {
    keys: ['workflow', 'version'],
    groups: [],
    detail: {
      workflow: target ?? '',
      ...(version === void 0 ? {} : { version }),
    },
  };
}
/** `action`: the name and, for implied iteration and secrets in prompts, two keys of its own. */
function readAction(host) {
  const { fields, entry, texts } = host;
  const action = entry?.node.kind === 'scalar' ? (fields.text('action') ?? '') : '';
  if (entry !== void 0 && entry.node.kind !== 'scalar')
    fields.report.error(
      'workflow.wrong_type',
      `'action' must be a text, it is ${describeNode(entry.node)}`,
      entry.node.at,
      'Write for example action: tool.operation, in quotes when it holds {{ }}.',
    );
  else if (entry !== void 0 && action.trim() === '')
    fields.report.error(
      'workflow.missing_key',
      "'action' is empty",
      entry.at,
      'Write for example action: tool.operation.',
    );
  if (entry !== void 0) texts.template(entry.node);
  const maxItems = fields.integer('max_items', {
    min: 1,
    max: 1e4,
  });
  const allowSecrets = fields.flag('allow_secrets');
  const detail = {};
  if (maxItems !== void 0) detail.max_items = maxItems;
  if (allowSecrets !== void 0) detail.allow_secrets = allowSecrets;
  return {
    keys: ['action'],
    groups: [],
    detail,
    action: action.trim(),
  };
}
// src/core/workflow/retry.ts
/** Most retries that may be asked for (SPEC §1.1). */
var MAX_RETRIES = {
  min: 0,
  max: 20,
};
var KEYS$2 = ['max_retries', 'delay', 'max_delay', 'base', 'jitter', 'on'];
/** What `max_retries:` without a value means (SPEC §1.5). */
var EMPTY_MAX_RETRIES = 3;
function readRetryMap(fields) {
  fields.checkKeys(KEYS$2);
  const maxRetries = fields.integer('max_retries', MAX_RETRIES);
  const delayMs = fields.duration('delay');
  const maxDelayMs = fields.duration('max_delay');
  const base = fields.number('base', {
    min: 1,
    max: 100,
  });
  const jitter = fields.number('jitter', {
    min: 0,
    max: 1,
  });
  return {
    ...(maxRetries === void 0 ? {} : { maxRetries }),
    ...(delayMs === void 0 ? {} : { delayMs }),
    ...(maxDelayMs === void 0 ? {} : { maxDelayMs }),
    ...(base === void 0 ? {} : { base }),
    ...(jitter === void 0 ? {} : { jitter }),
    ...(fields.get('on') === void 0 ? {} : { on: fields.texts('on') }),
  };
}
/** `retry: 2`, `false`, `true` or a map (SPEC §1.5); undefined when not written. */
function readRetry(entry, report) {
  if (entry === void 0) return void 0;
  const { node } = entry;
  if (node.kind === 'map') return readRetryMap(fieldsOf(node, report));
  if (node.value === null || node.value === true) return { maxRetries: EMPTY_MAX_RETRIES };
  if (node.value === false) return { maxRetries: 0 };
  const { min, max } = MAX_RETRIES;
  if (typeof node.value === 'number' && Number.isInteger(node.value) && node.value >= min && node.value <= max)
    return { maxRetries: node.value };
  const message = `'${entry.key}' must be a whole number from ${min} to ${max}, false or a map, it is ${describeNode(node)}`;
  report.error('workflow.wrong_type', message, node.at);
}
/** `retry` together with the short keys `max_retries` and `retry_delay_seconds` of a step or `on_error`. */
function readStepRetry(fields) {
  const { entries } = fields.node;
  const main = readRetry(entries.get('retry'), fields.report);
  const short = readRetry(entries.get('max_retries'), fields.report);
  const delay = entries.has('retry_delay_seconds') ? (fields.duration('retry_delay_seconds') ?? 1e3) : void 0;
  if (main === void 0 && short === void 0 && delay === void 0) return void 0;
  return {
    ...short,
    ...(delay === void 0 ? {} : { delayMs: delay }),
    ...main,
  };
}
// src/core/workflow/on-error.ts
var MAP_KEYS = [
  'action',
  'fallback',
  'notify',
  'retry',
  'rollback_to',
  'max_retries',
  'retry_delay_seconds',
  'notify_channel',
];
var ITEM_KEYS = ['error_code', 'default', 'action', 'retry', 'notify', 'fallback', 'rollback_to'];
/** `on_error` in all its forms (SPEC §1.6): rules in order of use, the `default` item last. */
function readOnError(entry, report, texts) {
  if (entry === void 0) return [];
  const { node } = entry;
  if (node.kind === 'list') return readItems(node, report, texts);
  if (node.kind === 'map') return [readRule(node, MAP_KEYS, report, texts)];
  if (node.value === null) return [{ action: 'stop' }];
  const action = readActionWord(scalarText(node) ?? '', node.at, report);
  return action === void 0 ? [] : [{ action }];
}
function readActionWord(word, at, report) {
  const action = ERROR_ACTION_WORDS.get(word);
  if (action !== void 0) return action;
  const near = suggestName(word, ERROR_ACTION_WORDS.keys());
  const fix = near === void 0 ? `Use one of ${[...ERROR_ACTION_WORDS.keys()].join(', ')}.` : `Did you mean '${near}'?`;
  report.warning('workflow.unknown_error_action', `Unknown action word '${word.slice(0, 60)}' in on_error`, at, fix);
}
function readItems(list, report, texts) {
  const rules = [];
  const defaults = [];
  for (const item of list.items) {
    if (item.kind !== 'map') {
      report.error(
        'workflow.wrong_type',
        `An item of on_error must be a map, it is ${describeNode(item)}`,
        item.at,
        'Write for example - {error_code: 404, action: continue}.',
      );
      continue;
    }
    const rule = readItem(item, report, texts);
    if (rule.match !== void 0) rules.push(rule);
    else if (defaults.push(rule) === 2)
      report.warning('workflow.second_default', 'on_error has a second default item, it is never used', item.at);
  }
  return [...rules, ...defaults.slice(0, 1)];
}
function readItem(item, report, texts) {
  const inner = item.entries.get('default');
  if (inner !== void 0 && item.entries.get('error_code') === void 0) {
    if (inner.node.kind === 'map') return readRule(inner.node, MAP_KEYS, report, texts);
    const word = scalarText(inner.node);
    const rest = readRule(item, ITEM_KEYS, report, texts);
    if (word === void 0 || rest.action !== void 0) return rest;
    const action = readActionWord(word, inner.node.at, report);
    return action === void 0
      ? rest
      : {
          ...rest,
          action,
        };
  }
  const rule = readRule(item, ITEM_KEYS, report, texts);
  const match = readMatch(item.entries.get('error_code'), report);
  return match === void 0
    ? rule
    : {
        match,
        ...rule,
      };
}
/** The codes an item is for; undefined for `default`. */
function readMatch(entry, report) {
  if (entry === void 0) return void 0;
  const nodes = entry.node.kind === 'list' ? entry.node.items : [entry.node];
  const match = [];
  for (const node of nodes) {
    const value = node.value;
    if (node.kind === 'scalar' && (typeof value === 'number' || (typeof value === 'string' && value !== '')))
      match.push(value);
    else
      report.error(
        'workflow.wrong_type',
        `'error_code' must be a number or a text, it is ${describeNode(node)}`,
        node.at,
      );
  }
  return match.includes('default') ? void 0 : match;
}
function readRule(node, known, report, texts) {
  const fields = fieldsOf(node, report);
  fields.checkKeys(known);
  const word = fields.text('action');
  const wordAt = fields.get('action')?.node.at ?? node.at;
  const action = word === void 0 ? void 0 : readActionWord(word, wordAt, report);
  const retry = known === MAP_KEYS ? readStepRetry(fields) : readRetry(fields.get('retry'), report);
  const rollbackTo = fields.text('rollback_to');
  const notify = fields.get('notify') ?? fields.get('notify_channel');
  const fallback = node.entries.get('fallback');
  if (notify !== void 0) texts.template(notify.node, 'error');
  if (fallback !== void 0) texts.template(fallback.node, 'error');
  return {
    ...(action === void 0 ? {} : { action }),
    ...(retry === void 0 ? {} : { retry }),
    ...(notify === void 0 ? {} : { notify: notify.node.value }),
    ...(rollbackTo === void 0 ? {} : { rollbackTo }),
    ...(fallback === void 0 ? {} : { fallback: { value: fallback.node.value } }),
  };
}
// src/core/workflow/step-common.ts
var FORMATS = ['markdown', 'json', 'text'];
/** The keys that every step kind shares (SPEC §1.5), except `inputs`. Only written keys are present. */
function readCommonKeys(fields, texts, setting) {
  const outputFile = fields.get('output_file');
  if (outputFile !== void 0) texts.template(outputFile.node, 'output');
  const onError = fields.node.entries.get('on_error');
  const isPolicy = setting.kind === 'transaction' && onError?.node.kind === 'scalar';
  const keys = {
    outputVariable: readVariableName(fields, 'output_variable'),
    fallback: readFallback(fields, texts),
    retry: readStepRetry(fields),
    timeoutMs: fields.duration('timeout'),
    needs: readNeeds(fields),
    idempotent: fields.flag('idempotent'),
    outputFile: fields.text('output_file'),
    format: fields.word('format', FORMATS),
    agent: fields.text('agent'),
    model: fields.text('model'),
    agentHints: readAgentHints(fields, texts),
    compensate: readCompensate(fields, texts),
    rollback: readRollback(fields),
    permissions: readPermissions(fields),
    cacheMs: readCache(fields),
  };
  const rules = isPolicy ? [] : readOnError(onError, fields.report, texts);
  const channel = fields.get('notify_channel');
  return {
    ...withoutUndefined(keys),
    conditions: readAllConditions(fields, texts, setting.conditionAlias),
    onError: channel === void 0 ? rules : [...rules, { notify: channel.node.value }],
  };
}
/** Optional keys that are really absent, as the model wants them. */
function withoutUndefined(keys) {
  const present = {};
  for (const key of Object.keys(keys)) {
    const value = keys[key];
    if (value !== void 0) present[key] = value;
  }
  return present;
}
function readAllConditions(fields, texts, alias) {
  const conditions = [
    ...readConditions(fields.get('condition'), fields.report, texts),
    ...readConditions(fields.get('conditions'), fields.report, texts),
  ];
  const test = alias ? fields.get('if') : void 0;
  const also = test === void 0 ? void 0 : readCondition(test.node, 'if', fields.report, texts);
  return also === void 0 ? conditions : [...conditions, also];
}
// src/core/workflow/step-inputs.ts
/** Reads `inputs` and, for an action, the agent keys beside it. `action` undefined: another kind. */
function readInputs(fields, texts, action) {
  const map = readInputsMap(fields);
  const entries = new Map(map?.entries);
  if (action !== void 0)
    for (const key of AGENT_KEYS) {
      const entry = fields.get(key);
      if (entry !== void 0 && !entries.has(key)) entries.set(key, entry);
    }
  const value = {};
  const mayBeAgent = action !== void 0 && (splitAction(action).tool === 'agent' || isTemplatedAction(action));
  for (const [key, entry] of entries) {
    value[key] = entry.node.value;
    texts.template(entry.node, mayBeAgent && SECOND_PHASE_KEYS.has(key) ? 'second_phase' : 'plain');
  }
  return {
    value,
    ...secondPhaseNames(entries),
  };
}
function secondPhaseNames(entries) {
  const names = [...entries.keys()];
  let open = false;
  for (const key of ['data', 'context']) {
    const node = entries.get(key)?.node;
    if (node === void 0) continue;
    if (node.kind === 'map') names.push(...node.entries.keys());
    else open = true;
  }
  return {
    open,
    names,
  };
}
// src/core/workflow/step-reader.ts
/** Reads one step block with everything nested in it (SPEC §1.4, §1.5). It always gives a step. */
function readStep(node, setting) {
  const id = readId(fieldsOf(node, setting.report)) ?? setting.defaultId;
  const report = setting.report.forStep(id);
  const fields = fieldsOf(node, report);
  const reading = readKind(node, report);
  const texts = collectTexts();
  const host = createHost({
    node,
    fields,
    id,
    reading,
    setting,
    texts,
  });
  const shared = reading?.sugar === 'loop_body' ? splitLoopBlock(node) : void 0;
  const parts = readParts(host, reading, shared?.body);
  const isAction = reading?.kind === 'action';
  const common = readCommonKeys(shared === void 0 ? fields : fieldsOf(shared.loop, report), texts, {
    kind: reading?.kind,
    conditionAlias: reading?.sugar === 'condition',
  });
  const inputs = shared !== void 0 ? void 0 : readInputs(fields, texts, isAction ? parts.action : void 0);
  if (reading !== void 0 && shared === void 0) {
    const sugarKeys = reading.sugar === 'condition' ? ['if'] : [];
    fields.checkKeys(STEP_KEYS, [...parts.keys, ...sugarKeys, ...(isAction ? AGENT_KEYS : [])]);
  }
  const name = fields.text('name') ?? setting.name ?? parts.action ?? id;
  return {
    step: {
      id,
      kind: reading?.kind ?? 'action',
      name,
      description: fields.text('description') ?? setting.description ?? '',
      place: report.source.place(reading?.entry?.at ?? node.at),
      enabled: fields.flag('enabled') ?? true,
      inputs: inputs?.value ?? {},
      groups: parts.groups.map((group) => group.group),
      detail: parts.detail,
      ...(parts.action === void 0 ? {} : { action: parts.action }),
      ...common,
    },
    report,
    texts: texts.uses,
    groups: parts.groups,
    openSecondPhase: inputs?.open ?? false,
    secondPhaseNames: inputs?.names ?? [],
    keyAt: (key) => node.entries.get(key)?.at,
    broken: setting.broken,
  };
}
function readId(fields) {
  const id = fields.text('id');
  if (id === void 0) return void 0;
  if (/^[A-Za-z_][\w-]*$/.test(id)) return id;
  const fixed = id
    .trim()
    .replace(/[^\w-]+/g, '_')
    .replace(/^(?=[\d-])/, '_');
  const message = `A step id has letters, digits, _ and - and begins with a letter, not '${id.slice(0, 60)}'`;
  fields.report.error('workflow.bad_name', message, fields.get('id')?.node.at ?? fields.node.at, `Write '${fixed}'.`);
  return id.trim() === '' ? void 0 : id;
}
function createHost({ fields, id, reading, setting, texts }) {
  const inner = {
    report: setting.report,
    depth: setting.depth + 1,
    broken: setting.broken,
  };
  return {
    id,
    fields,
    texts,
    entry: reading?.entry,
    group: (name, label, node, condition) => {
      return draftGroup(
        name,
        readStepList(node, label === '' ? id : `${id}_${label.replace(/[^A-Za-z0-9_]+/g, '_')}`, inner, fields.report),
        condition,
      );
    },
    inlineGroup: (name, node) =>
      draftGroup(
        name,
        [
          readStep(node, {
            ...inner,
            defaultId: `${id}_1`,
          }),
        ],
        void 0,
      ),
  };
}
function draftGroup(name, steps, condition) {
  return {
    name,
    steps,
    group: {
      name,
      ...(condition === void 0 ? {} : { condition: condition.value }),
      steps: steps.map((draft) => draft.step),
    },
    ...(condition?.use === void 0 ? {} : { condition: condition.use }),
  };
}
/** A list of nested steps; one step map counts as a list of one. Ids are `prefix_1`, `prefix_2` … */
function readStepList(node, prefix, setting, report) {
  if (node === void 0) return [];
  if (setting.depth > READER_LIMITS.stepDepth) {
    const message = `Steps are nested more than ${READER_LIMITS.stepDepth} levels deep`;
    report.error('workflow.too_deep', message, node.at, 'Move the inner steps into a workflow of their own.');
    return [];
  }
  const items = node.kind === 'list' ? node.items : [node];
  if (items.length === 0 || (node.kind === 'scalar' && node.value === null)) {
    report.error('workflow.empty_group', 'There are no steps here', node.at);
    return [];
  }
  const drafts = [];
  for (const [index, item] of items.entries()) {
    const defaultId = `${prefix}_${index + 1}`;
    if (item.kind === 'map')
      drafts.push(
        readStep(item, {
          ...setting,
          defaultId,
        }),
      );
    else
      report.error(
        'workflow.wrong_type',
        `A step must be a map, it is ${describeNode(item)}`,
        item.at,
        'Write for example - action: tool.operation.',
      );
  }
  return drafts;
}
function readParts(host, reading, body) {
  if (reading === void 0)
    return {
      keys: [],
      groups: [],
      detail: {},
      action: '',
    };
  if (body !== void 0) return readForEach(host, body);
  return KIND_READERS[reading.kind](host);
}
var KIND_READERS = {
  action: readAction,
  for_each: (host) => readForEach(host),
  parallel: readParallel,
  if: readIf,
  switch: readSwitch,
  while: readWhile,
  try: readTry,
  workflow: readCall,
  wait: readWait,
  approval: readApproval,
  transaction: readTransaction,
  savepoint: (host) => readSavepoint(host, 'savepoint'),
  rollback_to: (host) => readSavepoint(host, 'rollback_to'),
};
// src/core/workflow/triggers.ts
var TYPES = ['manual', 'schedule', 'webhook', 'file', 'event'];
var KEYS$1 = {
  manual: [],
  schedule: [
    'schedule',
    'cron',
    'timezone',
    'inputs',
    'catch_up',
    'overlap',
    'jitter',
    'starts_at',
    'ends_at',
    'catch_up_window',
  ],
  webhook: ['path', 'events', 'methods', 'secret', 'scheme', 'inputs', 'insecure', 'rate_limit'],
  file: [
    'path',
    'patterns',
    'ignore',
    'ignore_patterns',
    'recursive',
    'events',
    'debounce_seconds',
    'inputs',
    'catch_up',
  ],
  event: ['name', 'match', 'inputs'],
};
var COMMON_KEYS = ['type', 'enabled', 'description', 'id'];
var CATCH_UP = ['none', 'last', 'all', 'ask'];
var OVERLAP = ['skip', 'queue', 'queue_all', 'allow', 'cancel_previous'];
var SCHEMES = ['github', 'generic', 'standard', 'slack'];
var METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
var FILE_EVENTS = ['created', 'modified', 'deleted', 'moved'];
var SECRET_NAME = /^(?:env:[A-Za-z_]\w*|[A-Z][A-Z0-9_]*)$/;
/** `triggers` as a list of maps or a map `type: {…}` (SPEC §1.7). Their texts are collected for the syntax check. */
function readTriggers(entry, report, texts) {
  if (entry === void 0 || entry.node.value === null) return [];
  const { node } = entry;
  const triggers = [];
  if (node.kind === 'map') {
    for (const item of node.entries.values()) triggers.push(...readTyped(item, report, texts));
    return triggers;
  }
  if (node.kind === 'scalar') {
    report.error(
      'workflow.wrong_type',
      `'triggers' must be a list, it is ${describeNode(node)}`,
      node.at,
      'Write for example - type: manual.',
    );
    return [];
  }
  for (const item of node.items) {
    const word = scalarText(item);
    if (item.kind === 'map') triggers.push(readTrigger(item, void 0, report, texts));
    else if (word !== void 0)
      triggers.push({
        type: readType(word, item.at, report),
        enabled: true,
        config: {},
      });
    else report.error('workflow.wrong_type', `A trigger must be a map, it is ${describeNode(item)}`, item.at);
  }
  return triggers;
}
/** One entry of the map form: the key is the type, the value its config, a list of configs or nothing. */
function readTyped(item, report, texts) {
  const type = readType(item.key, item.at, report);
  const { node } = item;
  if (node.kind === 'map') return [readTrigger(node, type, report, texts)];
  if (node.kind === 'list')
    return node.items.filter((inner) => inner.kind === 'map').map((inner) => readTrigger(inner, type, report, texts));
  if (node.value === null || node.value === true)
    return [
      {
        type,
        enabled: true,
        config: {},
      },
    ];
  if (node.value === false)
    return [
      {
        type,
        enabled: false,
        config: {},
      },
    ];
  report.error(
    'workflow.wrong_type',
    `Trigger '${item.key.slice(0, 60)}' must be a map, it is ${describeNode(node)}`,
    node.at,
  );
  return [];
}
function readType(word, at, report) {
  const type = TYPES.find((known) => known === word);
  if (type !== void 0) return type;
  const near = suggestName(word, TYPES);
  const fix = near === void 0 ? `Use one of ${TYPES.join(', ')}.` : `Did you mean '${near}'?`;
  report.error('workflow.unknown_word', `Unknown trigger type '${word.slice(0, 60)}'`, at, fix);
  return 'manual';
}
function readTrigger(node, given, report, texts) {
  const fields = fieldsOf(node, report);
  const written = fields.text('type');
  const type =
    given ?? (written === void 0 ? 'manual' : readType(written, fields.get('type')?.node.at ?? node.at, report));
  if (!(given === void 0 && written !== void 0 && written !== type)) fields.checkKeys(KEYS$1[type], COMMON_KEYS);
  const inputs = fields.map('inputs');
  if (inputs !== void 0) texts.template(inputs.node);
  CHECKS[type](fields, texts);
  const config = {};
  for (const [key, value] of Object.entries(node.value)) if (key !== 'type' && key !== 'enabled') config[key] = value;
  return {
    type,
    enabled: fields.flag('enabled') ?? true,
    config,
  };
}
var CHECKS = {
  manual: () => {},
  schedule: checkSchedule,
  webhook: checkWebhook,
  file: checkFile,
  event: checkEvent,
};
function invalid(fields, entry, message, fix) {
  fields.report.error('workflow.invalid_trigger', message, entry?.node.at ?? fields.node.at, fix);
}
function checkSchedule(fields) {
  const entry = fields.get('schedule') ?? fields.get('cron');
  const cron = fields.text('schedule') ?? fields.text('cron');
  if (entry === void 0)
    invalid(fields, void 0, "A schedule trigger needs 'schedule'", 'Write for example schedule: "0 9 * * MON-FRI".');
  const problem = cron === void 0 ? null : checkCron(cron);
  if (problem !== null) fields.report.error('workflow.invalid_cron', problem, entry?.node.at ?? fields.node.at);
  const zone = fields.text('timezone');
  if (zone !== void 0 && !isTimeZone(zone))
    invalid(
      fields,
      fields.get('timezone'),
      `Unknown time zone '${zone.slice(0, 60)}'`,
      'Use a name such as Europe/Berlin or UTC.',
    );
  fields.word('catch_up', CATCH_UP);
  fields.word('overlap', OVERLAP);
  fields.duration('jitter');
  fields.duration('catch_up_window');
  for (const key of ['starts_at', 'ends_at']) {
    const text = fields.text(key);
    if (text !== void 0 && Number.isNaN(Date.parse(text)))
      invalid(
        fields,
        fields.get(key),
        `'${key}' is not an instant: '${text.slice(0, 60)}'`,
        'Write for example 2026-01-31T09:00:00Z.',
      );
  }
}
var knownZones = /* @__PURE__ */ new Map();
/** Whether a name is an IANA time zone. The answers are kept: asking costs far more than the rest of a trigger. */
function isTimeZone(name) {
  const known = knownZones.get(name);
  if (known !== void 0) return known;
  let valid = /^[A-Za-z][\w+/-]*$/.test(name) && name.length <= 64;
  try {
    if (valid) new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    valid = false;
  }
  if (knownZones.size < 1e3) knownZones.set(name, valid);
  return valid;
}
function checkWebhook(fields) {
  const path = fields.text('path');
  if (path === void 0 || path.trim() === '') {
    if (fields.get('path') === void 0 || path !== void 0)
      invalid(fields, fields.get('path'), "A webhook trigger needs 'path'", 'Write for example path: /github.');
  }
  fields.texts('events');
  fields.word('scheme', SCHEMES);
  fields.flag('insecure');
  checkWords(fields, 'methods', METHODS, (word) => word.toUpperCase());
  const secret = fields.text('secret');
  if (secret !== void 0 && !SECRET_NAME.test(secret))
    fields.report.warning(
      'workflow.literal_secret',
      "'secret' should be the name of a stored secret, such as GITHUB_WEBHOOK",
      fields.get('secret')?.node.at ?? fields.node.at,
      'Store the secret and write its name here.',
    );
}
function checkFile(fields) {
  fields.text('path');
  for (const key of ['patterns', 'ignore', 'ignore_patterns']) fields.texts(key);
  fields.flag('recursive');
  fields.word('catch_up', CATCH_UP);
  fields.number('debounce_seconds', {
    min: 0,
    max: 86400,
  });
  checkWords(fields, 'events', FILE_EVENTS, (word) => word);
}
function checkEvent(fields, texts) {
  const name = fields.text('name');
  if (fields.get('name') === void 0 || name?.trim() === '')
    invalid(fields, void 0, "An event trigger needs 'name'", 'Write for example name: run.failed.');
  const match = fields.get('match');
  if (match !== void 0) readCondition(match.node, 'match', fields.report, texts, 'open');
}
function checkWords(fields, key, words, fold) {
  for (const word of fields.texts(key)) {
    if (words.includes(fold(word))) continue;
    const near = suggestName(word, words);
    const fix = near === void 0 ? `Use ${words.join(', ')}.` : `Did you mean '${near}'?`;
    invalid(fields, fields.get(key), `'${word.slice(0, 60)}' is not valid in '${key}'`, fix);
  }
}
// src/core/workflow/body-reader.ts
/** Reads the Markdown from line index `from` on. */
function readBody(file, from) {
  const structure = readStructure(readMarkdown(file.lines, from));
  const blocks = readPlacedBlocks(structure.blocks, file);
  reportStructure(structure, file.sink);
  const steps = blocks.some((block) => block.placed.role === 'step' && isStepBlock(block))
    ? readSectionSteps(blocks, file.sink)
    : readLooseSteps(blocks);
  const triggers = [];
  const inputs = [];
  const successConditions = [];
  for (const block of blocks) {
    if (hasKind(block) || block.node.kind !== 'map') continue;
    const take = (key) => (block.node.kind === 'map' ? block.node.entries.get(key) : void 0);
    const { role } = block.placed;
    const key =
      role === 'trigger'
        ? 'triggers'
        : role === 'input'
          ? 'inputs'
          : role === 'success'
            ? 'success_conditions'
            : void 0;
    const entry = key === void 0 ? void 0 : take(key);
    if (key === void 0) continue;
    checkSectionBlock(block, key);
    if (entry === void 0) continue;
    if (role === 'trigger') triggers.push(...readTriggers(entry, block.report, file.texts.within(block.report.source)));
    else
      (role === 'input' ? inputs : successConditions).push({
        entry,
        report: block.report,
      });
  }
  return {
    steps,
    triggers,
    inputs,
    successConditions,
  };
}
/** A block that is a step, or was meant as one. */
function isStepBlock(block) {
  return hasKind(block) || block.brokenStep || (block.node.kind === 'map' && isBrokenStep(block.node));
}
/** Keys beside the one that a trigger, input or success section is for. */
function checkSectionBlock(block, key) {
  if (block.node.kind !== 'map' || block.broken) return;
  for (const entry of block.node.entries.values()) {
    if (entry.key === key) continue;
    const fix = block.node.entries.has(key) ? void 0 : `Put the block under '${key}:'.`;
    block.report.warning(
      'workflow.unknown_key',
      `Unknown key '${entry.key.slice(0, 80)}' in a section for ${key}`,
      entry.at,
      fix,
    );
  }
}
function reportStructure(structure, sink) {
  for (const section of structure.cutNumbers) {
    const message = `Step numbers have at most two parts: this is step ${section.heading.number} with the name '${section.heading.title.slice(0, 60)}'`;
    sink.add({
      severity: 'warning',
      code: 'workflow.step_number',
      message,
      line: section.line,
      column: 1,
      step: section.heading.id,
    });
  }
  for (const comment of structure.comments) {
    if (!/^#{2,4}\s+(?:Step\s+)?\d/m.test(comment.text) && !/^\s*(?:```+|~~~+)\s*ya?ml/im.test(comment.text)) continue;
    sink.add({
      severity: 'warning',
      code: 'workflow.commented_out',
      message: 'This part is HTML or commented out: the steps in it do not run',
      line: comment.line,
      column: 1,
    });
  }
}
/** The usual form: every step block of a section is a step (SPEC §1.3). */
function readSectionSteps(blocks, sink) {
  const steps = [];
  const counts = /* @__PURE__ */ new Map();
  for (const block of blocks) {
    const { section, nearMiss } = block.placed;
    if (!isStepBlock(block)) {
      if (section !== void 0) reportNoStep(block, section.heading.id);
      continue;
    }
    if (nearMiss !== void 0) reportNearMiss(block, section, sink);
    else if (section === void 0) reportOutside(block);
    if (section === void 0) continue;
    const count = (counts.get(section) ?? 0) + 1;
    counts.set(section, count);
    const setting = {
      name: section.heading.title,
      description: describeSection(section),
    };
    steps.push(readBlockStep(block, blockId(section.heading.id, count), setting));
  }
  return steps;
}
/** `step_3`, `step_3b`, … `step_3z`, `step_3_27`. */
function blockId(id, count) {
  if (count === 1) return id;
  return count <= 26 ? `${id}${String.fromCharCode(96 + count)}` : `${id}_${count}`;
}
/** No step heading at all: every block with a kind key is a step. */
function readLooseSteps(blocks) {
  const steps = [];
  for (const block of blocks)
    if (isStepBlock(block)) steps.push(readBlockStep(block, `step_${steps.length + 1}`, {}));
    else if (block.placed.section !== void 0) reportNoStep(block, block.placed.section.heading.id);
  return steps;
}
function readBlockStep(block, defaultId, setting) {
  return readStep(
    block.node.kind === 'map'
      ? block.node
      : {
          kind: 'map',
          value: {},
          at: 0,
          entries: /* @__PURE__ */ new Map(),
        },
    {
      ...setting,
      defaultId,
      depth: 1,
      report: block.broken ? block.silent : block.report,
      broken: block.broken,
    },
  );
}
function reportNoStep(block, step) {
  if (block.broken) return;
  const { node } = block;
  const report = block.report.forStep(step);
  if (node.kind === 'scalar' && node.value === null) return;
  const isStepList =
    node.kind === 'list' &&
    node.items.some((item) => item.kind === 'map' && (item.entries.has('action') || isBrokenStep(item)));
  const fix = "Add 'action' or another kind key, or tag the block `yaml example`.";
  if (isStepList)
    report.error(
      'workflow.step_list',
      'A step block must be a map, this one is a list',
      node.at,
      'Write one block per step.',
    );
  else report.warning('workflow.no_kind', 'This block is no step: it has no kind key such as action', node.at, fix);
}
function reportNearMiss(block, section, sink) {
  const { nearMiss } = block.placed;
  if (nearMiss === void 0) return;
  const where =
    section === void 0
      ? 'there is no step above it, so it does not run'
      : `its block belongs to step '${section.heading.id}'`;
  sink.add({
    severity: section === void 0 ? 'error' : 'warning',
    code: 'workflow.near_miss_heading',
    message: `'${nearMiss.title.slice(0, 80)}' is not a step heading: ${where}`,
    line: nearMiss.line,
    column: 1,
    fix: `Write '${nearMiss.fix}'.`,
    ...(section === void 0 ? {} : { step: section.heading.id }),
  });
}
function reportOutside(block) {
  block.report.warning(
    'workflow.outside_section',
    'This block looks like a step but stands outside of the step sections, so it does not run',
    block.node.at,
    'Put it under a heading such as ## Step 1: Name, or tag the block `yaml example`.',
  );
}
// src/core/workflow/references/text-place.ts
/**
 * The place in the file of a character of a text value. Exact for texts on one line and for `|` blocks; for folded and
 * escaped texts it is the right line or the one the text begins on.
 */
function placeInScalar(node, offset, source) {
  const value = String(node.value);
  const at = Math.min(Math.max(offset, 0), value.length);
  if (node.style === 'block') return placeInBlock(node, value, at, source);
  const exact = source.text.slice(node.at, node.end).indexOf(value);
  if (exact !== -1) return source.place(node.at + exact + at);
  return source.place(wordPlace(value, at, source.text, node.at, node.end) ?? node.at);
}
function placeInBlock(node, value, at, source) {
  const lineStart = value.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = value.indexOf('\n', at);
  const line = value.slice(lineStart, lineEnd === -1 ? void 0 : lineEnd);
  const before = value.slice(0, lineStart);
  const header = source.text.indexOf('\n', node.at) + 1;
  if (header === 0) return source.place(node.at);
  let from = header;
  for (let newline = before.indexOf('\n'); newline !== -1; newline = before.indexOf('\n', newline + 1)) {
    const next = source.text.indexOf('\n', from);
    if (next === -1) break;
    from = next + 1;
  }
  const exact = line.trim() === '' ? -1 : source.text.indexOf(line, from);
  if (exact !== -1 && exact < node.end) return source.place(exact + (at - lineStart));
  return source.place(wordPlace(value, at, source.text, header, node.end) ?? from);
}
/** Where the text from `at` on begins again in the YAML, for texts whose lines were folded. */
function wordPlace(value, at, text, from, end) {
  const word = /^[^\s'"\\]{1,40}/.exec(value.slice(at))?.[0] ?? '';
  const found = word === '' ? -1 : text.indexOf(word, from);
  return found === -1 || found >= end ? void 0 : found;
}
// src/core/workflow/references/text-findings.ts
var NONE = [];
/** Every step, nested ones too, depth first in file order. */
function flattenDrafts(drafts) {
  return drafts.flatMap((draft) => [draft, ...draft.groups.flatMap((group) => flattenDrafts(group.steps))]);
}
/** Looks at every text once: reports its syntax problems and keeps its references. */
function findReferences(drafts, loose, report, names) {
  const found = /* @__PURE__ */ new Map();
  let usesSingle = false;
  let usesDouble = false;
  const look = (use, reporter, isSilent) => {
    const analysis = analyzeText(use.text, use.mode);
    if (analysis.hasDouble) usesDouble = true;
    if (analysis.references.length > 0) found.set(use, analysis.references);
    usesSingle ||=
      analysis.hasSingle &&
      analysis.references.some((r) => r.dialect === 'single' && (BUILT_IN_NAMES.has(r.root) || names.has(r.root)));
    if (isSilent) return;
    for (const problem of analysis.problems) {
      const place = placeInScalar(use.node, problem.offset, reporter.source);
      reporter.error(problem.code, problem.message, place, problem.fix && `Did you mean '${problem.fix}'?`);
    }
  };
  for (const use of loose) look(use, report, false);
  for (const draft of flattenDrafts(drafts)) for (const use of draft.texts) look(use, draft.report, draft.broken);
  return {
    referencesOf: (use) => found.get(use) ?? NONE,
    usesSingle,
    usesDouble,
  };
}
/** The path of a reference as a person writes it. */
function shownPath(reference) {
  return [reference.root, ...reference.path].join('.').slice(0, 120);
}
/** The nearest known name in words, or nothing. */
function didYouMean(word, candidates) {
  const near = word.length < 2 ? void 0 : suggestName(word, candidates);
  return near === void 0 ? void 0 : `Did you mean '${near}'?`;
}
// src/core/workflow/check-loose-texts.ts
/** Names that only success conditions know (SPEC §1.9). */
var SUCCESS_NAMES = [
  'outputs',
  'execution_time',
  'timeout',
  'steps_total',
  'steps_succeeded',
  'steps_failed',
  'steps_skipped',
  'errors_critical',
  'cost',
];
/** Checks texts outside of steps: success conditions, input defaults and trigger inputs. */
function checkLooseTexts(draft, variables) {
  const { workflow } = draft;
  const known = /* @__PURE__ */ new Set([
    ...variables,
    ...SUCCESS_NAMES,
    ...workflow.inputs.map((i) => i.name),
    ...workflow.outputs.map((o) => o.name),
  ]);
  for (const use of draft.successTexts) checkText(draft, use, known, 'Success condition', 'warning');
  const none = /* @__PURE__ */ new Set();
  for (const use of draft.texts) checkText(draft, use, none, 'This text', 'error');
}
function checkText({ report }, use, known, what, severity) {
  const source = use.source ?? report.source;
  const analysis = analyzeText(use.text, use.mode);
  for (const problem of analysis.problems) {
    const place = placeInScalar(use.node, problem.offset, source);
    report.report(severity, problem.code, problem.message, place, problem.fix && `Did you mean '${problem.fix}'?`);
  }
  if (use.role === 'open') return;
  for (const reference of analysis.references) {
    const { root } = reference;
    if (reference.guarded || known.has(root) || BUILT_IN_NAMES.has(root)) continue;
    if (reference.dialect === 'single' && use.mode === 'template') continue;
    const place = placeInScalar(use.node, reference.offset, source);
    const fix = didYouMean(root, [...known, ...BUILT_IN_NAMES]);
    report.report(
      severity,
      'workflow.undefined_variable',
      `${what} references undefined variable: ${shownPath(reference)}`,
      place,
      fix,
    );
  }
}
// src/core/workflow/references/name-scope.ts
/** A scope that begins as a copy, with more local names. */
function innerScope(scope, locals = []) {
  return {
    variables: new Map(scope.variables),
    locals: /* @__PURE__ */ new Set([...scope.locals, ...locals]),
  };
}
/** Adds the variables that an inner scope has beyond those of `scope`. */
function mergeScope(scope, inner) {
  for (const [name, step] of inner.variables) if (!scope.variables.has(name)) scope.variables.set(name, step);
}
/** Records that a step sets a variable. */
function setVariable(scope, name, step) {
  scope.variables.delete(name);
  scope.variables.set(name, step);
}
/** Variables that the step itself sets, without its nested steps. */
function ownVariables(draft) {
  const { step } = draft;
  const names = [];
  if (step.outputVariable !== void 0) names.push(step.outputVariable);
  const errors = step.detail.errors_variable;
  if (typeof errors === 'string') names.push(errors);
  if (step.action === 'workflow.set') names.push(...Object.keys(step.inputs));
  return names;
}
/** Variables that the step and its nested steps leave behind for what follows it. */
function publishedVariables(draft) {
  return [
    ...(draft.step.kind === 'for_each' ? [] : draft.groups.flatMap((group) => group.steps.flatMap(publishedVariables))),
    ...ownVariables(draft),
  ];
}
/** Every variable that is set anywhere inside, loop bodies too. */
function allVariables(drafts) {
  return drafts.flatMap((draft) => [
    ...ownVariables(draft),
    ...draft.groups.flatMap((group) => allVariables(group.steps)),
  ]);
}
/** Loop variables and other local names anywhere inside. */
function allLocals(drafts) {
  return drafts.flatMap((draft) => [...loopNames(draft), ...draft.groups.flatMap((group) => allLocals(group.steps))]);
}
/** Local names in the body of a loop. */
function loopNames(draft) {
  const { kind, detail } = draft.step;
  if (kind === 'while') return ['loop'];
  if (kind !== 'for_each') return [];
  const names = ['loop', String(detail.as ?? 'item')];
  return typeof detail.index_as === 'string' ? [...names, detail.index_as] : names;
}
// src/core/workflow/check-outputs.ts
/** Two steps that write the same variable: an error when their order is open, a warning when the second simply wins. */
function checkDuplicateOutputs(steps, order) {
  const writers = /* @__PURE__ */ new Map();
  for (const [index, draft] of steps.entries())
    for (const name of new Set(publishedVariables(draft))) {
      const first = writers.get(name);
      writers.set(name, index);
      const other = first === void 0 ? void 0 : steps[first];
      if (first === void 0 || other === void 0) continue;
      const ordered = order.before[index]?.has(first) === true || order.before[first]?.has(index) === true;
      const at = draft.keyAt('output_variable') ?? draft.step.place;
      if (!ordered) {
        const message = `Variable '${name}' is set by steps '${other.step.id}' and '${draft.step.id}', which may run at the same time`;
        draft.report.error('workflow.duplicate_output', message, at, 'Give one of them another output_variable.');
      } else if (isPlain(draft, name) && isPlain(other, name)) {
        const message = `Variable '${name}' was already set by step '${other.step.id}'`;
        draft.report.warning('workflow.duplicate_output', message, at, 'Give one of them another output_variable.');
      }
    }
}
/** Sets the variable on every run, by its own `output_variable`. */
function isPlain(draft, name) {
  return (
    draft.step.outputVariable === name && draft.step.conditions.length === 0 && draft.step.action !== 'workflow.set'
  );
}
/** Declared outputs that nothing sets (SPEC §1.9). */
function checkDeclaredOutputs(draft, variables) {
  const setters = flattenDrafts(draft.steps).filter((one) => one.step.action === 'workflow.set_outputs');
  const names = setters.length === 0 ? variables : new Set(setters.flatMap((one) => Object.keys(one.step.inputs)));
  if (draft.steps.length === 0 || draft.steps.some((one) => one.broken)) return;
  for (const { definition, at } of draft.outputs) {
    if (names.has(definition.name)) continue;
    const message = `Output '${definition.name}' is never set`;
    draft.report.warning(
      'workflow.output_never_set',
      message,
      at,
      didYouMean(definition.name, names) ?? 'Set it with workflow.set_outputs.',
    );
  }
}
// src/core/workflow/check-savepoints.ts
/** `savepoint` and `rollback_to` stand inside a `transaction`, and a rollback goes to a savepoint above it (SPEC §1.4). */
function checkSavepoints(steps) {
  walk(steps, void 0);
}
function walk(steps, savepoints) {
  for (const draft of steps) {
    const { kind, detail } = draft.step;
    const name = typeof detail.name === 'string' ? detail.name : '';
    if (kind === 'savepoint' || kind === 'rollback_to') checkOne(draft, kind, name, savepoints);
    const inner = kind === 'transaction' ? /* @__PURE__ */ new Set() : savepoints;
    for (const group of draft.groups) walk(group.steps, inner);
  }
}
function checkOne(draft, kind, name, savepoints) {
  const { report, step } = draft;
  if (savepoints === void 0)
    report.error('workflow.outside_transaction', `'${kind}' must stand inside a transaction`, step.place);
  else if (kind === 'savepoint') savepoints.add(name);
  else if (name !== '' && !savepoints.has(name))
    report.error(
      'workflow.unknown_savepoint',
      `Savepoint not found: ${name.slice(0, 80)}`,
      step.place,
      didYouMean(name, savepoints),
    );
}
// src/core/workflow/needs.ts
/** Checks `needs` for unknown ids, cycles and nested use, and works out which steps run before which. */
function checkNeeds(drafts) {
  reportNested(drafts);
  const used = drafts.some((draft) => draft.step.needs !== void 0);
  if (!used)
    return {
      used,
      before: drafts.map((_, index) => new Set(Array.from({ length: index }, (__, at) => at))),
    };
  const index = /* @__PURE__ */ new Map();
  for (const [at, draft] of drafts.entries()) if (!index.has(draft.step.id)) index.set(draft.step.id, at);
  const direct = drafts.map((draft, at) => directNeeds(draft, at, index));
  reportCycles(drafts, direct);
  return {
    used,
    before: direct.map((_, at) => reach(at, direct)),
  };
}
function directNeeds(draft, at, index) {
  const { needs } = draft.step;
  if (needs === void 0) return at === 0 ? [] : [at - 1];
  const found = [];
  for (const id of needs) {
    const target = index.get(id);
    if (target === void 0) {
      const message = `Step '${draft.step.id}' needs unknown step: ${id.slice(0, 80)}`;
      draft.report.error(
        'workflow.unknown_need',
        message,
        draft.keyAt('needs') ?? draft.step.place,
        didYouMean(id, index.keys()),
      );
    } else found.push(target);
  }
  return found;
}
/** Everything reachable from a step, without itself. */
function reach(from, direct) {
  const seen = /* @__PURE__ */ new Set();
  const open = [...(direct[from] ?? [])];
  for (let next = open.pop(); next !== void 0; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(direct[next] ?? []));
  }
  seen.delete(from);
  return seen;
}
function reportCycles(drafts, direct) {
  const done = /* @__PURE__ */ new Set();
  for (const [start, draft] of drafts.entries()) {
    if (done.has(start)) continue;
    const cycle = findCycle(start, direct);
    if (cycle === void 0) continue;
    for (const at of cycle) done.add(at);
    const ids = [...cycle, start].map((at) => drafts[at]?.step.id ?? '').join(' -> ');
    draft.report.error(
      'workflow.needs_cycle',
      `Steps wait for each other: ${ids.slice(0, 300)}`,
      draft.keyAt('needs') ?? draft.step.place,
    );
  }
}
/** The shortest way from a step back to itself. */
function findCycle(start, direct) {
  const from = /* @__PURE__ */ new Map();
  const open = [start];
  for (let at = open.shift(); at !== void 0; at = open.shift())
    for (const next of direct[at] ?? []) {
      if (next === start) return pathBack(start, at, from);
      if (from.has(next)) continue;
      from.set(next, at);
      open.push(next);
    }
}
function pathBack(start, last, from) {
  const path = [];
  for (let at = last; at !== void 0 && at !== start; at = from.get(at)) path.unshift(at);
  return [start, ...path];
}
function reportNested(drafts) {
  for (const draft of drafts)
    for (const group of draft.groups) {
      for (const inner of group.steps) {
        if (inner.step.needs === void 0) continue;
        const message = `Step '${inner.step.id}' is inside another step: only top-level steps may have needs`;
        inner.report.error('workflow.nested_needs', message, inner.keyAt('needs') ?? inner.step.place);
      }
      reportNested(group.steps);
    }
}
// src/core/workflow/references/check-names.ts
var LOCALS_OF_ROLE = {
  plain: [],
  second_phase: [],
  output: ['output'],
  error: ['error'],
  item: [],
  open: [],
};
/** Whether a scope or the language defines a root name. */
function isKnownRoot(root, scope) {
  return BUILT_IN_NAMES.has(root) || scope.variables.has(root) || scope.locals.has(root);
}
/** Reports every reference of the texts that nothing defines (SPEC §1.10), each once per step. */
function checkNames(draft, uses, scope, context) {
  if (draft.broken) return;
  const seen = /* @__PURE__ */ new Set();
  for (const use of uses) {
    if (use.role === 'open') continue;
    const locals = namesOfUse(draft, use);
    for (const reference of context.findings.referencesOf(use)) {
      if (reference.word === true) noticeWord(draft, use, reference, scope);
      if (reference.guarded || locals.has(reference.root)) continue;
      if (use.role === 'second_phase' && draft.openSecondPhase && !isKnownRoot(reference.root, scope)) continue;
      const missing = findMissing(reference, use, scope, context);
      if (missing === void 0 || seen.has(missing.shown)) continue;
      seen.add(missing.shown);
      const message = `Step '${draft.step.id}' references undefined variable: ${missing.shown}`;
      const place = placeInScalar(use.node, reference.offset, draft.report.source);
      draft.report.report(missing.severity, 'workflow.undefined_variable', message, place, missing.fix);
    }
  }
}
function namesOfUse(draft, use) {
  const names = use.role === 'second_phase' ? draft.secondPhaseNames : LOCALS_OF_ROLE[use.role];
  return new Set(names);
}
function noticeWord(draft, use, reference, scope) {
  if (isKnownRoot(reference.root, scope)) return;
  const message = `'${reference.root.slice(0, 60)}' is no known name, it is compared as text`;
  const place = placeInScalar(use.node, reference.offset, draft.report.source);
  draft.report.notice('workflow.bare_word', message, place, `Write '${reference.root.slice(0, 60)}' in quotes.`);
}
/** What is wrong with a reference, undefined when it names something. */
function findMissing(reference, use, scope, context) {
  const { root, path } = reference;
  if (scope.locals.has(root) || scope.variables.has(root)) return void 0;
  if (BUILT_IN_NAMES.has(root)) return findMissingField(root, path[0], scope, context);
  const severity = severityOf(reference, use, context);
  return severity === void 0
    ? void 0
    : {
        shown: shownPath(reference),
        severity,
        fix: fixFor(root, scope, context),
      };
}
function findMissingField(root, field, scope, context) {
  if (field === void 0) return void 0;
  const known =
    root === 'inputs'
      ? context.inputs.map((input) => input.name)
      : root === 'steps'
        ? [...context.stepIds]
        : root === 'variables'
          ? [...scope.variables.keys(), ...(context.hasNeeds ? context.setters.keys() : [])]
          : void 0;
  if (known === void 0 || known.includes(field)) return void 0;
  const fix = didYouMean(
    `${root}.${field}`,
    known.map((name) => `${root}.${name}`),
  );
  return {
    shown: `${root}.${field}`.slice(0, 120),
    severity: 'error',
    fix,
  };
}
/**
 * `{path}` in a text may be meant as it stands (JSON, CSS, a URL): it is an error only where the workflow is written in
 * that dialect, a warning where no other dialect is used.
 */
function severityOf(reference, use, { findings }) {
  if (reference.dialect === 'double' || use.mode === 'condition') return 'error';
  const before = use.text.slice(0, reference.offset);
  if (/:\/\/\S*$/.test(before.slice(-500))) return void 0;
  if (findings.usesSingle) return 'error';
  return findings.usesDouble ? void 0 : 'warning';
}
function fixFor(root, scope, context) {
  if (context.inputs.some((input) => input.name === root)) return `Write 'inputs.${root}'.`;
  const setter = context.setters.get(root);
  if (setter !== void 0)
    return context.hasNeeds ? `Add '${setter}' to the needs of this step.` : `It is set later, by step '${setter}'.`;
  return didYouMean(root, [...scope.variables.keys(), ...scope.locals, ...BUILT_IN_NAMES]);
}
// src/core/workflow/references/implied-iteration.ts
function pluralsOf(name) {
  const plurals = [`${name}s`, `${name}es`];
  return name.endsWith('y') ? [...plurals, `${name.slice(0, -1)}ies`] : plurals;
}
/** The latest variable whose name has the plural of `item` as a word between `_`. */
function findBase(item, scope) {
  const plurals = new Set(pluralsOf(item));
  return [...scope.variables.keys()].findLast(
    (variable) => variable !== item && variable.split('_').some((word) => plurals.has(word)),
  );
}
/** All roots that the step's own texts read. */
function rootsOf(draft, { findings }) {
  const roots = /* @__PURE__ */ new Set();
  for (const use of draft.texts)
    for (const reference of findings.referencesOf(use)) if (reference.word !== true) roots.add(reference.root);
  return roots;
}
/** Whether a step goes on with the group above it. */
function continuesGroup(group, roots) {
  return roots.has(group.item) || [...group.variables].some((name) => roots.has(name));
}
/** A new group when the step reads a name that nothing defines and that is one item of a list above. */
function beginGroup(draft, roots, scope, context) {
  if (!context.findings.usesSingle || draft.broken) return void 0;
  const local = /* @__PURE__ */ new Set([...draft.secondPhaseNames, 'output', 'error', 'loop']);
  for (const item of roots) {
    if (BUILT_IN_NAMES.has(item) || isKnownRoot(item, scope) || local.has(item)) continue;
    const base = findBase(item, scope);
    if (base !== void 0)
      return {
        item,
        base,
        steps: [],
        variables: /* @__PURE__ */ new Set(),
      };
  }
}
/** Adds a step to its group. */
function joinGroup(group, draft) {
  group.steps.push(draft);
  for (const name of ownVariables(draft)) group.variables.add(name);
}
/** Tells the author, once per group. */
function noticeGroup(group) {
  const [first, ...rest] = group.steps;
  if (first === void 0) return;
  const message = `${rest.length === 0 ? `Step '${first.step.id}' runs` : `Steps ${group.steps.map((draft) => `'${draft.step.id}'`).join(', ')} run`} once per ${group.item} of '${group.base}'`;
  first.report.notice(
    'workflow.implied_iteration',
    message,
    first.step.place,
    `Write it as for_each: ${group.base} as ${group.item}.`,
  );
}
// src/core/workflow/references/walk-steps.ts
/** Checks the names of a list of steps in order; `scope` gains what the steps set. */
function walkSteps(drafts, scope, state) {
  let group;
  for (const draft of drafts) {
    group = nextGroup(draft, group, scope, state);
    walkStep(draft, scope, group, state);
  }
}
/** The implied loop that a step belongs to: the one above it, a new one or none. */
function nextGroup(draft, current, scope, state) {
  const roots = rootsOf(draft, state.context);
  let group = current !== void 0 && continuesGroup(current, roots) ? current : void 0;
  if (group === void 0) {
    group = beginGroup(draft, roots, scope, state.context);
    if (group !== void 0) state.groups.push(group);
  }
  if (group !== void 0) joinGroup(group, draft);
  return group;
}
/** Checks one step with everything in it and adds what it sets to `scope`. */
function walkStep(draft, scope, group, state) {
  const own = group === void 0 ? scope : innerScope(scope, [group.item]);
  const itemUses = draft.texts.filter((use) => use.role === 'item');
  checkNames(
    draft,
    itemUses.length === 0 ? draft.texts : draft.texts.filter((use) => use.role !== 'item'),
    own,
    state.context,
  );
  if (draft.groups.length > 0) walkGroups(draft, own, itemUses, state);
  if (own !== scope) mergeScope(scope, own);
  for (const name of ownVariables(draft)) setVariable(scope, name, draft.step.id);
}
function walkGroups(draft, scope, itemUses, state) {
  const { kind } = draft.step;
  if (kind === 'try') {
    walkTry(draft, scope, state);
    return;
  }
  if (kind === 'parallel') checkBranches(draft);
  const ends = draft.groups.map((group) => {
    const inner = innerScope(scope, loopNames(draft));
    if (kind === 'while') {
      for (const name of allVariables(group.steps))
        if (!inner.variables.has(name)) setVariable(inner, name, draft.step.id);
    }
    walkSteps(group.steps, inner, state);
    if (kind === 'for_each') checkNames(draft, itemUses, inner, state.context);
    return inner;
  });
  if (kind !== 'for_each') for (const end of ends) mergeScope(scope, end);
}
/** `catch` sees what `try` may have set and the error; `finally` sees both. */
function walkTry(draft, scope, state) {
  const tried = innerScope(scope);
  const run = (group, inner) => {
    walkSteps(group.steps, inner, state);
    mergeScope(scope, inner);
  };
  for (const group of draft.groups)
    if (group.name === 'try') run(group, tried);
    else if (group.name === 'finally') run(group, innerScope(scope));
    else run(group, innerScope(tried, ['error']));
}
/** A variable that two branches of a `parallel` set has no defined value (SPEC §1.4). */
function checkBranches(draft) {
  const writers = /* @__PURE__ */ new Map();
  for (const group of draft.groups)
    for (const name of new Set(group.steps.flatMap(publishedVariables))) {
      const first = writers.get(name);
      if (first === void 0) writers.set(name, group.name);
      else {
        const message = `Variable '${name}' is set by two branches: ${shownBranch(first)} and ${shownBranch(group.name)}`;
        draft.report.error(
          'workflow.duplicate_output',
          message,
          draft.step.place,
          'Give one of them another output_variable.',
        );
      }
    }
}
function shownBranch(name) {
  return `'${name.slice(7)}'`;
}
// src/core/workflow/check-draft.ts
/** All checks over the whole workflow (SPEC §1.10) and what they find out about it. */
function checkDraft(draft) {
  const { workflow, steps, report } = draft;
  if (steps.length === 0)
    report.error(
      'workflow.no_steps',
      'Workflow must have at least one step',
      {
        line: 1,
        column: 1,
      },
      'Add a heading such as ## Step 1: Name with a yaml block that has action: tool.operation.',
    );
  const all = flattenDrafts(steps);
  const ids = checkIds(all);
  const names = /* @__PURE__ */ new Set([...allVariables(steps), ...allLocals(steps)]);
  const findings = findReferences(steps, [], report, names);
  const setters = /* @__PURE__ */ new Map();
  for (const one of all) for (const name of ownVariables(one)) if (!setters.has(name)) setters.set(name, one.step.id);
  const order = checkNeeds(steps);
  const state = {
    context: {
      findings,
      inputs: workflow.inputs,
      stepIds: ids,
      setters,
      hasNeeds: order.used,
    },
    groups: [],
  };
  walkTopLevel(steps, order, state);
  for (const group of state.groups) noticeGroup(group);
  checkLooseTexts(draft, names);
  checkDuplicateOutputs(steps, order);
  checkDeclaredOutputs(draft, names);
  checkSavepoints(steps);
  return {
    usesSingleBraces: findings.usesSingle,
    ...(state.groups.length === 0 ? {} : { impliedLoops: state.groups.map(toLoop) }),
  };
}
function toLoop(group) {
  return {
    item: group.item,
    list: group.base,
    stepIds: group.steps.map((draft) => draft.step.id),
  };
}
function checkIds(all) {
  const ids = /* @__PURE__ */ new Set();
  for (const draft of all) {
    const { id, place } = draft.step;
    if (ids.has(id)) {
      const at = draft.keyAt('id');
      const fix =
        at === void 0
          ? 'Change the number in the heading, or give the step an id of its own.'
          : 'Give one of them another id.';
      draft.report.error('workflow.duplicate_id', `Duplicate step ID: ${id}`, at ?? place, fix);
    }
    ids.add(id);
  }
  return ids;
}
/** In file order a step sees all above it; with `needs` only what surely ran before it. */
function walkTopLevel(steps, order, state) {
  const scope = {
    variables: /* @__PURE__ */ new Map(),
    locals: /* @__PURE__ */ new Set(),
  };
  if (!order.used) {
    walkSteps(steps, scope, state);
    return;
  }
  for (const [index, draft] of steps.entries()) {
    const own = {
      variables: /* @__PURE__ */ new Map(),
      locals: /* @__PURE__ */ new Set(),
    };
    for (const [at, earlier] of steps.entries()) {
      if (!order.before[index]?.has(at)) continue;
      for (const name of publishedVariables(earlier)) setVariable(own, name, earlier.step.id);
    }
    walkStep(draft, own, nextGroup(draft, void 0, own, state), state);
  }
}
// src/core/workflow/file-text.ts
var LINE_END = /\r\n|\n|\r/;
function refuse$1(code, message, line, fix) {
  return {
    problem: {
      severity: 'error',
      code,
      message,
      line,
      column: 1,
      fix,
    },
  };
}
function lineOf(text, offset) {
  return text.slice(0, offset).split(LINE_END).length;
}
/** Checks size and characters of a file's text and splits it into lines (LF or CRLF, without BOM). */
function readFileText(text) {
  const limit = READER_LIMITS.fileBytes;
  if (text.length > limit || (text.length * 3 > limit && Buffer$1.byteLength(text) > limit))
    return refuse$1(
      'workflow.too_large',
      'The workflow file is larger than 1 MiB',
      1,
      'Move data and long texts into other files.',
    );
  const zero = text.indexOf('\0');
  if (zero !== -1)
    return refuse$1(
      'workflow.not_text',
      'The file is not a text file',
      lineOf(text, zero),
      'Save the workflow as UTF-8 text.',
    );
  const strange = text.indexOf('�');
  if (strange !== -1)
    return refuse$1(
      'workflow.not_utf8',
      'The file is not UTF-8 text: it holds a character that cannot be read',
      lineOf(text, strange),
      'Save the file as UTF-8.',
    );
  return { lines: (text.charCodeAt(0) === 65279 ? text.slice(1) : text).split(LINE_END) };
}
// src/core/workflow/requirements.ts
/** Items of a list of `{name: value}` or bare names; a map counts as such a list. */
function namedItems(fields, key) {
  const entry = fields.get(key);
  if (entry === void 0) return [];
  const items = [];
  const nodes = entry.node.kind === 'list' ? entry.node.items : [entry.node];
  for (const node of nodes) {
    const name = scalarText(node);
    if (name !== void 0)
      items.push({
        name,
        at: node.at,
      });
    else if (node.kind === 'map')
      for (const inner of node.entries.values())
        items.push({
          name: inner.key,
          at: inner.at,
          value: inner.node,
        });
    else
      fields.report.error(
        'workflow.wrong_type',
        `An item of '${key}' must be a name or {name: value}, it is ${describeNode(node)}`,
        node.at,
      );
  }
  return items;
}
/** `compatibility.agents` (SPEC §1.1); an unknown status counts as `supported`. */
function readAgents(fields) {
  return namedItems(fields, 'agents').map(({ name, value }) => {
    const word = value === void 0 ? 'supported' : scalarText(value);
    const status = AGENT_SUPPORT_WORDS.find((known) => known === word);
    if (status === void 0 && value !== void 0) warnStatus(fields, word ?? describeNode(value), value.at);
    return {
      name,
      status: status ?? 'supported',
    };
  });
}
function warnStatus(fields, word, at) {
  const near = suggestName(word, AGENT_SUPPORT_WORDS);
  const fix = near === void 0 ? `Use one of ${AGENT_SUPPORT_WORDS.join(', ')}.` : `Did you mean '${near}'?`;
  fields.report.warning(
    'workflow.unknown_word',
    `Unknown agent status '${word.slice(0, 60)}', it counts as supported`,
    at,
    fix,
  );
}
/** `requirements.features` (SPEC §1.1); a bare name is required. */
function readFeatures(fields) {
  return namedItems(fields, 'features').map(({ name, at, value }) => {
    if (!FEATURES.includes(name)) {
      const near = suggestName(name, FEATURES);
      const fix = near === void 0 ? void 0 : `Did you mean '${near}'?`;
      fields.report.warning('workflow.unknown_word', `Unknown feature '${name.slice(0, 60)}'`, at, fix);
    }
    const word = value === void 0 ? 'required' : scalarText(value);
    const level = FEATURE_LEVELS.find((known) => known === word);
    if (level === void 0 && value !== void 0) {
      const message = `The level of feature '${name.slice(0, 60)}' must be required, recommended or optional`;
      fields.report.error('workflow.unknown_word', message, value.at);
    }
    return {
      name,
      level: level ?? 'required',
    };
  });
}
// src/core/workflow/frontmatter.ts
/** Keys of the frontmatter. */
var TOP_KEYS = [
  'workflow',
  'compatibility',
  'requirements',
  'execution',
  'risk_level',
  'estimated_duration',
  'triggers',
  'inputs',
  'outputs',
  'success_conditions',
  'version_policy',
];
var WORKFLOW_KEYS = ['id', 'name', 'version', 'description', 'author', 'tags'];
var EXECUTION_KEYS = [
  'timeout',
  'max_retries',
  'error_handling',
  'max_concurrent_steps',
  'concurrency',
  'rollback_on_cancel',
  'enforce_success',
  'agent',
  'model',
];
var NO_KEYS = {
  kind: 'map',
  value: {},
  at: 0,
  entries: /* @__PURE__ */ new Map(),
};
/** Reads the metadata; what is missing or wrong takes its default. */
function readMetadata(root, report) {
  const fields = fieldsOf(root ?? NO_KEYS, report);
  checkTopKeys(fields);
  const empty = fieldsOf(NO_KEYS, report);
  const workflow = fields.map('workflow') ?? empty;
  workflow.checkKeys(WORKFLOW_KEYS);
  const compatibility = fields.map('compatibility') ?? empty;
  compatibility.checkKeys(['min_version', 'agents']);
  const requirements = fields.map('requirements') ?? empty;
  requirements.checkKeys(['tools', 'permissions', 'features']);
  return {
    id: readName(workflow, 'id', 'unnamed', 'Workflow must have an ID'),
    name: readName(workflow, 'name', 'Unnamed Workflow', 'Workflow must have a name'),
    version: workflow.text('version') ?? '1.0.0',
    description: workflow.text('description') ?? '',
    author: workflow.text('author') ?? '',
    tags: workflow.texts('tags'),
    minVersion: readMinVersion(compatibility),
    agents: readAgents(compatibility),
    requirements: {
      tools: requirements.texts('tools'),
      permissions: requirements.texts('permissions'),
      features: readFeatures(requirements),
    },
    execution: readExecution(fields.map('execution') ?? empty),
    riskLevel: fields.word('risk_level', ['low', 'medium', 'high']) ?? 'low',
    estimatedDuration: fields.text('estimated_duration') ?? '',
    versionPolicy: fields.word('version_policy', ['latest', 'pin']) ?? 'latest',
  };
}
/** Unknown keys on the top level: some belong one level deeper. */
function checkTopKeys(fields) {
  for (const entry of fields.node.entries.values()) {
    if (TOP_KEYS.includes(entry.key)) continue;
    const home = [
      {
        parent: 'workflow',
        keys: WORKFLOW_KEYS,
      },
      {
        parent: 'execution',
        keys: EXECUTION_KEYS,
      },
      {
        parent: 'requirements',
        keys: ['tools', 'permissions', 'features'],
      },
      {
        parent: 'compatibility',
        keys: ['min_version', 'agents'],
      },
    ].find(({ keys }) => keys.includes(entry.key));
    const near = home === void 0 ? suggestName(entry.key, TOP_KEYS) : void 0;
    const fix =
      home !== void 0
        ? `Move '${entry.key}' under '${home.parent}:'.`
        : near !== void 0
          ? `Did you mean '${near}'?`
          : entry.key === 'steps'
            ? 'Write steps as headings (## Step 1: Name) with a yaml block.'
            : void 0;
    fields.report.warning('workflow.unknown_key', `Unknown key '${entry.key.slice(0, 80)}'`, entry.at, fix);
  }
}
/** A name that has a default when it is not written and is an error when it is written empty. */
function readName(fields, key, fallback, message) {
  const written = fields.node.entries.get(key);
  const text = fields.text(key);
  if (written === void 0) return fallback;
  if (text === void 0 && written.node.value !== null) return fallback;
  if (text === void 0 || text.trim() === '') {
    fields.report.error('workflow.missing_key', message, written.at, `Write a value behind '${key}:'.`);
    return fallback;
  }
  return text.trim();
}
function readMinVersion(fields) {
  const text = fields.text('min_version')?.trim();
  const entry = fields.get('min_version');
  if (text === void 0 || entry === void 0) return FORMAT_VERSION;
  const parts = /^v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?$/.exec(text);
  if (parts === null) {
    fields.report.error(
      'workflow.bad_version',
      `'min_version' must be a version such as 1.0.0, not '${text.slice(0, 60)}'`,
      entry.node.at,
    );
    return FORMAT_VERSION;
  }
  const wanted = parts.slice(1).map((part) => Number(part ?? 0));
  const ours = FORMAT_VERSION.split('.').map(Number);
  const index = wanted.findIndex((part, at) => part !== ours[at]);
  if (index !== -1 && (wanted[index] ?? 0) > (ours[index] ?? 0)) {
    const message = `The workflow needs format version ${text}, this product reads up to ${FORMAT_VERSION}`;
    fields.report.error('workflow.min_version', message, entry.node.at, 'Update the product, or lower min_version.');
  }
  return text;
}
function readExecution(fields) {
  fields.checkKeys(EXECUTION_KEYS);
  const timeoutMs = fields.duration('timeout');
  const maxRetries = fields.integer('max_retries', MAX_RETRIES);
  const agent = fields.text('agent');
  const model = fields.text('model');
  return {
    ...(timeoutMs === void 0 ? {} : { timeoutMs }),
    ...(maxRetries === void 0 ? {} : { maxRetries }),
    errorHandling: fields.word('error_handling', ['stop', 'continue', 'rollback']) ?? 'stop',
    maxConcurrentSteps:
      fields.integer('max_concurrent_steps', {
        min: 1,
        max: 64,
      }) ?? 4,
    concurrency: fields.word('concurrency', ['allow', 'skip', 'queue', 'cancel_previous']) ?? 'allow',
    rollbackOnCancel: fields.flag('rollback_on_cancel') ?? false,
    enforceSuccess: fields.flag('enforce_success') ?? false,
    ...(agent === void 0 ? {} : { agent }),
    ...(model === void 0 ? {} : { model }),
  };
}
// src/core/workflow/frontmatter-split.ts
var MARK = /^---[ \t]*$/;
/** Finds the frontmatter (SPEC §1): `---` on the first line up to the next line that is exactly `---`. */
function splitFrontmatter(lines) {
  if (!MARK.test(lines[0] ?? ''))
    return {
      bodyFrom: 0,
      unclosed: false,
    };
  const end = lines.findIndex((line, index) => index > 0 && MARK.test(line));
  if (end !== -1)
    return {
      end,
      bodyFrom: end + 1,
      unclosed: false,
    };
  const first = lines.slice(1).find((line) => line.trim() !== '') ?? '';
  return {
    bodyFrom: 1,
    unclosed: /^[A-Za-z_][\w-]*\s*:/.test(first),
  };
}
// src/core/workflow/inputs.ts
var RULE_KEYS = ['enum', 'min', 'max', 'minLength', 'maxLength', 'pattern'];
var KEYS = ['name', 'type', 'default', 'description', 'required', 'validation', 'secret', ...RULE_KEYS];
var NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;
var ANY_NUMBER = {
  min: Number.NEGATIVE_INFINITY,
  max: Number.POSITIVE_INFINITY,
};
var LENGTH = {
  min: 0,
  max: Number.POSITIVE_INFINITY,
};
/** `inputs` as a map or a list (SPEC §1.8). Default values with templates are collected for the checks. */
function readInputDefinitions(entry, report, texts) {
  if (entry === void 0 || entry.node.value === null) return [];
  const { node } = entry;
  if (node.kind === 'map')
    return [...node.entries.values()].map((item) => readDefinition(item.key, item.at, item.node, report, texts));
  if (node.kind === 'list') return readList(node.items, report, texts);
  report.error(
    'workflow.wrong_type',
    `'inputs' must be a map, it is ${describeNode(node)}`,
    node.at,
    'Write for example name: {type: string}.',
  );
  return [];
}
function readList(items, report, texts) {
  const definitions = /* @__PURE__ */ new Map();
  for (const item of items) {
    const name = item.kind === 'map' ? item.entries.get('name') : void 0;
    const text = name === void 0 ? void 0 : scalarText(name.node);
    if (text === void 0)
      report.error(
        'workflow.missing_key',
        "An input in a list needs 'name'",
        item.at,
        'Write for example - {name: limit, type: integer}.',
      );
    else if (definitions.has(text)) report.error('workflow.duplicate_input', `Duplicate input: ${text}`, item.at);
    else definitions.set(text, readDefinition(text, item.at, item, report, texts));
  }
  return [...definitions.values()];
}
function readDefinition(name, at, node, report, texts) {
  if (!NAME.test(name))
    report.error('workflow.bad_name', `An input name has letters, digits, _ and -, not '${name.slice(0, 60)}'`, at);
  texts.template(node);
  if (node.kind === 'map') return readMap(name, node, report);
  const bare = {
    name,
    type: 'string',
    description: '',
    required: false,
    secret: false,
  };
  if (node.kind === 'scalar')
    return node.value === null
      ? bare
      : {
          ...bare,
          default: node.value,
        };
  const fix = `Write ${name}: {type: array, default: [...]}.`;
  report.error(
    'workflow.wrong_type',
    `Input '${name}' must be a map or a value, it is ${describeNode(node)}`,
    node.at,
    fix,
  );
  return bare;
}
function readMap(name, node, report) {
  const fields = fieldsOf(node, report);
  fields.checkKeys(KEYS);
  const written = fields.get('default');
  const validation = fields.map('validation');
  validation?.checkKeys(RULE_KEYS);
  const definition = {
    name,
    type: fields.word('type', INPUT_TYPES) ?? 'string',
    description: fields.text('description') ?? '',
    required: fields.flag('required') ?? false,
    secret: fields.flag('secret') ?? false,
    ...(written === void 0 ? {} : { default: written.node.value }),
    ...(validation === void 0 ? {} : readRules(validation)),
    ...readRules(fields),
  };
  checkDefinition(definition, fields);
  return definition;
}
function readRules(fields) {
  const rules = {};
  const choices = fields.get('enum');
  if (choices?.node.kind === 'list' && choices.node.items.length > 0) rules.enum = choices.node.value;
  else if (choices !== void 0)
    fields.report.error('workflow.wrong_type', "'enum' must be a list of values", choices.node.at);
  for (const key of ['min', 'max']) {
    const value = fields.number(key, ANY_NUMBER);
    if (value !== void 0) rules[key] = value;
  }
  for (const key of ['minLength', 'maxLength']) {
    const value = fields.integer(key, LENGTH);
    if (value !== void 0) rules[key] = value;
  }
  const pattern = fields.text('pattern');
  if (pattern !== void 0 && checkPattern(pattern, fields)) rules.pattern = pattern;
  return rules;
}
function checkPattern(pattern, fields) {
  const at = fields.get('pattern')?.node.at ?? fields.node.at;
  try {
    if (pattern.length > 1e3) throw new RangeError('too long');
    RE2JS.compile(pattern);
    return true;
  } catch {
    fields.report.error(
      'workflow.invalid_pattern',
      "'pattern' is not a pattern that can be used (RE2: no look-around, no back references)",
      at,
    );
    return false;
  }
}
function checkDefinition(definition, fields) {
  const { min, max, minLength, maxLength } = definition;
  if (
    (min !== void 0 && max !== void 0 && min > max) ||
    (minLength !== void 0 && maxLength !== void 0 && minLength > maxLength)
  ) {
    fields.report.error(
      'workflow.out_of_range',
      `The lower limit of input '${definition.name}' is above the upper one`,
      fields.node.at,
    );
    return;
  }
  const written = fields.get('default');
  if (written === void 0 || hasTemplate(written.node.value)) return;
  const coerced = coerceInputValue(definition, written.node.value);
  const problem = coerced.problem ?? checkInputValue(definition, coerced.value);
  if (problem !== void 0)
    fields.report.error('workflow.invalid_default', `The default is not valid: ${problem}`, written.node.at);
}
function hasTemplate(value) {
  return JSON.stringify(value).includes('{{') || JSON.stringify(value).includes('{%');
}
// src/core/workflow/outputs.ts
/** `outputs`: a map name -> definition (SPEC §1.9); a list of `{name, …}` or names is read too. */
function readOutputDefinitions(entry, report) {
  if (entry === void 0 || entry.node.value === null) return [];
  const { node } = entry;
  if (node.kind === 'map')
    return [...node.entries.values()].map((item) => readOutput(item.key, item.at, item.node, report));
  if (node.kind === 'scalar') {
    report.error('workflow.wrong_type', `'outputs' must be a map, it is ${describeNode(node)}`, node.at);
    return [];
  }
  const outputs = /* @__PURE__ */ new Map();
  for (const item of node.items) {
    const named = item.kind === 'map' ? item.entries.get('name')?.node : item;
    const name = named === void 0 ? void 0 : scalarText(named);
    if (name === void 0) report.error('workflow.missing_key', "An output in a list needs 'name'", item.at);
    else if (outputs.has(name)) report.error('workflow.duplicate_output', `Duplicate output: ${name}`, item.at);
    else outputs.set(name, readOutput(name, item.at, item.kind === 'map' ? item : void 0, report));
  }
  return [...outputs.values()];
}
function readOutput(name, at, node, report) {
  const bare = {
    name,
    description: '',
    required: false,
  };
  if (node === void 0 || node.value === null)
    return {
      definition: bare,
      at,
    };
  if (node.kind === 'scalar') {
    const text = scalarText(node) ?? '';
    const type = INPUT_TYPES.find((known) => known === text);
    return {
      definition:
        type === void 0
          ? {
              ...bare,
              description: text,
            }
          : {
              ...bare,
              type,
            },
      at,
    };
  }
  if (node.kind === 'list') {
    report.error('workflow.wrong_type', `Output '${name}' must be a map, it is a list`, node.at);
    return {
      definition: bare,
      at,
    };
  }
  const fields = fieldsOf(node, report);
  fields.checkKeys(['name', 'type', 'description', 'required']);
  const type = fields.word('type', INPUT_TYPES);
  return {
    definition: {
      name,
      description: fields.text('description') ?? '',
      required: fields.flag('required') ?? false,
      ...(type === void 0 ? {} : { type }),
    },
    at,
  };
}
// src/core/workflow/read-workflow.ts
/**
 * Reads a workflow file (SPEC §1): the whole structure and every check that needs no tools. It never throws on content;
 * all problems come at once, in file order, and what cannot be read has its default.
 */
function readWorkflow(text, options) {
  const sink = createSink(options.file);
  const read = readFileText(text);
  if (read.problem !== void 0) sink.add(read.problem);
  const texts = collectTexts();
  const file = {
    lines: read.lines ?? [],
    sink,
    budget: { tokens: READER_LIMITS.yamlTokens },
    texts,
  };
  const front = readFrontmatter(file);
  const body = readBody(file, front.bodyFrom);
  const { workflow, outputs, successTexts } = assemble(front, body, texts, options);
  if (read.problem !== void 0)
    return {
      workflow,
      diagnostics: sink.sorted(),
    };
  const found = checkDraft({
    workflow,
    steps: body.steps,
    outputs,
    texts: texts.uses,
    successTexts,
    report: front.report,
  });
  return {
    workflow: {
      ...workflow,
      ...found,
    },
    diagnostics: sink.sorted(),
  };
}
function readFrontmatter(file) {
  const { lines } = file;
  const split = splitFrontmatter(lines);
  const yaml = split.end === void 0 ? '' : lines.slice(1, split.end).join('\n');
  const report = createReporter(file.sink, yamlSource(yaml, split.end === void 0 ? 1 : 2, lines));
  const frame = {
    report,
    present: split.end !== void 0,
    bodyFrom: split.bodyFrom,
  };
  if (split.unclosed)
    report.error(
      'workflow.invalid_yaml',
      'Invalid YAML frontmatter: it is never closed by a line ---',
      {
        line: 1,
        column: 1,
      },
      'Add a line with --- behind the frontmatter.',
    );
  if (split.end === void 0)
    return {
      ...frame,
      root: void 0,
    };
  const { node, broken } = parseYaml(report, file.budget, 'Invalid YAML frontmatter');
  if (node.kind === 'map')
    return {
      ...frame,
      root: node,
    };
  if (!broken && node.value !== null)
    report.error(
      'workflow.invalid_yaml',
      'Invalid YAML frontmatter: it must be a map of keys',
      node.at,
      'Write for example workflow: {id: my-flow}.',
    );
  return {
    ...frame,
    root: void 0,
  };
}
function assemble(front, body, texts, options) {
  const metadata = readMetadata(front.root, front.report);
  const { root, report } = front;
  const outputs = readOutputDefinitions(root?.entries.get('outputs'), report);
  const successTexts = collectTexts();
  const success = root?.entries.get('success_conditions');
  const successConditions = [
    ...(success === void 0
      ? []
      : [
          {
            entry: success,
            report,
          },
        ]),
    ...body.successConditions,
  ];
  const fallbackId = options.fallbackId?.trim() ?? '';
  return {
    workflow: {
      ...metadata,
      id: metadata.id === 'unnamed' && fallbackId !== '' ? fallbackId : metadata.id,
      hasFrontmatter: front.present,
      triggers: [...readTriggers(root?.entries.get('triggers'), report, texts.within(report.source)), ...body.triggers],
      inputs: readAllInputs(front, body.inputs, texts),
      outputs: outputs.map((output) => output.definition),
      successConditions: successConditions.flatMap((placed) => readSuccess(placed, successTexts)),
      steps: body.steps.map((draft) => draft.step),
      usesSingleBraces: false,
    },
    outputs,
    successTexts: successTexts.uses,
  };
}
/** The frontmatter's inputs, those of the body's sections over them. */
function readAllInputs(front, sections, texts) {
  const merged = /* @__PURE__ */ new Map();
  const first = front.root?.entries.get('inputs');
  const all = [
    ...(first === void 0
      ? []
      : [
          {
            entry: first,
            report: front.report,
          },
        ]),
    ...sections,
  ];
  for (const { entry, report } of all)
    for (const definition of readInputDefinitions(entry, report, texts.within(report.source)))
      merged.set(definition.name, definition);
  return [...merged.values()];
}
function readSuccess({ entry, report }, texts) {
  return (entry.node.kind === 'list' ? entry.node.items : entry.node.value === null ? [] : [entry.node])
    .map((node) => readCondition(node, 'success_conditions', report, texts.within(report.source)))
    .filter((condition) => condition !== void 0);
}
// src/core/engine/to-json.ts
/** SPEC §3.3: what JSON cannot say becomes null, with a warning, and never ends a run. Plain values come back unchanged. */
function toJson(value, warnings, depth = 0) {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (depth > 200) return refuse('a value nested too deeply', warnings);
  if (Array.isArray(value)) return value.map((one) => toJson(one, warnings, depth + 1));
  if (typeof value === 'object') {
    if (value instanceof Date) return value.toISOString();
    const entries = Object.entries(value).map(([key, one]) => [key, toJson(one, warnings, depth + 1)]);
    return Object.fromEntries(entries);
  }
  return refuse(typeof value === 'number' ? String(value) : typeof value, warnings);
}
function refuse(what, warnings) {
  warnings.push({
    code: 'engine.unserialisable',
    message: `The step gave ${what}, which cannot be stored; it became null.`,
  });
  return null;
}
// src/core/engine/attempt.ts
/** SPEC §3.8: the same over attempts, resume and `retry`, new for `replay`. */
var stepKeyOf = (originRunId, path) => createHash('sha256').update(`${originRunId}\0${path}`).digest('hex');
/** Folders of a run whose tools never leave the engine's process. */
var NO_FOLDERS = {
  workDir: '',
  runDir: '',
};
/** Carries an attempt out. Never throws: every way to fail is an outcome. Synchronous where the tool is. */
function carryOut(attempt, context) {
  if (attempt.tool.category === 'script') return carryOutScript(attempt, context);
  try {
    const result = attempt.tool.execute(toolCall(attempt, context, NO_FOLDERS));
    if (result instanceof Promise) return carryOutPromise(attempt, context, result);
    const outcome = completed(result);
    return attempt.step.outputFile === void 0 ? outcome : writeStepFile(attempt, context, outcome);
  } catch (error) {
    return failed(error);
  }
}
async function carryOutScript(attempt, context) {
  try {
    const folders = await context.host.prepareFolders(context.runId, context.version.hash);
    return await writeStepFile(
      attempt,
      context,
      completed(await attempt.tool.execute(toolCall(attempt, context, folders))),
    );
  } catch (error) {
    return failed(error);
  }
}
/** In-process work: a written timeout ends the wait for it. */
async function carryOutPromise(attempt, context, work) {
  let stopTimer = null;
  const timeout = new Promise((_, reject) => {
    if (attempt.step.timeoutMs === void 0) return;
    stopTimer = context.ports.setTimer(attempt.step.timeoutMs, () => {
      reject(
        new AppError('tool.timed_out', `Step '${attempt.step.id}' timed out after ${attempt.timeoutMs / 1e3} seconds`),
      );
    });
  });
  try {
    return await writeStepFile(attempt, context, completed(await Promise.race([work, timeout])));
  } catch (error) {
    return failed(error);
  } finally {
    stopTimer?.();
  }
}
/** SPEC §3.8: asks the tool what became of an attempt that an earlier engine started. */
async function lookUp(attempt, context) {
  if (attempt.tool.recover === void 0) return 'unknown';
  const {
    signal: _signal,
    log: _log,
    ...call
  } = toolCall(attempt, context, await context.host.prepareFolders(context.runId, context.version.hash));
  const found = await attempt.tool.recover(call);
  if (found.kind === 'completed') return writeStepFile(attempt, context, completed(found.result));
  if (found.kind === 'failed')
    return {
      kind: 'failed',
      error: found.error,
      warnings: [],
    };
  return found.kind;
}
function toolCall(attempt, context, folders) {
  return {
    operation: attempt.operation,
    inputs: attempt.inputs,
    runId: context.runId,
    stepId: attempt.step.id,
    path: attempt.path,
    attempt: attempt.attempt,
    stepNow: attempt.now,
    stepKey: attempt.tool.category === 'script' ? stepKeyOf(context.originRunId, attempt.path) : '',
    timeoutMs: attempt.timeoutMs,
    workDir: folders.workDir,
    runDir: folders.runDir,
    env: context.version.env,
    signal: context.signal,
    log: context.log,
  };
}
function completed(result) {
  const warnings = result.warnings === void 0 ? [] : [...result.warnings];
  return {
    kind: 'completed',
    output: toJson(result.output, warnings),
    warnings,
  };
}
function failed(thrown) {
  const error = translateStoreError(thrown);
  if (error instanceof AppError)
    return {
      kind: 'failed',
      error,
      warnings: [],
    };
  return {
    kind: 'failed',
    error: new AppError('internal.bug', 'The step failed inside the app.', {
      cause: error,
      hint: 'Look at the log of the app and report the problem.',
    }),
    warnings: [],
  };
}
/** `output_file` and `format` of a step (SPEC §1.5): the output is written before the step counts as completed. */
async function writeStepFile(attempt, context, outcome) {
  const { outputFile, format } = attempt.step;
  if (outputFile === void 0 || outcome.kind === 'failed') return outcome;
  try {
    const path = renderText(
      outputFile,
      {
        has: (name) => name === 'output' || context.scope.has(name),
        get: (name) => (name === 'output' ? outcome.output : context.scope.get(name)),
        names: () => ['output', ...context.scope.names()],
      },
      { now: attempt.now },
    ).text;
    await context.host.writeOutputFile(context.runId, path, formatOutput(outcome.output, format));
    return outcome;
  } catch (error) {
    return failed(error);
  }
}
function formatOutput(output, format) {
  if (format !== 'json' && typeof output === 'string') return output.endsWith('\n') ? output : `${output}\n`;
  const text = JSON.stringify(output, null, 2);
  return format === 'markdown' ? `\`\`\`json\n${text}\n\`\`\`\n` : `${text}\n`;
}
/** Finds the tool of a rendered action. `tool.not_found`, `tool.unknown_operation`. */
function resolveAction(action, version, builtIns) {
  const { tool: name, operation } = splitAction(action);
  const tool = name === 'workflow' ? builtIns : version.tools.get(name);
  if (tool === void 0)
    throw new AppError('tool.not_found', `Tool not found: ${name}`, {
      hint: `Available: ${version.tools.names().join(', ') || 'none'}.`,
      details: { tool: name },
    });
  return {
    tool,
    operation,
  };
}
// src/core/steps/built-ins.ts
/** SPEC §1.6; effect classes of §3.8. `set_outputs` and `set` give their inputs, the engine publishes them. */
var OPERATIONS = {
  set_outputs: {
    effect: 'pure',
    run: (call) => ({ output: call.inputs }),
  },
  set: {
    effect: 'pure',
    run: (call) => ({ output: call.inputs }),
  },
  noop: {
    effect: 'pure',
    run: () => ({ output: null }),
  },
  fail: {
    effect: 'pure',
    run: fail,
  },
  log: {
    effect: 'pure',
    run: log,
  },
  timestamp: {
    effect: 'pure',
    run: (call) => ({ output: new Date(call.stepNow).toISOString() }),
  },
  sleep: {
    effect: 'pure',
    run: sleep,
  },
  write_file: {
    effect: 'idempotent',
    run: writeFile,
  },
};
var NO_LIMIT_MS = 316224e5;
/** The `workflow.*` actions as a tool, so that the engine has one way to act. */
function createBuiltIns(ports) {
  const find = (operation) => {
    const found = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : void 0;
    if (found !== void 0) return found;
    throw new AppError(
      'tool.unknown_operation',
      `Unknown operation: ${operation}. Available: [${Object.keys(OPERATIONS).join(', ')}]`,
    );
  };
  const traits = (effect) => ({
    effect,
    repeatable: true,
    timeoutMs: NO_LIMIT_MS,
  });
  return {
    name: 'workflow',
    category: 'built_in',
    operations: Object.keys(OPERATIONS),
    traits: (operation) => traits(find(operation).effect),
    check: () => [],
    execute: (call) => find(call.operation).run(call, ports),
  };
}
function fail(call) {
  throw new AppError('workflow.failed_by_author', textOf(call.inputs.message, 'The workflow stopped itself.'), {
    hint: 'The workflow decided to fail here: read its message and its inputs.',
  });
}
var LEVELS = ['debug', 'info', 'warning', 'error'];
function log(call) {
  const level = LEVELS.find((one) => one === call.inputs.level) ?? 'info';
  const message = textOf(call.inputs.message, '');
  for (const line of message.split('\n')) call.log('log', line, level);
  return {
    output: {
      level,
      message,
    },
  };
}
/** Sleeps until `now` of the step plus the duration, so that a crash in between does not make it longer. */
async function sleep(call, ports) {
  const given = call.inputs.duration ?? call.inputs.seconds ?? call.inputs.for ?? 0;
  const { ms, problem } = parseDuration(typeof given === 'number' ? given : textOf(given, ''));
  if (ms === null || problem !== void 0)
    throw new AppError('tool.invalid_params', `workflow.sleep: ${problem ?? 'no duration'}`, {
      hint: 'Write a duration such as 30s or 2m.',
    });
  await waitUntil(call, ports, call.stepNow + ms);
  return { output: { slept_seconds: ms / 1e3 } };
}
function waitUntil(call, ports, until) {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancelTimer();
      reject(new AppError('run.cancelled', 'The wait was cut short.'));
    };
    const cancelTimer = ports.setTimer(Math.max(0, until - ports.now()), () => {
      call.signal.removeEventListener('abort', onAbort);
      resolve();
    });
    call.signal.addEventListener('abort', onAbort, { once: true });
  });
}
async function writeFile(call, ports) {
  const path = call.inputs.path;
  if (typeof path !== 'string' || path.trim() === '')
    throw new AppError('tool.invalid_params', 'workflow.write_file needs `path`, the name of the file to write.');
  const content = contentOf(call.inputs);
  return {
    output: {
      path: await ports.writeOutputFile(call.runId, path, content),
      size_bytes: Buffer.byteLength(content),
    },
  };
}
function contentOf(inputs) {
  const { content } = inputs;
  if (content === void 0 || content === null) return '';
  return typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
}
var textOf = (value, otherwise) =>
  value === void 0 || value === null ? otherwise : typeof value === 'string' ? value : JSON.stringify(value);
// src/core/engine/plan.ts
var planned = /* @__PURE__ */ new WeakMap();
/** The plan of a workflow, made once. Top-level steps run in file order; the path of a top-level step is its id. */
function planWorkflow(workflow) {
  const known = planned.get(workflow);
  if (known !== void 0) return known;
  const steps = workflow.steps.map((step, index) => ({
    step,
    path: step.id,
    index,
  }));
  const byPath = new Map(steps.map((one) => [one.path, one]));
  const needed = /* @__PURE__ */ new Map();
  const plan = {
    steps,
    neededNames: (path) => {
      let names = needed.get(path);
      if (names === void 0) {
        const one = byPath.get(path);
        names = one === void 0 ? [] : unguardedNames([one.step.inputs, one.step.action ?? null]);
        needed.set(path, names);
      }
      return names;
    },
  };
  planned.set(workflow, plan);
  return plan;
}
function unguardedNames(value) {
  const names = /* @__PURE__ */ new Set();
  const visit = (part) => {
    if (typeof part === 'string') {
      if (!part.includes('{')) return;
      for (const reference of analyzeText(part, 'template').references)
        if (!reference.guarded) names.add(reference.root);
    } else if (Array.isArray(part)) for (const one of part) visit(one);
    else if (part !== null && typeof part === 'object') for (const one of Object.values(part)) visit(one);
  };
  visit(value);
  return [...names];
}
/** A condition as one line of text. */
var conditionText = (condition) => (typeof condition === 'string' ? condition : String(condition));
// src/core/engine/finish.ts
/** What the run gives: `set_outputs`, or without it all variables (SPEC §1.9). */
var outputsOf = (state) => Object.fromEntries(state.setOutputs ?? state.variables);
var recordOf$1 = (error) => error.toRecord();
/** The end of a run whose last step is settled: outputs, success conditions, status (SPEC §3.3). */
function finishRun(state, workflow, scope, now) {
  const outputs = outputsOf(state);
  const checked = checkOutputs(workflow.outputs, state, outputs);
  const successConditions = evaluateSuccess(state, workflow, scope, outputs, now);
  const isUnmet = workflow.execution.enforceSuccess && successConditions.some((one) => one.result !== 'met');
  const error =
    state.failed > 0 && state.succeeded === 0
      ? new AppError('run.no_step_completed', 'No step of this run completed.', {
          hint: 'Open the first failed step and read why.',
        })
      : (checked.error ??
        (isUnmet
          ? new AppError('run.success_conditions_unmet', 'A success condition of this workflow was not met.', {
              hint: 'Look at the success conditions under Outputs.',
            })
          : null));
  const outcome = error !== null ? 'failed' : state.failed > 0 ? 'partial' : 'success';
  return {
    type: error === null ? 'run.completed' : 'run.failed',
    outcome,
    outputs,
    error: error === null ? null : recordOf$1(error),
    successConditions,
    warnings: checked.warnings,
  };
}
/** The end of a run that a step or its time limit has stopped. */
function failRun(state, error) {
  return {
    type: 'run.failed',
    outcome: 'failed',
    outputs: outputsOf(state),
    error: recordOf$1(error),
    successConditions: [],
    warnings: [],
  };
}
function cancelRun(state) {
  const error = new AppError('run.cancelled', 'The run was cancelled.');
  return {
    type: 'run.cancelled',
    outcome: 'failed',
    outputs: outputsOf(state),
    error: recordOf$1(error),
    successConditions: [],
    warnings: [],
  };
}
function checkOutputs(definitions, state, outputs) {
  const warnings = [];
  const missing = [];
  for (const definition of definitions)
    if (!Object.hasOwn(outputs, definition.name)) {
      if (definition.required) missing.push(definition.name);
      else if (state.setOutputs !== null) warnings.push(`Output '${definition.name}' was declared but never set.`);
    } else if (definition.type !== void 0 && !hasType(outputs[definition.name] ?? null, definition.type))
      warnings.push(`Output '${definition.name}' is not of type ${definition.type}.`);
  return {
    error:
      missing.length === 0
        ? null
        : new AppError('run.output_missing', `Required output not set: ${missing.join(', ')}`, {
            hint: 'Set it with workflow.set_outputs in a step that always runs.',
            details: { outputs: missing },
          }),
    warnings,
  };
}
function hasType(value, type) {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return value !== null && typeof value === 'object' && !Array.isArray(value);
  if (type === 'integer') return typeof value === 'number' && Number.isInteger(value);
  if (type === 'number' || type === 'float') return typeof value === 'number';
  return typeof value === type;
}
function evaluateSuccess(state, workflow, scope, outputs, now) {
  if (workflow.successConditions.length === 0) return [];
  const inner = childScope(scope, {
    ...state.created.inputs,
    ...outputs,
    ...Object.fromEntries(state.variables),
    outputs,
    execution_time: state.startedAt === null ? 0 : (now - state.startedAt) / 1e3,
    timeout: state.created.timeoutMs === null ? null : state.created.timeoutMs / 1e3,
    steps_total: state.created.stepsTotal,
    steps_succeeded: state.succeeded,
    steps_failed: state.failed,
    steps_skipped: state.skipped,
    errors_critical: [...state.steps.values()].filter((one) => one.status === 'failed' && !one.fallbackUsed).length,
    cost: 0,
  });
  return workflow.successConditions.map((condition) => ({
    condition: conditionText(condition),
    result: evaluateOne(condition, inner, now),
  }));
}
function evaluateOne(condition, scope, now) {
  try {
    const { value, unknown } = evaluateCondition(condition, scope, { now });
    return unknown ? 'unknown' : value ? 'met' : 'unmet';
  } catch (error) {
    if (error instanceof AppError) return 'unknown';
    throw error;
  }
}
// src/core/engine/run-state.ts
/** The state right after `run.created`. */
function newRunState(runId, created, createdAt, actor) {
  return {
    runId,
    created,
    createdAt,
    actor,
    status: 'pending',
    outcome: null,
    seq: 0,
    startedAt: null,
    completedAt: null,
    steps: /* @__PURE__ */ new Map(),
    variables: /* @__PURE__ */ new Map(),
    setOutputs: null,
    outputs: {},
    succeeded: 0,
    failed: 0,
    skipped: 0,
    currentStep: null,
    pauseRequested: false,
    cancelRequested: false,
    stoppedBy: null,
    error: null,
    successConditions: [],
    warnings: [],
  };
}
/** True when the run takes no further event but a person's resume. */
var isEnded = (status) => status === 'completed' || status === 'failed' || status === 'cancelled';
/** True when the step needs nothing more from the engine. */
var isSettled = (record) =>
  record !== void 0 &&
  (record.status === 'completed' ||
    record.status === 'skipped' ||
    (record.status === 'failed' && !record.fallbackPending));
// src/core/engine/fold.ts
/** Folds the events of one run, in `seq` order from 1, into its state. `store.corrupt` when the first is not `run.created`. */
function foldRun(events) {
  const first = events[0];
  if (first === void 0 || first.event.type !== 'run.created')
    throw new AppError('store.corrupt', 'The journal of this run does not begin where it must.', {
      hint: 'Restore the state folder from a backup.',
    });
  const state = newRunState(first.stream.slice(4), first.event, first.at, actorText(first.actor));
  for (const stored of events) applyEvent(state, stored);
  return state;
}
/** Applies one event. Returns the step record that it changed, if any. `store.corrupt` on a gap in `seq`. */
function applyEvent(state, stored) {
  if (stored.seq !== state.seq + 1)
    throw new AppError('store.corrupt', `The journal of run ${state.runId} has a gap after event ${state.seq}.`, {
      hint: 'Restore the state folder from a backup.',
    });
  state.seq = stored.seq;
  const { event } = stored;
  switch (event.type) {
    case 'step.started':
      return startStep(state, stored, event);
    case 'step.completed':
      return completeStep(state, stored, event);
    case 'step.failed':
      return failStep(state, stored, event);
    case 'step.skipped':
      return skipStep(state, stored, event);
    case 'step.cancelled':
    case 'step.in_doubt':
      return interruptStep(state, stored, event.path, event.type === 'step.cancelled' ? 'cancelled' : 'in_doubt');
    case 'step.resolved':
      return resolveStep(state, stored, event);
    default:
      applyRunEvent(state, stored.at, event);
      return null;
  }
}
function applyRunEvent(state, at, event) {
  switch (event.type) {
    case 'run.created':
      for (const step of event.carried) carryStep(state, at, step);
      return;
    case 'run.started':
      state.status = 'running';
      state.startedAt = at;
      return;
    case 'run.pause_requested':
      state.pauseRequested = true;
      return;
    case 'run.paused':
      state.status = 'paused';
      state.pauseRequested = false;
      return;
    case 'run.resumed':
      resumeRun(state);
      return;
    case 'run.recovered':
      return;
    case 'run.cancel_requested':
      state.cancelRequested = true;
      return;
    case 'run.in_doubt':
      state.status = 'in_doubt';
      return;
    default:
      state.status =
        event.type === 'run.completed' ? 'completed' : event.type === 'run.failed' ? 'failed' : 'cancelled';
      state.outcome = event.outcome;
      state.outputs = event.outputs;
      state.error = event.error;
      state.successConditions = event.successConditions;
      state.warnings = event.warnings;
      state.completedAt = at;
      state.currentStep = null;
  }
}
function resumeRun(state) {
  state.status = 'running';
  state.outcome = null;
  state.error = null;
  state.completedAt = null;
  state.pauseRequested = false;
  state.cancelRequested = false;
  state.stoppedBy = null;
  for (const record of state.steps.values()) {
    if (
      !(
        (record.status === 'failed' && !record.fallbackUsed) ||
        record.status === 'cancelled' ||
        (record.status === 'skipped' && record.skipReason === 'upstream_failed')
      )
    )
      continue;
    if (record.status === 'failed') state.failed -= 1;
    if (record.status === 'skipped') state.skipped -= 1;
    record.status = 'pending';
    record.failures = 0;
    record.error = null;
    record.retryAt = null;
    record.skipReason = null;
    record.fallbackPending = false;
    record.completedAt = null;
  }
}
function newRecord(path, index, name) {
  return {
    path,
    index,
    name,
    variable: null,
    status: 'pending',
    attempt: 0,
    failures: 0,
    attempts: [],
    endedWithoutAttempt: null,
    now: null,
    output: null,
    error: null,
    retryAt: null,
    fallbackUsed: false,
    fallbackPending: false,
    skipReason: null,
    warnings: [],
    startedAt: null,
    completedAt: null,
  };
}
function startStep(state, stored, event) {
  let record = state.steps.get(event.path);
  if (record === void 0) {
    record = newRecord(event.path, event.index, event.name);
    state.steps.set(event.path, record);
  }
  const previous = record.attempts.at(-1);
  if (previous?.status === 'running') endAttempt(previous, stored, 'cancelled');
  record.variable = event.variable;
  record.status = 'running';
  record.attempt = event.attempt;
  record.now = event.now;
  record.retryAt = null;
  record.startedAt ??= stored.at;
  record.attempts.push({
    attempt: event.attempt,
    role: event.role,
    startedAt: stored.at,
    startPosition: stored.position,
    completedAt: null,
    endPosition: null,
    status: 'running',
    error: null,
  });
  state.currentStep = event.path;
  return record;
}
function endAttempt(attempt, stored, status) {
  attempt.status = status;
  attempt.completedAt = stored.at;
  attempt.endPosition = stored.position;
}
/** The record that an event ends; a journal that ends what never began is damaged. */
function recordOf(state, path) {
  const record = state.steps.get(path);
  if (record === void 0)
    throw new AppError('store.corrupt', `The journal of run ${state.runId} ends step ${path}, which never began.`);
  return record;
}
function completeStep(state, stored, event) {
  const record = recordOf(state, event.path);
  const attempt = record.attempts.at(-1);
  if (attempt !== void 0) {
    endAttempt(attempt, stored, 'completed');
    if (attempt.role === 'fallback') record.fallbackUsed = true;
  }
  record.status = 'completed';
  record.output = event.output;
  record.error = null;
  record.fallbackPending = false;
  record.warnings = event.warnings;
  record.completedAt = stored.at;
  state.succeeded += 1;
  if (record.variable !== null) state.variables.set(record.variable, event.output);
  publishValues(state, event);
  return record;
}
function publishValues(state, event) {
  for (const [name, value] of Object.entries(event.variables ?? {})) state.variables.set(name, value);
  if (event.outputs === null) return;
  state.setOutputs ??= /* @__PURE__ */ new Map();
  for (const [name, value] of Object.entries(event.outputs)) state.setOutputs.set(name, value);
}
function failStep(state, stored, event) {
  const record = recordOf(state, event.path);
  const attempt = record.attempts.at(-1);
  if (attempt !== void 0) {
    if (attempt.status === 'running') endAttempt(attempt, stored, 'failed');
    attempt.error = event.error;
  }
  record.error = event.error;
  record.warnings = event.warnings;
  record.failures += 1;
  record.retryAt = event.retryAt;
  if (event.retryAt !== null) {
    record.status = 'pending';
    return record;
  }
  record.fallbackPending = event.policy === 'fallback_action';
  if (record.fallbackPending) return record;
  record.status = 'failed';
  record.completedAt = stored.at;
  state.failed += 1;
  if (event.fallback !== null) {
    record.fallbackUsed = true;
    record.output = event.fallback.value;
    if (record.variable !== null) state.variables.set(record.variable, event.fallback.value);
  } else if (event.policy !== 'continue') state.stoppedBy = event.path;
  return record;
}
function skipStep(state, stored, event) {
  const record = state.steps.get(event.path) ?? newRecord(event.path, event.index, event.name);
  state.steps.set(event.path, record);
  record.status = 'skipped';
  record.endedWithoutAttempt = {
    status: 'skipped',
    at: stored.at,
  };
  record.skipReason = event.reason;
  record.warnings = event.warnings;
  record.startedAt = stored.at;
  record.completedAt = stored.at;
  state.skipped += 1;
  return record;
}
function interruptStep(state, stored, path, status) {
  const record = recordOf(state, path);
  const attempt = record.attempts.at(-1);
  if (attempt !== void 0) endAttempt(attempt, stored, status);
  record.status = status;
  record.retryAt = null;
  record.completedAt = status === 'cancelled' ? stored.at : null;
  return record;
}
/** A person's word on a step in doubt: the run goes on from it. */
function resolveStep(state, stored, event) {
  const record = recordOf(state, event.path);
  if (event.as === 'completed') {
    record.status = 'completed';
    record.output = event.output;
    record.completedAt = stored.at;
    state.succeeded += 1;
    if (record.variable !== null) state.variables.set(record.variable, event.output);
  } else {
    record.status = 'pending';
    record.failures = 0;
  }
  if (state.status === 'in_doubt') state.status = 'running';
  return record;
}
function carryStep(state, at, step) {
  const record = newRecord(step.path, step.index, step.name);
  record.variable = step.variable;
  record.status = step.status;
  record.endedWithoutAttempt = {
    status: step.status,
    at,
  };
  record.output = step.output;
  record.skipReason = step.status === 'skipped' ? 'carried' : null;
  record.fallbackUsed = step.fallbackUsed;
  record.startedAt = at;
  record.completedAt = at;
  state.steps.set(step.path, record);
  if (step.status === 'completed') state.succeeded += 1;
  else if (step.status === 'failed') state.failed += 1;
  else state.skipped += 1;
  if (step.variable !== null && (step.status === 'completed' || step.fallbackUsed))
    state.variables.set(step.variable, step.output);
  publishValues(state, step);
}
// src/core/engine/decide.ts
/** The first step in order that is not settled, from `from` on; -1 when all are. */
function nextOpenStep(planning, state, from) {
  for (let index = from; index < planning.steps.length; index += 1) {
    const one = planning.steps[index];
    if (one !== void 0 && !isSettled(state.steps.get(one.path))) return index;
  }
  return -1;
}
/** Evaluates conditions and renders inputs of a step: pure but for the scope it reads (SPEC §3.2). */
function decideStep(one, context) {
  const record = context.state.steps.get(one.path);
  const isFirstLook = record === void 0 || (record.failures === 0 && !record.fallbackPending);
  if (isFirstLook && !one.step.enabled) return skip(one, 'disabled', []);
  try {
    if (isFirstLook) {
      const checked = checkConditions(one, context);
      if (!checked.met) return skip(one, 'conditions_not_met', checked.warnings);
      if (needsFailedStep(one, context)) return skip(one, 'upstream_failed', checked.warnings);
    }
    return prepareAttempt(one, record, context);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      kind: 'refused',
      error,
      event: startedEvent(one, record, context.now, {
        action: one.step.action ?? '',
        inputs: {},
      }),
    };
  }
}
function skip(one, reason, warnings) {
  return {
    kind: 'skip',
    event: {
      type: 'step.skipped',
      path: one.path,
      index: one.index,
      name: one.step.name,
      reason,
      warnings,
    },
  };
}
function checkConditions(one, { scope, now }) {
  const warnings = [];
  for (const condition of one.step.conditions) {
    const result = evaluateCondition(condition, scope, { now });
    warnings.push(...result.warnings);
    if (!result.value)
      return {
        met: false,
        warnings,
      };
  }
  return {
    met: true,
    warnings,
  };
}
/** True when an input reads, unguarded, the variable of a step that failed without a fallback or was itself left out for one. */
function needsFailedStep(one, { state, planning }) {
  if (state.failed === 0) return false;
  const missing = /* @__PURE__ */ new Set();
  for (const other of planning.steps) {
    const variable = other.step.outputVariable;
    const record = state.steps.get(other.path);
    if (variable === void 0 || record === void 0 || state.variables.has(variable)) continue;
    if (record.status === 'failed' || record.skipReason === 'upstream_failed') missing.add(variable);
  }
  return missing.size > 0 && planning.neededNames(one.path).some((name) => missing.has(name));
}
function prepareAttempt(one, record, context) {
  const { step } = one;
  const now = record?.now ?? context.now;
  const isFallback = record?.fallbackPending ?? false;
  const template = isFallback ? (step.fallback?.action ?? '') : (step.action ?? '');
  const action = template.includes('{') ? renderText(template, context.scope, { now }).text.trim() : template;
  const { tool, operation } = resolveAction(action, context.version, context.builtIns);
  const traits = tool.traits(operation);
  const rendered = renderValue(isFallback ? (step.fallback?.inputs ?? {}) : step.inputs, context.scope, { now });
  const inputs = rendered.value;
  const event = startedEvent(one, record, context.now, {
    action,
    inputs,
  });
  const isIdempotent = step.idempotent === true && traits.effect === 'effect';
  const attempt = {
    step,
    path: one.path,
    attempt: event.attempt,
    role: event.role,
    now,
    tool,
    operation,
    effect: isIdempotent ? 'idempotent' : traits.effect,
    isRepeatable: traits.repeatable || step.idempotent === true,
    timeoutMs: step.timeoutMs ?? traits.timeoutMs,
    inputs,
  };
  return {
    kind: 'attempt',
    attempt,
    event: {
      ...event,
      effect: attempt.effect,
    },
    warnings: rendered.warnings,
  };
}
function startedEvent(one, record, now, what) {
  return {
    type: 'step.started',
    path: one.path,
    index: one.index,
    name: one.step.name,
    variable: one.step.outputVariable ?? null,
    attempt: (record?.attempt ?? 0) + 1,
    now: record?.now ?? now,
    action: what.action,
    effect: 'pure',
    inputs: what.inputs,
    role: record?.fallbackPending ? 'fallback' : 'main',
  };
}
// src/core/engine/retry-policy.ts
var DEFAULT_RETRIES = 3;
/** Errors that prove that no effect began: they are retried even where nothing is written. */
var NO_EFFECT_BEGAN = /* @__PURE__ */ new Set(['tool.spawn_failed']);
/** The policy for one error of one step. Retries come from the step, the workflow, the bundle, the project, then the default. */
function retryPolicyFor(sources, error) {
  const written = sources.rule?.retry ?? sources.step.retry;
  const byAction = sources.rule?.action === 'retry' ? DEFAULT_RETRIES : void 0;
  return withDefaults(
    written?.maxRetries ??
      (written === void 0 ? void 0 : DEFAULT_RETRIES) ??
      byAction ??
      sources.workflowRetries ??
      sources.bundleRetries ??
      sources.projectRetries ??
      (sources.isRepeatable || NO_EFFECT_BEGAN.has(error.code) ? DEFAULT_RETRIES : 0),
    written,
  );
}
function withDefaults(maxRetries, written) {
  return {
    maxRetries,
    delayMs: written?.delayMs ?? 1e3,
    maxDelayMs: written?.maxDelayMs ?? 6e4,
    base: written?.base ?? 2,
    jitter: written?.jitter ?? 0.1,
    on: written?.on,
  };
}
/** Whether this error may be tried again under this policy (SPEC §3.4 "Retryable"). */
function isRetryable(policy, error, isRepeatable) {
  if (error.kind === 'in_doubt' || error.code === 'run.cancelled' || error.code === 'run.timed_out') return false;
  if (policy.on !== void 0) return policy.on.some((word) => matchesError(word, error));
  if (error.code === 'tool.timed_out') return isRepeatable;
  return error.retryable;
}
/**
 * SPEC §3.4: `base_delay * exponential_base^(attempt-1)`, attempt from 1, plus uniform jitter, at most `max_delay`, never
 * negative. `random` is in [0, 1).
 */
function retryDelayMs(policy, attempt, random) {
  const plain = policy.delayMs * policy.base ** (attempt - 1);
  const jittered = plain + (random * 2 - 1) * policy.jitter * plain;
  return Math.max(0, Math.min(jittered, policy.maxDelayMs));
}
/** SPEC §1.6 `error_code`: number = HTTP status or exit code; text = code, `area.*` or `timeout`. */
function matchesError(word, error) {
  const asNumber = typeof word === 'number' ? word : /^\d+$/.test(word) ? Number(word) : null;
  if (asNumber !== null) return error.details?.exit_code === asNumber || error.details?.status === asNumber;
  const text = String(word);
  if (text === 'timeout') return error.code.endsWith('timed_out');
  if (text.endsWith('.*')) return error.code.startsWith(text.slice(0, -1));
  return error.code === text;
}
// src/core/engine/error-policy.ts
/** The rule of `on_error` for an error: the first that matches, then the one without a match (SPEC §1.6 "Precedence"). */
function findErrorRule(step, error) {
  return (
    step.onError.find((rule) => rule.match?.some((word) => matchesError(word, error)) ?? false) ??
    step.onError.find((rule) => rule.match === void 0)
  );
}
/** Precedence: matching rule, default rule, then `execution.error_handling`. A fallback value or action lets the run go on. */
function decideFailure(step, workflow, error, hasRunFallback) {
  const rule = findErrorRule(step, error);
  if (step.fallback !== void 0 && !hasRunFallback)
    return {
      policy: 'fallback_action',
      fallback: null,
    };
  if (rule?.fallback !== void 0)
    return {
      policy: 'continue',
      fallback: rule.fallback,
    };
  return {
    policy:
      (rule?.action === 'continue' || rule?.action === 'stop' ? rule.action : void 0) ??
      (workflow.execution.errorHandling === 'continue' ? 'continue' : 'stop'),
    fallback: null,
  };
}
// src/core/engine/scope.ts
var iso = (at) => (at === null ? null : new Date(at).toISOString());
var runOf = ({ state }) => ({
  id: state.runId,
  started_at: iso(state.startedAt),
  trigger: state.created.trigger.type,
  actor: state.actor,
  attempt: 1,
  parent_id: state.created.parentRunId,
  replay_of: state.created.linkedRunId,
});
var stepsOf = ({ state }) => {
  const steps = {};
  for (const record of state.steps.values()) {
    const duration =
      record.startedAt === null || record.completedAt === null ? null : (record.completedAt - record.startedAt) / 1e3;
    const error =
      record.error === null
        ? null
        : {
            code: record.error.code,
            message: record.error.message,
          };
    steps[record.path] = {
      status: record.status,
      output: record.output,
      error,
      attempts: record.attempt,
      duration,
    };
  }
  return steps;
};
var workflowOf = ({ state, workflow }) => ({
  id: workflow.id,
  name: workflow.name,
  version: workflow.version,
  hash: state.created.versionHash,
  author: workflow.author,
  tags: workflow.tags,
  timeout: state.created.timeoutMs === null ? null : state.created.timeoutMs / 1e3,
  requires: [...workflow.requirements.tools],
  tools: [...requiredTools(workflow).tools],
});
var variablesOf = ({ state }) => Object.fromEntries(state.variables);
/** SPEC §2.2: names that a run gives beside its variables. `now`, `range` and the like belong to the evaluator. */
var READERS = /* @__PURE__ */ new Map([
  ['inputs', ({ state }) => state.created.inputs],
  ['variables', variablesOf],
  ['steps', stepsOf],
  ['run', runOf],
  ['run_id', ({ state }) => state.runId],
  ['workflow', workflowOf],
  [
    'workflow_context',
    (source) => ({
      run: runOf(source),
      inputs: source.state.created.inputs,
      steps: stepsOf(source),
      variables: variablesOf(source),
      costs: {},
    }),
  ],
  [
    'trigger',
    ({ state }) => ({
      type: state.created.trigger.type,
      planned_at: iso(state.created.trigger.plannedAt ?? null),
      payload: state.created.trigger.payload ?? null,
    }),
  ],
  ['env', ({ env }) => env],
]);
/** The names that a step of this run sees: output variables first, then what the run gives (SPEC §2.2 "Order"). */
function runScope(source) {
  const { variables } = source.state;
  return {
    has: (name) => variables.has(name) || READERS.has(name),
    get: (name) => (variables.has(name) ? variables.get(name) : READERS.get(name)?.(source)),
    names: () => [...variables.keys(), ...READERS.keys()],
  };
}
// src/core/engine/run-driver.ts
/**
 * Drives one run from where it stands to its end, a pause or a doubt. One loop: decide, commit what was decided together with
 * the end of the step before, act, decide again. Invariants:
 * 1. An effect begins only after its `step.started` is committed.
 * 2. Between two commits nothing is awaited, so a commit holds everything that belongs together.
 * 3. After `stop()` nothing is begun.
 */
var RunDriver = class {
  #options;
  #planning;
  #cursor = 0;
  #isStopping = false;
  #interruption = null;
  #abort = null;
  #wake = null;
  #stopTimeout = null;
  constructor(options) {
    this.#options = options;
    this.#planning = planWorkflow(options.version.workflow);
  }
  get #state() {
    return this.#options.recorder.state;
  }
  /** Resolves when the run rests: ended, paused, in doubt, or stopped. `interrupted` = the start of a step left open by a crash. */
  async drive(interrupted = null) {
    this.#armTimeout();
    try {
      if (interrupted !== null) await this.#recover(interrupted);
      for (;;) {
        const next = this.#advance();
        await this.#options.recorder.commit();
        if (next.kind === 'rest') return;
        if (next.kind === 'wait') await this.#waitUntil(next.until);
        else await this.#act(next.attempt, next.warnings);
      }
    } finally {
      this.#stopTimeout?.();
    }
  }
  /** Cancels: the running attempt is ended for real, no other begins. Durable when it resolves. */
  async cancel(actor) {
    if (this.#state.cancelRequested || isEnded(this.#state.status)) return;
    this.#options.recorder.emit({ type: 'run.cancel_requested' }, actor);
    const committed = this.#options.recorder.commit();
    this.#interrupt('cancel');
    await committed;
  }
  /** A person's word on a step in doubt; whoever calls drives on afterwards. Durable when it resolves. */
  async resolveDoubt(path, word, actor) {
    const { recorder } = this.#options;
    const one = this.#planning.steps.find((candidate) => candidate.path === path);
    const record = this.#state.steps.get(path);
    if (one === void 0 || record === void 0) return;
    recorder.emit(
      {
        type: 'step.resolved',
        path,
        as: word.as,
        output: word.output,
      },
      actor,
    );
    if (word.as === 'failed') {
      const error = new AppError('step.in_doubt', `${actor.id} marked this step as failed after its result was lost.`);
      this.#fail(
        {
          step: one.step,
          path,
          attempt: record.attempt,
          role: 'main',
          isRepeatable: false,
        },
        error,
        [],
      );
    }
    await recorder.commit();
  }
  /** Running steps end, none begins. */
  async pause(actor) {
    if (this.#state.pauseRequested || isEnded(this.#state.status)) return;
    this.#options.recorder.emit({ type: 'run.pause_requested' }, actor);
    const committed = this.#options.recorder.commit();
    this.#wake?.();
    await committed;
  }
  /** No new steps from now on; the running one may end. */
  stop() {
    this.#isStopping = true;
    this.#wake?.();
  }
  /** Ends the running attempt because the host goes down. */
  kill() {
    this.#isStopping = true;
    this.#interrupt('host_stopped');
  }
  #interrupt(reason) {
    this.#interruption ??= reason;
    this.#abort?.abort();
    this.#wake?.();
  }
  #armTimeout() {
    const { timeoutMs } = this.#state.created;
    if (timeoutMs === null || this.#state.startedAt === null) return;
    const left = this.#state.startedAt + timeoutMs - this.#options.ports.now();
    this.#stopTimeout = this.#options.ports.setTimer(Math.max(0, left), () => this.#interrupt('run_timeout'));
  }
  /** Emits until something must be awaited. */
  #advance() {
    const { recorder } = this.#options;
    for (;;) {
      const state = this.#state;
      if (this.#endIfDue(state)) return { kind: 'rest' };
      if (this.#isStopping) return { kind: 'rest' };
      this.#cursor = nextOpenStep(this.#planning, state, this.#cursor);
      const one = this.#planning.steps[this.#cursor];
      if (one === void 0) {
        const now = this.#options.ports.now();
        recorder.emit(finishRun(state, this.#options.version.workflow, this.#scope(now), now));
        return { kind: 'rest' };
      }
      const record = state.steps.get(one.path);
      if (record?.status === 'in_doubt') {
        if (state.status !== 'in_doubt') recorder.emit({ type: 'run.in_doubt' });
        return { kind: 'rest' };
      }
      if (state.pauseRequested) {
        recorder.emit({ type: 'run.paused' });
        return { kind: 'rest' };
      }
      const now = this.#options.ports.now();
      if (record?.retryAt != null && record.retryAt > now)
        return {
          kind: 'wait',
          until: record.retryAt,
        };
      const next = this.#begin(one.path, now);
      if (next !== null) return next;
    }
  }
  /** Ends the run for a reason that is not its last step; true when it did. */
  #endIfDue(state) {
    if (isEnded(state.status)) return true;
    const { recorder } = this.#options;
    if (state.cancelRequested) {
      recorder.emit(cancelRun(state));
      return true;
    }
    if (this.#interruption === 'run_timeout') {
      const seconds = (state.created.timeoutMs ?? 0) / 1e3;
      recorder.emit(
        failRun(
          state,
          new AppError('run.timed_out', `The run took longer than its limit of ${seconds} seconds.`, {
            hint: 'Raise execution.timeout, or look for the step that hangs.',
          }),
        ),
      );
      return true;
    }
    if (state.stoppedBy === null) return false;
    const failed = state.steps.get(state.stoppedBy);
    const message = failed?.error?.message ?? 'unknown';
    recorder.emit(
      failRun(
        state,
        new AppError('step.failed', `Step '${state.stoppedBy}' failed: ${message}`, {
          hint: failed?.error?.hint,
          details: {
            step: state.stoppedBy,
            code: failed?.error?.code ?? null,
          },
        }),
      ),
    );
    return true;
  }
  /** Decides about the step at the cursor; null = it was settled without waiting, look again. */
  #begin(path, now) {
    const { recorder, version, builtIns } = this.#options;
    const one = this.#planning.steps[this.#cursor];
    if (one === void 0) return null;
    const stepNow = this.#state.steps.get(path)?.now ?? now;
    const decision = decideStep(one, {
      state: this.#state,
      version,
      planning: this.#planning,
      builtIns,
      scope: this.#scope(stepNow),
      now,
    });
    recorder.emit(decision.event);
    if (decision.kind === 'skip') return null;
    if (decision.kind === 'attempt')
      return {
        kind: 'attempt',
        attempt: decision.attempt,
        warnings: decision.warnings,
      };
    this.#fail(
      {
        step: one.step,
        path,
        attempt: decision.event.attempt,
        role: decision.event.role,
        isRepeatable: false,
      },
      decision.error,
      [],
    );
    return null;
  }
  async #act(attempt, warnings) {
    this.#abort = new AbortController();
    if (this.#interruption !== null) this.#abort.abort();
    const working = carryOut(attempt, this.#context(attempt, this.#abort.signal));
    const outcome = working instanceof Promise ? await working : working;
    this.#abort = null;
    this.#settle(attempt, outcome, warnings);
  }
  #settle(attempt, outcome, warnings) {
    if (outcome.kind === 'completed') this.#complete(attempt, outcome, warnings);
    else if (outcome.error.code === 'step.in_doubt') this.#doubt(attempt, 'result_unreadable');
    else if (this.#interruption === null) this.#fail(attempt, outcome.error, [...warnings, ...outcome.warnings]);
    else this.#settleInterrupted(attempt);
  }
  #complete(attempt, outcome, warnings) {
    const values =
      attempt.tool.category === 'built_in' && (attempt.operation === 'set_outputs' || attempt.operation === 'set')
        ? attempt.inputs
        : null;
    this.#options.recorder.emit({
      type: 'step.completed',
      path: attempt.path,
      attempt: attempt.attempt,
      output: outcome.output,
      outputs: attempt.operation === 'set_outputs' ? values : null,
      variables: attempt.operation === 'set' ? values : null,
      warnings: warnings.length === 0 ? outcome.warnings : [...warnings, ...outcome.warnings],
    });
  }
  /** An attempt that was cut short: what it did cannot be known unless it has no effect (DESIGN decision 8). */
  #settleInterrupted(attempt) {
    const { recorder } = this.#options;
    const { path } = attempt;
    if (this.#interruption === 'host_stopped') {
      if (attempt.effect === 'effect') this.#doubt(attempt, 'host_stopped');
      return;
    }
    if (this.#interruption === 'cancel') {
      recorder.emit({
        type: 'step.cancelled',
        path,
        attempt: attempt.attempt,
      });
      return;
    }
    const error = new AppError('run.timed_out', 'The time limit of the run was reached while this step ran.');
    recorder.emit({
      type: 'step.failed',
      path,
      attempt: attempt.attempt,
      error: error.toRecord(),
      retryAt: null,
      fallback: null,
      policy: 'stop',
      warnings: [],
    });
  }
  #doubt(attempt, reason) {
    this.#options.recorder.emit({
      type: 'step.in_doubt',
      path: attempt.path,
      attempt: attempt.attempt,
      reason,
    });
    this.#options.recorder.emit({ type: 'run.in_doubt' });
  }
  /** A failed attempt: tried again, or failed for good with what the policies say. */
  #fail(attempt, error, warnings) {
    const { recorder, version, ports, host } = this.#options;
    const { step, path } = attempt;
    const failures = this.#state.steps.get(path)?.failures ?? 0;
    const policy = retryPolicyFor(
      {
        step,
        rule: findErrorRule(step, error),
        workflowRetries: version.workflow.execution.maxRetries,
        bundleRetries: version.config.maxRetries,
        projectRetries: host.defaultRetries,
        isRepeatable: attempt.isRepeatable,
      },
      error,
    );
    const mayRetry =
      attempt.role === 'main' && failures < policy.maxRetries && isRetryable(policy, error, attempt.isRepeatable);
    const base = {
      type: 'step.failed',
      path,
      attempt: attempt.attempt,
      error: error.toRecord(),
      warnings,
    };
    if (mayRetry) {
      const retryAt = Math.round(ports.now() + retryDelayMs(policy, failures + 1, ports.random()));
      recorder.emit({
        ...base,
        retryAt,
        fallback: null,
        policy: 'continue',
      });
      return;
    }
    recorder.emit({
      ...base,
      retryAt: null,
      ...decideFailure(step, version.workflow, error, attempt.role === 'fallback'),
    });
  }
  /** SPEC §3.8: a started step without an end is looked up first. */
  async #recover(started) {
    const { recorder, version, builtIns } = this.#options;
    const one = this.#planning.steps.find((candidate) => candidate.path === started.path);
    if (one === void 0 || isSettled(this.#state.steps.get(started.path))) return;
    const { tool, operation } = resolveAction(started.action, version, builtIns);
    const traits = tool.traits(operation);
    const attempt = {
      step: one.step,
      path: started.path,
      attempt: started.attempt,
      role: started.role,
      now: started.now,
      tool,
      operation,
      effect: started.effect,
      isRepeatable: traits.repeatable || one.step.idempotent === true,
      timeoutMs: one.step.timeoutMs ?? traits.timeoutMs,
      inputs: started.inputs,
    };
    const found = await lookUp(attempt, this.#context(attempt, new AbortController().signal));
    if (found === 'never_began') return;
    if (found === 'unknown') {
      if (started.effect === 'effect') this.#doubt(attempt, 'engine_died');
    } else this.#settle(attempt, found, []);
    await recorder.commit();
  }
  #waitUntil(until) {
    return new Promise((resolve) => {
      const done = () => {
        stopTimer();
        this.#wake = null;
        resolve();
      };
      const stopTimer = this.#options.ports.setTimer(Math.max(0, until - this.#options.ports.now()), done);
      this.#wake = done;
    });
  }
  #scope(now) {
    const { version, host } = this.#options;
    return runScope({
      state: this.#state,
      workflow: version.workflow,
      env: {
        ...host.allowedEnv,
        ...version.env,
      },
      now,
    });
  }
  #context(attempt, signal) {
    const { version, host, ports, logs } = this.#options;
    const { runId } = this.#state;
    const log = (stream, text, level = stream === 'stderr' ? 'warning' : 'info') =>
      logs.append(runId, {
        at: ports.now(),
        path: attempt.path,
        stream,
        level,
        text,
      });
    return {
      runId,
      originRunId: this.#state.created.originRunId,
      version,
      host,
      ports,
      signal,
      scope: this.#scope(attempt.now),
      log,
    };
  }
};
// src/core/engine/run-id.ts
/**
 * SPEC §3.1: `{workflow_id, sanitised, at most 64 characters}-{YYYYMMDD-HHMMSS}-{8 hex}` in UTC. The hex is the head of the
 * start key's SHA-256, so that a double fire makes the same id; random for starts by hand.
 */
function makeRunId(workflowId, at, startKey, randomHex) {
  const name = workflowId.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 64);
  const instant = new Date(at).toISOString();
  return `${name}-${`${instant.slice(0, 10).replaceAll('-', '')}-${instant.slice(11, 19).replaceAll(':', '')}`}-${startKey === null ? randomHex(4) : createHash('sha256').update(startKey).digest('hex').slice(0, 8)}`;
}
// src/core/engine/projection.ts
/** The run's row and list entry. */
function projectRun(state) {
  const { created } = state;
  return {
    runId: state.runId,
    workflowId: created.workflowId,
    workflowName: created.workflowName,
    workflowPath: created.workflowPath,
    versionHash: created.versionHash,
    versionLabel: created.versionLabel,
    status: state.status,
    outcome: state.outcome,
    trigger: created.trigger.type,
    actor: state.actor,
    createdAt: state.createdAt,
    startedAt: state.startedAt,
    completedAt: state.completedAt,
    stepsTotal: created.stepsTotal,
    stepsSucceeded: state.succeeded,
    stepsFailed: state.failed,
    stepsSkipped: state.skipped,
    currentStep: state.currentStep,
    agent: created.agent,
    error: state.error,
    parentRunId: created.parentRunId,
    linkedRunId: created.linkedRunId,
    pauseRequested: state.pauseRequested,
    cancelRequested: state.cancelRequested,
  };
}
/** The row of one attempt. */
function projectAttempt(record, attempt) {
  return {
    path: record.path,
    attempt: attempt.attempt,
    index: record.index,
    name: record.name,
    status: attempt.status,
    startedAt: attempt.startedAt,
    completedAt: attempt.completedAt,
    startPosition: attempt.startPosition,
    endPosition: attempt.endPosition,
  };
}
/** The row with attempt 0 of a step that ended without one (skipped, carried over). */
function projectEndWithoutAttempt(record, end) {
  return {
    path: record.path,
    attempt: 0,
    index: record.index,
    name: record.name,
    status: end.status,
    startedAt: end.at,
    completedAt: end.at,
    startPosition: null,
    endPosition: null,
  };
}
/** Every row of a step, in the order of its attempts: what the store must hold for the state. */
function projectStepRows(record) {
  const rows = record.attempts.map((attempt) => projectAttempt(record, attempt));
  return record.endedWithoutAttempt === null
    ? rows
    : [projectEndWithoutAttempt(record, record.endedWithoutAttempt), ...rows];
}
var toAttempt = (attempt) => ({
  attempt: attempt.attempt,
  startedAt: attempt.startedAt,
  completedAt: attempt.completedAt,
  status: attempt.status,
  error: attempt.error,
});
/** A step as screens see it. */
function projectStepState(record, stepId) {
  return {
    path: record.path,
    stepId,
    index: record.index,
    name: record.name,
    status: record.status,
    attempt: record.attempt,
    startedAt: record.startedAt,
    completedAt: record.completedAt,
    skipReason: record.skipReason,
    error: record.error,
    retryAt: record.retryAt,
    fallbackUsed: record.fallbackUsed,
    warnings: record.warnings,
    attempts: record.attempts.map(toAttempt),
  };
}
// src/core/engine/run-recorder.ts
var ENGINE_ACTOR = {
  kind: 'system',
  id: 'engine',
  door: 'engine',
};
/**
 * The one writer of a run's journal. `emit` applies an event to the state in memory at once, `commit` makes everything emitted
 * since durable together and then tells the screens. Whoever emits must commit before it gives control away, so that positions
 * are handed out in the order of the commits.
 */
var RunRecorder = class {
  #options;
  #stream;
  #touched = /* @__PURE__ */ new Set();
  #state;
  #runNo;
  #pending = [];
  #startKey = null;
  #position = 0;
  #lastCommit = Promise.resolve();
  /** For a new run `known` is null and the first event must be `run.created`. */
  constructor(options, known) {
    this.#options = options;
    this.#stream = `run:${options.runId}`;
    this.#state = known?.state ?? null;
    this.#runNo = known?.runNo ?? options.journal.takeRunNo();
    this.#position = known?.position ?? 0;
  }
  get state() {
    if (this.#state === null) throw new Error('a run has no state before run.created');
    return this.#state;
  }
  get runNo() {
    return this.#runNo;
  }
  /** Position of the newest event of this run. */
  get position() {
    return this.#position;
  }
  emit(event, actor = ENGINE_ACTOR) {
    const at = this.#options.now();
    if (event.type === 'run.created') {
      this.#startKey = event.startKey;
      this.#state = newRunState(this.#options.runId, event, at, `${actor.kind}:${actor.id}`);
    }
    const state = this.state;
    const position = this.#options.journal.takePosition();
    const stored = {
      position,
      stream: this.#stream,
      seq: state.seq + 1,
      v: 1,
      at,
      actor,
      event,
    };
    const record = applyEvent(state, stored);
    if (record !== null) this.#touched.add(record);
    if (event.type === 'run.resumed' || event.type === 'run.created')
      for (const one of state.steps.values()) this.#touched.add(one);
    this.#pending.push(stored);
    this.#position = position;
  }
  /** The newest commit: durable when it resolves. */
  get lastCommit() {
    return this.#lastCommit;
  }
  /** Durable when it resolves. Does nothing when nothing was emitted. */
  commit() {
    if (this.#pending.length === 0) return Promise.resolve();
    this.#lastCommit = this.#write();
    return this.#lastCommit;
  }
  async #write() {
    const events = this.#pending;
    const records = [...this.#touched];
    this.#pending = [];
    this.#touched.clear();
    const run = projectRun(this.state);
    const steps = [];
    for (const record of records) steps.push(...projectStepRows(record).slice(-3));
    const isNew = events[0]?.event.type === 'run.created';
    const isProgressOnly = events.every(
      (stored) => stored.event.type.startsWith('step.') && stored.event.type !== 'step.resolved',
    );
    const live = {
      kind: 'run',
      position: this.#position,
      run,
      steps: records.map((one) => projectStepState(one, stepIdOf(one.path))),
    };
    await this.#options.journal.append({
      runNo: this.#runNo,
      isNew,
      isProgressOnly,
      startKey: this.#startKey,
      events,
      run,
      steps,
    });
    this.#options.publish(live);
  }
};
/** Last segment of a path without its iteration index. */
var stepIdOf = (path) => (path.split('.').at(-1) ?? path).replace(/\[\d+\]$/, '');
// src/core/engine/engine.ts
var QUIT_GRACE_MS = 1e4;
var FOLDED_RUNS = 16;
/** Starts, drives, recovers and ends runs (SPEC §3). One per project; the lease guards that. */
var Engine = class {
  #options;
  #builtIns;
  #live = /* @__PURE__ */ new Map();
  #folded = /* @__PURE__ */ new Map();
  #isClosing = false;
  constructor(options) {
    this.#options = options;
    const { ports, host } = options;
    this.#builtIns = createBuiltIns({
      setTimer: ports.setTimer,
      now: ports.now,
      writeOutputFile: (runId, path, text) => host.writeOutputFile(runId, path, text),
    });
  }
  get builtIns() {
    return this.#builtIns;
  }
  /** The one way in for every trigger. Resolves when the run and the start of its first step are durable. */
  async start(request) {
    const { store, ports } = this.#options;
    this.#refuseWhenClosed();
    const startKey = request.startKey ?? null;
    const known = startKey === null ? null : store.runs.findByStartKey(startKey);
    if (known !== null) return { runId: known };
    const runId = makeRunId(request.version.workflow.id, ports.now(), startKey, ports.randomHex);
    const recorder = this.#recorder(runId, null);
    recorder.emit(createdEvent(runId, request, startKey), request.actor);
    recorder.emit({ type: 'run.started' }, request.actor);
    this.#launch(recorder, request.version, null);
    await recorder.lastCommit;
    return { runId };
  }
  /** Takes over every run that an earlier engine left open. Resolves when all are driven again. */
  async recoverAll() {
    const runIds = this.#options.store.runs.openRunIds().filter((runId) => !this.#live.has(runId));
    await Promise.all(runIds.map((runId) => this.#recover(runId)));
    return runIds;
  }
  /** Resume from failed, cancelled, paused and in doubt, and of a run that nobody drives (SPEC §3.8). */
  async resume(runId, actor) {
    this.#refuseWhenClosed();
    if (this.#live.has(runId)) throw illegal(runId, 'is running', 'Wait for it, or cancel it first.');
    const { recorder, events } = this.#load(runId);
    const { status } = recorder.state;
    if (status === 'completed') throw illegal(runId, 'has completed', 'Use retry or replay to run it again.');
    const version = await this.#options.host.loadVersion(recorder.state.created);
    const interrupted = openStart(recorder.state, events);
    recorder.emit(
      status === 'running' || status === 'pending' ? { type: 'run.recovered' } : { type: 'run.resumed' },
      actor,
    );
    this.#launch(recorder, version, interrupted);
    await recorder.lastCommit;
  }
  async cancel(runId, actor) {
    const live = this.#live.get(runId);
    if (live !== void 0) {
      await live.driver.cancel(actor);
      return live.recorder.state.status;
    }
    const { recorder } = this.#load(runId);
    if (isEnded(recorder.state.status))
      throw illegal(runId, `has already ended (${recorder.state.status})`, 'There is nothing left to cancel.');
    const version = await this.#options.host.loadVersion(recorder.state.created);
    recorder.emit({ type: 'run.cancel_requested' }, actor);
    this.#launch(recorder, version, null);
    await recorder.lastCommit;
    return recorder.state.status;
  }
  async pause(runId, actor) {
    const live = this.#live.get(runId);
    if (live === void 0) throw illegal(runId, 'is not running', 'Only a running run can be paused.');
    await live.driver.pause(actor);
    return live.recorder.state.status;
  }
  /** A person's decision about a step in doubt; the run then goes on by itself. */
  async resolve(runId, decision, actor) {
    this.#refuseWhenClosed();
    if (this.#live.has(runId)) throw illegal(runId, 'is running', 'It waits for no decision.');
    const { recorder } = this.#load(runId);
    if (recorder.state.steps.get(decision.path)?.status !== 'in_doubt')
      throw new AppError('run.illegal_state', `Step '${decision.path}' is not in doubt.`, {
        hint: 'It may have been decided already: look again.',
      });
    const version = await this.#options.host.loadVersion(recorder.state.created);
    await this.#driver(recorder, version).resolveDoubt(decision.path, decision, actor);
    this.#launch(recorder, version, null);
    await recorder.lastCommit;
    return recorder.state.status;
  }
  /** Resolves when the run rests: ended, paused, in doubt. At once when nobody drives it. */
  async settled(runId) {
    await this.#live.get(runId)?.done;
  }
  isLive(runId) {
    return this.#live.has(runId);
  }
  get liveCount() {
    return this.#live.size;
  }
  /** The state of any run; `run.not_found`. Ended runs are folded once and kept for a while. */
  stateOf(runId) {
    const live = this.#live.get(runId);
    if (live !== void 0)
      return {
        state: live.recorder.state,
        position: live.recorder.position,
      };
    const cached = this.#folded.get(runId);
    if (cached !== void 0) return cached;
    const { recorder } = this.#load(runId);
    this.#remember(runId, recorder);
    return {
      state: recorder.state,
      position: recorder.position,
    };
  }
  /** Deletes an ended run with its log; its files are the caller's. */
  deleteRun(runId) {
    if (this.#live.has(runId)) throw illegal(runId, 'is running', 'Cancel it first.');
    const run = this.#options.store.runs.find(runId);
    if (run === null) throw notFound(runId);
    if (!isEnded(run.status)) throw illegal(runId, `is ${run.status}`, 'Cancel it first.');
    this.#options.store.runs.delete(runId);
    this.#options.store.logs.delete(runId);
    this.#folded.delete(runId);
    this.#options.publish({
      kind: 'run_deleted',
      position: this.#options.store.journal.position,
      runId,
    });
  }
  /** DESIGN decision 8: no new steps, 10 s for running ones, then kill. */
  async close(graceMs = QUIT_GRACE_MS) {
    this.#isClosing = true;
    const runs = [...this.#live.values()];
    for (const run of runs) run.driver.stop();
    const allDone = Promise.all(runs.map((run) => run.done));
    const stopTimer = this.#options.ports.setTimer(graceMs, () => {
      for (const run of runs) run.driver.kill();
    });
    await allDone;
    stopTimer();
  }
  async #recover(runId) {
    try {
      const { recorder, events } = this.#load(runId);
      const interrupted = openStart(recorder.state, events);
      try {
        const version = await this.#options.host.loadVersion(recorder.state.created);
        recorder.emit({ type: 'run.recovered' });
        this.#launch(recorder, version, interrupted);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        recorder.emit(failRun(recorder.state, error));
        await recorder.commit();
      }
    } catch (error) {
      this.#options.onBug(error);
    }
  }
  #launch(recorder, version, interrupted) {
    const { runId } = recorder.state;
    this.#folded.delete(runId);
    const driver = this.#driver(recorder, version);
    const done = this.#drive(driver, recorder, interrupted).finally(() => this.#rest(runId, recorder));
    this.#live.set(runId, {
      driver,
      recorder,
      done,
    });
  }
  async #drive(driver, recorder, interrupted) {
    try {
      await driver.drive(interrupted);
    } catch (error) {
      this.#options.onBug(error);
      if (isEnded(recorder.state.status)) return;
      const shown =
        error instanceof AppError
          ? error
          : new AppError('internal.bug', 'The run was stopped by an error inside the app.');
      recorder.emit(failRun(recorder.state, shown));
      await recorder.commit().catch(this.#options.onBug);
    }
  }
  #rest(runId, recorder) {
    this.#live.delete(runId);
    this.#remember(runId, recorder);
    if (isEnded(recorder.state.status)) this.#options.host.forgetRun(runId).catch(this.#options.onBug);
  }
  #remember(runId, { state, position }) {
    this.#folded.set(runId, {
      state,
      position,
    });
    if (this.#folded.size <= FOLDED_RUNS) return;
    const oldest = this.#folded.keys().next().value;
    if (oldest !== void 0) this.#folded.delete(oldest);
  }
  #driver(recorder, version) {
    const { host, ports, store } = this.#options;
    return new RunDriver({
      recorder,
      version,
      host,
      ports,
      builtIns: this.#builtIns,
      logs: store.logs,
    });
  }
  #recorder(runId, known) {
    const { store, ports, publish } = this.#options;
    return new RunRecorder(
      {
        runId,
        journal: store.journal,
        now: ports.now,
        publish,
      },
      known,
    );
  }
  #load(runId) {
    const { store } = this.#options;
    const runNo = store.runs.runNo(runId);
    if (runNo === null) throw notFound(runId);
    const events = store.journal.readRun(runId);
    const state = foldRun(events);
    return {
      recorder: this.#recorder(runId, {
        state,
        runNo,
        position: events.at(-1)?.position ?? 0,
      }),
      events,
    };
  }
  #refuseWhenClosed() {
    if (this.#isClosing) throw new AppError('engine.stopped', 'The app is closing: nothing new is started.');
    const stalled = this.#options.store.journal.stalledBy;
    if (stalled !== null) throw stalled;
  }
};
function createdEvent(runId, request, startKey) {
  const { version } = request;
  return {
    type: 'run.created',
    workflowId: version.workflow.id,
    workflowName: version.workflow.name,
    workflowPath: version.workflowPath,
    versionHash: version.hash,
    versionLabel: version.workflow.version,
    inputs: request.inputs,
    trigger: request.trigger,
    startKey,
    stepsTotal: version.workflow.steps.length,
    agent: request.agent ?? null,
    model: request.model ?? null,
    timeoutMs: request.timeoutMs ?? version.workflow.execution.timeoutMs ?? version.config.timeoutMs ?? null,
    parentRunId: null,
    linkedRunId: request.linkedRunId ?? null,
    originRunId: request.originRunId ?? runId,
    carried: request.carried ?? [],
  };
}
/** The start of the step that was running when the engine died, if one was. */
function openStart(state, events) {
  const running = [...state.steps.values()].find((record) => record.attempts.at(-1)?.status === 'running');
  if (running === void 0) return null;
  return (
    events.findLast((stored) => stored.event.type === 'step.started' && stored.event.path === running.path)?.event ??
    null
  );
}
var notFound = (runId) =>
  new AppError('run.not_found', `Run not found: ${runId}`, { hint: "List the runs with 'aiworkflow runs list'." });
var illegal = (runId, what, hint) =>
  new AppError('run.illegal_state', `Run ${runId} ${what}.`, {
    hint,
    details: { run_id: runId },
  });
// src/core/tools/create-catalog.ts
/** Tools by name; of two with one name the first counts. Names are sorted. */
function createCatalog(tools) {
  const byName = new Map(tools.toReversed().map((tool) => [tool.name, tool]));
  const names = [...byName.keys()].sort();
  return {
    get: (name) => byName.get(name),
    names: () => names,
  };
}
new Set(
  'PATH PATHEXT SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC TEMP TMP USERPROFILE HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA PROGRAMDATA PROGRAMFILES PROGRAMFILES(X86) NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE OS'.split(
    ' ',
  ),
);
new Set(
  Object.keys({
    '.sh': ['sh'],
    '.bash': ['bash'],
    '.py': ['python3', 'python', 'py'],
    '.rb': ['ruby'],
    '.pl': ['perl'],
    '.js': ['node'],
    '.mjs': ['node'],
    '.ts': ['node'],
  }),
);
new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((tag) => `tag:yaml.org,2002:${tag}`));
// src/core/processes/attempt-key.ts
/** Names an attempt in records, messages and output files. */
function attemptKey(attempt) {
  return createHash('sha256')
    .update(JSON.stringify([attempt.runId, attempt.path, attempt.attempt]))
    .digest('hex')
    .slice(0, 40);
}
// src/core/processes/helper-link.ts
/** The engine's end of one helper process. Commands wait until the helper has its record file. */
var HelperLink = class {
  id;
  /** Resolves when the helper is gone and everything it said has been heard. */
  gone;
  pid;
  #child;
  #events;
  #early = [];
  constructor(options) {
    this.id = options.id;
    this.#child = spawn(options.execPath, [options.entry, options.helpersDir, options.id], {
      cwd: parse(options.helpersDir).root,
      env: helperEnvironment(),
      detached: true,
      windowsHide: true,
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    });
    this.pid = this.#child.pid;
    this.#events = this.#child.stdio[3];
    this.#events.on('error', () => void 0);
    this.#child.stdin?.on('error', () => void 0);
    this.#events.on(
      'data',
      createFrameReader((line) => this.#hear(JSON.parse(line), options.onMessage)),
    );
    const exited = new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
      this.#child.once('error', () => resolve());
    });
    const silent = new Promise((resolve) => this.#events.once('close', () => resolve()));
    this.gone = Promise.all([exited, silent]).then(() => void 0);
    this.setBusy(false);
  }
  send(command) {
    if (this.#early !== null) this.#early.push(command);
    else this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
  }
  /** An idle helper does not keep its host alive. */
  setBusy(isBusy) {
    for (const handle of [this.#child, this.#events, this.#child.stdin])
      if (isBusy) handle?.ref();
      else handle?.unref();
  }
  /** Tells the helper that no more will come; it ends what runs and exits. */
  async close() {
    this.setBusy(true);
    this.#child.stdin?.end();
    await this.gone;
  }
  #hear(message, onMessage) {
    if (message.t !== 'ready') {
      onMessage(message);
      return;
    }
    const early = this.#early ?? [];
    this.#early = null;
    for (const command of early) this.send(command);
  }
};
/** The helper gets no environment of ours, so nothing secret lies in its /proc entry; children get theirs per attempt. */
function helperEnvironment() {
  const env = Object.fromEntries(
    ['SystemRoot', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'].flatMap((name) =>
      process.env[name] ? [[name, process.env[name]]] : [],
    ),
  );
  return process.versions.electron === void 0
    ? env
    : {
        ...env,
        ELECTRON_RUN_AS_NODE: '1',
      };
}
// src/core/processes/helper-records.ts
/** Pure: the records in the text of a file. A last line without its end was never synced, so nothing rests on it. */
function parseRecords(name, text) {
  const marks = /* @__PURE__ */ new Map();
  let identity = null;
  let isIntact = true;
  let isDraining = false;
  for (const raw of text.split('\n').slice(0, -1)) {
    const line = raw === '' ? null : parseLine(raw);
    if (raw === '') continue;
    if (line === null) isIntact = false;
    else if (line.t === 'h') identity = line;
    else if (line.t === 'd') isDraining = true;
    else if (line.t === 's')
      marks.set(line.key, {
        run: line.run,
        timeoutMs: line.timeoutMs,
        end: null,
      });
    else if (line.t === 'f') forgetMarks(marks, line.run);
    else if (line.t === 'e') {
      const mark = marks.get(line.key);
      if (mark !== void 0)
        marks.set(line.key, {
          ...mark,
          end: line.end,
        });
    }
  }
  return {
    name,
    identity,
    isIntact,
    isDraining,
    marks,
  };
}
function forgetMarks(marks, run) {
  for (const [key, mark] of marks) if (mark.run === run) marks.delete(key);
}
function parseLine(raw) {
  try {
    const value = JSON.parse(raw);
    return typeof value === 'object' && value !== null && 't' in value ? value : null;
  } catch {
    return null;
  }
}
function createRecordShelf(helpersDir) {
  const cache = /* @__PURE__ */ new Map();
  const read = async (name) => {
    const path = join(helpersDir, name);
    const { size, mtimeMs, ino } = await stat(path);
    const stamp = `${ino}:${size}:${mtimeMs}`;
    const known = cache.get(name);
    if (known?.stamp === stamp) return known.records;
    const records = parseRecords(name, await readFile(path, 'utf8'));
    cache.set(name, {
      stamp,
      records,
    });
    return records;
  };
  const remove = async (records) => {
    for (const mark of records.marks.values()) await removeOutputs(helpersDir, mark);
    await rm(join(helpersDir, records.name), { force: true });
    await rm(join(helpersDir, records.name.replace(/\.jsonl$/, '.pipes')), {
      recursive: true,
      force: true,
    });
    cache.delete(records.name);
  };
  return {
    read,
    remove,
    readAll: async () => {
      const names = (await readdir(helpersDir)).filter((name) => name.endsWith('.jsonl')).sort();
      return (await Promise.all(names.map((name) => read(name).catch(ignoreGone)))).filter(
        (records) => records !== null,
      );
    },
    forget: async (records, runId) => {
      const marks = [...records.marks.values()];
      if (marks.every((mark) => mark.run === runId)) return await remove(records);
      for (const mark of marks) if (mark.run === runId) await removeOutputs(helpersDir, mark);
      await appendForgotten(join(helpersDir, records.name), runId);
    },
  };
}
function ignoreGone(error) {
  if (error.code === 'ENOENT') return null;
  throw error;
}
async function removeOutputs(helpersDir, mark) {
  for (const text of mark.end === null ? [] : [mark.end.stdout, mark.end.stderr])
    if ('file' in text) await rm(join(helpersDir, 'out', text.file), { force: true });
}
/** A line that the helper's death cut short is taken away first, so that it does not become a bad line in the midst. */
async function appendForgotten(path, run) {
  const bytes = await readFile(path);
  const wholeBytes = bytes.lastIndexOf(10) + 1;
  if (wholeBytes < bytes.length) await truncate(path, wholeBytes);
  await appendFile(
    path,
    `${JSON.stringify({
      t: 'f',
      run,
    })}\n`,
  );
}
// src/core/processes/look-up-attempt.ts
var POLL_MS = 25;
/** A helper that lives longer than its child may run, by this much, is stuck and not waited for. */
var STUCK_MS = 3e4;
/**
 * SPEC §3.8. No start mark in any file, all of them whole and none of them still open for starts = it never began. With a
 * mark: its end record, waited for while its helper lives; else nobody knows.
 */
async function lookUpAttempt(look) {
  let files;
  try {
    files = await look.shelf.readAll();
    for (const file of files) if (file.name !== look.ownFile) await waitUntilDraining(look.shelf, file);
    files = await look.shelf.readAll();
  } catch {
    return { kind: 'unknown' };
  }
  const holder = files.findLast((file) => file.marks.has(look.key));
  if (holder !== void 0) return await waitForEnd(look, holder);
  return {
    kind:
      look.hasHistory && files.every((file) => file.isIntact && isClosedForStarts(file, look.ownFile))
        ? 'never_began'
        : 'unknown',
  };
}
function isAlive(file) {
  return file.identity !== null && isProcessAlive(file.identity);
}
function isClosedForStarts(file, ownFile) {
  return file.name === ownFile || file.isDraining || !isAlive(file);
}
/** A helper whose engine has just died may still have a start command to read: its silence says nothing until it drains. */
async function waitUntilDraining(shelf, file) {
  const end = performance.now() + STUCK_MS;
  let current = file;
  while (!current.isDraining && isAlive(current) && performance.now() < end) {
    await setTimeout$1(POLL_MS);
    current = await readOr(shelf, current);
  }
}
async function waitForEnd(look, holder) {
  const timeoutMs = holder.marks.get(look.key)?.timeoutMs ?? 0;
  const until = performance.now() + timeoutMs + STUCK_MS;
  let current = holder;
  for (;;) {
    const wasAlive = isAlive(current);
    current = await readOr(look.shelf, current);
    const end = current.marks.get(look.key)?.end ?? null;
    if (end !== null)
      return {
        kind: 'ended',
        end,
      };
    if (current.name === look.ownFile || !wasAlive || performance.now() > until) return { kind: 'unknown' };
    await setTimeout$1(POLL_MS);
  }
}
async function readOr(shelf, before) {
  return await shelf.read(before.name).catch(() => before);
}
// src/core/processes/create-process-runner.ts
/** The runner of an engine (DESIGN §3). The helper process starts with the first `run`; `close` ends it. */
function createProcessRunner(options) {
  return new HelperProcessRunner(options);
}
var HelperProcessRunner = class {
  #options;
  #helpersDir;
  #shelf;
  /** The folder was there before us. If not, records of earlier engines may be lost: no mark proves nothing. */
  #hasHistory;
  #active = /* @__PURE__ */ new Map();
  #link = null;
  #isClosed = false;
  constructor(options) {
    this.#options = options;
    this.#helpersDir = join(options.stateDir, 'helpers');
    this.#hasHistory =
      mkdirSync(join(this.#helpersDir, 'out'), {
        recursive: true,
        mode: 448,
      }) === void 0;
    if (!this.#hasHistory) for (const dir of [this.#helpersDir, options.stateDir]) syncFolder(dir);
    this.#shelf = createRecordShelf(this.#helpersDir);
  }
  async run(spec, hooks) {
    if (this.#isClosed) throw new AppError('engine.stopped', 'The app is closing and starts no more processes.');
    if (hooks.signal.aborted)
      return {
        ...NOTHING,
        reason: 'cancelled',
      };
    const key = attemptKey(spec);
    const link = this.#openLink();
    const outcome = Promise.withResolvers();
    this.#active.set(key, {
      spec,
      hooks,
      settle: outcome.resolve,
      done: outcome.promise.catch(() => void 0),
    });
    const cancel = () =>
      link.send({
        t: 'cancel',
        key,
      });
    hooks.signal.addEventListener('abort', cancel, { once: true });
    link.setBusy(true);
    link.send({
      t: 'start',
      key,
      spec,
    });
    try {
      return await outcome.promise;
    } finally {
      hooks.signal.removeEventListener('abort', cancel);
      this.#active.delete(key);
      if (this.#active.size === 0) this.#link?.setBusy(false);
    }
  }
  async lookup(key) {
    const id = attemptKey(key);
    await this.#active.get(id)?.done;
    return await this.#lookUp(id, key.stepKey, this.#hasHistory);
  }
  async forget(runId) {
    this.#link?.send({
      t: 'forget',
      runId,
    });
    const own = this.#ownFile();
    for (const records of await this.#shelf.readAll()) {
      if (records.name === own || (records.identity !== null && isProcessAlive(records.identity))) continue;
      if (records.marks.size === 0) await this.#shelf.remove(records);
      else if ([...records.marks.values()].some((mark) => mark.run === runId)) await this.#shelf.forget(records, runId);
    }
  }
  async close() {
    this.#isClosed = true;
    await this.#link?.close();
    await Promise.all([...this.#active.values()].map((run) => run.done));
  }
  #ownFile() {
    return this.#link === null ? null : `${this.#link.id}.jsonl`;
  }
  #openLink() {
    if (this.#link !== null) return this.#link;
    const link = startHelper({
      execPath: this.#options.execPath ?? process.execPath,
      entry: this.#options.helperEntry ?? defaultHelperEntry(),
      helpersDir: this.#helpersDir,
      id: `${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`,
      onMessage: (message) => this.#hear(message),
    });
    this.#link = link;
    link.gone.then(() => this.#loseLink(link));
    return link;
  }
  /** The helper is gone. What it still wrote is taken; what it left running is ended; the rest is in doubt. */
  #loseLink(link) {
    if (this.#link === link) this.#link = null;
    for (const [key, run] of this.#active) run.settle(this.#settleLost(key, run.spec));
  }
  async #settleLost(key, spec) {
    const found = await this.#lookUp(key, spec.stepKey, true);
    if (found.kind === 'ended') return found.end;
    if (found.kind === 'never_began')
      return {
        ...NOTHING,
        reason: 'spawn_failed',
        spawnError: 'HELPER_GONE',
      };
    throw inDoubt();
  }
  async #lookUp(key, stepKey, hasHistory) {
    const found = await lookUpAttempt({
      shelf: this.#shelf,
      key,
      ownFile: this.#ownFile(),
      hasHistory,
    });
    if (found.kind === 'never_began') return found;
    if (found.kind === 'ended') {
      const end = await this.#readEnd(found.end).catch(() => null);
      if (end !== null)
        return {
          kind: 'ended',
          end,
        };
    }
    await endOrphans(stepKey);
    return { kind: 'unknown' };
  }
  #hear(message) {
    const run = message.t === 'ready' ? void 0 : this.#active.get(message.key);
    if (run === void 0) return;
    if (message.t === 'spawned') this.#options.failpoint?.('step.afterSpawn');
    if (message.t === 'lines') for (const line of message.lines) run.hooks.onLine(message.stream, line);
    if (message.t === 'lost') run.settle(endOrphans(run.spec.stepKey).then(() => Promise.reject(inDoubt())));
    if (message.t !== 'end') return;
    this.#options.failpoint?.('step.afterExit');
    run.settle(this.#readEnd(message.end));
  }
  async #readEnd(end) {
    const [stdout, stderr] = await Promise.all([this.#readText(end.stdout), this.#readText(end.stderr)]);
    return {
      ...end,
      stdout,
      stderr,
    };
  }
  async #readText(text) {
    if ('text' in text) return text.text;
    return decodeOutput(await readFile(join(this.#helpersDir, 'out', text.file)), text.cut);
  }
};
var NOTHING = {
  exitCode: null,
  signal: null,
  stdout: '',
  stderr: '',
  stderrCut: false,
};
function startHelper(options) {
  try {
    return new HelperLink(options);
  } catch (cause) {
    throw new AppError('tool.spawn_failed', 'The helper process that starts scripts could not be started.', { cause });
  }
}
function inDoubt() {
  return new AppError(
    'step.in_doubt',
    'The process that watched this step is gone, so nobody knows how the step ended.',
    { hint: 'Look at what the step did, then mark it completed or failed, or run it again.' },
  );
}
function defaultHelperEntry() {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return join(dirname(fileURLToPath(import.meta.url)), `process-helper${extension}`);
}

export { createCatalog, createProcessRunner, Engine, readWorkflow, renderText, Store, scopeOf };
