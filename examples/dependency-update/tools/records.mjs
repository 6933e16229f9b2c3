#!/usr/bin/env node
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { main, progress, writeOutput } from '../lib/cli.mjs';
import { git } from '../lib/git.mjs';

const FILE = 'CHANGELOG.md';
const TITLE = '## Next';
const listed = (updates) => updates.map(({ name, from, to }) => `- ${name} goes from ${from} to ${to}.`);

/** Puts the updates below "Next" of the changelog. */
async function changelog({ path, updates }) {
  const file = join(path, FILE);
  const text = await readFile(file, 'utf8').catch(() => '# Changes\n');
  const lines = listed(JSON.parse(updates)).join('\n');
  const [head, ...rest] = text.split(/^(?=## )/m);
  const [first = '', ...older] = rest;
  const next = first.startsWith(TITLE) ? `${first.trimEnd()}\n${lines}\n\n` : `${TITLE}\n\n${lines}\n\n${first}`;
  await writeFile(file, [`${head.trimEnd()}\n\n`, next, ...older].join('').replace(/\n+$/, '\n'));
  // A file that is new is none that git knows.
  await git(path, 'add', FILE);
  progress(`${FILE}: ${JSON.parse(updates).length} lines`);
  return { file: FILE };
}

/** Writes down what is asked to be merged: as a record for programs, as a page for people, and the change itself. */
async function pull_request({ path, branch, into, title, body, updates, held }) {
  const diff = await git(path, 'diff', `${into}...${branch}`);
  const commits = (await git(path, 'log', '--reverse', '--format=%h %s', `${into}..${branch}`)).split('\n');
  const record = { title, body, branch, into, commits, updates: JSON.parse(updates), held: JSON.parse(held) };
  const page = [
    `# ${title}`,
    body,
    listed(record.updates).join('\n'),
    ...(record.held.length === 0
      ? []
      : ['Held back:', record.held.map(({ name, why }) => `- ${name}: ${why}`).join('\n')]),
  ];
  return {
    record_file: await writeOutput('pull-request.json', `${JSON.stringify(record, null, 2)}\n`),
    page_file: await writeOutput('pull-request.md', `${page.join('\n\n')}\n`),
    diff_file: await writeOutput('pull-request.diff', `${diff}\n`),
    commits: commits.length,
  };
}

await main({ changelog, pull_request });
