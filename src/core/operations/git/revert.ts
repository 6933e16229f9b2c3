import { AppError } from '../../../shared/errors.ts';
import type { GitActs } from '../../steps/index.ts';
import { exactCommit, type Git, openRepository, requireClean } from './repository.ts';

/**
 * Takes a commit back by a commit, once: asked again it finds the one that did. Nothing is changed unless the tree is clean and the commit is
 * part of what is checked out; a conflict is taken back whole. Errors: `tool.invalid_params`, `file.outside`, `git.not_clean`, `git.conflict`,
 * `git.failed` (SPEC §3.10).
 */
export async function revert(
  project: string,
  { repo, commit }: Parameters<GitActs['revert']>[0],
): ReturnType<GitActs['revert']> {
  exactCommit(commit, 'workflow.git_revert');
  const { git } = await openRepository(project, repo);
  const before = await revertOf(git, commit);
  if (before !== null) return { revertedBy: before, wasThere: true };
  await requireClean(git, 'nothing is reverted');
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

/** The commit that reverts another one; null = none does. `git.failed` where that one is no part of what is checked out. */
async function revertOf(git: Git, commit: string): Promise<string | null> {
  await git('merge-base', '--is-ancestor', commit, 'HEAD');
  const told = ['-F', `--grep=This reverts commit ${commit}.`];
  const [found = ''] = (await git('log', '--format=%H', ...told, `${commit}..HEAD`)).split('\n');
  return found === '' ? null : found;
}
