import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';

/** SPEC §3.10, handlers of git: what they make is undone by a rollback without a word, and what others did meanwhile stays. */
let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 't');
  git('config', 'user.email', 't@example.test');
  commit('version 1');
});
afterEach(() => project.close());

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', project.path, ...args], { encoding: 'utf8' }).trim();
const version = (): string => readFileSync(join(project.path, 'version.txt'), 'utf8').trim();

function commit(text: string): string {
  project.write('version.txt', `${text}\n`);
  git('add', 'version.txt');
  git('commit', '-qm', text);
  return git('rev-parse', 'HEAD');
}

/** Runs a workflow of these steps; gives its steps by path, with the code of what failed. */
async function run(id: string, steps: readonly (readonly string[])[]) {
  project.addWorkflow(id, steps);
  const runId = await project.run(id);
  const view = await project.call('runs.get', { runId });
  return {
    codes: view.steps.map(({ error }) => error?.code ?? null),
    undone: view.rollback?.steps.map(({ end, error }) => [end?.status, error]),
    output: (await project.call('runs.result', { runId })).final_output,
  };
}

const FAIL = ['action: workflow.fail', 'on_error: rollback'];

it('a rollback takes back a branch, a reset and a removed branch, each by what it says of itself', async () => {
  const [first, second] = [git('rev-parse', 'HEAD'), commit('version 2')];
  git('branch', 'old', first);
  const { undone } = await run('all', [
    ['action: workflow.git_branch_create', 'inputs: {branch: work/one, checkout: true}'],
    ['action: workflow.reset_hard', `inputs: {commit: ${first}}`],
    ['action: workflow.git_branch_delete', `inputs: {branch: old, commit: ${first}}`],
    FAIL,
  ]);
  expect(undone).toEqual([
    ['completed', null],
    ['completed', null],
    ['completed', null],
  ]);
  expect(git('for-each-ref', '--format=%(refname:short) %(objectname)', 'refs/heads')).toBe(
    `main ${second}\nold ${first}`,
  );
  expect([git('symbolic-ref', '--short', 'HEAD'), version(), git('status', '--porcelain', '-uno')]).toEqual([
    ...['main', 'version 2', ''],
  ]);
  // What a reset and a removal let go of is still there.
  expect(git('for-each-ref', '--format=%(objectname)', 'refs/aiworkflow/kept').split('\n')).toContain(second);
});

it('says what it did, and each can be asked for by hand', async () => {
  const [first, second] = [git('rev-parse', 'HEAD'), commit('version 2')];
  const { codes, output } = await run('said', [
    ['action: workflow.git_branch_create', 'inputs: {branch: topic, start: HEAD~1}', 'output_variable: made'],
    ['action: workflow.reset_hard', `inputs: {commit: ${first}, from: ${second}}`, 'output_variable: reset'],
    [
      'action: workflow.git_branch_delete',
      'inputs: {branch: topic, commit: "{{ made.commit }}"}',
      'output_variable: gone',
    ],
    ['action: workflow.set_outputs', 'inputs: {made: "{{ made }}", reset: "{{ reset }}", gone: "{{ gone }}"}'],
  ]);
  expect(codes).toEqual([null, null, null, null]);
  expect(output).toMatchObject({
    made: { branch: 'topic', commit: first, was_on: null },
    reset: { commit: first, before: second },
    gone: { branch: 'topic', was_gone: false },
  });
  expect([git('branch', '--format=%(refname:short)'), version()]).toEqual(['main', 'version 1']);
});

it('what others did meanwhile stays: a branch that moved, a commit on top, files that git does not know', async () => {
  const [first, second] = [git('rev-parse', 'HEAD'), commit('version 2')];
  git('branch', 'theirs', first);
  project.write('.gitignore', 'notes.txt\n');
  project.write('notes.txt', 'of the commit\n');
  git('add', '-f', '.gitignore', 'notes.txt');
  git('commit', '-qm', 'Notes');
  const notes = git('rev-parse', 'HEAD');
  git('reset', '-q', '--hard', second);
  project.write('.git/info/exclude', 'notes.txt\n');
  project.write('notes.txt', 'mine\n');
  const go = 'on_error: continue';
  const { codes } = await run('theirs', [
    ['action: workflow.git_branch_create', 'inputs: {branch: theirs}', go],
    ['action: workflow.git_branch_delete', `inputs: {branch: theirs, commit: ${second}}`, go],
    ['action: workflow.git_branch_delete', `inputs: {branch: main, commit: ${second}}`, go],
    ['action: workflow.reset_hard', `inputs: {commit: ${first}, from: ${first}}`, go],
    ['action: workflow.reset_hard', `inputs: {commit: ${notes}}`, go],
  ]);
  expect(codes).toEqual([...['git.branch_exists', 'git.moved', 'git.checked_out', 'git.moved', 'git.not_clean']]);
  project.write('version.txt', 'not committed\n');
  const dirty = await run('dirty', [
    ['action: workflow.reset_hard', `inputs: {commit: ${first}}`, go],
    ['action: workflow.git_branch_create', 'inputs: {branch: topic, checkout: true}', go],
  ]);
  expect(dirty.codes).toEqual(['git.not_clean', 'git.not_clean']);
  expect(git('for-each-ref', '--format=%(refname) %(objectname)')).toBe(
    `refs/heads/main ${second}\nrefs/heads/theirs ${first}`,
  );
  expect([version(), readFileSync(join(project.path, 'notes.txt'), 'utf8')]).toEqual(['not committed', 'mine\n']);
});

it('a rollback leaves a branch that somebody committed to, and says so', async () => {
  const folder = '.aiworkflow/bundles/moved';
  project.write(`${folder}/config.yaml`, `name: moved\nenv: {PLACE: ${JSON.stringify(project.path)}}\n`);
  const others = 'git -C "$PLACE" commit -q --allow-empty -m theirs';
  project.write(`${folder}/tools/others.sh`, `#!/usr/bin/env bash\n${others}\n`);
  const steps = [
    'action: workflow.git_branch_create\ninputs: {branch: topic, checkout: true}',
    'action: others.run\nrollback: none',
    FAIL.join('\n'),
  ].map((text, at) => `## Step ${at + 1}: Part ${at + 1}\n\n\`\`\`yaml\n${text}\n\`\`\`\n`);
  project.write(`${folder}/workflow.md`, ['---', 'workflow: {id: moved, name: moved}', '---', ...steps].join('\n'));
  const runId = await project.run('moved');
  const { rollback } = await project.call('runs.get', { runId });
  expect(rollback?.steps.map(({ path, end, error }) => [path, end?.status, error?.slice(0, 33) ?? null])).toEqual([
    ['step_2', 'skipped', null],
    ['step_1', 'failed', `The branch 'topic' stands at ${git('rev-parse', 'topic').slice(0, 4)}`],
  ]);
  expect(git('log', '-1', '--format=%s', 'topic')).toBe('theirs');
});

it.each([
  ['git_branch_create', '{branch: "--force"}'],
  ['git_branch_create', '{branch: "a..b"}'],
  ['git_branch_create', '{branch: topic, start: "--all"}'],
  ['git_branch_create', '{branch: topic, start: nowhere}'],
  ['git_branch_create', '{branch: topic, checkout: "yes"}'],
  ['git_branch_create', '{}'],
  ['git_branch_delete', '{branch: main, commit: HEAD}'],
  ['git_branch_delete', '{branch: "-D", commit: COMMIT}'],
  ['reset_hard', '{commit: main}'],
  ['reset_hard', '{commit: "--hard"}'],
])('workflow.%s of %s is refused before anything is looked at or done', async (operation, inputs) => {
  const at = git('rev-parse', 'HEAD');
  const step = [`action: workflow.${operation}`, `inputs: ${inputs.replace('COMMIT', at)}`];
  expect((await run('refused', [step])).codes).toEqual(['tool.invalid_params']);
  expect(git('for-each-ref', '--format=%(refname) %(objectname)')).toBe(`refs/heads/main ${at}`);
  expect(existsSync(join(project.path, '.git/index.lock'))).toBe(false);
});
