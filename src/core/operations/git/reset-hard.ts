import { existsSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import type { GitActs } from '../../steps/index.ts';
import { failpoint } from '../../storage/index.ts';
import { exactCommit, keptAs, nothingAt, openRepository, type Repository, refAt, requireClean } from './repository.ts';

/** What stands in the folder of a repository while somebody is in the middle of something. */
const UNDER_WAY = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'rebase-merge', 'rebase-apply'];

/**
 * Sets what is checked out to an exact commit. What stood there stays under a ref that is written first; nothing is changed unless the tree is
 * clean, nothing that git does not know stands in the way, and HEAD stands where the step found it (at `from`, where that is named). Cut short
 * and asked again it goes on. Errors: `tool.invalid_params`, `file.outside`, `git.moved`, `git.not_clean`, `git.failed` (SPEC §3.10).
 */
export async function resetHard(
  project: string,
  { repo, commit, from, key }: Parameters<GitActs['resetHard']>[0],
): ReturnType<GitActs['resetHard']> {
  exactCommit(commit, 'workflow.reset_hard');
  const repository = await openRepository(project, repo);
  const { git } = repository;
  const kept = keptAs(key);
  const begun = await refAt(git, kept);
  const head = (await git('rev-parse', 'HEAD')).trim();
  const before = begun ?? head;
  const done = { before, keptAs: kept };
  if (from !== null && from !== before) throw moved(before);
  if (begun !== null && head === commit) return done;
  if (head !== before) throw moved(head);
  await git('cat-file', '-e', `${commit}^{commit}`);
  await requireQuiet(repository, commit);
  failpoint('git.begun');
  if (begun === null) await git('update-ref', kept, before, nothingAt(before));
  failpoint('git.made');
  // Of a clean tree this makes what --hard makes, and it refuses where somebody changes a file in this very moment.
  await git('reset', '--quiet', '--keep', commit);
  failpoint('git.acted');
  return done;
}

const moved = (at: string): AppError =>
  new AppError('git.moved', `HEAD stands at ${at.slice(0, 12)} now: nothing is reset.`, {
    hint: 'Somebody committed or checked out something since. Look at the repository and reset it by hand.',
  });

async function requireQuiet({ git, top }: Repository, commit: string): Promise<void> {
  await requireClean(git, 'nothing is reset');
  for (const name of UNDER_WAY)
    if (existsSync(join(top, (await git('rev-parse', '--git-path', name)).trim())))
      throw new AppError('git.not_clean', 'A merge, a rebase or a revert is under way: nothing is reset.', {
        hint: 'End it or call it off, then try again.',
      });
  const changed = async (filter: string): Promise<readonly string[]> =>
    (await git('diff', '--name-only', '--no-renames', '-z', `--diff-filter=${filter}`, 'HEAD', commit))
      .split('\0')
      .filter((name) => name !== '');
  const gone = new Set(await changed('D'));
  for (const name of await changed('A')) {
    const other = await standsInTheWay(top, name, gone);
    if (other !== null)
      throw new AppError('git.not_clean', `'${other}' is not in git and would be written over: nothing is reset.`, {
        hint: 'Put it elsewhere, then try again.',
      });
  }
}

/** A file of somebody that stands where a file of the commit is to come; also one that git ignores, which it would write over. */
async function standsInTheWay(top: string, name: string, gone: ReadonlySet<string>): Promise<string | null> {
  const parts = name.split('/');
  for (let count = 1; count <= parts.length; count += 1) {
    const path = parts.slice(0, count).join('/');
    const found = await lstat(join(top, path)).catch(() => null);
    if (found === null || gone.has(path)) return null;
    if (count === parts.length || !found.isDirectory()) return path;
  }
  return null;
}
