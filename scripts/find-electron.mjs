// Looks for Electron's binary without asking the `electron` module, which would download it. Where it is missing, one try of 5 s to
// fetch it is made and its failure is remembered for a day.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

const TRY_MS = 5_000;
const REMEMBER_MS = 24 * 3_600_000;
const folder = join(root, 'node_modules', 'electron');
const failure = join(root, 'node_modules', '.aiworkflow-no-electron');

/** `{ path }` of the binary, or `{ path: null, why }`. */
export async function findElectron() {
  const present = binary();
  if (present !== null) return { path: present };
  if (process.env.CI === 'true' || process.env.AIWORKFLOW_NO_WINDOW === '1')
    return { path: null, why: 'No desktop window was asked for.' };
  if (!triedLately()) {
    await fetchBinary();
    const fetched = binary();
    if (fetched !== null) return { path: fetched };
    writeFileSync(failure, '');
  }
  return { path: null, why: "Electron's binary is not here and could not be fetched." };
}

function binary() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const listed = join(folder, 'path.txt');
  const name = existsSync(listed) ? readFileSync(listed, 'utf8').trim() : defaultName();
  const path = join(override ?? join(folder, 'dist'), name);
  return existsSync(path) ? path : null;
}

function defaultName() {
  if (process.platform === 'darwin') return join('Electron.app', 'Contents', 'MacOS', 'Electron');
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

const triedLately = () => existsSync(failure) && Date.now() - statSync(failure).mtimeMs < REMEMBER_MS;

function fetchBinary() {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(folder, 'install.js')], { stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), TRY_MS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    child.once('error', done);
    child.once('exit', done);
  });
}
