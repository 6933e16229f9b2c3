// What the benches drive, bundled; built first when it is missing.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..', '..');

export function buildEngine() {
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  execFileSync(
    process.execPath,
    [vite, 'build', '--config', 'tests/bench/vite.bench.config.ts', '--logLevel', 'error'],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

async function load(name) {
  const bundle = path.join(here, '.build', `${name}.js`);
  if (!fs.existsSync(bundle)) buildEngine();
  return import(pathToFileURL(bundle).href);
}

/** The engine alone. */
export const loadEngine = () => load('engine');

/** The headless host, with its worker beside it. */
export const loadWebhookHost = () => load('webhook-host');
/** File watches and the store. */
export const loadWatch = () => load('watch');

/** Schedules alone. */
export const loadSchedules = () => load('schedules');

/** The scheduler over a store. */
export const loadScheduleDay = () => load('schedule-day');

/** The whole control center. */
export const loadCenter = () => load('center');
