// Installs and builds what is missing or stale. Plain Node 18+, no dependencies: it runs before anything is installed.
// Interrupting and repeating it is harmless: a stamp is written only after success, one set-up runs at a time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const isWindows = process.platform === 'win32';
const installStamp = join(root, 'node_modules', '.aiworkflow-install');
const buildStamp = join(root, 'dist', '.aiworkflow-build');
const lockFolder = join(root, '.setup-lock');

/** The Node 24 of the project: everything but the launchers runs on it. */
export const node = join(root, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');

/** Set-up chatter goes to stderr: stdout belongs to what was asked for. */
export const say = (text) => process.stderr.write(`${text}\n`);

export function setUp() {
  if (isInstalled() && isBuilt()) return;
  withLock(() => {
    if (!isInstalled()) install();
    if (!isBuilt()) build();
  });
}

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
const readOr = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

const isInstalled = () => existsSync(node) && readOr(installStamp) === lockHash();

function install() {
  say('Installing what the app needs (once, about half a minute) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'The packages could not be installed.');
  writeFileSync(installStamp, lockHash());
}

/** Names, sizes and times of the sources: cheap to look at on every start, and any edit shows. */
function sourceStamp() {
  const hash = createHash('sha256');
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (!/\.test\.tsx?$/.test(entry.name)) {
        const { size, mtimeMs } = statSync(path);
        hash.update(`${relative(root, path)}\0${size}\0${mtimeMs}\n`);
      }
    }
  };
  visit(join(root, 'src'));
  for (const file of ['vite.config.ts', 'package-lock.json']) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

const isBuilt = () => readOr(buildStamp) === sourceStamp();

function build() {
  say('Building …');
  const stamp = sourceStamp();
  rmSync(buildStamp, { force: true });
  run(
    node,
    [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--app', '--logLevel', 'error'],
    'The app could not be built.',
  );
  writeFileSync(buildStamp, stamp);
}

/** Ends the launcher with one sentence when the command fails. Its output goes to stderr. */
function run(command, words, sentence) {
  const result = spawnSync(command, words, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: isWindows && command === 'npm',
    env: { ...process.env, npm_config_yes: 'true' },
  });
  if (result.status === 0) return;
  say(`${sentence}${result.error ? ` ${result.error.message}` : ''}`);
  process.exitCode = 1;
  throw new SetUpError(sentence);
}

export class SetUpError extends Error {}

/** A folder is the lock: making it is atomic. A lock whose owner is gone is taken over. */
function withLock(work) {
  while (!tryLock()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  const unlock = () => rmSync(lockFolder, { recursive: true, force: true });
  const onSignal = () => {
    unlock();
    process.exit(130);
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    work();
  } finally {
    unlock();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

function tryLock() {
  try {
    mkdirSync(lockFolder);
    writeFileSync(join(lockFolder, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const owner = Number(readOr(join(lockFolder, 'pid')));
    if (owner > 0 ? isAlive(owner) : Date.now() - ageOf(lockFolder) < 2_000) return false;
    rmSync(lockFolder, { recursive: true, force: true });
    return false;
  }
}

function ageOf(path) {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
