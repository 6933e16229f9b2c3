import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ExampleEntry } from '../../shared/contract/workflows.ts';
import { AppError } from '../../shared/errors.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import { copyVerified, findWorkflowFile, readBundle } from '../bundles/index.ts';
import { toFileError } from '../files/index.ts';
import { type ProjectPaths, showPath } from './project-paths.ts';

async function exampleNames(examplesDir: string): Promise<readonly string[]> {
  const entries = await readdir(examplesDir, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const found = await Promise.all(folders.map((name) => findWorkflowFile(join(examplesDir, name))));
  return folders.filter((_name, index) => found[index] !== null).sort();
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/** The bundles that the product ships, with what their workflow files say about them. */
export async function listExamples(
  examplesDir: string,
  paths: ProjectPaths | null = null,
): Promise<readonly ExampleEntry[]> {
  const names = await exampleNames(examplesDir);
  return Promise.all(
    names.map(async (name): Promise<ExampleEntry> => {
      const workflow = (await readBundle(join(examplesDir, name))).reading?.workflow;
      return {
        name,
        title: workflow?.name ?? name,
        description: workflow?.description ?? '',
        installed: paths !== null && (await isFolder(join(paths.bundlesDir, name))),
      };
    }),
  );
}

export interface InstalledExample {
  /** What `runs.start` takes. */
  readonly ref: string;
  /** Absolute folder of the installed bundle. */
  readonly path: string;
  /** Its files, relative to the project; empty when the same version was there already. */
  readonly files: readonly string[];
}

/**
 * Copies an example to `.aiworkflow/bundles/<name>/`. Installing the same version twice does nothing. Errors:
 * `bundle.not_found`, `bundle.conflict` (another bundle of that name, or an edited copy, is there), `file.*`.
 */
export async function installExample(
  examplesDir: string,
  name: string,
  paths: ProjectPaths,
): Promise<InstalledExample> {
  const names = await exampleNames(examplesDir);
  if (!names.includes(name)) {
    const hint = didYouMean(name, names) ?? `The examples are: ${names.join(', ')}.`;
    throw new AppError('bundle.not_found', `Example not found: ${name}`, { hint });
  }
  const source = await readBundle(join(examplesDir, name));
  const path = join(paths.bundlesDir, name);
  const ref = source.reading?.workflow.id ?? name;
  if (await isFolder(path)) {
    const present = await readBundle(path);
    if (present.contentHash === source.contentHash) return { ref, path, files: [] };
    throw new AppError('bundle.conflict', `A bundle with this name is already there: ${basename(path)}`, {
      hint: 'Remove or rename it first.',
    });
  }
  const copy = await copyVerified(source.sources, source.contentHash, paths.bundlesDir);
  try {
    await rename(copy, path);
  } catch (thrown) {
    await rm(copy, { recursive: true, force: true });
    throw toFileError(thrown, path);
  }
  return { ref, path, files: source.files.map((file) => showPath(paths, join(path, file.path))) };
}
