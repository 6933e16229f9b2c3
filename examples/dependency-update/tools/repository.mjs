#!/usr/bin/env node
import { cp } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { main, outputPath, progress, UsageError } from '../lib/cli.mjs';
import { author, git, headOf } from '../lib/git.mjs';

/** The repository that is named, else a new one of the sample in the folder of the run. */
async function open({ path = '', sample }) {
  const folder = path === '' ? outputPath('shop') : path;
  if (!isAbsolute(folder)) throw new UsageError(`Name the repository by its whole path: ${path}`);
  if (path === '') {
    await cp(sample, folder, { recursive: true });
    await git(folder, 'init', '--quiet', '--initial-branch=main');
    await git(folder, 'add', '--all');
    await git(
      folder,
      ...(await author(folder)),
      'commit',
      '--quiet',
      '--allow-empty',
      '--message',
      'The shop as it is',
    );
  }
  if ((await git(folder, 'status', '--porcelain')) !== '')
    throw new UsageError(`There are changes in ${folder} that nobody committed`);
  const branch = await git(folder, 'symbolic-ref', '--short', 'HEAD');
  progress(`${branch} of ${folder}`);
  return { path: folder, branch, commit: await headOf(folder) };
}

/** Commits what was changed in files that git knows. */
async function commit({ path, message }) {
  const before = await headOf(path);
  await git(path, ...(await author(path)), 'commit', '--quiet', '--all', '--message', message);
  progress(message);
  return { before, commit: await headOf(path) };
}

/** Merges a branch by a commit. */
async function merge({ path, branch, into, message }) {
  await git(path, 'switch', '--quiet', into);
  const before = await headOf(path);
  await git(path, ...(await author(path)), 'merge', '--quiet', '--no-ff', '--message', message, branch);
  progress(message);
  return { before, commit: await headOf(path) };
}

/** Puts one file back as it was committed last. */
async function discard({ path, file }) {
  await git(path, 'restore', '--staged', '--worktree', '--', file);
  return { file };
}

/** Checks a branch out. */
async function checkout({ path, branch }) {
  await git(path, 'switch', '--quiet', '--no-guess', branch);
  return { branch };
}

await main({ open, commit, merge, discard, checkout });
