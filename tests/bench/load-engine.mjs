// The bundled engine, built first when it is missing or older than the sources.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..', '..');
const bundle = path.join(here, '.build', 'engine.js');

export function buildEngine() {
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  execFileSync(
    process.execPath,
    [vite, 'build', '--config', 'tests/bench/vite.bench.config.ts', '--logLevel', 'error'],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

export async function loadEngine() {
  if (!fs.existsSync(bundle)) buildEngine();
  return import(pathToFileURL(bundle).href);
}
