import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import type { RunEvent, StepStarted } from '../../shared/model/events.ts';
import type { RunCommit } from './rows.ts';
import { ACTOR, addRun, cleanUp, created, makeFolder, newRun, openStore, summary } from './store.test-support.ts';

afterEach(cleanUp);

/** Every statement of a connection that ends a transaction, counted from outside: SQLite's own change counter of the file. */
const dataVersion = (file: string): (() => number) => {
  const db = new Database(file, { readonly: true });
  return () => db.pragma('data_version', { simple: true }) as number;
};

describe('the journal', () => {
  it('puts what is asked for in one turn into one transaction, in order', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    const version = dataVersion(join(folder, 'state.db'));
    const before = version();
    const ids = Array.from({ length: 50 }, (_, at) => `run-${at}`);
    const order: string[] = [];
    await Promise.all(ids.map((id) => addRun(store, id).then(() => order.push(id))));
    expect(version()).toBe(before + 1);
    expect(order).toEqual(ids);
    const positions = ids.map((id) => store.journal.readRun(id)[0]?.position);
    expect(positions).toEqual(ids.map((_, at) => at + 1));
    expect(store.journal.position).toBe(50);
  });

  it('is durable when append resolves, and not before', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    const other = new Database(join(folder, 'state.db'), { readonly: true });
    const count = (): unknown => other.prepare('SELECT count(*) FROM runs').pluck().get();
    const writing = addRun(store, 'a');
    expect(count()).toBe(0);
    await writing;
    expect(count()).toBe(1);
    other.close();
  });

  it('numbers on where an earlier one has left off', async () => {
    const folder = makeFolder();
    const first = openStore(folder);
    await addRun(first, 'a');
    await first.journal.appendProject({ type: 'bundle.removed', name: 'b', contentHash: 'h' }, 5, ACTOR);
    first.close();
    const second = openStore(folder);
    expect([second.journal.position, second.journal.takeRunNo()]).toEqual([2, 2]);
    await second.journal.appendProject({ type: 'bundle.imported', name: 'b', contentHash: 'h' }, 6, ACTOR);
    const db = new Database(join(folder, 'state.db'), { readonly: true });
    const seqs = db.prepare('SELECT seq FROM journal WHERE stream = 0 ORDER BY position').pluck().all();
    db.close();
    expect(seqs).toEqual([1, 2]);
  });

  it('reads a part of a run', async () => {
    const store = openStore();
    const events: RunEvent[] = [created(), { type: 'run.started' }, { type: 'run.paused' }, { type: 'run.resumed' }];
    await store.journal.append(newRun(store, { run: summary('a'), events }));
    expect(store.journal.readRun('a', 1, 2).map((one) => [one.seq, one.event.type])).toEqual([
      [2, 'run.started'],
      [3, 'run.paused'],
    ]);
    expect(store.journal.countRun('a')).toBe(4);
    expect(store.journal.readRun('a')[0]).toMatchObject({ actor: ACTOR, v: 1, at: 1_000, stream: 'run:a' });
    expect(store.journal.readRun('nobody')).toEqual([]);
  });

  it('reads those events of a run that are asked for, wherever they stand in their rows', async () => {
    const store = openStore();
    const told = (as: string): RunEvent => ({
      type: 'run.failed',
      ...{ outcome: 'failed', outputs: { as }, error: null },
      ...{ successConditions: [], warnings: [] },
    });
    const first = newRun(store, {
      run: summary('a'),
      events: [created(), { type: 'run.started' }, told('one'), { type: 'run.resumed' }, { type: 'run.paused' }],
    });
    await store.journal.append(first);
    const read = (...seqs: number[]) => store.journal.readThese('a', seqs).map(({ seq, event }) => [seq, event.type]);
    expect(read(2, 5)).toEqual([
      [2, 'run.started'],
      [5, 'run.paused'],
    ]);
    expect(store.journal.readThese('a', [3])).toEqual(first.events.slice(2, 3));
    expect([read(), read(9), store.journal.readThese('nobody', [1])]).toEqual([[], [], []]);
    expect(read(1, 9)).toEqual([[1, 'run.created']]);
  });

  it('holds events of one commit in one row, whose positions and instants need not be neighbours', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    const [a, b] = ['a', 'b'].map((id) =>
      newRun(store, { run: summary(id), events: [created(), { type: 'run.started' }] }),
    );
    if (a === undefined || b === undefined) throw new Error('no commit');
    // As two runs that are started in one turn take them: in turns.
    const [first, second, third, fourth] = [...a.events, ...b.events].map(({ position }) => position);
    const at = (commit: RunCommit, positions: readonly (number | undefined)[]): RunCommit => ({
      ...commit,
      events: commit.events.map((one, index) => ({ ...one, position: positions[index] ?? 0, at: one.at + index })),
    });
    const commits = [at(a, [first, third]), at(b, [second, fourth])];
    await Promise.all(commits.map((commit) => store.journal.append(commit)));
    const db = new Database(join(folder, 'state.db'), { readonly: true });
    expect(db.prepare('SELECT stream, position, seq, type FROM journal').raw().all()).toEqual([
      [1, third, 2, 'run.started'],
      [2, fourth, 2, 'run.started'],
    ]);
    db.close();
    expect(store.journal.readRun('a')).toEqual(commits[0]?.events);
    expect(store.journal.readRun('b')).toEqual(commits[1]?.events);
    expect(store.journal.readRun('b', 1)).toEqual(commits[1]?.events.slice(1));
    expect(store.journal.readRun('b', 0, 1)).toEqual(commits[1]?.events.slice(0, 1));
    expect(store.journal.countRun('b')).toBe(2);
  });

  it('finds how the newest attempt of a step began, among steps whose paths only look alike', async () => {
    const store = openStore();
    const start = (path: string, attempt: number): StepStarted => ({
      ...{ type: 'step.started', path, index: 0, name: path, variable: null, attempt, now: 1, action: 'workflow.set' },
      ...{ effect: 'pure', inputs: { attempt, told: `"path":"a"`, large: 'x'.repeat(attempt * 20_000) }, role: 'main' },
    });
    const odd = 'a "quoted" \\ größe';
    const begun = [
      ['a', 1],
      ['a[0].b', 1],
      ['a', 2],
      [odd, 1],
      ['aa', 1],
      ['a[0]', 1],
    ] as const;
    const events = [
      created(),
      ...begun.map(([path, attempt]) => start(path, attempt)),
      { type: 'run.paused' } as const,
    ];
    await store.journal.append(newRun(store, { run: summary('a'), events }));
    await store.journal.append(newRun(store, { run: summary('b'), events: [created(), start('a', 3)] }));
    for (const [path, attempt] of [
      ['a', 2],
      ['a[0].b', 1],
      [odd, 1],
      ['aa', 1],
      ['a[0]', 1],
    ] as const)
      expect(store.journal.lastStart('a', path)).toEqual(start(path, attempt));
    expect([store.journal.lastStart('a', 'b'), store.journal.lastStart('nobody', 'a')]).toEqual([null, null]);
    expect(store.journal.lastStart('b', 'a')?.attempt).toBe(3);
  });

  it('ends a row with the end of a run, which is looked for by the type of the row', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    const end = { outcome: 'failed', outputs: {}, error: null, successConditions: [], warnings: [] } as const;
    const events: RunEvent[] = [
      created(),
      { type: 'run.started' },
      { type: 'run.failed', ...end },
      { type: 'run.resumed' },
      { type: 'run.paused' },
    ];
    await store.journal.append(newRun(store, { run: summary('a'), events }));
    const db = new Database(join(folder, 'state.db'), { readonly: true });
    expect(db.prepare('SELECT type FROM journal').pluck().all()).toEqual(['run.failed', 'run.paused']);
    db.close();
    expect(store.journal.readTraces('a').map((one) => one.type)).toEqual([
      'run.paused',
      'run.resumed',
      'run.failed',
      'run.started',
      'run.created',
    ]);
  });

  it('refuses a commit that cannot be written alone, with all of it, and what follows it in its stream', async () => {
    const store = openStore();
    await addRun(store, 'a');
    const good = newRun(store, { run: summary('b') });
    const bad = newRun(store, { run: summary('a2'), events: [created(), { type: 'run.started' }] });
    const poisoned = { ...bad, run: { ...bad.run, runId: 'a' } };
    const [firstEvent] = bad.events;
    if (firstEvent === undefined) throw new Error('no event');
    const follower = {
      ...bad,
      isNew: false,
      events: [{ ...firstEvent, position: store.journal.takePosition(), seq: 3 }],
    };
    const late = newRun(store, { run: summary('c') });
    const settled = await Promise.allSettled([good, poisoned, follower, late].map((one) => store.journal.append(one)));
    expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(store.journal.readRun('a2')).toEqual([]);
    expect(
      store.runs
        .list({ limit: 10 })
        .runs.map((run) => run.runId)
        .sort(),
    ).toEqual(['a', 'b', 'c']);
    expect(store.journal.stalledBy).toBeNull();
  });

  it('waits for a lock of another program in order, says so, and loses nothing', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    const other = new Database(join(folder, 'state.db'));
    other.exec('BEGIN IMMEDIATE');
    const first = addRun(store, 'a');
    await expect.poll(() => store.journal.stalledBy?.code).toBe('store.busy');
    const second = addRun(store, 'b');
    other.exec('ROLLBACK');
    other.close();
    await Promise.all([first, second]);
    expect(store.journal.stalledBy).toBeNull();
    expect(store.journal.readRun('a')[0]?.position).toBe(1);
    expect(store.journal.readRun('b')[0]?.position).toBe(2);
  });

  it('gives up what waits when it is closed', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    const other = new Database(join(folder, 'state.db'));
    other.exec('BEGIN IMMEDIATE');
    const waiting = addRun(store, 'a').catch((error: unknown) => error);
    await expect.poll(() => store.journal.stalledBy?.code).toBe('store.busy');
    store.close();
    expect(await waiting).toMatchObject({ code: 'engine.stopped' });
    await expect(addRun(store, 'b')).rejects.toBeInstanceOf(AppError);
    other.close();
  });
});

describe('a damaged row', () => {
  const harm = async (sql: string): Promise<() => unknown> => {
    const folder = makeFolder();
    const store = openStore(folder);
    await store.journal.append(newRun(store, { run: summary('a'), events: [created({ amount: 5 })] }));
    const db = new Database(join(folder, 'state.db'));
    db.exec(sql);
    db.close();
    return () => store.journal.readRun('a');
  };

  it.each([
    ['another value', `UPDATE journal SET data = replace(data, '"amount":5', '"amount":7')`],
    ['no JSON', 'UPDATE journal SET data = substr(data, 1, 40)'],
    ['another actor', `UPDATE journal SET actor = replace(actor, 'tester', 'nobody')`],
    ['another instant', 'UPDATE journal SET at = at + 1'],
    ['no JSON in a row without a sum', 'UPDATE journal SET data = substr(data, 1, 40), sum = NULL'],
  ])('with %s is store.corrupt', async (_name, sql) => {
    const read = await harm(sql);
    expect(read).toThrow(expect.objectContaining({ code: 'store.corrupt' }));
  });

  it('a row of the first schema has no sum and is read', async () => {
    const read = await harm('UPDATE journal SET sum = NULL');
    expect(read()).toHaveLength(1);
  });
});
