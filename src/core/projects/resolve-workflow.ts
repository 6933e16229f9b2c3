import { realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import { type BundleReading, findBundleAround, type ReadBundleOptions, readBundle } from '../bundles/index.ts';
import type { LibraryIndex } from './library-index.ts';
import { type LibraryItem, type ListLibraryOptions, listLibrary } from './list-library.ts';
import { type ProjectPaths, showPath } from './project-paths.ts';

export interface ResolveOptions extends ListLibraryOptions, Pick<ReadBundleOptions, 'hostEnv' | 'madeOf'> {
  /** Folder from which relative paths count. Default: the project. */
  readonly cwd?: string;
  /** Who starts runs keeps one, so that a name costs the same in a large library. */
  readonly index?: LibraryIndex;
}

function looksLikePath(ref: string): boolean {
  return isAbsolute(ref) || /[\\/]/.test(ref) || ref.startsWith('.') || ref.toLowerCase().endsWith('.md');
}

/** The real path that a path-like reference names, from the caller's folder, else from the project. */
async function findPath(ref: string, paths: ProjectPaths, cwd: string): Promise<string | null> {
  if (ref.includes('\0')) return null;
  for (const base of new Set([cwd, paths.project])) {
    const path = resolve(base, ref);
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory() || (found?.isFile() && path.toLowerCase().endsWith('.md'))) return realpath(path);
  }
  return null;
}

function stemOf(item: LibraryItem): string {
  return basename(item.absolutePath).replace(/\.md$/i, '');
}

async function readAt(path: string, paths: ProjectPaths, options: ResolveOptions): Promise<BundleReading> {
  const around = path.toLowerCase().endsWith('.md') ? await findBundleAround(path) : null;
  const target = around ?? path;
  const isLone = around === null && path.toLowerCase().endsWith('.md');
  return readBundle(target, {
    ...(options.catalogOf && { catalogOf: options.catalogOf }),
    ...(options.madeOf && { madeOf: options.madeOf }),
    ...(options.agentNames && { agentNames: options.agentNames }),
    ...(options.hostEnv && { hostEnv: options.hostEnv }),
    ...(isLone && { displayFile: showPath(paths, path) }),
  });
}

function notFound(ref: string, items: readonly LibraryItem[]): AppError {
  const known = items.flatMap((item) => [item.id, stemOf(item), item.path]);
  const hint = didYouMean(ref, new Set(known)) ?? "Run 'aiworkflow workflow list' to see what is there.";
  return new AppError('workflow.not_found', `Workflow not found: ${ref}`, { hint });
}

/**
 * Finds and reads what a person or a door names: a path (anything with a slash, a leading dot or `.md`), else the id of
 * the library's owner of that id, else the name of a bundle folder or workflow file, else a path after all. Errors:
 * `workflow.not_found` with a did-you-mean, and those of `readBundle`.
 */
export async function resolveWorkflow(
  ref: string,
  paths: ProjectPaths,
  options: ResolveOptions = {},
): Promise<BundleReading> {
  const cwd = options.cwd ?? paths.project;
  if (looksLikePath(ref)) {
    const path = await findPath(ref, paths, cwd);
    if (path !== null) return readAt(path, paths, options);
  }
  const { index, ...without } = options;
  const items = await (index === undefined ? listLibrary(paths, options) : index.items());
  const owner = items.find((candidate) => candidate.ownsId && candidate.id === ref);
  const item =
    owner ??
    items.find((candidate) => candidate.kind === 'bundle' && stemOf(candidate) === ref) ??
    items.find((candidate) => stemOf(candidate) === ref);
  const path = item === undefined ? await findPath(ref, paths, cwd) : await realpath(item.absolutePath);
  const reading = path === null ? null : await readAt(path, paths, options);
  const isOld = item === undefined || (item === owner && reading?.reading?.workflow.id !== ref);
  if (index !== undefined && isOld) {
    // A file has another id by now, and the news of that may still be on its way.
    index.forget();
    return resolveWorkflow(ref, paths, without);
  }
  if (reading === null) throw notFound(ref, items);
  return reading;
}
