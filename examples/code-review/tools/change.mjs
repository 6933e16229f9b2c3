#!/usr/bin/env node
import { main, progress } from '../lib/cli.mjs';
import { readPullRequest } from '../lib/pull-request.mjs';
import { maskSecrets } from '../lib/rules.mjs';

/** Characters of the patch that an agent is given. */
const MAX_PATCH = 40_000;

async function read({ pull_request: path, title }) {
  const { request, diff, files } = await readPullRequest(path);
  for (const file of files) progress(`${file.status} ${file.path} +${file.additions} -${file.deletions}`);
  const sum = (key) => files.reduce((total, file) => total + file[key], 0);
  // The patch goes to an agent and stands in the run's record: secrets in it are masked.
  const patch = maskSecrets(diff);
  return {
    number: request.number ?? 0,
    title: title || request.title || 'A change without a title',
    author: request.author ?? 'unknown',
    description: request.description ?? '',
    additions: sum('additions'),
    deletions: sum('deletions'),
    files: files.map(({ path: name, status, additions, deletions }) => ({ path: name, status, additions, deletions })),
    patch: patch.slice(0, MAX_PATCH),
    patch_is_cut: patch.length > MAX_PATCH,
  };
}

await main({ read });
