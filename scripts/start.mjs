// `npm start`: the control center. `npm start -- <words>`: the command line. Both set themselves up first.
import { join } from 'node:path';
import { findElectron } from './find-electron.mjs';
import { runNode } from './run-node.mjs';
import { root, SetUpError, say, setUp } from './setup.mjs';

const words = process.argv.slice(2);
try {
  setUp();
  process.exitCode = words.length > 0 ? await runCli(words) : await openControlCenter();
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
}

/** npm changes into the project's folder; the caller's own is in INIT_CWD. */
function runCli(words) {
  return runNode([join(root, 'dist', 'node', 'cli.js'), ...words], { cwd: process.env.INIT_CWD ?? process.cwd() });
}

async function openControlCenter() {
  const electron = await findElectron();
  if (electron.path !== null) return runNode([join(root, 'scripts', 'run-electron.mjs'), electron.path]);
  say(`${electron.why} The control center opens in a browser window instead.`);
  return runCli(['serve', '--open', '--any-port']);
}
