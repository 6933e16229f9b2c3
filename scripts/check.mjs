#!/usr/bin/env node
/** `npm run check`: format, lint, types and the rules of the architecture, without the other tests. */
import { runChecks } from './parts/checks.mjs';
import { runVitest } from './parts/run-vitest.mjs';
import { setUp } from './parts/set-up.mjs';

await setUp({ withBuild: false });
const failed = await runChecks();
const code = await runVitest(['tests/arch']);
process.exitCode = failed === 0 ? code : 1;
