import { AppError } from '../../../shared/errors.ts';
import type { GitActs } from '../../steps/index.ts';
import { failpoint } from '../../storage/index.ts';
import { exactCommit, type Git, keptAs, nothingAt, openRepository, refAt, requireClean } from './repository.ts';

/**
 * Makes a branch where there is none, and checks it out where that is asked. The key of the step stands in the first line of the branch's
 * log: cut short and asked again, the step knows its own branch, and nobody else's. Errors: `tool.invalid_params`, `file.outside`,
 * `git.branch_exists`, `git.not_clean`, `git.failed` (SPEC §3.10).
 */
export async function createBranch(
  project: string,
  { repo, branch, start, checkout, key }: Parameters<GitActs['createBranch']>[0],
): ReturnType<GitActs['createBranch']> {
  const { git } = await openRepository(project, repo);
  const ref = await branchRef(git, branch);
  const known = await madeBy(git, ref, key);
  const isOn = (await headOf(git)) === branch;
  const wasOn = known !== null && isOn ? await headBefore(git) : await headOf(git);
  if (checkout && !isOn) await requireClean(git, 'nothing is checked out');
  const commit = known ?? (await begin(git, { ref, start, key, branch }));
  if (checkout && !isOn) await git('switch', '--no-guess', '--no-overwrite-ignore', branch);
  failpoint('git.acted');
  return { commit, wasOn: checkout ? wasOn : null };
}

async function begin(
  git: Git,
  {
    ref,
    start,
    key,
    branch,
  }: { readonly ref: string; readonly start: string; readonly key: string; readonly branch: string },
): Promise<string> {
  const commit = await commitOf(git, start);
  if ((await refAt(git, ref)) !== null) throw isThere(branch);
  failpoint('git.begun');
  try {
    await git('update-ref', '--create-reflog', '-m', logLine(key), ref, commit, nothingAt(commit));
  } catch (thrown) {
    // Somebody made it in between.
    if ((await refAt(git, ref)) !== null) throw isThere(branch);
    throw thrown;
  }
  failpoint('git.made');
  return commit;
}

const isThere = (branch: string): AppError =>
  new AppError('git.branch_exists', `There is a branch '${branch}' already: it is left as it is.`, {
    hint: 'Take another name, or look whose branch it is.',
  });

/**
 * Removes a branch that stands at an exact commit; that commit stays under a ref of its own. A branch that is gone already is as good. Errors:
 * `tool.invalid_params`, `file.outside`, `git.moved` where it stands elsewhere, `git.checked_out`, `git.not_clean`, `git.failed`.
 */
export async function deleteBranch(
  project: string,
  { repo, branch, commit, switchTo, key }: Parameters<GitActs['deleteBranch']>[0],
): ReturnType<GitActs['deleteBranch']> {
  exactCommit(commit, 'workflow.git_branch_delete');
  const { git } = await openRepository(project, repo);
  const ref = await branchRef(git, branch);
  const kept = keptAs(key);
  const standsAt = await refAt(git, ref);
  if (standsAt === null) return { keptAs: kept, wasGone: (await refAt(git, kept)) !== commit };
  if (standsAt !== commit)
    throw new AppError(
      'git.moved',
      `The branch '${branch}' stands at ${standsAt.slice(0, 12)} now: it is left as it is.`,
      {
        hint: 'Somebody committed to it since. Look at it and remove it by hand.',
      },
    );
  if (switchTo !== null && (await headOf(git)) === branch) await leave(git, switchTo);
  if ((await git('worktree', 'list', '--porcelain')).split('\n').includes(`branch ${ref}`))
    throw new AppError('git.checked_out', `The branch '${branch}' is checked out: it is left as it is.`, {
      hint: "Name under 'switch_to' what is to be checked out instead.",
    });
  failpoint('git.begun');
  await git('update-ref', kept, commit);
  failpoint('git.made');
  await git('update-ref', '-d', ref, commit);
  failpoint('git.acted');
  return { keptAs: kept, wasGone: false };
}

async function leave(git: Git, switchTo: string): Promise<void> {
  await requireClean(git, 'nothing is checked out');
  const isBranch = (await refAt(git, await branchRef(git, switchTo))) !== null;
  await git('switch', '--no-guess', '--no-overwrite-ignore', ...(isBranch ? [] : ['--detach']), switchTo);
}

/** The full name of a branch. `tool.invalid_params` where git would read it as anything else. */
async function branchRef(git: Git, branch: string): Promise<string> {
  const ref = `refs/heads/${branch}`;
  const isName = !branch.startsWith('-') && branch !== 'HEAD' && !branch.includes('\0');
  const fits = isName && (await git('check-ref-format', ref).catch(() => null)) !== null;
  if (!fits) throw new AppError('tool.invalid_params', `'${branch}' is no name of a branch.`);
  return ref;
}

/** A branch, a tag or a commit as a commit. `tool.invalid_params`. */
async function commitOf(git: Git, start: string): Promise<string> {
  try {
    if (start.startsWith('-')) throw new Error('an option');
    return (await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${start}^{commit}`)).trim();
  } catch (cause) {
    throw new AppError('tool.invalid_params', `'${start}' is no commit of this repository.`, { cause });
  }
}

const logLine = (key: string): string => `aiworkflow: step ${key}`;

/** Where this step made the branch; null = it did not. */
async function madeBy(git: Git, ref: string, key: string): Promise<string | null> {
  if ((await refAt(git, ref)) === null) return null;
  const first = (await git('log', '-g', '--format=%H %gs', ref, '--')).trim().split('\n').at(-1) ?? '';
  return first.endsWith(` ${logLine(key)}`) ? (first.split(' ')[0] ?? null) : null;
}

/** The branch that is checked out, else the commit. */
async function headOf(git: Git): Promise<string> {
  const branch = await git('symbolic-ref', '--quiet', '--short', 'HEAD').catch(() => '');
  return (branch === '' ? await git('rev-parse', 'HEAD') : branch).trim();
}

/** What was checked out before, by the log of HEAD. */
async function headBefore(git: Git): Promise<string> {
  const name = (await git('rev-parse', '--symbolic-full-name', '@{-1}')).trim();
  return name.startsWith('refs/heads/') ? name.slice('refs/heads/'.length) : (await git('rev-parse', '@{-1}')).trim();
}
