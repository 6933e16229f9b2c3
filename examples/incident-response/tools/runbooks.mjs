#!/usr/bin/env node
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { main, progress } from '../lib/cli.mjs';

const wordsOf = (text) => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];

async function search({ folder, words }) {
  const wanted = new Set(wordsOf(words));
  const hits = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.md')).sort()) {
    const text = await readFile(join(folder, name), 'utf8');
    const present = new Set(wordsOf(text));
    const score = [...wanted].filter((word) => present.has(word)).length;
    progress(`${name}: ${score} of ${wanted.size} words`);
    const steps = text
      .split('\n')
      .filter((line) => /^\d+\. /.test(line))
      .map((line) => line.replace(/^\d+\. /, ''));
    if (score > 0) hits.push({ file: name, title: text.split('\n')[0].replace(/^# /, ''), score, steps });
  }
  hits.sort((one, other) => other.score - one.score);
  return { hits, best: hits[0] ?? { file: '', title: 'No runbook fits', score: 0, steps: [] } };
}

await main({ search });
