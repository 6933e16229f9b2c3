#!/usr/bin/env node
/**
 * `npm test`: everything from a fresh clone. Installs the packages, finds or installs the programs that tests run for real,
 * builds, checks format, lint and types, and runs the whole suite. `npm test -- <vitest arguments>` runs only those tests.
 */
import { installLiveAgents } from './install-live-agents.mjs';
import { runChecks } from './parts/checks.mjs';
import { say } from './parts/places.mjs';
import { findRealParts } from './parts/real-parts.mjs';
import { runTests } from './parts/run-tests.mjs';
import { setUp } from './parts/set-up.mjs';

const args = process.argv.slice(2);

say('1/4 Packages and build');
await setUp();
say('2/4 Programs that the tests run for real');
await findRealParts();
await installLiveAgents();
let failedChecks = 0;
if (args.length === 0) {
  say('3/4 Format, lint and types');
  failedChecks = await runChecks();
} else {
  say('3/4 Format, lint and types: left out, because only some tests were asked for');
}
say('4/4 Tests');
const code = await runTests(args);
if (failedChecks > 0) say(`${failedChecks} checks of step 3 failed, see above.`);
process.exitCode = code !== 0 ? code : Math.min(failedChecks, 1);
