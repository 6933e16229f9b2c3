import { execFileSync, spawn } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { BUILT_CRASH_HOST } from '../support/built-crash-host.ts';
import { LocalProject } from '../support/local-project.ts';
import { waitUntil } from '../support/wait-until.ts';

/** SPEC §3.10: a built-in of git that is killed anywhere goes on, and what it did counts once. */
let project: LocalProject | null = null;
afterEach(async () => {
  await project?.close();
  project = null;
});

/** A repository with two commits and a run that makes a branch, resets it and removes another one; gives both commits. */
function repository(of: LocalProject): readonly [string, string] {
  const git = gitOf(of);
  git('init', '-q', '-b', 'main');
  const commits = ['version 1', 'version 2'].map((text) => {
    of.write('version.txt', text);
    git('add', 'version.txt');
    git('-c', 'user.name=t', '-c', 'user.email=t@example.test', 'commit', '-qm', text);
    return git('rev-parse', 'HEAD');
  });
  const [first = '', second = ''] = commits;
  git('branch', 'old', first);
  of.addWorkflow('acts', [
    ['action: workflow.git_branch_create', 'inputs: {branch: topic, checkout: true}'],
    ['action: workflow.reset_hard', `inputs: {commit: ${first}}`],
    ['action: workflow.git_branch_delete', `inputs: {branch: old, commit: ${first}}`],
    ['action: workflow.fail', 'on_error: rollback'],
  ]);
  return [first, second];
}

const gitOf =
  (of: LocalProject) =>
  (...args: readonly string[]): string =>
    execFileSync('git', ['-C', of.path, ...args], { encoding: 'utf8' }).trim();

/** Starts the run in a process of its own; gives whether that was killed. */
async function start(of: LocalProject, failpoint: string): Promise<boolean> {
  await of.leave();
  const child = spawn(process.execPath, [BUILT_CRASH_HOST, of.path, '1', 'acts'], {
    env: { ...process.env, AIWORKFLOW_FAILPOINT: failpoint },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const [, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('close', (...ended) => resolve(ended)),
  );
  return signal !== null;
}

it.each(['git.begun', 'git.made', 'git.acted'])('killed at %s, forwards and in the rollback', async (place) => {
  for (let hit = 1; ; hit += 1) {
    project = new LocalProject();
    const git = gitOf(project);
    const [first, second] = repository(project);
    const wasKilled = await start(project, `${place}:${hit}`);
    await project.reopen(true);
    const found = async () => (await project?.call('runs.list', { limit: 2 }))?.runs ?? [];
    await waitUntil('the run has ended', async () => (await found())[0]?.status === 'failed');
    const [run] = await found();
    const { steps, rollback } = await project.call('runs.get', { runId: run?.runId ?? '' });
    // Three steps, the one that fails, and what undid the three.
    expect(steps.flatMap(({ error }) => error?.code ?? [])).toEqual(['workflow.failed_by_author']);
    expect(steps).toHaveLength(7);
    expect(rollback?.steps.map(({ end }) => end?.status)).toEqual(['completed', 'completed', 'completed']);
    expect(git('for-each-ref', '--format=%(refname:short) %(objectname)', 'refs/heads')).toBe(
      `main ${second}\nold ${first}`,
    );
    expect([git('symbolic-ref', '--short', 'HEAD'), git('status', '--porcelain', '-uno')]).toEqual(['main', '']);
    await project.close();
    project = null;
    if (wasKilled) continue;
    // Three acts and what undoes them.
    expect(hit).toBe(7);
    return;
  }
});
