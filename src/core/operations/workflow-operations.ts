import { readdir, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import type { LiveEvent, OperationName, OutputOf, ValidationReport } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { missingTools } from '../../shared/missing-tools.ts';
import { workflowChanges } from '../../shared/workflow-changes.ts';
import {
  type BundleReading,
  bundleInfo,
  isBundleFolder,
  type ReadBundleOptions,
  readBundle,
} from '../bundles/index.ts';
import {
  type InstalledExample,
  installExample,
  listExamples,
  type ProjectPaths,
  resolveWorkflow,
  showPath,
} from '../projects/index.ts';
import type { StoredVersion } from '../storage/index.ts';
import type { ToolCatalog } from '../tools/index.ts';

import type { TrustStore } from '../trust/index.ts';
import { writtenParts } from '../workflow/index.ts';
import { checkExport } from './check-export.ts';
import { convertUpload } from './convert-upload.ts';
import { createWorkflow } from './create-workflow.ts';
import type { HandlersOf } from './handlers.ts';
import { importBundle, stagedTrust, undoImport } from './import-bundle.ts';
import { Library } from './library.ts';
import { lockBundle } from './lock-bundle.ts';
import { projectCatalog } from './project-catalog.ts';
import type { ProjectSession } from './project-session.ts';
import { readOptions } from './reader.ts';
import { planRemoval, planRestore } from './removed-workflows.ts';
import { trustStateOf } from './trust-gate.ts';

interface WorkflowContext {
  readonly examplesDir: string;
  readonly publish: (event: LiveEvent) => void;
}

type LibraryOperation = Exclude<
  Extract<OperationName, `workflows.${string}` | `versions.${string}` | `examples.${string}`>,
  'workflows.check' | 'workflows.complete' | 'workflows.names' | 'workflows.publish' | 'workflows.saveAs'
>;
type BundleOperation = Extract<OperationName, `bundles.${string}`>;
type ReaderOperation = 'workflows.validate' | 'bundles.info' | 'bundles.validate' | 'bundles.list';

/** The use cases of the library over one open project. */
export function workflowHandlers(
  session: ProjectSession,
  context: WorkflowContext,
): HandlersOf<LibraryOperation | BundleOperation> {
  return {
    ...readerHandlers(session.paths, {
      env: session.env,
      tools: () => projectCatalog(session),
      agentNames: async () => session.agents.names,
      trust: async () => session.trust,
    }),
    ...libraryHandlers(session, context),
    ...importHandlers(session, context),
    'bundles.lock': async ({ path, update }) => {
      const { paths, env } = session;
      const catalog = await projectCatalog(session);
      const options = readOptions(catalog, env);
      const readIt = (at: string): Promise<BundleReading> =>
        readBundle(isAbsolute(at) ? at : resolve(paths.project, at), options);
      const place = { paths, read: () => readNamed(path, paths, readIt), madeOf: catalog.madeOf };
      const locked = await lockBundle(place, update);
      if (locked.outcome !== 'unchanged') context.publish({ kind: 'library' });
      return locked;
    },
  };
}

/** What a project has that workflows are held against. */
export interface ProjectNames {
  readonly env: ReadBundleOptions['hostEnv'];
  readonly tools: () => Promise<ToolCatalog>;
  readonly agentNames: () => Promise<readonly string[]>;
  readonly trust: () => Promise<TrustStore>;
}

/** Reading operations that need no store: they work without a lease, on any path. */
export function readerHandlers(paths: ProjectPaths, project: ProjectNames): HandlersOf<ReaderOperation> {
  const { project: projectPath } = paths;
  const options = async (): Promise<ReadBundleOptions> =>
    readOptions(await project.tools(), project.env, await project.agentNames());
  const read = async (path: string): Promise<BundleReading> =>
    readBundle(isAbsolute(path) ? path : resolve(projectPath, path), await options());
  return {
    'workflows.validate': async ({ ref }) => report(await resolveWorkflow(ref, paths, await options())),
    'bundles.info': async ({ path }) => {
      const reading = await readNamed(path, paths, read);
      const trust = await project.trust();
      const state = trustStateOf({ trust, paths }, showPath(paths, reading.path), reading.contentHash);
      return bundleInfo(reading, { isTrusted: state === 'own' || state === 'trusted' });
    },
    'bundles.validate': async ({ path }) => report(await readNamed(path, paths, read)),
    'bundles.list': async ({ path }) => ({
      bundles: await listBundles(
        path === undefined ? paths.bundlesDir : resolve(projectPath, path),
        paths,
        await options(),
      ),
    }),
  };
}

/** A bundle by path, or by its name in the library. */
async function readNamed(
  ref: string,
  paths: ProjectPaths,
  read: (path: string) => Promise<BundleReading>,
): Promise<BundleReading> {
  const inLibrary = join(paths.bundlesDir, ref);
  const isName = !/[\\/]/.test(ref) && (await stat(inLibrary).catch(() => null))?.isDirectory() === true;
  return read(isName ? inLibrary : ref);
}

function report(reading: BundleReading): ValidationReport {
  const errors = reading.diagnostics.filter((one) => one.severity === 'error');
  const warnings = reading.diagnostics.filter((one) => one.severity !== 'error');
  const name = reading.reading?.workflow.name ?? reading.config.name;
  return { name, valid: errors.length === 0, errors, warnings, missing: missingTools(reading.diagnostics) };
}

function libraryHandlers(
  session: ProjectSession,
  { examplesDir, publish }: WorkflowContext,
): HandlersOf<Exclude<LibraryOperation, ReaderOperation>> {
  const { paths, store, clock } = session;
  const library = new Library(session);
  const changed = (): void => publish({ kind: 'library' });
  return {
    'workflows.list': async (filter) => ({ workflows: await library.list(filter) }),
    'workflows.get': ({ ref }) => library.detail(ref),
    'workflows.create': async (input) => {
      const created = await createWorkflow(paths, input);
      // With `force` something from elsewhere may stand there still.
      if (!input.force) await session.trust.noteOwn(created.created);
      changed();
      return created;
    },
    'workflows.remove': async ({ ref }, actor) => {
      const reading = await library.resolve(ref);
      const { token, move } = await planRemoval(paths, reading, clock.now());
      await session.changes.make({
        ...{ operation: 'workflows.remove', path: showPath(paths, reading.path), moves: [move], aside: token },
        ...{ back: null, outside: null, consent: null, actor },
        event: { type: 'bundle.removed', name: reading.config.name, contentHash: reading.contentHash },
      });
      changed();
      return { restoreToken: token };
    },
    'workflows.restore': async ({ restoreToken }, actor) => {
      const move = await planRestore(paths, restoreToken);
      const reading = await readBundle(move.from, { folderName: basename(move.to).replace(/\.md$/i, '') });
      const path = showPath(paths, move.to);
      await session.changes.make({
        ...{ operation: 'workflows.restore', path, moves: [move], aside: null, outside: null, consent: null, actor },
        back: { token: restoreToken, path },
        event: { type: 'bundle.imported', name: reading.config.name, contentHash: reading.contentHash },
      });
      changed();
      return { ref: reading.reading?.workflow.id ?? path };
    },
    'workflows.resetBreaker': async ({ ref }) => {
      const { reading, config } = await library.resolve(ref);
      const id = reading?.workflow.id ?? config.name;
      session.engine.resetBreaker(id);
      return { id };
    },
    'versions.source': ({ hash }) => {
      const { source, label } = startedVersion(session, hash);
      return { source, label };
    },
    'versions.compare': async ({ ref, before, after }) => {
      const partsOf = async (hash: string | null) =>
        writtenParts(hash === null ? (await library.resolve(ref)).text : startedVersion(session, hash).source);
      return { changes: workflowChanges(await partsOf(before), await partsOf(after)) };
    },
    'examples.list': async () => ({ examples: await listExamples(examplesDir, paths) }),
    'examples.install': async ({ names }, actor) => {
      const refs: string[] = [];
      for (const name of names) {
        const installed = await installExample(examplesDir, name, paths);
        const { contentHash, files } = installed;
        for (const path of ownPaths(paths, installed)) await session.trust.noteOwn(path);
        if (files.length > 0)
          await store.journal.appendProject({ type: 'bundle.imported', name, contentHash }, clock.now(), actor);
        refs.push(installed.ref);
      }
      changed();
      return { refs };
    },
  };
}

function startedVersion({ store }: ProjectSession, hash: string): StoredVersion {
  const version = store.versions.find(hash);
  if (version !== null) return version;
  throw new AppError('workflow.version_not_found', 'This version was never started here.', {
    details: { version: hash },
  });
}

/** Where in the library an example stands that was just installed: its folder, or each file of a group. */
const ownPaths = (paths: ProjectPaths, { path, files }: InstalledExample): readonly string[] =>
  path === paths.workflowsDir ? files : files.length === 0 ? [] : [showPath(paths, path)];

function importHandlers(
  session: ProjectSession,
  { publish }: WorkflowContext,
): HandlersOf<Exclude<BundleOperation, ReaderOperation | 'bundles.lock'>> {
  const { staging } = session;
  return {
    'bundles.upload': (input) => staging.upload(input),
    'bundles.inspect': async ({ uploadId }) => {
      const sheet = await staging.inspect(uploadId);
      return { ...sheet, trust: await stagedTrust(session, uploadId) };
    },
    'bundles.convert': ({ uploadId }) => convertUpload(session, uploadId),
    'bundles.readStaged': ({ uploadId, path }) => staging.readText(uploadId, path),
    'bundles.import': async (input, actor) => {
      const imported = await importBundle(session, input, actor);
      publish({ kind: 'library' });
      return { ref: imported.ref, name: imported.name };
    },
    'bundles.undoImport': async ({ ref }, actor) => {
      const undone = await undoImport(session, await new Library(session).resolve(ref), actor);
      publish({ kind: 'library' });
      return undone;
    },
    'bundles.checkExport': async ({ ref }) => checkExport(session, await new Library(session).resolve(ref)),
    'bundles.discard': async ({ uploadId }) => {
      await staging.discard(uploadId);
      return null;
    },
  };
}

type BundleRow = OutputOf<'bundles.list'>['bundles'][number];

/** Bundles among the direct children of a folder (and the folder itself), with `Valid` or their first error. */
async function listBundles(
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
