#!/usr/bin/env node
/**
 * `npm run package [-- electron-builder's arguments]`: builds the product and makes the packages of this system (electron-builder.yml) in
 * `release/`. AIWORKFLOW_UPDATE_URL = where its releases will lie; without it the app never looks for any.
 */
import { at, say } from './parts/places.mjs';
import { node24, runTool } from './parts/run-command.mjs';
import { setUp } from './parts/set-up.mjs';

await setUp();
const url = process.env.AIWORKFLOW_UPDATE_URL;
const publish = url ? ['-c.publish.provider=generic', `-c.publish.url=${url}`] : [];
// A workflow hands over what it has not as an empty text.
const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
if (process.platform === 'darwin' && !env.CSC_LINK && !env.CSC_NAME) {
  env.CSC_IDENTITY_AUTO_DISCOVERY = 'false';
  say('CSC_LINK is not set: the app is not signed, and macOS will warn of it.');
}
if (process.platform === 'win32' && !env.CSC_LINK && !env.WIN_CSC_LINK)
  say('WIN_CSC_LINK is not set: the app is not signed, and Windows will warn of it.');
if (!url) say('AIWORKFLOW_UPDATE_URL is not set: this build never looks for updates.');
const { code } = await runTool(
  node24(),
  [at('node_modules', 'electron-builder', 'cli.js'), '--publish', 'never', ...publish, ...process.argv.slice(2)],
  { env },
);
process.exitCode = code;
