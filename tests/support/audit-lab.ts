import { spawn } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { AuditLog } from '../../src/core/governance/audit/audit-log.ts';
import { verifyAudit } from '../../src/core/governance/audit/verify-audit.ts';
import type { AuditRow } from '../../src/core/storage/audit/audit-repository.ts';
import type { AuditDraft } from '../../src/core/storage/index.ts';
import { FIRST_HASH, hashOfRow } from '../../src/core/storage/index.ts';
import { Store } from '../../src/core/storage/store.ts';
import type { AuditState, AuditVerdict } from '../../src/shared/model/audit.ts';

/** The n-th event that the lab writes. */
export const labDraft = (number: number, who = 'tester'): AuditDraft => ({
  type: 'config.changed',
  userId: who,
  resourceType: 'trigger',
  resourceId: `t${number}`,
  action: 'triggers.arm',
  details: { number, text: 'ä "quoted" text' },
  door: 'cli',
});

/** The store of a folder, as the lab opens it. */
export const openLabStore = (folder: string): Store =>
  new Store({
    storeFile: join(folder, 'state.db'),
    logsFile: join(folder, 'logs.db'),
    blobsDir: join(folder, 'blobs'),
    onLog: () => undefined,
    onConversation: () => undefined,
    sync: 'NORMAL',
  });

/** An audit on disk that can be closed, tampered with and opened again. */
export class AuditLab {
  readonly folder = mkdtempSync(join(tmpdir(), 'aiw-audit-'));
  readonly files = { keyFile: join(this.folder, 'user', 'key.pem'), headFile: join(this.folder, 'user', 'head.json') };
  readonly #storeFile = join(this.folder, 'state.db');

  /** Opens store and audit, does something, signs and closes. */
  async with<T>(work: (log: AuditLog, store: Store) => Promise<T> | T): Promise<T> {
    const store = openLabStore(this.folder);
    try {
      const log = await AuditLog.open({
        audit: store.audit,
        files: this.files,
        now: () => 1_000_000,
        onBug: (error) => {
          throw error;
        },
      });
      try {
        return await work(log, store);
      } finally {
        await log.close();
      }
    } finally {
      store.close();
    }
  }

  /** Writes so many events more; event n is from the n-th second. */
  write(count: number): Promise<void> {
    return this.with((_log, store) => {
      const from = store.audit.height() + 1;
      for (let at = from; at < from + count; at += 1) store.audit.writer.write(labDraft(at), at * 1000);
    });
  }

  verify(): Promise<AuditVerdict> {
    return this.with((log) => log.verify());
  }

  /** Does something to the file that the product never does, its guards taken away. */
  tamper(change: (db: Database.Database) => unknown): void {
    const db = new Database(this.#storeFile);
    db.exec('DROP TRIGGER IF EXISTS audit_is_never_changed; DROP TRIGGER IF EXISTS audit_goes_only_by_a_cut');
    db.transaction(() => change(db))();
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
  }

  /** Keeps the state of now; the function brings it back. What lies outside the project stays as it is. */
  backUp(): () => void {
    const kept = `${this.#storeFile}.kept`;
    const db = new Database(this.#storeFile);
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    copyFileSync(this.#storeFile, kept);
    return () => {
      for (const end of ['-wal', '-shm', '-height']) rmSync(`${this.#storeFile}${end}`, { force: true });
      if (existsSync(kept)) copyFileSync(kept, this.#storeFile);
    };
  }

  /** Another audit that is the same, with what lies outside of its project. */
  copy(): AuditLab {
    const other = new AuditLab();
    cpSync(this.folder, other.folder, { recursive: true });
    return other;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const rowAt = (db: Database.Database, seq: number): AuditRow =>
  db.prepare('SELECT * FROM audit WHERE seq = ?').get(seq) as AuditRow;

/** Makes the chain fit again from a number on, as somebody would who knows how it is made. */
function rehash(db: Database.Database, from: number, through = Number.MAX_SAFE_INTEGER): void {
  const update = db.prepare('UPDATE audit SET prev_hash = ?, hash = ? WHERE seq = ?');
  let before = from === 1 ? FIRST_HASH : rowAt(db, from - 1).hash;
  const rows = db
    .prepare('SELECT * FROM audit WHERE seq >= ? AND seq <= ? ORDER BY seq')
    .all(from, through) as AuditRow[];
  for (const row of rows) {
    const hash = hashOfRow({ ...row, prev_hash: before });
    update.run(before, hash, row.seq);
    before = hash;
  }
}

/** Runs a script of this folder on an audit to its end; its exit code, or the signal that ended it. */
function runOn(lab: AuditLab, script: string, words: readonly string[], failpoint?: string): Promise<unknown> {
  const env = { ...process.env, ...(failpoint === undefined ? {} : { AIWORKFLOW_FAILPOINT: failpoint }) };
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, lab.folder, ...words], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
}

/** What is wrong after two processes have written `each` events at once: both must be there, in one chain. */
export async function checkTwoWriters(each: number): Promise<readonly string[]> {
  const lab = new AuditLab();
  try {
    await lab.write(1);
    const ends = await Promise.all(['one', 'two'].map((who) => runOn(lab, 'audit-appender.ts', [who, String(each)])));
    const { state, checked, head, message } = await lab.verify();
    const counts = await lab.with((_log, store) => ['one', 'two'].map((userId) => store.audit.count({ userId })));
    const found = JSON.stringify({ ends, state, checked, head: head?.seq, counts });
    const all = 2 * each + 1;
    const wanted = JSON.stringify({ ends: [0, 0], state: 'ok', checked: all, head: all, counts: [each, each] });
    return found === wanted ? [] : [`${wanted} expected, ${found} found (${message})`];
  } finally {
    lab.dispose();
  }
}

/** Where a cut of `n` events that leaves the last 501 can be killed: as it has begun, behind its first pieces, half of them and all, and before its end. */
const killsOfCut = (n: number): readonly string[] => {
  const pieces = Math.ceil((n - 500) / 1000);
  const some = [...new Set([1, 2, Math.ceil(pieces / 2), pieces])];
  return ['audit.cutBegun', ...some.map((piece) => `audit.cutRemoving:${piece}`), 'audit.cutRemoved'];
};

/**
 * What is wrong when a cut of an audit of `n` events is killed on its way: it must be named pending, never tampering, and be finished by
 * whoever opens the project next.
 */
export async function checkKilledCuts(
  n: number,
): Promise<{ readonly kills: number; readonly wrong: readonly string[] }> {
  const whole = new AuditLab();
  const wrong: string[] = [];
  const through = n - 500;
  const kills = killsOfCut(n);
  try {
    await whole.write(n);
    for (const failpoint of kills) {
      const lab = whole.copy();
      try {
        const end = await runOn(lab, 'audit-pruner.ts', [String((through + 1) * 1000)], failpoint);
        const store = openLabStore(lab.folder);
        const killed = await verifyAudit(store.audit, { signed: null, isSigned: () => true });
        store.close();
        const after = await lab.verify();
        const found = [end, killed.state, killed.first_bad_seq, killed.cut_through, after.state, after.checked];
        const wanted = ['SIGKILL', 'prune_pending', null, through, 'ok', 501];
        if (JSON.stringify(found) !== JSON.stringify(wanted))
          wrong.push(`${failpoint}: ${wanted} expected, ${found} found`);
      } finally {
        lab.dispose();
      }
    }
  } finally {
    whole.dispose();
  }
  return { kills: kills.length, wrong };
}

/** A way to tamper with `n` events, and what must be said of it. */
export interface Tampering {
  readonly name: string;
  readonly change: (db: Database.Database, n: number) => unknown;
  readonly state: AuditState;
  readonly firstBad: (n: number) => number | null;
}

const middle = (n: number): number => Math.floor(n / 2);
const forget = (n: number): string => `UPDATE sqlite_sequence SET seq = ${n} WHERE name = 'audit'`;

/** Every way of the table of QUALITY "Keep out", and those of somebody who knows how the chain is made. */
export const TAMPERINGS: readonly Tampering[] = [
  { name: 'nothing', change: () => undefined, state: 'ok', firstBad: () => null },
  {
    name: 'one event deleted',
    change: (db, n) => db.exec(`DELETE FROM audit WHERE seq = ${middle(n)}`),
    state: 'missing',
    firstBad: middle,
  },
  {
    name: 'the first event deleted',
    change: (db) => db.exec('DELETE FROM audit WHERE seq = 1'),
    state: 'missing',
    firstBad: () => 1,
  },
  ...['user_id', 'action', 'details', 'resource_id', 'error_message', 'door', 'event_type'].map(
    (column): Tampering => ({
      name: `${column} edited`,
      change: (db, n) => db.exec(`UPDATE audit SET ${column} = '{}' WHERE seq = ${middle(n)}`),
      state: 'changed',
      firstBad: middle,
    }),
  ),
  {
    name: 'time and success edited',
    change: (db, n) => db.exec(`UPDATE audit SET at = at + 1, success = 0 WHERE seq = ${middle(n)}`),
    state: 'changed',
    firstBad: middle,
  },
  {
    name: 'edited, its own hash made anew',
    change: (db, n) => {
      db.exec(`UPDATE audit SET user_id = 'nobody' WHERE seq = ${middle(n)}`);
      rehash(db, middle(n), middle(n));
    },
    state: 'changed',
    firstBad: middle,
  },
  {
    name: 'edited, the whole chain made anew',
    change: (db, n) => {
      db.exec(`UPDATE audit SET user_id = 'nobody' WHERE seq = ${middle(n)}`);
      rehash(db, middle(n));
    },
    state: 'rewritten',
    firstBad: (n) => n,
  },
  {
    name: 'two events in another order',
    change: (db, n) => {
      const k = middle(n);
      db.exec(`UPDATE audit SET seq = -1 WHERE seq = ${k}; UPDATE audit SET seq = ${k} WHERE seq = ${k + 1};
        UPDATE audit SET seq = ${k + 1} WHERE seq = -1`);
    },
    state: 'changed',
    firstBad: middle,
  },
  {
    name: 'an event put in between',
    change: (db, n) => {
      const k = middle(n);
      db.exec(`UPDATE audit SET seq = -seq WHERE seq >= ${k}; UPDATE audit SET seq = 1 - seq WHERE seq < 0;
        INSERT INTO audit SELECT ${k}, id, event_type, 'nobody', resource_type, resource_id, action, details, source_ip,
          user_agent, door, at, success, error_message, prev_hash, hash FROM audit WHERE seq = ${k - 1}`);
      rehash(db, k, k);
    },
    state: 'changed',
    firstBad: (n) => middle(n) + 1,
  },
  {
    name: 'the end cut off',
    change: (db, n) => db.exec(`DELETE FROM audit WHERE seq > ${n - 10}`),
    state: 'cut_off',
    firstBad: (n) => n - 9,
  },
  {
    name: 'the end cut off and its numbers forgotten',
    change: (db, n) => db.exec(`DELETE FROM audit WHERE seq > ${n - 10}; ${forget(n - 10)}`),
    state: 'older_than_head',
    firstBad: (n) => n - 9,
  },
  { name: 'emptied', change: (db) => db.exec('DELETE FROM audit'), state: 'emptied', firstBad: () => 1 },
  {
    name: 'emptied and its numbers forgotten',
    change: (db) => db.exec(`DELETE FROM audit; ${forget(0)}`),
    state: 'older_than_head',
    firstBad: () => 1,
  },
  {
    name: 'a cut that nobody signed',
    change: (db, n) =>
      db.exec(`INSERT INTO audit_cuts SELECT seq, hash, 0, 'nobody', 'AAAA', 1 FROM audit WHERE seq = ${middle(n)};
        DELETE FROM audit WHERE seq <= ${middle(n)}`),
    state: 'missing',
    firstBad: () => 1,
  },
];

/** What is wrong with what `verify` says of every tampering of `n` events, one text each. */
export async function checkTamperings(n: number): Promise<readonly string[]> {
  const lab = new AuditLab();
  const wrong: string[] = [];
  const say = (name: string, found: AuditVerdict, state: AuditState, seq: number | null): void => {
    if (found.state === state && found.first_bad_seq === seq && found.valid === (state === 'ok')) return;
    wrong.push(
      `${name}: ${state} from ${seq} expected, ${found.state} from ${found.first_bad_seq} said (${found.message})`,
    );
  };
  try {
    await lab.write(n);
    const restore = lab.backUp();
    for (const { name, change, state, firstBad } of TAMPERINGS) {
      lab.tamper((db) => change(db, n));
      say(name, await lab.verify(), state, firstBad(n));
      restore();
    }
    await lab.write(5);
    restore();
    say('an old backup restored', await lab.verify(), 'older_than_head', n + 1);
  } finally {
    lab.dispose();
  }
  return wrong;
}
