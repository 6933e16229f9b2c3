import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LocalControlCenter, openControlCenter } from '../../src/core/control-center.ts';
import { TESTER } from '../support/engine-harness.ts';
import { ownProject } from '../support/own-project.ts';

/** What a deleted run leaves outside the store (SPEC §9 "Deleting a run deletes its files; costs and audit stay"). */

let root: string;
let center: LocalControlCenter;
const state = (...path: string[]): string => join(root, '.aiworkflow', 'state', ...path);

const open = (): Promise<LocalControlCenter> => {
  ownProject(root, join(root, 'user'));
  return openControlCenter({
    projectPath: root,
    door: 'browser',
    resumeOpenRuns: true,
    examplesDir: '',
    resourcesDir: '',
    version: 'test',
    userDataDir: join(root, 'user'),
    home: root,
  });
};

function writeWorkflow(id: string, text: string): void {
  const folder = join(root, '.aiworkflow', 'workflows');
  mkdirSync(folder, { recursive: true });
  const steps = [
    '## Step 1: Text',
    '```yaml',
    'action: workflow.set',
    'inputs: {big: "{{ inputs.text * 300000 }}"}',
    '```',
    '## Step 2: File',
    '```yaml',
    'action: workflow.write_file',
    'inputs: {path: note.txt, content: hello}',
    '```',
  ];
  const head = ['---', `workflow: {id: ${id}, name: "${text}"}`, 'inputs: {text: {type: string, default: x}}', '---'];
  writeFileSync(join(folder, `${id}.md`), [...head, ...steps, ''].join('\n'));
}

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'aiw-delete-'));
  writeFileSync(join(root, 'aiworkflow.yaml'), 'version: "1.0"\n');
  writeWorkflow('one', 'One');
  writeWorkflow('two', 'Two');
  center = await open();
});
afterEach(async () => {
  await center.close();
  rmSync(root, { recursive: true, force: true });
});

async function call<T = unknown>(name: string, input: unknown): Promise<T> {
  const answer = await center.call(name, input, TESTER);
  if (!answer.ok) throw new Error(`${name}: ${answer.error.code} ${answer.error.message}`);
  return answer.value as T;
}

async function run(workflow: string): Promise<string> {
  const { runId } = await call<{ runId: string }>('runs.start', { workflow });
  await center.drained();
  return runId;
}

/** Entries of the state folder that belong to runs. */
const leftIn = (folder: string): readonly string[] =>
  existsSync(state(folder))
    ? readdirSync(state(folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name)
    : [];
const versions = (): readonly string[] => readdirSync(state('archives'));

it('goes with it, unless another run holds it', async () => {
  const [first, second] = [await run('one'), await run('one')];
  const other = await run('two');
  const blobs = leftIn('blobs').length;
  expect(blobs).toBeGreaterThan(0);
  expect(versions()).toHaveLength(2);
  await call('runs.delete', { runId: first });
  expect([leftIn('blobs').length, versions().length]).toEqual([blobs, 2]);
  expect(readdirSync(state('runs')).toSorted()).toEqual([second, other].toSorted());
  await call('runs.get', { runId: second });

  await call('runs.delete', { runId: second });
  expect(versions()).toHaveLength(1);
  await call('runs.get', { runId: other });
  await call('runs.delete', { runId: other });
  expect([leftIn('blobs'), versions(), readdirSync(state('runs'))]).toEqual([[], [], []]);

  // The workflow is started again as if nothing had been.
  const again = await run('one');
  expect(await call('runs.get', { runId: again })).toMatchObject({ run: { status: 'completed' } });
  expect(versions()).toHaveLength(1);
});

it('goes at the next start when the app died in between', async () => {
  const runId = await run('one');
  await center.close();
  // The transaction of the deletion, and nothing after it.
  const db = new Database(state('workflow-state', 'state.db'));
  db.pragma('foreign_keys = ON');
  const runNo = db.prepare('SELECT run_no FROM runs WHERE run_id = ?').pluck().get(runId);
  db.prepare('DELETE FROM runs WHERE run_no = ?').run(runNo);
  db.prepare('DELETE FROM journal WHERE stream = ?').run(runNo);
  db.close();
  // And the half of a removal of a version.
  mkdirSync(state('archives', `.gone-${versions()[0]}`));
  center = await open();
  await center.close();
  expect([leftIn('blobs'), versions(), readdirSync(state('runs'))]).toEqual([[], [], []]);
  center = await open();
  expect(await call('runs.list', { limit: 10 })).toMatchObject({ runs: [] });
});

it('a version that is being started again stays, whoever deletes its last run at that moment', async () => {
  const first = await run('one');
  const [started] = await Promise.all([
    call<{ runId: string }>('runs.retry', { runId: first }),
    call('runs.delete', { runId: first }).catch(() => undefined),
  ]);
  await center.drained();
  expect(await call('runs.get', { runId: started.runId })).toMatchObject({ run: { status: 'completed' } });
  expect(versions()).toHaveLength(1);
});

it('a version that a run has pinned for one of its steps stays, and goes with that run', async () => {
  const folder = join(root, '.aiworkflow', 'workflows');
  writeFileSync(
    join(folder, 'caller.md'),
    [
      '---',
      'workflow: {id: caller, name: Caller}',
      '---',
      '## Step 1: Ask',
      '```yaml',
      'id: ask',
      'approval: Go?',
      '```',
      '## Step 2: Call',
      '```yaml',
      'id: call',
      'workflow: one',
      '```',
      '',
    ].join('\n'),
  );
  const parent = await run('caller');
  const alone = await run('one');
  await call('runs.delete', { runId: alone });
  expect(versions()).toHaveLength(2);
  const { approvals } = await call<{ approvals: { id: string }[] }>('approvals.list', {});
  const { hash } = await call<{ hash: string }>('approvals.get', { id: approvals[0]?.id });
  await call('approvals.approve', { id: approvals[0]?.id, hash });
  await center.drained();
  expect(await call('runs.get', { runId: parent })).toMatchObject({ run: { status: 'completed' } });

  const { runs } = await call<{ runs: { runId: string; parentRunId: string | null }[] }>('runs.list', { limit: 10 });
  await call('runs.delete', { runId: runs.find(({ parentRunId }) => parentRunId === parent)?.runId });
  expect(versions()).toHaveLength(2);
  await call('runs.delete', { runId: parent });
  expect([versions(), readdirSync(state('runs'))]).toEqual([[], []]);
});

it('its words go from the index of the search', async () => {
  writeWorkflow('three', 'Three');
  const { runId } = await call<{ runId: string }>('runs.start', { workflow: 'three', inputs: { text: 'xylophone' } });
  await center.drained();
  const search = () => call<{ runs: { run: { runId: string } }[] }>('runs.search', { text: 'XYLOphone' });
  expect(await search()).toMatchObject({
    runs: [{ run: { runId }, places: [{ field: 'input', path: null, line: null, found: 'xylophone' }, {}, {}] }],
    nextCursor: null,
    index: { state: 'ready', waiting: 0 },
  });
  await expect(call('runs.search', { text: 'x', runId: 'nobody' })).rejects.toThrow('run.not_found');
  await call('runs.delete', { runId });
  expect(await search()).toMatchObject({ runs: [] });
  await center.close();
  const db = new Database(state('workflow-state', 'search.db'));
  expect(db.prepare('SELECT (SELECT count(*) FROM indexed), (SELECT count(*) FROM blocks)').raw().get()).toEqual([
    0, 0,
  ]);
  db.close();
});
