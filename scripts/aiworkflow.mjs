#!/usr/bin/env node
/** `npx aiworkflow <arguments>`: the command line, set up as `npm start` does it. */
import { at } from './parts/places.mjs';
import { becomeProgram, node24 } from './parts/run-command.mjs';
import { setUp } from './parts/set-up.mjs';

await setUp();
process.exitCode = await becomeProgram(node24(), [at('dist', 'node', 'cli.js'), ...process.argv.slice(2)]);
