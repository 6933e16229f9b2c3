import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { isInside, resolveInside } from '../../files/index.ts';

/** Runs git in the folder of a repository; gives what it printed. `git.failed`. */
export type Git = (...args: readonly string[]) => Promise<string>;

/** A repository of the project. */
export interface Repository {
  /** Its folder, by real path. */
  readonly top: string;
  readonly git: Git;
}

/** Where whoever started this program stood: a repository that is named by a folder is that one. */
const OF_THE_CALLER = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_NAMESPACE'];

/**
 * The repository at a folder of the project (relative to it, or absolute inside it). Errors: `file.outside` where it leaves the project or
 * begins above it, `git.failed` where there is none.
 */
export async function openRepository(project: string, repo: string): Promise<Repository> {
  const root = await realpath(project);
  const folder = await resolveInside(root, isAbsolute(repo) ? await below(root, repo) : repo);
  const git: Git = (...args) => runGit(folder, args);
  const top = (await git('rev-parse', '--show-toplevel')).trim();
  if (!isInside(root, top)) throw new AppError('file.outside', `The repository at ${repo} begins above the project.`);
  return { top, git };
}

async function below(root: string, path: string): Promise<string> {
  const real = await realpath(path).catch(() => path);
  if (isInside(root, real)) return relative(root, real);
  throw new AppError('file.outside', `The repository at ${path} is not in the project.`);
}

/** A commit by all of its digits. `tool.invalid_params`. */
export function exactCommit(commit: string, of: string): string {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) return commit;
  throw new AppError('tool.invalid_params', `'commit' of ${of} is an exact commit, all of its digits.`, {
    hint: "Have the step that commits give what 'git rev-parse HEAD' prints.",
  });
}

/** Throws `git.not_clean` where files that git knows were changed and not committed; looks without writing anything. */
export async function requireClean(git: Git, what: string): Promise<void> {
  if ((await git('--no-optional-locks', 'status', '--porcelain', '--untracked-files=no')) === '') return;
  throw new AppError('git.not_clean', `Files of the repository were changed and not committed: ${what}.`, {
    hint: 'Commit them or put them aside, then try again.',
  });
}

/** The commit that a full name of a ref stands at; null = there is no such ref. */
export async function refAt(git: Git, ref: string): Promise<string | null> {
  const found = (await git('for-each-ref', '--format=%(refname) %(objectname)', ref))
    .split('\n')
    .find((line) => line.startsWith(`${ref} `));
  return found?.slice(ref.length + 1) ?? null;
}

/** No ref may stand there yet: what `update-ref` compares with. */
export const nothingAt = (commit: string): string => '0'.repeat(commit.length);

/** Where a commit stays that a step lets go of; the step is named by its key. */
export const keptAs = (key: string): string => `refs/aiworkflow/kept/${key}`;

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
