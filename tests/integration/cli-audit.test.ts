import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';

let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
  world.write({ '.aiworkflow/workflows/hello.md': workflowText('hello', [['action: workflow.noop']]) });
  await world.run('run', 'hello');
});
afterAll(() => world.dispose());

it('audit query lists what was done, and takes types by all their names', async () => {
  const all = (await world.run('--json', 'audit', 'query', '--resource-type', 'workflow')).json<{
    events: { event_type: string; door: string; details: object }[];
    count: number;
    total: number;
  }>();
  expect(all).toMatchObject({ count: 2, total: 2 });
  expect(all.events.map(({ event_type, door }) => [event_type, door])).toEqual([
    ['workflow.completed', 'engine'],
    ['workflow.executed', 'cli'],
  ]);
  const text = await world.run('audit', 'query', '--type', 'WORKFLOW_EXECUTED');
  expect(text.stdout).toMatch(/SEQ +TIME +USER +RESULT +RESOURCE +EVENT/);
  expect(text.stdout).toMatch(/ok +workflow:hello +workflow\.executed execute/);
  const wrong = await world.run('audit', 'query', '--type', 'nothing');
  expect(wrong.exitCode).toBe(1);
  expect(wrong.stderr).toMatch(/there is no such type of event/);
});

it('audit export writes a file and a manifest, which are checked without the project', async () => {
  const exported = await world.run('--json', 'audit', 'export', '-o', 'out.jsonl');
  const file = join(world.project, 'out.jsonl');
  expect(exported.json()).toMatchObject({ file, format: 'jsonl', complete: true, first_seq: 1 });
  const elsewhere = await world.runIn(world.home, '--json', 'audit', 'verify', file);
  expect(elsewhere.json()).toMatchObject({ valid: true, first_bad_seq: null });
  writeFileSync(file, readFileSync(file, 'utf8').replace('"execute"', '"exekute"'));
  const changed = await world.run('audit', 'verify', 'out.jsonl');
  expect(changed.exitCode).toBe(1);
  expect(changed.stdout).toMatch(/^ERROR Event \d+ is not what was written/);
  const nowhere = await world.run('audit', 'export', '-o', 'no/such/folder/x.csv', '--format', 'csv');
  expect(nowhere.exitCode).toBe(1);
  expect(nowhere.stderr).toMatch(/^Error: no\/such\/folder\/x\.csv cannot be read or written/);
  expect(existsSync(join(world.project, 'no'))).toBe(false);
  expect((await world.run('audit', 'verify', 'missing.jsonl')).exitCode).toBe(1);
});

it('audit evidence writes one file about a run, which is checked without the project', async () => {
  const { events } = (await world.run('--json', 'audit', 'query', '--type', 'workflow.executed')).json<{
    events: { details: { run_id: string } }[];
  }>();
  const run = events[0]?.details.run_id ?? '';
  const written = await world.run('--json', 'audit', 'evidence', run, '-o', 'pack.jsonl');
  const file = join(world.project, 'pack.jsonl');
  expect(written.json()).toEqual({ file, run_id: run });
  const text = readFileSync(file, 'utf8');
  const whole = await world.runIn(world.home, 'audit', 'verify', file);
  expect([whole.exitCode, whole.stdout]).toEqual([
    0,
    expect.stringMatching(/^OK The evidence pack is whole and signed/),
  ]);
  writeFileSync(file, text.replace('"part":"cost","usd":"0"', '"part":"cost","usd":"9"'));
  const changed = await world.run('audit', 'verify', 'pack.jsonl');
  expect([changed.exitCode, changed.stdout]).toEqual([
    1,
    expect.stringMatching(/^ERROR Line \d+: it is not what was sealed/),
  ]);
  expect((await world.run('audit', 'evidence', 'run-x', '-o', 'none.jsonl')).exitCode).toBe(1);
  expect(existsSync(join(world.project, 'none.jsonl'))).toBe(false);
});

it('audit verify ends with 1 where the chain is broken, and names the event', async () => {
  const whole = await world.run('audit', 'verify');
  expect([whole.exitCode, whole.stdout]).toEqual([
    0,
    expect.stringMatching(/^OK The chain is whole\.[\s\S]*Head: \d+ [0-9a-f]{64}/),
  ]);
  const db = new Database(join(world.project, '.aiworkflow/state/workflow-state/state.db'));
  db.exec('DROP TRIGGER audit_goes_only_by_a_cut; DELETE FROM audit WHERE seq = 2');
  db.close();
  const broken = await world.run('--json', 'audit', 'verify');
  expect(broken.exitCode).toBe(1);
  expect(broken.json()).toMatchObject({ valid: false, state: 'missing', first_bad_seq: 2 });
  const doctor = await world.run('doctor');
  expect(doctor.exitCode).toBe(1);
  expect(doctor.stdout).toMatch(/^ERROR +Audit Chain +missing +Event 2 is missing/m);
});
