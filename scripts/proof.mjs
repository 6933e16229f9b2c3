#!/usr/bin/env node
/** `npm run proof`: what `npm test` shows on a sample, in its full size; minutes, and a table at the end (`tests/proof/run.mjs`). */
import { at } from './parts/places.mjs';
import { becomeProgram, node24, toolEnv } from './parts/run-command.mjs';
import { setUp } from './parts/set-up.mjs';

await setUp();
process.exitCode = await becomeProgram(
  node24(),
  [at('tests', 'proof', 'run.mjs'), ...process.argv.slice(2)],
  toolEnv(),
);
