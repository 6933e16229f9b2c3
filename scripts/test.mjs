// `npm test`: sets up, finds or installs the real parts that the tests use, checks the sources, builds, runs the whole suite.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './check.mjs';
import { runNode } from './run-node.mjs';
import { root, SetUpError, say, setUp } from './setup.mjs';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];
const words = process.argv.slice(2);

try {
  setUp();
  for (const [command, debianPackage] of [['git', 'git'], ['python3', 'python3'], ['bash', 'bash']]) needCommand(command, debianPackage);
  const chromium = needChromium();
  process.exitCode = (words.length === 0 ? await check() : true) ? await runSuite(chromium) : 1;
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
}

function runSuite(chromium) {
  say('Running the tests …');
  return runNode([join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...words], { cwd: root, env: { CHROMIUM_PATH: chromium } });
}

function needCommand(command, debianPackage) {
  if (spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined) return;
  installDebian(debianPackage);
}

function needChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given && existsSync(given)) return given;
  const found = () => CHROMIUM.find((path) => existsSync(path));
  if (!found()) installDebian('chromium');
  const path = found();
  if (path) return path;
  fail('The tests need Chromium: install it, or name it in CHROMIUM_PATH.');
}

function installDebian(name) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) fail(`The tests need ${name}: please install it.`);
  say(`Installing ${name} …`);
  for (const line of [['update', '-qq'], ['install', '-y', '-qq', '--no-install-recommends', name]]) {
    const { status } = spawnSync('apt-get', line, { stdio: ['ignore', 'ignore', 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    if (status !== 0) fail(`${name} could not be installed.`);
  }
}

function fail(sentence) {
  say(sentence);
  process.exitCode = 1;
  throw new SetUpError(sentence);
}
