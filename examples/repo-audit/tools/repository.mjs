#!/usr/bin/env node
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { main, progress, UsageError } from '../lib/cli.mjs';
import { gitLines, runGit } from '../lib/git.mjs';

async function importHistory(file) {
  const gitDir = resolve('.work', 'repository.git');
  await rm(gitDir, { recursive: true, force: true });
  await mkdir(gitDir, { recursive: true });
  progress(`making a repository in ${gitDir}`);
  await runGit(['init', '--bare', '--quiet', '--template=', gitDir]);
  progress(`importing ${basename(file)}`);
  await runGit([`--git-dir=${gitDir}`, 'fast-import', '--quiet'], createReadStream(file));
  return gitDir;
}

async function restore({ source }) {
  progress((await runGit(['--version'])).toString().trim());
  const found = await stat(source).catch(() => null);
  if (found === null) throw new UsageError(`Nothing is there: ${source}`);
  const folder = found.isDirectory()
    ? (await runGit(['-C', source, 'rev-parse', '--absolute-git-dir'])).toString().trim()
    : null;
  const gitDir = folder ?? (await importHistory(resolve(source)));
  const commits = Number((await gitLines(gitDir, ['rev-list', '--all', '--count']))[0]);
  if (commits === 0) throw new UsageError('The repository has no commits');
  const branches = (await gitLines(gitDir, ['for-each-ref', 'refs/heads', '--format=%(refname:short)'])).length;
  const tags = (await gitLines(gitDir, ['tag', '--list'])).length;
  progress(`${commits} commits, ${branches} branches, ${tags} tags`);
  const name = basename(resolve(source)).replace(/\.(fast-export|git)$/, '');
  return { name, git_dir: gitDir, commits, branches, tags };
}

await main({ restore });
