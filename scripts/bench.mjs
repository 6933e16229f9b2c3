#!/usr/bin/env node
/** `npm run bench [name …]`: runs the scripts `tests/bench/*.bench.*` one after the other, each in a process of its own. */
import { readdirSync } from 'node:fs';
import { at, say } from './parts/places.mjs';
import { becomeProgram, node24, toolEnv } from './parts/run-command.mjs';
import { setUp } from './parts/set-up.mjs';

const wanted = process.argv.slice(2);
await setUp();
const all = readdirSync(at('tests', 'bench'))
  .filter((name) => /\.bench\.(ts|mjs)$/.test(name))
  .sort();
const chosen = all.filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
if (chosen.length === 0) say(`There is no such bench. There are: ${all.join(', ') || 'none'}`);
process.exitCode = chosen.length === 0 ? 2 : 0;
for (const name of chosen) {
  say(`\n${name}`);
  const code = await becomeProgram(node24(), [at('tests', 'bench', name)], toolEnv());
  if (code !== 0) process.exitCode = code;
}
