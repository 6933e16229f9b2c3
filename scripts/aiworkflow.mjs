#!/usr/bin/env node
// `npx aiworkflow` in a checkout: the command line, set up first.
import { join } from 'node:path';
import { runNode } from './run-node.mjs';
import { root, SetUpError, setUp } from './setup.mjs';

try {
  setUp();
  process.exitCode = await runNode([join(root, 'dist', 'node', 'cli.js'), ...process.argv.slice(2)]);
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
}
