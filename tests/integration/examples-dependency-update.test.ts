import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { type ExampleWorld, openExample } from '../support/run-example.ts';

/** SPEC §15 dependency-update: a real repository, a branch, commits, a question before the merge, and all of it back. */
let world: ExampleWorld;
beforeAll(async () => {
  world = await openExample('dependency-update', ['agent:', '  primary: demo']);
});
afterAll(() => world.dispose());

interface Asked {
  readonly runId: string;
  readonly git: (...args: readonly string[]) => string;
  readonly file: (name: string) => string;
}

/** Runs it until it asks; decides as it is told. */
async function ask(inputs: readonly string[], ...decision: readonly string[]): Promise<Asked> {
  const ran = await world.run(...inputs.flatMap((input) => ['-i', input]));
  expect(ran.exitCode).toBe(3);
  const shop = join(projectPaths(world.cli.project).runsDir, ran.result.run_id, 'files', 'shop');
  expect(existsSync(join(shop, '.git'))).toBe(true);
  const { approvals } = (await world.cli.run('--json', 'approvals', 'list')).json<{ approvals: { id: string }[] }>();
  const [verb = '', ...more] = decision;
  const decided = await world.cli.run('--json', 'approvals', verb, approvals[0]?.id ?? '', ...more);
  expect(decided.exitCode, decided.stderr).toBe(0);
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', shop, ...args], { encoding: 'utf8' }).trim();
  return { runId: ran.result.run_id, git, file: ran.file };
}

const outputsOf = async (runId: string) =>
  (await world.cli.run('--json', 'runs', 'show', runId)).json<{ final_output: Record<string, unknown> }>().final_output;

it('merges the updates that the policy allows once somebody agrees, and a rollback takes back the merge too', async () => {
  const { runId, git, file } = await ask([], 'approve');
  expect(await outputsOf(runId)).toMatchObject({
    merged: true,
    commit: git('rev-parse', 'main'),
    updates: [
      { name: 'express', from: '4.17.1', to: '4.21.1', level: 'minor' },
      { name: 'lodash', from: '4.17.15', to: '4.17.21', level: 'patch' },
      { name: 'typescript', from: '5.1.0', to: '5.6.3', level: 'minor' },
    ],
  });
  expect(git('log', '--format=%s', 'main').split('\n')).toEqual([
    'Update 3 npm dependencies',
    'Note the updates in the changelog',
    'Update typescript from 5.1.0 to 5.6.3',
    'Update lodash from 4.17.15 to 4.17.21',
    'Update express from 4.17.1 to 4.21.1',
    'The shop as it is',
  ]);
  await expect(git('show', 'main:package.json')).toMatchFileSnapshot('./golden/dependency-update.package.txt');
  await expect(git('show', 'main:CHANGELOG.md')).toMatchFileSnapshot('./golden/dependency-update.changelog.md');
  await expect(file('pull-request.md')).toMatchFileSnapshot('./golden/dependency-update.pull-request.md');

  const back = await world.cli.run('--json', 'runs', 'rollback', runId);
  expect(back.exitCode, back.stdout).toBe(0);
  expect(git('for-each-ref', '--format=%(refname:short)', 'refs/heads')).toBe('main');
  expect([git('log', '--format=%s'), git('status', '--porcelain')]).toEqual(['The shop as it is', '']);
});

it('stands where it stood after the merge was rejected; what was made can still be found', async () => {
  const { runId, git } = await ask(['ecosystem=pypi', 'policy=patch'], 'reject', '--reason', 'not now');
  expect(await outputsOf(runId)).toMatchObject({
    merged: false,
    note: expect.stringContaining('Approval rejected'),
    commit: git('rev-parse', 'main'),
    updates: [
      { name: 'requests', to: '2.28.2' },
      { name: 'jinja2', to: '3.0.3' },
    ],
    held: expect.arrayContaining([{ name: 'flask', why: '3.0.3 is a major update' }]),
  });
  expect(git('for-each-ref', '--format=%(refname:short)', 'refs/heads')).toBe('main');
  expect([git('symbolic-ref', '--short', 'HEAD'), git('log', '--format=%s'), git('status', '--porcelain')]).toEqual([
    ...['main', 'The shop as it is', ''],
  ]);
  const kept = git('for-each-ref', '--format=%(subject)', 'refs/aiworkflow/kept').split('\n');
  expect(kept).toContain('Note the updates in the changelog');
});
