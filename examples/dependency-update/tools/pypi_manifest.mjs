#!/usr/bin/env node
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { main, progress, UsageError } from '../lib/cli.mjs';

const FILE = 'requirements.txt';
/** `flask==2.0.3` and `jinja2~=3.0.1` name one version; other specifiers are left to people. */
const LINE = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(.*?)\s*$/;
const SIMPLE = /^(==|~=)(\d+(?:\.\d+){0,2})$/;

const readLines = async (path) => (await readFile(join(path, FILE), 'utf8')).split('\n');

async function read({ path }) {
  const dependencies = (await readLines(path)).flatMap((line) => {
    const [, name, range] = LINE.exec(line) ?? [];
    if (name === undefined) return [];
    return [{ ecosystem: 'pypi', name, range, current: SIMPLE.exec(range)?.[2] ?? null }];
  });
  progress(`${FILE}: ${dependencies.length} dependencies`);
  return { file: FILE, dependencies };
}

async function update({ path, name, to }) {
  let range = null;
  const lines = (await readLines(path)).map((line) => {
    const [, of, specifier] = LINE.exec(line) ?? [];
    const sign = of === name ? SIMPLE.exec(specifier) : null;
    if (sign === null) return line;
    range = `${sign[1]}${to}`;
    return `${name}${range}`;
  });
  if (range === null) throw new UsageError(`${FILE} names no version of ${name}`);
  await writeFile(join(path, FILE), lines.join('\n'));
  progress(`${name} ${range}`);
  return { name, range };
}

await main({ read, update });
