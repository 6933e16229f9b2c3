import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { at, readJsonOrNull, readOrNull, say, writeJson } from './places.mjs';
import { node24, runTool, toolEnv } from './run-command.mjs';

const MEMORY = at('node_modules', '.aiworkflow-electron.json');
const TRY_MS = 5_000;
const DAY_MS = 24 * 3_600_000;

const PROGRAM =
  { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron';

/** Electron's program if it is on this machine. Its package is never loaded: that would start a download. */
export function findElectron(env = process.env) {
  const folder = env.ELECTRON_OVERRIDE_DIST_PATH || at('node_modules', 'electron', 'dist');
  const path = join(folder, (readOrNull(at('node_modules', 'electron', 'path.txt')) || PROGRAM).trim());
  return existsSync(path) ? path : null;
}

/** Why no desktop window can be shown here at all, or null. */
function obstacle(env) {
  if (env.CI === 'true' || env.AIWORKFLOW_NO_WINDOW === '1') return 'no window was asked for';
  if (!existsSync(at('dist', 'node', 'electron-main.js'))) return 'this build has no desktop app';
  if (process.platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display';
  return null;
}

/**
 * Electron's program, fetched if need be (one try of 5 s, remembered for a day), or the reason why there is none.
 */
export async function getElectron(env = process.env) {
  const reason = obstacle(env);
  if (reason !== null) return { path: null, reason };
  const present = findElectron(env);
  if (present !== null) return { path: present, reason: null };
  const missing = 'its program is not on this machine and could not be fetched';
  if (env.ELECTRON_OVERRIDE_DIST_PATH)
    return { path: null, reason: `there is no ${basename(PROGRAM)} in ELECTRON_OVERRIDE_DIST_PATH` };
  const memory = readJsonOrNull(MEMORY);
  if (memory !== null && Date.now() - memory.triedAt < DAY_MS && Date.now() >= memory.triedAt)
    return { path: null, reason: missing };
  say('Fetching Electron (one try of 5 s) …');
  await runTool(node24(), [at('node_modules', 'electron', 'install.js')], {
    capture: true,
    timeoutMs: TRY_MS,
    env: toolEnv(),
  });
  const fetched = findElectron(env);
  if (fetched === null) writeJson(MEMORY, { triedAt: Date.now() });
  return fetched === null ? { path: null, reason: missing } : { path: fetched, reason: null };
}
