import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LibraryEntry } from '../../shared/contract/workflows.ts';
import { AppError } from '../../shared/errors.ts';
import { cannotRunHere } from '../../shared/missing-tools.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { TriggerDefinition, Workflow } from '../../shared/model/workflow.ts';
import { isProseFile, type ReadBundleOptions, readBundleOutline } from '../bundles/index.ts';
import { type CachedOutline, createLibraryCache, hashText, type LibraryCache, stampEntry } from './library-cache.ts';
import { type ProjectPaths, showPath } from './project-paths.ts';

/** A row of the library as the files give it; the run history is added by who knows the store. */
export interface LibraryItem
  extends Omit<LibraryEntry, 'lastRun' | 'recentStatuses' | 'averageMs' | 'runsTotal' | 'trust'> {
  readonly absolutePath: string;
  readonly diagnostics: readonly Diagnostic[];
  /** False where another file has the id already: it runs by path only and is never armed (DESIGN decision 3). */
  readonly ownsId: boolean;
  readonly triggers: readonly TriggerDefinition[];
  readonly versionPolicy: Workflow['versionPolicy'];
}

export interface ListLibraryOptions extends Pick<ReadBundleOptions, 'catalogOf' | 'agentNames'> {
  readonly cache?: LibraryCache;
  /** Why this version cannot run a workflow (`engine.unsupported`), or null. */
  readonly unsupportedOf?: (workflow: Workflow) => string | null;
}

interface Place {
  readonly path: string;
  readonly kind: 'file' | 'bundle';
}

async function findPlaces(paths: ProjectPaths): Promise<readonly Place[]> {
  const files = await readdir(paths.workflowsDir, { withFileTypes: true }).catch(() => []);
  const folders = await readdir(paths.bundlesDir, { withFileTypes: true }).catch(() => []);
  const isOwn = (name: string): boolean => !name.startsWith('.');
  const fileNames = files
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && entry.name.endsWith('.md'))
    .map((entry) => entry.name);
  const folderNames = folders.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return [
    ...fileNames
      .filter((name) => isOwn(name) && !isProseFile(name))
      .sort()
      .map((name): Place => ({ path: join(paths.workflowsDir, name), kind: 'file' })),
    ...folderNames
      .filter(isOwn)
      .sort()
      .map((name): Place => ({ path: join(paths.bundlesDir, name), kind: 'bundle' })),
  ];
}

async function readPlace(
  place: Place,
  cache: LibraryCache,
  options: ListLibraryOptions,
  shown: string,
): Promise<CachedOutline> {
  const known = cache.get(place.path);
  const stamp = await stampEntry(place.path, place.kind, known?.outline?.config.toolsDir ?? 'tools');
  if (known?.stamp === stamp) return known;
  const textHash = place.kind === 'file' ? await hashText(place.path) : null;
  if (known !== undefined && textHash !== null && known.textHash === textHash) {
    const touched = { ...known, stamp };
    cache.set(place.path, touched);
    return touched;
  }
  const displayFile = place.kind === 'file' ? shown : undefined;
  const checks = {
    ...(options.catalogOf && { catalogOf: options.catalogOf }),
    ...(options.agentNames && { agentNames: options.agentNames }),
    ...(displayFile && { displayFile }),
  };
  const read = await readBundleOutline(place.path, checks).then(
    (outline) => ({ outline, problem: null }),
    (thrown: unknown) => ({
      outline: null,
      problem: thrown instanceof AppError ? thrown.message : 'The entry cannot be read.',
    }),
  );
  // Stamped before reading: a change in between is seen the next time.
  const entry: CachedOutline = { stamp: read.outline === null ? '' : stamp, textHash, ...read };
  cache.set(place.path, entry);
  return entry;
}

function countOf(diagnostics: readonly Diagnostic[], severity: Diagnostic['severity']): number {
  return diagnostics.filter((found) => found.severity === severity).length;
}

function toItem(place: Place, read: CachedOutline, paths: ProjectPaths, options: ListLibraryOptions): LibraryItem {
  const name = basename(place.path).replace(/\.md$/i, '');
  const workflow = read.outline?.reading?.workflow ?? null;
  const failed: Diagnostic = { severity: 'error', code: 'file.io', message: read.problem ?? '' };
  const diagnostics = read.outline?.diagnostics ?? [failed];
  return {
    ref: workflow?.id ?? showPath(paths, place.path),
    id: workflow?.id ?? name,
    name: workflow?.name ?? name,
    description: workflow?.description ?? '',
    version: workflow?.version ?? '',
    tags: workflow?.tags ?? [],
    kind: place.kind,
    path: showPath(paths, place.path),
    steps: workflow?.steps.length ?? 0,
    riskLevel: workflow?.riskLevel ?? null,
    errors: countOf(diagnostics, 'error'),
    warnings: countOf(diagnostics, 'warning'),
    error: diagnostics.find((found) => found.severity === 'error')?.message ?? null,
    unsupported: workflow === null ? null : (options.unsupportedOf?.(workflow) ?? cannotRunHere(diagnostics)),
    absolutePath: place.path,
    diagnostics,
    ownsId: workflow !== null,
    triggers: workflow?.triggers ?? [],
    versionPolicy: workflow?.versionPolicy ?? 'latest',
  };
}

/** The first file with an id owns it; the others run by path only. */
function markDuplicates(items: readonly LibraryItem[]): readonly LibraryItem[] {
  const owners = new Map<string, LibraryItem>();
  return items.map((item) => {
    if (!item.ownsId) return item;
    const owner = owners.get(item.id);
    if (owner === undefined) {
      owners.set(item.id, item);
      return item;
    }
    const message = `The id '${item.id}' is already used by ${owner.path}; this file runs by path only`;
    const duplicate: Diagnostic = { severity: 'warning', code: 'workflow.duplicate_id', message, file: item.path };
    const diagnostics = [...item.diagnostics, duplicate];
    return { ...item, ref: item.path, ownsId: false, warnings: item.warnings + 1, diagnostics };
  });
}

/**
 * The library of a project: `workflows/*.md` and `bundles/*` (DESIGN decision 3), files first, by name. A broken entry is
 * listed with its error and hides nothing. With a `cache`, what did not change is not read again. Never throws on content.
 */
export async function listLibrary(
  paths: ProjectPaths,
  options: ListLibraryOptions = {},
): Promise<readonly LibraryItem[]> {
  const cache = options.cache ?? createLibraryCache();
  const places = await findPlaces(paths);
  const items = await Promise.all(
    places.map(async (place) =>
      toItem(place, await readPlace(place, cache, options, showPath(paths, place.path)), paths, options),
    ),
  );
  const present = new Set(places.map((place) => place.path));
  for (const path of cache.keys()) if (!present.has(path)) cache.delete(path);
  return markDuplicates(items);
}
