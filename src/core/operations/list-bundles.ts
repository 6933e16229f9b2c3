import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputOf } from '../../shared/contract/index.ts';
import { isBundleFolder, type ReadBundleOptions, readBundle } from '../bundles/index.ts';
import { type ProjectPaths, showPath } from '../projects/index.ts';

type BundleRow = OutputOf<'bundles.list'>['bundles'][number];

/** Bundles among the direct children of a folder (and the folder itself), with `Valid` or their first error. */
export async function listBundles(
  folder: string,
  paths: ProjectPaths,
  options: ReadBundleOptions,
): Promise<readonly BundleRow[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const children = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => join(folder, entry.name));
  const candidates = [...((await isFolder(folder)) ? [folder] : []), ...children.sort()];
  const rows = await Promise.all(candidates.map((path) => rowOf(path, paths, options)));
  return rows.filter((row) => row !== null);
}

async function rowOf(path: string, paths: ProjectPaths, options: ReadBundleOptions): Promise<BundleRow | null> {
  if (!(await isBundleFolder(path))) return null;
  const reading = await readBundle(path, options);
  const error = reading.diagnostics.find((one) => one.severity === 'error');
  return {
    name: reading.config.name,
    workflow: reading.reading?.workflow.id ?? null,
    tools: reading.tools.length,
    status: error?.message ?? 'Valid',
    path: showPath(paths, path),
  };
}

const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() === true;
