// The raw limits that our figures stand beside: better-sqlite3 alone, doing the least that the work needs.
//   node raw.mjs <w1|w2|w3|w4|loop> --dir= --sync=<normal|full> [--n=] [--steplog=]
import path from 'node:path';
import Database from 'better-sqlite3';
import {
  DEFAULTS,
  emit,
  LANES,
  LOOP_STEP_MS,
  parseArgs,
  performance,
  round,
  StepClock,
  sleep,
  stepLog,
  stepResult,
  timeQueries,
} from './measure.mjs';

const args = parseArgs();
const [workload] = args._;
const sync = String(args.sync ?? 'full');
const n = Number(args.n ?? DEFAULTS[workload]);

const db = new Database(path.join(args.dir, 'raw.db'));
db.pragma('journal_mode = WAL');
db.pragma(`synchronous = ${sync}`);
db.exec(`CREATE TABLE IF NOT EXISTS runs(id INTEGER PRIMARY KEY, wf TEXT, status TEXT, started_at INTEGER, finished_at INTEGER, detail TEXT);
  CREATE TABLE IF NOT EXISTS steps(run INTEGER, i INTEGER, status TEXT, output TEXT, PRIMARY KEY(run, i)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS runs_started ON runs(started_at DESC);`);
const insertStep = db.prepare('INSERT INTO steps VALUES (?, ?, ?, ?)');
const save = (run, i) => insertStep.run(run, i, 'completed', JSON.stringify(stepResult(i)));

const workloads = {
  w1() {
    const clock = new StepClock(n);
    const startedAt = performance.now();
    for (let i = 0; i < n; i++) {
      clock.mark();
      save(1, i);
    }
    emit({ peer: 'raw', w: 'w1', sync, ...clock.report(n, startedAt, performance.now()) });
  },
  /** Grouped: eight runs share each transaction, seven transactions a run. */
  w2() {
    const insertRun = db.prepare('INSERT INTO runs(id, wf, status, started_at) VALUES (?, ?, ?, ?)');
    const endRun = db.prepare('UPDATE runs SET status = ?, finished_at = ? WHERE id = ?');
    const startedAt = performance.now();
    for (let base = 0; base < n; base += 8) {
      for (let phase = 0; phase < 7; phase++) {
        db.transaction(() => {
          for (let run = base; run < Math.min(n, base + 8); run++) {
            if (phase === 0) insertRun.run(run, 'wf', 'running', Date.now());
            else if (phase === 6) endRun.run('completed', Date.now(), run);
            else save(run, phase - 1);
          }
        })();
      }
    }
    emit({ peer: 'raw', w: 'w2', sync, runs: n, runs_per_s: round(n / ((performance.now() - startedAt) / 1000), 1) });
  },
  async w3() {
    const log = stepLog(args.steplog);
    const done = db.prepare('SELECT count(*) FROM steps WHERE run = 1').pluck().get();
    for (let i = done; i < n; i++) {
      log(i);
      save(1, i);
      await new Promise((resolve) => setImmediate(resolve));
    }
    emit({ peer: 'raw', w: 'w3', sync, finished: true });
  },
  w4() {
    const insert = db.prepare('INSERT INTO runs(wf, status, started_at, finished_at, detail) VALUES (?, ?, ?, ?, ?)');
    db.transaction(() => {
      for (let i = 0; i < n; i++)
        insert.run(`wf${i % 50}`, 'completed', 1e12 + i * 1000, 1e12 + i * 1000 + 500, 'x'.repeat(200));
    })();
    const query = db.prepare('SELECT * FROM runs ORDER BY started_at DESC LIMIT 50');
    emit({ peer: 'raw', w: 'w4', sync, stored: n, ...timeQueries(200, () => query.all()) });
  },
  /** Ideal lanes: the timers alone, nothing is kept. */
  async loop() {
    const startedAt = performance.now();
    let next = 0;
    const lane = async () => {
      while (next++ < n) await sleep(LOOP_STEP_MS);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    const tookMs = performance.now() - startedAt;
    emit({ peer: 'raw', w: 'loop', sync, items: n, items_per_s: round(n / (tookMs / 1000), 1) });
  },
};

await workloads[workload]();
db.close();
