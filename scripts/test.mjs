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

/** Packages and build, then format, lint and types of the whole; resolves with the number of checks that failed. */
async function setUpAndCheck() {
  say('1/4 Packages and build');
  await setUp();
  if (args.length > 0) say('3/4 Format, lint and types: left out, because only some tests were asked for');
  else say('3/4 Format, lint and types');
  return args.length > 0 ? 0 : runChecks();
}

/** These wait for the network, so they do it while the processor builds. */
async function getPrograms() {
  say('2/4 Programs that the tests run for real');
  await Promise.all([findRealParts(), installLiveAgents()]);
}

const [failedChecks] = await Promise.all([setUpAndCheck(), getPrograms()]);
say('4/4 Tests');
const code = await runTests(args);
if (failedChecks > 0) say(`${failedChecks} checks of step 3 failed, see above.`);
process.exitCode = code !== 0 ? code : Math.min(failedChecks, 1);
