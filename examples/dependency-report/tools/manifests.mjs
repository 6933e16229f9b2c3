#!/usr/bin/env node
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { main, progress, UsageError, writeOutput } from '../lib/cli.mjs';

const SKIPPED = new Set(['node_modules', '.git', '.venv', 'dist']);

async function findFiles(root, folder = root) {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw new UsageError(`Cannot read the project ${folder}: ${error.code}`);
  });
  const found = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) found.push(...(await findFiles(root, path)));
    else if (entry.name === 'package.json' || /^requirements.*\.txt$/.test(entry.name)) found.push(path);
  }
  return found;
}

async function readLock(packageFile) {
  const file = packageFile.replace(/package\.json$/, 'package-lock.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? {} : (JSON.parse(text).packages ?? {});
}

async function readPackage(path, shown, includeDev) {
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  const lock = await readLock(path);
  const groups = [[manifest.dependencies, false], ...(includeDev ? [[manifest.devDependencies, true]] : [])];
  return groups.flatMap(([group, isDev]) =>
    Object.entries(group ?? {}).map(([name, range]) => ({
      ecosystem: 'npm',
      name,
      range,
      locked: lock[`node_modules/${name}`]?.version ?? null,
      dev: isDev,
      file: shown,
    })),
  );
}

async function readRequirements(path, shown, includeDev) {
  const isDev = /dev|test/.test(basename(path));
  if (isDev && !includeDev) return [];
  const lines = (await readFile(path, 'utf8')).split(/\r?\n/);
  return lines.flatMap((line, index) => {
    const text = line
      .replace(/(^|\s)#.*$/, '')
      .split(';')[0]
      .trim();
    if (text === '' || text.startsWith('-')) return [];
    const match = /^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*(.*)$/.exec(text);
    if (match === null) {
      progress(`${shown}:${index + 1} is not a requirement: ${text}`);
      return [];
    }
    const range = match[2].trim();
    const pinned = /^===?\s*([^,*]+)$/.exec(range)?.[1]?.trim() ?? null;
    const name = match[1].toLowerCase().replace(/[-_.]+/g, '-');
    return [{ ecosystem: 'pypi', name, range, locked: pinned, dev: isDev, file: shown }];
  });
}

async function scan({ project, include_dev: includeDev = 'false' }) {
  const root = resolve(project);
  progress(`looking for dependency files in ${project}`);
  const files = await findFiles(root);
  if (files.length === 0) throw new UsageError(`No package.json or requirements file in ${project}`);
  const dependencies = [];
  for (const path of files) {
    const shown = relative(root, path).replaceAll('\\', '/');
    const reader = path.endsWith('package.json') ? readPackage : readRequirements;
    const found = await reader(path, shown, includeDev === 'true');
    progress(`${shown}: ${found.length} dependencies`);
    dependencies.push(...found);
  }
  const count = (ecosystem) => dependencies.filter((dependency) => dependency.ecosystem === ecosystem).length;
  const file = await writeOutput('dependencies.json', `${JSON.stringify(dependencies, null, 2)}\n`);
  return {
    project: basename(root),
    files: files.length,
    total: dependencies.length,
    npm: count('npm'),
    pypi: count('pypi'),
    dependencies_file: file,
  };
}

await main({ scan });
