import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { at, readJsonOrNull, say, writeJson } from './places.mjs';
import { node24, runTool, toolEnv } from './run-command.mjs';

const STAMP = at('dist', '.built.json');
/** What a build is made of. Tests lie beside the code and are no part of it. */
const FOLDERS = ['src', 'resources'];
const FILES = ['package.json', 'package-lock.json', 'vite.config.ts', 'tsconfig.base.json'];
const RESULTS = ['dist/client/index.html', 'dist/node/cli.js'];

/** Content of everything that a build is made of, as one hash: about 20 ms. */
export function sourceHash() {
  const hash = createHash('sha256');
  const add = (path) => {
    const bytes = readFileSync(at(path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  };
  const walk = (folder) => {
    const entries = readdirSync(at(folder), { withFileTypes: true }).sort((one, other) =>
      one.name < other.name ? -1 : 1,
    );
    for (const entry of entries) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) add(path);
    }
  };
  for (const file of FILES) if (existsSync(at(file))) add(file);
  for (const folder of FOLDERS) if (existsSync(at(folder))) walk(folder);
  return hash.digest('hex');
}

/** True when `dist/` was made from the sources as they are now. */
export function isBuilt() {
  const stamp = readJsonOrNull(STAMP);
  return stamp !== null && RESULTS.every((path) => existsSync(at(path))) && stamp.sources === sourceHash();
}

/** Builds when stale; as with the packages, the stamp comes last. Returns an exit code. */
export async function build({ setChild }) {
  if (isBuilt()) return 0;
  rmSync(STAMP, { force: true });
  say('Building …');
  const sources = sourceHash();
  const vite = join('node_modules', 'vite', 'bin', 'vite.js');
  const { code, output } = await runTool(node24(), [vite, 'build', '--app', '--logLevel', 'warn'], {
    capture: true,
    env: toolEnv(),
    onSpawn: setChild,
  });
  if (code !== 0) {
    say(`${output.trim()}\nThe build failed with exit code ${code}.`);
    return code;
  }
  writeJson(STAMP, { sources });
  return 0;
}
