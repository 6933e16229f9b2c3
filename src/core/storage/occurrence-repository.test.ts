import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { OCCURRENCE_STATES, type Occurrence, type OccurrenceState } from '../../shared/model/trigger.ts';
import { openDatabase } from './database.ts';
import { STATE_MIGRATIONS } from './migrations/index.ts';
import { OccurrenceRepository } from './occurrence-repository.ts';
import { cleanUp, makeFolder, openStore } from './store.test-support.ts';

afterEach(cleanUp);

const KEYS = ['flow/0', 'flow/1', 'other/0'];
const startOf = (triggerKey: string, plannedAt: number, state: OccurrenceState): Occurrence => ({
  ...{ triggerKey, plannedAt, dueAt: plannedAt, at: plannedAt, runId: null },
  ...{ state, reason: null, evidence: {} },
});
const countedIn = (rows: readonly Occurrence[]) =>
  Object.fromEntries(
    Map.groupBy(rows, ({ state }) => state)
      .entries()
      .map(([state, { length }]) => [state, length]),
  );

function openLedger() {
  const { triggers, occurrences } = openStore();
  for (const key of KEYS) triggers.ensure({ key, kind: 'schedule', workflowId: 'flow' }, 1);
  const all = (triggerKey?: string) => occurrences.list({ triggerKey, limit: 100_000 });
  const expectCounts = (): void => {
    expect(Object.fromEntries(occurrences.counts(null))).toEqual(countedIn(all()));
    for (const key of KEYS) expect(Object.fromEntries(occurrences.counts(key))).toEqual(countedIn(all(key)));
  };
  return { occurrences, all, expectCounts };
}

describe('the counts of the ledger', () => {
  it('are those of its rows whatever is written, collapsed, moved on, asked for again and forgotten', () => {
    const { occurrences, expectCounts } = openLedger();
    expectCounts();
    // A fixed sequence that looks random: all states, all keys, many of one instant.
    let seed = 7;
    const next = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let turn = 0; turn < 600; turn++) {
      const [triggerKey = '', plannedAt] = [KEYS[next(3)], next(80)];
      const state = OCCURRENCE_STATES[next(OCCURRENCE_STATES.length)] ?? 'planned';
      const act = next(10);
      if (act < 5) occurrences.add(startOf(triggerKey, plannedAt, state));
      else if (act < 8) occurrences.settle({ triggerKey, plannedAt }, { state, reason: null, at: 1 });
      else if (act < 9) occurrences.reopen({ triggerKey, plannedAt }, 'ana', 2);
      else if (turn % 50 === 0) occurrences.retract(next(80));
      if (turn % 20 === 0) expectCounts();
    }
    expectCounts();
    occurrences.retract(-1);
    expectCounts();
    expect(occurrences.counts(null).has('missed')).toBe(false);
    expect([...occurrences.counts('nobody/0')]).toEqual([]);
  });

  it('of a ledger from before they were kept are counted once', () => {
    const file = join(makeFolder(), 'state.db');
    const before = openDatabase(file, { migrations: STATE_MIGRATIONS.slice(0, 13) });
    before.exec(`INSERT INTO triggers(trigger_no, key, kind, workflow_id, created_at) VALUES (1, 'a/0', 'schedule', 'a', 0), (2, 'b/0', 'schedule', 'b', 0);
      INSERT INTO occurrences(trigger_no, planned_at, due_at, state, at) VALUES
      (1, 1, 1, 'started', 1), (1, 2, 2, 'missed', 2), (1, 3, 3, 'missed', 3), (2, 3, 3, 'missed', 3)`);
    before.close();
    const db = openDatabase(file, { migrations: STATE_MIGRATIONS });
    const occurrences = new OccurrenceRepository(db);
    expect(Object.fromEntries(occurrences.counts(null))).toEqual({ started: 1, missed: 3 });
    expect(Object.fromEntries(occurrences.counts('a/0'))).toEqual({ started: 1, missed: 2 });
    db.close();
  });
});

describe('a list of the ledger', () => {
  it('holds for every filter what the whole ledger has of it, in its order', () => {
    const { occurrences, all } = openLedger();
    for (let at = 0; at < 60; at++)
      for (const [number, key] of KEYS.entries())
        occurrences.add(startOf(key, Math.floor(at / 2), OCCURRENCE_STATES[(at * 5 + number) % 8] ?? 'planned'));
    const whole = all();
    const stateSets = [undefined, [], ['missed'], ['claimed', 'planned'], [...OCCURRENCE_STATES]] as const;
    for (const triggerKey of [undefined, ...KEYS])
      for (const states of stateSets)
        for (const from of [undefined, 11])
          for (const after of [undefined, { plannedAt: 20, triggerKey: 'flow/1' }])
            for (const limit of [3, 1000]) {
              const wanted = whole.filter(
                (row) =>
                  (triggerKey === undefined || row.triggerKey === triggerKey) &&
                  (states === undefined || (states as readonly string[]).includes(row.state)) &&
                  (from === undefined || row.plannedAt >= from) &&
                  (after === undefined ||
                    row.plannedAt < after.plannedAt ||
                    (row.plannedAt === after.plannedAt && row.triggerKey > after.triggerKey)),
              );
              const filter = { triggerKey, states, from, after, limit };
              expect(occurrences.list(filter), JSON.stringify(filter)).toEqual(wanted.slice(0, limit));
            }
  });

  it('reads no ledger from end to end', () => {
    const file = join(makeFolder(), 'state.db');
    const asked: string[] = [];
    const db = openDatabase(file, { migrations: STATE_MIGRATIONS });
    const prepare = db.prepare.bind(db);
    const listening = (sql: string) => {
      asked.push(sql);
      return prepare(sql);
    };
    const occurrences = new OccurrenceRepository(Object.assign(db, { prepare: listening as typeof db.prepare }));
    asked.length = 0;
    for (const triggerKey of [undefined, 'a/0'])
      for (const states of [['claimed'], ['planned', 'missed']] as const)
        occurrences.list({ triggerKey, states, limit: 10 });
    db.close();
    const plain = new Database(file, { readonly: true });
    for (const sql of asked) {
      const plan = plain.prepare(`EXPLAIN QUERY PLAN ${sql}`).all({ key: 'a/0', limit: 10 }) as { detail: string }[];
      expect(plan.filter(({ detail }) => /SCAN o\b|SCAN occurrences/.test(detail))).toEqual([]);
    }
    plain.close();
    expect(asked).toHaveLength(4);
  });
});
