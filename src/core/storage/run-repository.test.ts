import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { NO_COST } from '../../shared/model/cost.ts';
import type { RunEvent } from '../../shared/model/events.ts';
import { openDatabase } from './database.ts';
import { STATE_MIGRATIONS } from './migrations/index.ts';
import type { RunPageQuery } from './run-repository.ts';
import { sumOfRunRow, toRunRow } from './run-row.ts';
import { addRun, cleanUp, created, makeFolder, newRun, openStore, summary } from './store.test-support.ts';
import type { Store } from './store.ts';

afterEach(cleanUp);

const idsOf = (store: Store, filter: Partial<RunPageQuery>): readonly string[] =>
  store.runs.list({ limit: 100, ...filter }).runs.map((run) => run.runId);

describe('the list of runs', () => {
  it('is narrowed by every filter, alone and together, newest first', async () => {
    const store = openStore();
    await addRun(store, 'a', { createdAt: 10, workflowId: 'x', status: 'failed', outcome: 'failed' });
    await addRun(store, 'b', { createdAt: 20, workflowId: 'y', status: 'running', outcome: null });
    await addRun(store, 'c', { createdAt: 30, workflowId: 'x', outcome: 'partial', trigger: 'schedule' });
    await addRun(store, 'd', { createdAt: 40, workflowId: 'x' });
    const cases: readonly (readonly [Partial<RunPageQuery>, readonly string[]])[] = [
      [{}, ['d', 'c', 'b', 'a']],
      [{ workflow: 'x' }, ['d', 'c', 'a']],
      [{ status: ['failed', 'running'] }, ['b', 'a']],
      [{ status: [] }, ['d', 'c', 'b', 'a']],
      [{ outcome: 'partial' }, ['c']],
      [{ trigger: 'schedule' }, ['c']],
      [{ since: 20 }, ['d', 'c', 'b']],
      [{ until: 20 }, ['a']],
      [{ since: 20, until: 40 }, ['c', 'b']],
      [{ workflow: 'x', status: ['completed'], since: 35 }, ['d']],
      [{ workflow: 'nobody' }, []],
    ];
    for (const [filter, expected] of cases) expect([filter, idsOf(store, filter)]).toEqual([filter, expected]);
    expect(store.runs.countByStatus()).toEqual({ failed: 1, running: 1, completed: 2 });
    expect(store.runs.countOf('x')).toBe(3);
    expect(store.runs.openRunIds()).toEqual(['b']);
  });

  it('tells runs that rest until a person says something from those that go on by themselves', async () => {
    const store = openStore();
    await addRun(store, 'asks', { createdAt: 10, status: 'waiting', waitsFor: 'approval' });
    await addRun(store, 'sleeps', { createdAt: 20, status: 'waiting', waitsFor: 'time', wakeAt: 99 });
    await addRun(store, 'doubts', { createdAt: 30, status: 'in_doubt' });
    await addRun(store, 'done', { createdAt: 40 });
    expect(idsOf(store, { needsPerson: true })).toEqual(['doubts', 'asks']);
    expect(idsOf(store, { needsPerson: true, status: ['waiting'] })).toEqual(['asks']);
    expect(store.runs.totals({ needsPerson: true }).runs).toBe(2);
  });

  it('finds a text literally, in any case, in id, workflow id and name', async () => {
    const store = openStore();
    await addRun(store, 'run-1', { workflowName: '100% done' });
    await addRun(store, 'run-2', { workflowName: '100 done' });
    await addRun(store, 'run_3', { workflowName: 'Ärzte und Größen' });
    await addRun(store, 'run-4', { workflowId: 'back\\slash', workflowName: 'x' });
    expect(idsOf(store, { text: '100%' })).toEqual(['run-1']);
    expect(idsOf(store, { text: 'n_3' })).toEqual(['run_3']);
    expect(idsOf(store, { text: 'k\\s' })).toEqual(['run-4']);
    expect(idsOf(store, { text: 'RUN-2' })).toEqual(['run-2']);
    expect(idsOf(store, { text: 'äRZTE UND GRÖ' })).toEqual(['run_3']);
    expect(idsOf(store, { text: '' })).toHaveLength(4);
    expect(idsOf(store, { text: "'; DROP TABLE runs; --" })).toEqual([]);
  });

  it('finds a text in the reason and in what a run was given and gave, not in other words of its events', async () => {
    const store = openStore();
    const error = { code: 'step.failed', kind: 'external', message: 'Mail server refused', retryable: false } as const;
    await addRun(store, 'r1', { status: 'failed', error });
    const given = { note: 'Said "50%" to C:\\invoices', customer: 'Grün & Söhne' };
    await store.journal.append(
      newRun(store, { run: summary('r2'), events: [created(given), { type: 'run.started' }] }),
    );
    const ended: RunEvent = {
      type: 'run.completed',
      outcome: 'success',
      outputs: { file: 'report-7.pdf' },
      error: null,
      successConditions: [],
      warnings: ['a warning'],
    };
    await store.journal.append(
      newRun(store, { run: summary('r3'), events: [created(), { type: 'run.started' }, ended] }),
    );
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['SERVER refused', ['r1']],
      ['external', []],
      ['"50%"', ['r2']],
      ['5_%', []],
      ['C:\\inv', ['r2']],
      ['GRÜN', ['r2']],
      ['Report-7', ['r3']],
      ['a warning', []],
      ['flow.md', []],
    ];
    for (const [text, expected] of cases) expect([text, idsOf(store, { text })]).toEqual([text, expected]);
  });

  it('says how many runs a filter means and what they cost, exactly', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    for (const id of ['a', 'b']) await addRun(store, id, { workflowId: 'x' });
    await addRun(store, 'c', { workflowId: 'y' });
    const db = new Database(join(folder, 'state.db'));
    db.exec(`UPDATE runs SET cost_e10 = 9007199254740991, model_calls = 2, unpriced_calls = 1 WHERE workflow_id = 'x'`);
    db.close();
    expect(store.runs.totals({ workflow: 'x' })).toEqual({
      runs: 2,
      cost: { usd: '1801439.8509481982', calls: 4, unpricedCalls: 2 },
    });
    expect(store.runs.totals({ text: 'nobody' })).toEqual({ runs: 0, cost: NO_COST });
  });

  it('pages without gap or double while runs come and go', async () => {
    const store = openStore();
    // Many of one instant: the cursor must tell them apart.
    for (let at = 0; at < 40; at += 1) await addRun(store, `r${at}`, { createdAt: 100 + Math.floor(at / 10) });
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; ; page += 1) {
      const answer = store.runs.list({ limit: 7, cursor });
      seen.push(...answer.runs.map((run) => run.runId));
      if (answer.nextCursor === null) break;
      cursor = answer.nextCursor;
      await addRun(store, `new${page}`, { createdAt: 200 });
      store.runs.delete(seen.at(-1) ?? '');
    }
    expect(seen).toEqual(Array.from({ length: 40 }, (_, at) => `r${39 - at}`));
  });

  it('says what a row says now, also of one that it has shown before', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    const commit = newRun(store, { run: summary('a', { status: 'running', completedAt: null, stepsSucceeded: 0 }) });
    await store.journal.append(commit);
    await addRun(store, 'b', { createdAt: 900 });
    const shown = (): readonly (readonly [string, string, number])[] =>
      store.runs.list({ limit: 10 }).runs.map((run) => [run.runId, run.status, run.stepsSucceeded]);
    expect(shown()).toEqual([
      ['a', 'running', 0],
      ['b', 'completed', 1],
    ]);
    const events = [
      { ...commit.events[0], position: store.journal.takePosition(), seq: 2 } as (typeof commit.events)[0],
    ];
    await store.journal.append({ ...commit, isNew: false, events, run: summary('a') });
    expect(shown()[0]).toEqual(['a', 'completed', 1]);
    expect(shown()).toEqual(shown());
    const db = new Database(join(folder, 'state.db'));
    db.exec("UPDATE runs SET sum = sum + 1 WHERE run_id = 'b'");
    db.close();
    expect(shown).toThrow(expect.objectContaining({ code: 'store.corrupt' }));
  });

  it('is as long as is asked for', async () => {
    const store = openStore();
    await Promise.all(Array.from({ length: 1_100 }, (_, at) => addRun(store, `r${at}`, { createdAt: at })));
    for (let turn = 0; turn < 2; turn += 1)
      expect(idsOf(store, { limit: 1_050 })).toEqual(Array.from({ length: 1_050 }, (_, at) => `r${1_099 - at}`));
  });

  it('has no further page behind a full last one', async () => {
    const store = openStore();
    for (const id of ['a', 'b']) await addRun(store, id);
    expect(store.runs.list({ limit: 2 }).nextCursor).toBeNull();
    expect(store.runs.list({ limit: 1 }).nextCursor).not.toBeNull();
  });

  it.each(['x', '1', '1.2.3', '', '-1.2', '9'.repeat(40)])('refuses the cursor %j', (cursor) => {
    const store = openStore();
    expect(() => store.runs.list({ limit: 1, cursor })).toThrow(
      expect.objectContaining({ code: 'contract.invalid_input' }),
    );
  });
});

describe('a run', () => {
  it('is found by id and start key, with its error as it was', async () => {
    const store = openStore();
    const error = { code: 'step.failed', kind: 'external', message: 'no', retryable: false } as const;
    const run = summary('a', { status: 'failed', error, pauseRequested: true });
    await store.journal.append(newRun(store, { run, startKey: 'queue:1' }));
    expect(store.runs.find('a')).toEqual(run);
    expect(store.runs.findByStartKey('queue:1')).toBe('a');
    expect([store.runs.find('b'), store.runs.findByStartKey('queue:2'), store.runs.runNo('b')]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('is deleted with its steps and its part of the journal, and no other', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    const step = { path: 's', attempt: 1, index: 0, name: 'S', status: 'completed', startedAt: 1, completedAt: 2 };
    for (const id of ['a', 'ab']) {
      const steps = [{ ...step, startPosition: null, endPosition: null }];
      await store.journal.append(newRun(store, { run: summary(id), steps }));
    }
    store.runs.delete('a');
    expect([store.journal.countRun('a'), store.journal.countRun('ab')]).toEqual([0, 1]);
    const db = new Database(join(folder, 'state.db'), { readonly: true });
    expect(db.prepare('SELECT count(*) FROM steps').pluck().get()).toBe(1);
    db.close();
  });

  it('from before the time at work was kept is read with its whole time', async () => {
    const folder = makeFolder();
    openDatabase(join(folder, 'state.db'), { migrations: STATE_MIGRATIONS.slice(0, 5) }).close();
    const old = new Database(join(folder, 'state.db'));
    const run = summary('old');
    old
      .prepare(
        `INSERT INTO runs(run_no, run_id, workflow_id, workflow_name, workflow_path, version_hash, version_label, trigger, actor,
         created_at, steps_total, status, outcome, started_at, completed_at, steps_succeeded, steps_failed, steps_skipped,
         pause_requested, cancel_requested, sum) VALUES (1, 'old', 'flow', 'Flow', 'flow.md', 'h', '1.0.0', 'manual', 'tester',
         1000, 1, 'completed', 'success', 1000, 3000, 1, 0, 0, 0, 0, ?)`,
      )
      .run(sumOfRunRow({ ...toRunRow(1, run), worked_ms: null, working_since: null }));
    old.close();
    expect(openStore(folder).runs.find('old')).toEqual({ ...run, workedMs: 2_000, workingSince: null });
  });

  it('counts into the mean of the last 20 that completed', async () => {
    const store = openStore();
    expect(store.runs.average('flow')).toBeNull();
    for (let at = 0; at < 25; at += 1) {
      const startedAt = 1_000 * at;
      const workedMs = at < 5 ? 9_999 : 100;
      await addRun(store, `r${at}`, { createdAt: startedAt, startedAt, completedAt: startedAt + workedMs, workedMs });
    }
    await addRun(store, 'failed', {
      createdAt: 99_000,
      status: 'failed',
      startedAt: 0,
      completedAt: 999_999,
      workedMs: 999_999,
    });
    expect(store.runs.average('flow')).toEqual({ durationMs: 100, runs: 20 });
  });

  it('counts into the mean only what worked all the time, never the run itself, and tells it from the third on', async () => {
    const store = openStore();
    const add = (id: string, took: number, waitedMs = 0): Promise<void> =>
      addRun(store, id, { startedAt: 0, completedAt: took, workedMs: took - waitedMs });
    for (const id of ['p', 'q', 'r']) await add(id, 86_400_000, 86_000_000);
    await add('a', 100);
    await add('b', 200);
    expect(store.runs.average('flow')).toBeNull();
    await add('c', 300);
    expect(store.runs.average('flow')).toEqual({ durationMs: 200, runs: 3 });
    await add('itself', 9_000);
    expect(store.runs.average('flow', 'itself')).toEqual({ durationMs: 200, runs: 3 });
  });

  it('with a damaged row is store.corrupt', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    await addRun(store, 'a', { error: { code: 'step.failed', kind: 'external', message: 'no', retryable: false } });
    const db = new Database(join(folder, 'state.db'));
    db.exec("UPDATE runs SET error = '{half'");
    db.close();
    expect(() => store.runs.find('a')).toThrow(expect.objectContaining({ code: 'store.corrupt' }));
  });
});
