import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ExampleEntry } from '../../shared/contract/workflows.ts';
import { AppError } from '../../shared/errors.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import { copyVerified, findWorkflowFile, hashFiles, isProseFile, readBundle } from '../bundles/index.ts';
import { toFileError, writeFileAtomic } from '../files/index.ts';
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

async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}

/** The workflow files of a group, or null for a bundle: a group has files that stand alone, and no `workflow.md`. */
async function groupFiles(folder: string): Promise<readonly string[] | null> {
  if ((await readText(join(folder, 'workflow.md'))) !== null) return null;
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith('.md') && !isProseFile(name)).sort();
}

async function listGroup(folder: string, files: readonly string[], paths: ProjectPaths | null): Promise<ExampleEntry> {
  const readme = (await readText(join(folder, 'README.md'))) ?? '';
  const [heading = '', description = ''] = readme.split(/\r?\n\s*\r?\n/, 2);
  const name = basename(folder);
  const present = await Promise.all(files.map((file) => readText(join(paths?.workflowsDir ?? '', file))));
  return {
    name,
    title: heading.replace(/^#\s+/, '').trim() || name,
    description: description.replace(/\s+/g, ' ').trim(),
    installed: paths !== null && present.every((text) => text !== null),
  };
}

/** The examples that the product ships: bundles, and groups of files (title and first paragraph of their README). */
export async function listExamples(
  examplesDir: string,
  paths: ProjectPaths | null = null,
): Promise<readonly ExampleEntry[]> {
  const names = await exampleNames(examplesDir);
  return Promise.all(
    names.map(async (name): Promise<ExampleEntry> => {
      const files = await groupFiles(join(examplesDir, name));
      if (files !== null) return listGroup(join(examplesDir, name), files, paths);
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
  /** What `runs.start` takes; of a group its first workflow. */
  readonly ref: string;
  /** Absolute folder of the installed bundle, or where the files of a group lie. */
  readonly path: string;
  /** What was installed, SPEC §6.5. */
  readonly contentHash: string;
  /** Its files, relative to the project; empty when the same version was there already. */
  readonly files: readonly string[];
}

function conflict(kind: 'bundle' | 'workflow', path: string): AppError {
  return new AppError('bundle.conflict', `A ${kind} with this name is already there: ${basename(path)}`, {
    hint: 'Remove or rename it first.',
  });
}

/** Copies the files of a group to the project's own workflows; nothing is written when one of them is there and differs. */
async function installGroup(folder: string, names: readonly string[], paths: ProjectPaths): Promise<InstalledExample> {
  const missing: { readonly path: string; readonly text: string }[] = [];
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8');
    const path = join(paths.workflowsDir, name);
    const present = await readText(path);
    if (present === null) missing.push({ path, text });
    else if (present !== text) throw conflict('workflow', path);
  }
  const { contentHash } = await hashFiles(names.map((name) => ({ path: name, absolutePath: join(folder, name) })));
  for (const { path, text } of missing) await writeFileAtomic(path, text);
  const ref = basename(names[0] ?? '', '.md');
  return { ref, path: paths.workflowsDir, contentHash, files: missing.map(({ path }) => showPath(paths, path)) };
}

/**
 * Copies an example to `.aiworkflow/bundles/<name>/`, or the files of a group to `.aiworkflow/workflows/`. Installing the same
 * version twice does nothing. Errors: `bundle.not_found`, `bundle.conflict` (another one of that name, or an edited copy, is
 * there), `file.*`.
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
  const group = await groupFiles(join(examplesDir, name));
  if (group !== null) return installGroup(join(examplesDir, name), group, paths);
  const source = await readBundle(join(examplesDir, name));
  const { contentHash } = source;
  const path = join(paths.bundlesDir, name);
  const ref = source.reading?.workflow.id ?? name;
  if (await isFolder(path)) {
    const present = await readBundle(path);
    if (present.contentHash === contentHash) return { ref, path, contentHash, files: [] };
    throw conflict('bundle', path);
  }
  const copy = await copyVerified(source.sources, contentHash, paths.bundlesDir);
  try {
    await rename(copy, path);
  } catch (thrown) {
    await rm(copy, { recursive: true, force: true });
    throw toFileError(thrown, path);
  }
  return { ref, path, contentHash, files: source.files.map((file) => showPath(paths, join(path, file.path))) };
}
