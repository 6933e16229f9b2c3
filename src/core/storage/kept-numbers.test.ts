import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../shared/model/events.ts';
import { addRun, cleanUp, created, makeFolder, newRun, openStore, summary } from './store.test-support.ts';

afterEach(cleanUp);

const FIXTURE = fileURLToPath(new URL('./fixtures/v3/', import.meta.url));
const KEPT = 'test-20260122-080000-00000001';
const GONE = 'test-20260122-080000-00000002';

const spent: RunEvent = {
  type: 'agent.call_ended',
  path: 'step_1',
  attempt: 1,
  agent: 'openai',
  model: 'm',
  usage: {
    inputTokens: 10,
    outputTokens: 1,
    cachedTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    isEstimated: false,
  },
  cost: '0.01',
  source: 'computed',
  durationMs: 5,
  error: null,
};
const big = (letter: string): RunEvent => ({
  type: 'step.completed',
  path: 'step_1',
  attempt: 1,
  output: letter.repeat(300_000),
  outputs: null,
  variables: null,
  warnings: [],
});

describe('numbers that were given once', () => {
  it('are never given again after a deletion and a restart: the next cost record finds its place', async () => {
    const folder = makeFolder();
    const first = openStore(folder);
    await addRun(first, 'kept');
    await first.journal.append(newRun(first, { run: summary('gone'), events: [created(), spent] }));
    const { position } = first.journal;
    const runNo = first.runs.runNo('gone') ?? 0;
    first.runs.delete('gone');
    first.close();
    const second = openStore(folder);
    expect(second.journal.position).toBe(position);
    await second.journal.append(newRun(second, { run: summary('next'), events: [created(), spent] }));
    expect(second.runs.runNo('next')).toBeGreaterThan(runNo);
    const { records } = second.costs.records({}, 10);
    expect(records.map((one) => [one.run_id, Number(one.id) > position])).toEqual([
      ['next', true],
      ['gone', false],
    ]);
  });

  it('hold for logs and conversations too', () => {
    const folder = makeFolder();
    const line = { at: 1, path: 'a', stream: 'log', level: 'info', text: 'x' } as const;
    const numberOf = (runId: string): unknown => {
      const db = new Database(join(folder, 'logs.db'), { readonly: true });
      const found = db.prepare('SELECT log_no FROM logs WHERE run_id = ?').pluck().get(runId);
      db.close();
      return found;
    };
    const first = openStore(folder);
    first.logs.append('gone', line);
    first.logs.flush();
    const before = numberOf('gone');
    first.logs.delete('gone');
    first.close();
    const second = openStore(folder);
    second.logs.append('next', line);
    second.logs.flush();
    expect(numberOf('next')).toBeGreaterThan(before as number);
  });
});

describe('a store of the version before', () => {
  const openFixture = () => {
    const folder = makeFolder();
    cpSync(FIXTURE, folder, { recursive: true });
    return { folder, store: openStore(folder) };
  };

  it('keeps every event of the journal, and writes on where it ended', async () => {
    const { store } = openFixture();
    // The values that it has in files are no part of it.
    expect(store.journal.readTraces(KEPT).map(({ type }) => type)).toEqual([
      'run.completed',
      ...['step.completed', 'step.started', 'step.completed', 'step.started'],
      ...['run.started', 'run.created'],
    ]);
    const kept = store.journal.readRun(KEPT, 0, 3);
    expect(kept.map(({ position, seq }) => [position, seq])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    const resumed = { ...kept[1], position: store.journal.takePosition(), seq: 8 } as (typeof kept)[number];
    const run = store.runs.find(KEPT);
    if (run === null) throw new Error('the run is gone');
    const commit = { isNew: false, isProgressOnly: false, startKey: null, run, steps: [], events: [resumed] };
    await store.journal.append({ ...commit, runNo: store.runs.runNo(KEPT) ?? 0 });
    expect(store.journal.readRun(KEPT, 7)).toEqual([resumed]);
  });

  it('gives no position that a cost record of a deleted run still has', async () => {
    const { store } = openFixture();
    expect(store.journal.position).toBe(12);
    await store.journal.append(newRun(store, { run: summary('next'), events: [created(), spent] }));
    expect(store.costs.records({}, 10).records.map((one) => one.run_id)).toEqual(['next', GONE]);
    expect(await store.checkIntegrity()).toBe('ok');
  });

  it('shows each top-level step once, keeps its log, and knows which values are in files', () => {
    const { folder, store } = openFixture();
    expect(store.logs.read(KEPT, { from: 1, limit: 10 }).lines.map((one) => one.text)).toEqual(['kept line']);
    const db = new Database(join(folder, 'state.db'), { readonly: true });
    expect(db.prepare('SELECT run_id, step_index FROM checkpoints ORDER BY step_index').raw().all()).toEqual([
      [KEPT, 0],
      [KEPT, 1],
    ]);
    expect(db.prepare('SELECT count(*) FROM blob_uses').pluck().get()).toBe(2);
    db.close();
    store.runs.delete(KEPT);
    expect(
      store.leftovers
        .list(10)
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['blob', 'blob', 'run', 'version']);
  });
});

describe('values in files', () => {
  it('go with the last run that holds them, and not before', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    await store.journal.append(newRun(store, { run: summary('a'), events: [created(), big('x'), big('y')] }));
    await store.journal.append(newRun(store, { run: summary('b'), events: [created(), big('x')] }));
    const remove = (runId: string): readonly string[] => {
      store.runs.delete(runId);
      const blobs = store.leftovers.list(10).filter(({ kind }) => kind === 'blob');
      for (const { name } of blobs) store.leftovers.removeBlob(name);
      return blobs.map(({ name }) => name);
    };
    const fileOf = (hash: string): string => join(folder, 'blobs', hash.slice(0, 2), hash);
    const first = remove('a');
    expect(first.map((hash) => existsSync(fileOf(hash))).toSorted()).toEqual([false, true]);
    expect(store.journal.readRun('b').map(({ event }) => event.type)).toEqual(['run.created', 'step.completed']);
    const second = remove('b');
    expect(second.map((hash) => existsSync(fileOf(hash)))).toEqual([false]);
    expect(store.leftovers.list(10).filter(({ kind }) => kind === 'blob')).toEqual([]);
  });
});
