#!/usr/bin/env node
/**
 * `npm run test:electron`: starts the built app in the real Electron and looks that it is there (tests/electron/smoke.mjs), where Electron's
 * program is on this machine or in ELECTRON_OVERRIDE_DIST_PATH; says so where it is not. `-- --required` = then it has failed.
 * Everything else is tested against a stand-in (docs/contributing.md).
 */
import { findElectron } from './parts/electron.mjs';
import { at, say } from './parts/places.mjs';
import { becomeProgram, node24 } from './parts/run-command.mjs';
import { setUp } from './parts/set-up.mjs';

await setUp();
const electron = findElectron();
if (electron === null) {
  say(
    "Electron's program is not on this machine: nothing was tested. Fetch it with: node node_modules/electron/install.js",
  );
  process.exitCode = process.argv.includes('--required') ? 1 : 0;
} else process.exitCode = await becomeProgram(node24(), [at('tests', 'electron', 'smoke.mjs'), electron]);
