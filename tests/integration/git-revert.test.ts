import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundleText } from '../support/gated-project.ts';
import { LocalProject } from '../support/local-project.ts';

/** Commits a line more, and says which commit that is. */
const COMMIT = `#!/usr/bin/env bash
cd "$PLACE"
echo "version 2" > version.txt
git -c user.name=t -c user.email=t@example.test commit -qam "Version 2"
echo "{\\"commit\\": \\"$(git rev-parse HEAD)\\"}"
`;

let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
});
afterEach(() => project.close());

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', project.path, ...args], { encoding: 'utf8' }).trim();
const version = (): string => readFileSync(join(project.path, 'version.txt'), 'utf8');

function addBundle(id: string, compensate: string): void {
  const folder = `.aiworkflow/bundles/${id}`;
  const steps = [
    ['action: commit.run', `compensate: {action: workflow.git_revert, inputs: ${compensate}}`],
    ['action: workflow.fail', 'on_error: rollback'],
  ];
  project.write(`${folder}/workflow.md`, bundleText(id, { name: id, steps }));
  project.write(`${folder}/config.yaml`, `name: ${id}\nenv: {PLACE: ${JSON.stringify(project.path)}}\n`);
  project.write(`${folder}/tools/commit.sh`, COMMIT);
}

function makeRepository(): void {
  git('init', '-q');
  git('config', 'user.name', 't');
  git('config', 'user.email', 't@example.test');
  project.write('version.txt', 'version 1\n');
  git('add', 'version.txt');
  git('commit', '-qm', 'First');
}

/** How the undo of the commit ended, and why. */
async function undone(runId: string) {
  const { rollback } = await project.call('runs.get', { runId });
  return rollback?.steps.map(({ end, error }) => [end?.status, error])[0];
}

it('a rollback takes a commit back by a commit, once, and leaves the history as it was', async () => {
  makeRepository();
  addBundle('release', '{commit: "{{ output.commit }}"}');
  const runId = await project.run('release');
  expect(await undone(runId)).toEqual(['completed', null]);
  expect(version()).toBe('version 1\n');
  const [revert = '', commit = '', first] = git('log', '--format=%s').split('\n');
  expect([revert, commit, first]).toEqual(['Revert "Version 2"', 'Version 2', 'First']);
  expect(git('status', '--porcelain', '--untracked-files=no')).toBe('');

  // As a step of its own it finds what was done, and does nothing more.
  const steps = [
    ['action: workflow.git_revert', `inputs: {commit: ${git('rev-parse', 'HEAD~1')}}`, 'output_variable: back'],
    ['action: workflow.set_outputs', 'inputs: {by: "{{ back.reverted_by }}", before: "{{ back.was_there }}"}'],
  ];
  project.addWorkflow('again', steps);
  const again = await project.run('again');
  const { final_output } = await project.call('runs.result', { runId: again });
  expect(final_output).toMatchObject({ by: git('rev-parse', 'HEAD'), before: true });
  expect(git('rev-list', '--count', 'HEAD')).toBe('3');
});

it('changes nothing where files are not committed, later commits build on it, or the commit is not exact', async () => {
  makeRepository();
  addBundle('release', '{commit: "{{ output.commit }}"}');
  project.write('notes.txt', 'mine\n');
  git('add', 'notes.txt');
  const index = readFileSync(join(project.path, '.git/index'));
  const dirty = [
    ['action: workflow.git_revert', `inputs: {commit: ${git('rev-parse', 'HEAD')}}`, 'on_error: continue'],
    ['action: workflow.git_revert', 'inputs: {commit: HEAD}', 'on_error: continue'],
    ['action: workflow.git_revert', 'inputs: {commit: HEAD, repo_path: ../elsewhere}', 'on_error: continue'],
    ['action: workflow.noop'],
  ];
  project.addWorkflow('dirty', dirty);
  const runId = await project.run('dirty');
  const { steps } = await project.call('runs.get', { runId });
  expect(steps.map(({ error }) => error?.code)).toEqual([
    ...['git.not_clean', 'tool.invalid_params', 'tool.invalid_params', undefined],
  ]);
  expect(readFileSync(join(project.path, '.git/index')).equals(index)).toBe(true);

  git('commit', '-qm', 'Notes');
  const target = git('rev-parse', 'HEAD~1');
  project.write('version.txt', 'version 3\n');
  git('commit', '-qam', 'Version 3');
  const head = git('rev-parse', 'HEAD');
  project.addWorkflow('late', [['action: workflow.git_revert', `inputs: {commit: ${target}}`]]);
  const late = await project.run('late');
  const [failed] = (await project.call('runs.get', { runId: late })).steps;
  expect(failed?.error?.code).toBe('git.conflict');
  expect([git('rev-parse', 'HEAD'), git('status', '--porcelain', '--untracked-files=no'), version()]).toEqual([
    ...[head, '', 'version 3\n'],
  ]);
});
