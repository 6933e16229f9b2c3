import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';

interface Plan {
  readonly changes: readonly { readonly path: string; readonly state: string; readonly renamed: string | null }[];
  readonly undos: readonly { readonly name: string; readonly undoes: string | null; readonly restored: number }[];
}

const EDIT = `#!/usr/bin/env bash
cd "$PLACE/out"
echo new > a.txt; echo new > b.txt; mv old.txt moved.txt
echo '{}'
`;

let world: CliWorld;
let runId = '';
const path = (name: string): string => join(world.project, 'out', name);
const text = (name: string): string | null => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : null);

const real = (...args: readonly string[]) => world.start(...args).ended;

beforeAll(async () => {
  world = await openCliWorld();
  world.write({
    'out/a.txt': 'old a\n',
    'out/b.txt': 'old b\n',
    'out/old.txt': 'kept\n',
    'edits/workflow.md': workflowText('edits', [['action: edit.run', 'workspace: [out]']]),
    'edits/config.yaml': `name: edits\nenv: {PLACE: ${JSON.stringify(world.project)}}\n`,
    'edits/tools/edit.sh': EDIT,
    'plain.md': workflowText('plain', [['action: workflow.noop']]),
  });
  runId = String((await world.run('run', 'edits', '--json')).json().run_id);
});
afterAll(() => world.dispose());

it('runs undo, as a process of its own: the plan changes nothing, the act leaves what was changed since, and goes back', async () => {
  const planned = await real('runs', 'undo', runId, '--dry-run', '--json');
  expect(planned.exitCode).toBe(0);
  expect(planned.json<Plan>()).toMatchObject({
    ...{ run_id: runId, dry_run: true, gaps: [], undos: [] },
    changes: [
      { path: 'out/a.txt', change: 'changed', state: 'undoable', renamed: null },
      { path: 'out/b.txt', change: 'changed', state: 'undoable' },
      { path: 'out/moved.txt', change: 'added', renamed: 'out/old.txt' },
      { path: 'out/old.txt', change: 'removed', renamed: 'out/moved.txt' },
    ],
  });
  const said = await real('runs', 'undo', runId, '--dry-run');
  expect(said.stdout).toContain('out/moved.txt (renamed from out/old.txt): can be put back');
  expect(said.stdout).toContain("Others may have written while a step ran: that counts as the step's.");
  expect(text('a.txt')).toBe('new\n');

  writeFileSync(path('b.txt'), 'clerk\n');
  const some = await real('runs', 'undo', runId, '--path', 'out/a.txt', '--json');
  expect([some.exitCode, some.json()]).toMatchObject([0, { undo: 'undo-1', restored: 1, kept: 0, problems: [] }]);
  expect([text('a.txt'), text('moved.txt')]).toEqual(['old a\n', 'kept\n']);

  // What was left as it is is a word of its own, and no success.
  const all = await real('runs', 'undo', runId, '--json');
  expect([all.exitCode, all.json()]).toMatchObject([
    1,
    { undo: 'undo-2', restored: 2, kept: 1, problems: [{ path: 'out/b.txt' }] },
  ]);
  expect([text('b.txt'), text('old.txt'), text('moved.txt')]).toEqual(['clerk\n', 'kept\n', null]);
  const refused = await real('runs', 'undo', runId, '--json');
  expect([refused.exitCode, refused.json()]).toMatchObject([1, { code: 'undo.changed_since' }]);

  const forced = await real('runs', 'undo', runId, '--overwrite');
  expect([forced.exitCode, text('b.txt')]).toEqual([0, 'old b\n']);
  expect(forced.stdout).toContain(`aiworkflow runs undo ${runId} --back undo-3`);
  expect((await real('runs', 'undo', runId, '--json')).json()).toMatchObject({ code: 'undo.nothing' });

  // The undo of each undo brings back what stood there before it.
  expect((await real('runs', 'undo', runId, '--back', 'undo-3')).exitCode).toBe(0);
  expect(text('b.txt')).toBe('clerk\n');
  expect((await real('runs', 'undo', runId, '--back', 'undo-2', '--json')).json()).toMatchObject({ restored: 2 });
  expect([text('old.txt'), text('moved.txt')]).toEqual([null, 'kept\n']);
  const { undos } = (await real('runs', 'undo', runId, '--dry-run', '--json')).json<Plan>();
  expect(undos.map(({ name, undoes }) => [name, undoes])).toEqual([
    ['undo-1', null],
    ['undo-2', null],
    ['undo-3', null],
    ['undo-4', 'undo-3'],
    ['undo-5', 'undo-2'],
  ]);
});

it('runs undo: what is not there, not covered or does not go together is said, and nothing is done', async () => {
  const before = text('a.txt');
  const failed = async (code: number, ...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await world.run('runs', 'undo', ...args);
    expect([args, exitCode]).toEqual([args, code]);
    return stdout + stderr;
  };
  expect(await failed(2, runId, '--path', 'out/nothing.txt')).toContain(
    "The run changed nothing at 'out/nothing.txt'.",
  );
  expect(await failed(2, runId, '--back', 'undo-1', '--overwrite')).toContain("'--back' takes back a whole undo");
  expect(await failed(1, runId, '--back', 'undo-99')).toContain("This run has no undo 'undo-99'.");
  await failed(1, 'edits-20200101-000000-00000000');
  const plain = String((await world.run('run', 'plain.md', '--json')).json().run_id);
  expect(await failed(0, plain, '--dry-run')).toContain("No step of this run says under 'workspace' what undo covers.");
  expect(await failed(1, plain)).toContain('There is nothing to take back.');
  expect(text('a.txt')).toBe(before);
});
