import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { BUILT_SCHEDULE_HOST } from '../support/built-crash-host.ts';
import { killHelpers } from '../support/kill-helpers.ts';
import { LocalProject } from '../support/local-project.ts';
import { seeded } from '../support/seeded.ts';

/** SPEC §7.1: whenever the process is killed, each planned start has one row with one end, and one run at most. */
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 100_000);

let project: LocalProject;
const children = new Set<ChildProcess>();
beforeEach(() => {
  project = new LocalProject();
  for (const [id, schedule] of [
    ['beside', 'schedule: "@every 1s", overlap: allow'],
    ['alone', 'schedule: "@every 1s"'],
    ['in-line', 'schedule: "@every 2s", overlap: queue_all, catch_up: all'],
  ])
    project.addWorkflow(
      id ?? '',
      [['action: workflow.set_outputs', 'inputs: {said: yes}']],
      ['triggers:', `  - {type: schedule, id: tick, ${schedule}}`],
    );
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  killHelpers(project.path);
  await project.close();
});

function launch(env: Readonly<Record<string, string>> = {}, ...wishes: readonly string[]) {
  const child = spawn(process.execPath, [BUILT_SCHEDULE_HOST, project.path, ...wishes], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  /** The first thing that it says; null when it dies before. */
  const said = new Promise<string | null>((resolve) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('close', () => resolve(null));
  });
  return { child, said, ended };
}

/** Lets everything come to its end, with the schedules paused. */
async function finish(): Promise<void> {
  const host = launch({}, 'end');
  expect(await host.said).toBe('ready');
  expect(await host.ended).toBe(0);
}

interface Row {
  readonly key: string;
  readonly planned_at: number;
  readonly state: string;
  readonly reason: string | null;
  readonly evidence: string;
  readonly run_id: string | null;
}

function read<T>(sql: string): readonly T[] {
  const db = new Database(projectPaths(project.path).storeFile, { readonly: true });
  try {
    return db.prepare(sql).all() as T[];
  } finally {
    db.close();
  }
}

const EVERY: Readonly<Record<string, number>> = { 'beside/tick': 1000, 'alone/tick': 1000, 'in-line/tick': 2000 };
const STARTED = ['started', 'caught_up'];

function expectTrueLedger(): void {
  const rows = read<Row>(`SELECT t.key, o.planned_at, o.state, o.reason, o.evidence, o.run_id FROM occurrences o
    JOIN triggers t USING (trigger_no) ORDER BY t.key, o.planned_at`);
  // One of them may have come to nothing before its scheduler was killed.
  expect(rows.length).toBeGreaterThan(0);
  for (const [key, every] of Object.entries(EVERY)) {
    const times = rows.flatMap((row) => (row.key === key ? [row.planned_at] : []));
    expect(times).toEqual(times.map((_time, index) => (times[0] ?? 0) + index * every));
  }
  // Nothing is open for good, and every end says why.
  expect(rows.filter(({ state }) => state === 'planned' || state === 'claimed')).toEqual([]);
  expect(rows.filter(({ reason }) => reason === null)).toEqual([]);
  expect(rows.filter(({ state, evidence }) => state === 'missed' && !evidence.includes('"missed"'))).toEqual([]);
  // A row has a run when it says so, and no run came of anything else.
  const told = rows.flatMap(({ key, planned_at, state, run_id }) =>
    STARTED.includes(state) ? [[`schedule:${key}:${new Date(planned_at).toISOString()}`, run_id]] : [],
  );
  const runs = read<{ start_key: string; run_id: string; status: string }>(
    'SELECT start_key, run_id, status FROM runs',
  );
  expect(runs.map(({ start_key, run_id }) => [start_key, run_id]).sort()).toEqual(told.sort());
  expect(runs.filter(({ status }) => status !== 'completed')).toEqual([]);
  // What is shown beside a schedule was written with the end of its row.
  const counts = read<{ key: string; run_count: number }>('SELECT key, run_count FROM triggers');
  for (const { key, run_count } of counts)
    expect([key, run_count]).toEqual([
      key,
      rows.filter((row) => row.key === key && row.run_id !== null && STARTED.includes(row.state)).length,
    ]);
}

const POINTS = ['schedule.planned', 'schedule.claimed', 'schedule.runStarted', 'schedule.rowEnded'] as const;

describe('kill -9 of the scheduler', () => {
  it.each(POINTS)('at %s', async (point) => {
    for (const hit of [1, 3]) {
      const host = launch({ AIWORKFLOW_FAILPOINT: `${point}:${hit}` });
      await host.ended;
      expect(host.child.signalCode).toBe('SIGKILL');
    }
    await finish();
    expectTrueLedger();
  });

  it(`at random moments (seed ${SEED})`, async () => {
    const random = seeded(SEED);
    for (let kill = 0; kill < 6; kill += 1) {
      const host = launch();
      expect(await host.said).toBe('ready');
      await delay(random() * 1500);
      host.child.kill('SIGKILL');
      await host.ended;
    }
    await finish();
    expectTrueLedger();
  });
});

describe('two processes on one project', () => {
  it('start nothing twice: the second is refused, and takes over what the first left when it was killed', async () => {
    const first = launch();
    expect(await first.said).toBe('ready');
    const refused = [launch(), launch()];
    expect(await Promise.all(refused.map(({ said }) => said))).toEqual(['lease.held', 'lease.held']);
    await delay(1500);
    first.child.kill('SIGKILL');
    // Both want it as soon as it is free.
    const heirs = [launch(), launch()];
    const words = await Promise.all(heirs.map(({ said }) => said));
    expect(words.sort()).toEqual(['lease.held', 'ready']);
    await delay(1500);
    for (const { child, ended } of heirs) {
      child.kill('SIGKILL');
      await ended;
    }
    await finish();
    expectTrueLedger();
  });
});
