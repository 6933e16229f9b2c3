#!/usr/bin/env node
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { main, progress, UsageError } from '../lib/cli.mjs';

const FILE = 'package.json';
const GROUPS = ['dependencies', 'devDependencies'];
/** A range that names one version: `^4.17.1`, `~4.17.1`, `4.17.1`. */
const SIMPLE = /^([\^~]?)(\d+(?:\.\d+){0,2})$/;

const readManifest = async (path) => JSON.parse(await readFile(join(path, FILE), 'utf8'));

async function read({ path }) {
  const manifest = await readManifest(path);
  const dependencies = GROUPS.flatMap((group) =>
    Object.entries(manifest[group] ?? {}).map(([name, range]) => {
      const current = SIMPLE.exec(range)?.[2] ?? null;
      return { ecosystem: 'npm', name, range, current };
    }),
  );
  progress(`${FILE}: ${dependencies.length} dependencies`);
  return { file: FILE, dependencies };
}

async function update({ path, name, to }) {
  const manifest = await readManifest(path);
  const group = GROUPS.find((one) => manifest[one]?.[name] !== undefined);
  const sign = group === undefined ? null : SIMPLE.exec(manifest[group][name]);
  if (sign === null) throw new UsageError(`${FILE} names no version of ${name}`);
  manifest[group][name] = `${sign[1]}${to}`;
  await writeFile(join(path, FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  progress(`${name} ${manifest[group][name]}`);
  return { name, range: manifest[group][name] };
}

await main({ read, update });
