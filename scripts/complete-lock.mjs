#!/usr/bin/env node
/**
 * `node scripts/complete-lock.mjs [lockfile]`, after `npm install` has changed the lockfile: where the registry at hand lacks the
 * build of a package for some other system (mirrors do), npm leaves it out of the lockfile, and then refuses `npm ci` because it is
 * not there. This adds what is missing, from the parent's own exact versions; nothing is downloaded on a system that it is not for.
 */
import { readFileSync } from 'node:fs';
import { at, say, writeJson } from './parts/places.mjs';

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const path = process.argv[2] ?? at('package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));

/** What the name of a platform package says about where it runs. */
function platformOf(name) {
  const words = name.split('/').at(-1).split('-');
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter(
    (processor) => words.includes(processor) || (processor === 'arm' && words.includes('gnueabihf')),
  );
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : [];
  return { os, cpu, libc };
}

function isPresent(parent, name) {
  for (let folder = parent; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (!folder.includes('/node_modules/')) return lock.packages[`node_modules/${name}`] !== undefined;
  }
}

const added = [];
for (const [parent, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const { os, cpu, libc } = platformOf(name);
    if (isPresent(parent, name) || !/^\d+\.\d+\.\d+/.test(version) || cpu.length === 0) continue;
    lock.packages[`node_modules/${name}`] = {
      version,
      resolved: `https://registry.npmjs.org/${name}/-/${name.split('/').at(-1)}-${version}.tgz`,
      cpu,
      ...(entry.dev === true ? { dev: true } : {}),
      ...(libc.length > 0 ? { libc } : {}),
      optional: true,
      ...(os.length > 0 ? { os } : {}),
    };
    added.push(name);
  }
}
const root = lock.packages[''];
const rest = Object.entries(lock.packages)
  .filter(([key]) => key !== '')
  .sort(([one], [other]) => (one < other ? -1 : 1));
lock.packages = Object.fromEntries([['', root], ...rest]);
if (added.length > 0) writeJson(path, lock);
say(added.length === 0 ? 'The lockfile is complete.' : `Added ${added.join(', ')}.`);
