import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../shared/model/events.ts';
import type { StepRow } from './rows.ts';
import { cleanUp, created, makeFolder, newRun, openStore, summary } from './store.test-support.ts';

afterEach(cleanUp);

/** SPEC §9: what other programs may read. */
const EXECUTIONS =
  'run_id workflow_id workflow_path status started_at completed_at current_step total_steps agent inputs outputs error metadata created_at';
const CHECKPOINTS =
  'id run_id step_index step_name status started_at completed_at inputs outputs error retry_count created_at';

const BIG = 'x'.repeat(300_000);
const error = { code: 'step.failed', kind: 'external', message: 'no', retryable: false } as const;
const started = (path: string, index: number): RunEvent => ({
  type: 'step.started',
  path,
  index,
  name: path,
  variable: null,
  attempt: 1,
  now: 1,
  action: 'a.b',
  effect: 'effect',
  inputs: { n: index },
  role: 'main',
});
const completed = (path: string, output: Extract<RunEvent, { type: 'step.completed' }>['output']): RunEvent => ({
  type: 'step.completed',
  path,
  attempt: 1,
  output,
  outputs: null,
  variables: null,
  warnings: [],
});

async function readViews() {
  const folder = makeFolder();
  const store = openStore(folder);
  const events: RunEvent[] = [
    created({ day: 'monday' }),
    started('a', 0),
    completed('a', 'text'),
    started('b', 1),
    completed('b', { big: BIG }),
    started('c', 2),
    completed('c', null),
    {
      type: 'run.completed',
      outcome: 'success',
      outputs: { n: 5 },
      error: null,
      successConditions: [],
      warnings: [],
    },
  ];
  const row = (path: string, index: number, attempt: number, more: Partial<StepRow> = {}): StepRow => {
    const base = { path, index, attempt, name: path, status: 'completed', startedAt: 10 + attempt, completedAt: 20 };
    return { ...base, startPosition: 2 + 2 * index, endPosition: 3 + 2 * index, ...more };
  };
  const steps = [
    row('a', 0, 1),
    row('b', 1, 1, { status: 'failed' }),
    row('b', 1, 2),
    row('c', 2, 1),
    row('d', 3, 0, { status: 'skipped', startPosition: null, endPosition: null }),
    row('e', 4, 1, { status: 'failed' }),
    row('e', 4, 0, { status: 'skipped', startedAt: 99, startPosition: null, endPosition: null }),
  ];
  await store.journal.append(newRun(store, { run: summary('r', { stepsTotal: 5, error }), events, steps }));
  const db = new Database(join(folder, 'state.db'), { readonly: true });
  const executions = db.prepare('SELECT * FROM executions').all() as Record<string, unknown>[];
  const checkpoints = db.prepare('SELECT * FROM checkpoints ORDER BY step_index').all() as Record<string, unknown>[];
  db.close();
  return { executions, checkpoints };
}

describe('the public views', () => {
  it('have the columns of the specification', async () => {
    const { executions, checkpoints } = await readViews();
    expect(Object.keys(executions[0] ?? {})).toEqual(EXECUTIONS.split(' '));
    expect(Object.keys(checkpoints[0] ?? {})).toEqual(CHECKPOINTS.split(' '));
  });

  it('executions: one row a run, values as JSON text', async () => {
    const { executions } = await readViews();
    expect(executions).toHaveLength(1);
    expect(executions[0]).toMatchObject({
      run_id: 'r',
      total_steps: 5,
      inputs: '{"day":"monday"}',
      outputs: '{"n":5}',
      error: JSON.stringify(error),
      metadata: '{"outcome":"success","version_hash":"h","trigger":"manual"}',
      created_at: 1_000,
    });
  });

  it('checkpoints: one row a step with its newest state, unique by run and index', async () => {
    const { checkpoints } = await readViews();
    expect(checkpoints.map((one) => [one.step_index, one.status, one.retry_count])).toEqual([
      [0, 'completed', 0],
      [1, 'completed', 1],
      [2, 'completed', 0],
      [3, 'skipped', 0],
      [4, 'skipped', 0],
    ]);
    expect(new Set(checkpoints.map((one) => one.id)).size).toBe(5);
    expect(checkpoints.map((one) => one.inputs)).toEqual(['{"n":0}', '{"n":1}', '{"n":2}', null, null]);
    expect(checkpoints[0]?.outputs).toBe('"text"');
    expect(checkpoints[1]?.outputs).toMatch(/^\{"\$blob":"[0-9a-f]{64}"\}$/);
    expect(checkpoints[2]?.outputs).toBeNull();
  });
});
