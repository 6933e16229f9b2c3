import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { isInside, resolveInside } from '../files/index.ts';

/** What is reverted: an exact commit of a repository of the project; `repo` relative to the project. */
export interface GitRevertRequest {
  readonly repo: string;
  readonly commit: string;
}

/** The commit that reverts it; `wasThere` = it had been made before. */
export interface GitReverted {
  readonly revertedBy: string;
  readonly wasThere: boolean;
}

/** Where whoever started this program stood: a repository that is named by a folder is that one. */
const OF_THE_CALLER = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_NAMESPACE'];

/**
 * Takes a commit back by a commit, once: asked again it finds the one that did. Nothing is changed unless the tree is clean and the commit is
 * part of what is checked out; a conflict is taken back whole. Errors: `tool.invalid_params`, `file.outside`, `git.not_clean`, `git.conflict`,
 * `git.failed` (SPEC §3.10).
 */
export async function gitRevert(project: string, { repo, commit }: GitRevertRequest): Promise<GitReverted> {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit))
    throw new AppError(
      'tool.invalid_params',
      "'commit' of workflow.git_revert is an exact commit, all of its digits.",
      {
        hint: "Have the step that commits give what 'git rev-parse HEAD' prints.",
      },
    );
  const folder = await resolveInside(project, repo);
  const git = (...args: readonly string[]): Promise<string> => runGit(folder, args);
  const top = (await git('rev-parse', '--show-toplevel')).trim();
  if (!isInside(await realpath(project), top))
    throw new AppError('file.outside', `The repository at ${repo} begins above the project.`);
  const before = await revertOf(git, commit);
  if (before !== null) return { revertedBy: before, wasThere: true };
  if ((await git('status', '--porcelain', '--untracked-files=no')) !== '')
    throw new AppError(
      'git.not_clean',
      'Files of the repository were changed and not committed: nothing is reverted.',
      {
        hint: 'Commit them or put them aside, then roll back again.',
      },
    );
  try {
    await git('revert', '--no-edit', commit);
  } catch (thrown) {
    // Nothing to abort is as good.
    await git('revert', '--abort').catch(() => undefined);
    throw new AppError(
      'git.conflict',
      `The commit ${commit.slice(0, 12)} cannot be reverted: later ones build on it.`,
      {
        hint: 'Revert it by hand.',
        cause: thrown,
      },
    );
  }
  return { revertedBy: (await git('rev-parse', 'HEAD')).trim(), wasThere: false };
}

type Git = (...args: readonly string[]) => Promise<string>;

/** The commit that reverts another one; null = none does. `git.failed` where that one is no part of what is checked out. */
async function revertOf(git: Git, commit: string): Promise<string | null> {
  await git('merge-base', '--is-ancestor', commit, 'HEAD');
  const told = ['-F', `--grep=This reverts commit ${commit}.`];
  const [found = ''] = (await git('log', '--format=%H', ...told, `${commit}..HEAD`)).split('\n');
  return found === '' ? null : found;
}

function runGit(folder: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'true' };
  for (const name of OF_THE_CALLER) delete (env as NodeJS.ProcessEnv)[name];
  return new Promise((resolve, reject) => {
    execFile('git', ['-C', folder, ...args], { env, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const said = stderr.trim().split('\n')[0] ?? '';
      const message = said === '' ? `'git ${args[0]}' failed (${error.code}).` : `git: ${said}`;
      return reject(new AppError('git.failed', message, { hint: 'Look at the repository by hand.', cause: error }));
    });
  });
}
