#!/usr/bin/env node
/**
 * `npm start`: sets things up, then opens the control center; `npm start -- <arguments>` runs the command line. Runs on Node 18;
 * the product itself runs on the Node 24 that comes with the packages.
 */
import { getElectron } from './parts/electron.mjs';
import { at, ROOT, say } from './parts/places.mjs';
import { becomeProgram, node24 } from './parts/run-command.mjs';
import { setUp } from './parts/set-up.mjs';

const args = process.argv.slice(2);
/** `--project DIR` alone opens that project in the control center. */
const opensApp =
  args.length === 0 ||
  (args[0] === '--project' && args.length === 2) ||
  (args.length === 1 && args[0].startsWith('--project='));

async function openApp() {
  const electron = await getElectron();
  if (electron.path !== null) return becomeProgram(electron.path, [...electronFlags(), ROOT, ...args]);
  say(`The desktop window is not available: ${electron.reason}. Opening in the browser instead.`);
  return becomeProgram(node24(), [at('dist', 'node', 'start-app.js'), ...args]);
}

/** Chromium refuses to run as root with its sandbox on. */
const electronFlags = () => (process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []);

await setUp();
process.exitCode = opensApp ? await openApp() : await becomeProgram(node24(), [at('dist', 'node', 'cli.js'), ...args]);
