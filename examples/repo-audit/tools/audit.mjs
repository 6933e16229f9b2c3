#!/usr/bin/env node
import { main, progress } from '../lib/cli.mjs';
import { findCommit, gitLines, listBlobs, readBlobs } from '../lib/git.mjs';
import { mask, SECRET_PATTERNS } from '../lib/secret-patterns.mjs';

const DAY_SECONDS = 86_400;
const MAX_TEXT_BYTES = 1024 * 1024;
const BATCH = 200;

/** Paths of the newest commit, by the blob that stands there. */
async function currentPaths(gitDir) {
  const lines = await gitLines(gitDir, ['ls-tree', '-r', await mainBranch(gitDir)]);
  return new Map(lines.map((line) => [line.split(/[ \t]/)[2], line.slice(line.indexOf('\t') + 1)]));
}

/** The branch that counts: main or master, else the one that moved last. */
async function mainBranch(gitDir) {
  const names = await gitLines(gitDir, ['for-each-ref', 'refs/heads', '--sort=-committerdate', '--format=%(refname)']);
  return ['refs/heads/main', 'refs/heads/master'].find((name) => names.includes(name)) ?? names[0] ?? 'HEAD';
}

async function large({ git_dir: gitDir, large_kb: limit = '100' }) {
  const blobs = await listBlobs(gitDir);
  progress(`${blobs.length} file versions in the history`);
  const current = await currentPaths(gitDir);
  const found = [];
  for (const blob of blobs.filter((one) => one.size >= Number(limit) * 1024).sort((a, b) => b.size - a.size)) {
    const origin = await findCommit(gitDir, blob.hash);
    progress(`${blob.path}: ${Math.round(blob.size / 1024)} KiB since ${origin.commit}`);
    found.push({ path: blob.path, size_bytes: blob.size, deleted: !current.has(blob.hash), ...origin });
  }
  return { found, limit_kb: Number(limit), total_bytes: blobs.reduce((sum, blob) => sum + blob.size, 0) };
}

function searchText(text) {
  return text.split('\n').flatMap((line, index) => {
    if (line.length > 2000) return [];
    const hits = SECRET_PATTERNS.flatMap(({ id, title, pattern, group = 0 }) =>
      [...line.matchAll(pattern)].map((match) => ({ rule: id, title, line: index + 1, excerpt: mask(match[group]) })),
    );
    return hits;
  });
}

async function leaks({ git_dir: gitDir }) {
  const blobs = (await listBlobs(gitDir)).filter((blob) => blob.size <= MAX_TEXT_BYTES);
  const current = await currentPaths(gitDir);
  const found = [];
  for (let start = 0; start < blobs.length; start += BATCH) {
    const batch = blobs.slice(start, start + BATCH);
    const contents = await readBlobs(
      gitDir,
      batch.map((blob) => blob.hash),
    );
    for (const [index, blob] of batch.entries()) {
      const bytes = contents[index];
      const hits = bytes.includes(0) ? [] : searchText(bytes.toString('utf8'));
      if (hits.length === 0) continue;
      const origin = await findCommit(gitDir, blob.hash);
      for (const hit of hits) {
        progress(`${blob.path}:${hit.line} ${hit.title} (${origin.commit}, ${origin.author})`);
        found.push({ path: blob.path, removed: !current.has(blob.hash), ...hit, ...origin });
      }
    }
  }
  progress(`${blobs.length} file versions searched, ${found.length} secrets found`);
  return { found, searched: blobs.length };
}

async function branches({ git_dir: gitDir, stale_days: days = '90' }) {
  const [newest] = await gitLines(gitDir, ['log', '--all', '-1', '--date-order', '--format=%ct']);
  const trunk = await mainBranch(gitDir);
  const format = '%(refname)%09%(refname:short)%09%(committerdate:unix)%09%(authorname)';
  const lines = await gitLines(gitDir, ['for-each-ref', 'refs/heads', `--format=${format}`]);
  const merged = new Set(
    await gitLines(gitDir, ['for-each-ref', 'refs/heads', `--merged=${trunk}`, '--format=%(refname)']),
  );
  const all = lines.map((line) => {
    const [ref, name, seconds, author] = line.split('\t');
    const idleDays = Math.floor((Number(newest) - Number(seconds)) / DAY_SECONDS);
    return { name, author, idle_days: idleDays, merged: ref !== trunk && merged.has(ref), main: ref === trunk };
  });
  for (const branch of all)
    progress(`${branch.name}: ${branch.idle_days} days, ${branch.main ? 'main' : branch.merged ? 'merged' : 'open'}`);
  return {
    branches: all,
    stale: all.filter((branch) => !branch.main && branch.idle_days >= Number(days)),
    stale_days: Number(days),
  };
}

async function authors({ git_dir: gitDir }) {
  const lines = await gitLines(gitDir, ['log', '--all', '--format=%ae%x09%an%x09%as']);
  const people = new Map();
  for (const line of lines) {
    const [email, name, day] = line.split('\t');
    const key = email.toLowerCase();
    const person = people.get(key) ?? { name, email: key, commits: 0, first: day, last: day };
    const [first, last] = [person.first, person.last, day].sort().filter((_day, index) => index !== 1);
    people.set(key, { ...person, commits: person.commits + 1, first, last });
  }
  const sorted = [...people.values()].sort((a, b) => b.commits - a.commits || (a.email < b.email ? -1 : 1));
  for (const person of sorted) progress(`${person.name}: ${person.commits} commits`);
  return { authors: sorted, commits: lines.length };
}

async function licence({ git_dir: gitDir }) {
  const names = (await gitLines(gitDir, ['ls-tree', '--name-only', await mainBranch(gitDir)])).map((name) =>
    name.toLowerCase(),
  );
  const has = (pattern) => names.some((name) => pattern.test(name));
  const result = {
    licence: has(/^(licen[cs]e|copying|unlicense)(\.|$)/),
    readme: has(/^readme(\.|$)/),
    gitignore: has(/^\.gitignore$/),
  };
  for (const [name, isThere] of Object.entries(result)) progress(`${name}: ${isThere ? 'there' : 'missing'}`);
  return result;
}

await main({ large, leaks, branches, authors, licence });
