import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';

/** SPEC §9: a file with `schema_version` 1 is migrated with its rows as finished history. */
let project: LocalProject;
afterEach(() => project.close());

const EXECUTIONS = `CREATE TABLE executions(run_id TEXT PRIMARY KEY, workflow_id TEXT, workflow_path TEXT, status TEXT, started_at TEXT,
  completed_at TEXT, current_step INTEGER, total_steps INTEGER, agent TEXT, inputs TEXT, outputs TEXT, error TEXT, metadata TEXT, created_at TEXT)`;
const CHECKPOINTS = `CREATE TABLE checkpoints(id INTEGER PRIMARY KEY, run_id TEXT, step_index INTEGER, step_name TEXT, status TEXT,
  started_at TEXT, completed_at TEXT, inputs TEXT, outputs TEXT, error TEXT, retry_count INTEGER, created_at TEXT, UNIQUE(run_id, step_index))`;

function writeHistory(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const db = new Database(file);
  db.exec(
    `CREATE TABLE schema_version(version INTEGER); INSERT INTO schema_version VALUES (1); ${EXECUTIONS}; ${CHECKPOINTS}`,
  );
  const run = db.prepare('INSERT INTO executions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const step = db.prepare('INSERT INTO checkpoints VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const at = (minute: number): string => `2025-03-01T08:0${minute}:00`;
  run.run(
    'good',
    'mail',
    'mail.md',
    'completed',
    at(0),
    at(2),
    1,
    2,
    'demo',
    '{"who":"Anna"}',
    '{"sent":2}',
    null,
    '{}',
    at(0),
  );
  step.run('good', 0, 'Read mail', 'completed', at(0), at(1), '{"box":"in"}', '"3 mails"', null, 0, at(0));
  step.run('good', 1, 'Send\nit', 'skipped', null, null, null, null, null, 0, at(1));
  run.run('bad', 'mail', 'mail.md', 'failed', at(3), at(4), 0, 1, null, 'no json', null, 'No connection', null, at(3));
  step.run('bad', 0, 'Read mail', 'failed', at(3), at(4), null, null, 'No connection', 2, at(3));
  run.run('open', 'other', null, 'running', at(5), null, 0, 1, null, '{}', null, null, null, at(5));
  step.run('open', 0, null, 'running', at(5), null, null, null, null, null, at(5));
  db.close();
}

it('its runs are finished history that can be looked at, once, and the file is kept', async () => {
  project = new LocalProject();
  project.addWorkflow('small', [['action: workflow.noop']]);
  const file = join(project.path, '.aiworkflow/state/workflow-state/state.db');
  writeHistory(file);
  const { runs } = await project.call('runs.list', {});
  expect(runs.map(({ runId, status, outcome }) => [runId, status, outcome])).toEqual([
    ['open', 'failed', 'failed'],
    ['bad', 'failed', 'failed'],
    ['good', 'completed', 'success'],
  ]);
  expect(await project.call('runs.result', { runId: 'good' })).toMatchObject({
    ...{ agent_name: 'demo', final_output: { sent: 2 }, steps_succeeded: 1, steps_skipped: 1, duration_seconds: 120 },
    started_at: '2025-03-01T08:00:00.000Z',
    step_results: [
      { status: 'completed', output: '3 mails' },
      { status: 'skipped', output: null },
    ],
  });
  const page = await project.call('runs.get', { runId: 'bad' });
  expect(page.run.error?.message).toBe('No connection');
  expect(page.inputs).toEqual({ value: 'no json' });
  expect(page.steps[0]).toMatchObject({ name: 'Read mail', status: 'failed', attempt: 3 });
  expect((await project.call('runs.get', { runId: 'open' })).run.error?.message).toBe(
    'It had not ended when its store was taken over.',
  );
  expect([existsSync(`${file}.schema-1`), existsSync(`${file}.schema-1.bak`)]).toEqual([false, true]);
  const db = new Database(file, { readonly: true });
  const rows = db.prepare('SELECT run_id, step_index, retry_count FROM checkpoints ORDER BY run_id').all();
  db.close();
  expect(rows).toContainEqual({ run_id: 'bad', step_index: 0, retry_count: 2 });
  await project.run('small');
  await project.reopen(true);
  expect((await project.call('runs.list', {})).runs).toHaveLength(4);
});
