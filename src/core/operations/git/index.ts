import type { GitActs } from '../../steps/index.ts';
import { createBranch, deleteBranch } from './branches.ts';
import { resetHard } from './reset-hard.ts';
import { revert } from './revert.ts';

/** What built-ins do to repositories of a project. */
export const createGitActs = (project: string): GitActs => ({
  revert: (asked) => revert(project, asked),
  createBranch: (asked) => createBranch(project, asked),
  deleteBranch: (asked) => deleteBranch(project, asked),
  resetHard: (asked) => resetHard(project, asked),
});
