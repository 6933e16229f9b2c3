#!/usr/bin/env node
/** `npm run bench`: the speed table of `tests/bench/run.mjs`; `npm run bench -- --only=… --reps=…` as that script says. */
import { at } from './parts/places.mjs';
import { becomeProgram, node24, toolEnv } from './parts/run-command.mjs';
import { setUp } from './parts/set-up.mjs';

await setUp();
process.exitCode = await becomeProgram(
  node24(),
  [at('tests', 'bench', 'run.mjs'), ...process.argv.slice(2)],
  toolEnv(),
);
