import type { LibraryEntry, WorkflowDetail } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { cannotRunHere } from '../../shared/missing-tools.ts';
import type { TrustState } from '../../shared/model/trust.ts';
import { type BundleReading, readBundle } from '../bundles/index.ts';
import { sha256Hex } from '../crypto/index.ts';
import { withoutSigns } from '../governance/index.ts';
import {
  createLibraryCache,
  type LibraryItem,
  listLibrary,
  type ResolveOptions,
  resolveWorkflow,
  showPath,
} from '../projects/index.ts';
import type { ToolCatalog } from '../tools/index.ts';
import { listUnsupported, requiredTools } from '../workflow/index.ts';
import { projectCatalog } from './project-catalog.ts';
import type { ProjectSession } from './project-session.ts';
import { readOptions } from './reader.ts';
import { trustStateOf } from './trust-gate.ts';

const RECENT_RUNS = 12;

const optionsFor = (catalog: ToolCatalog, { agents, env }: ProjectSession): ResolveOptions => ({
  ...readOptions(catalog, env, agents.names),
  cache: createLibraryCache(),
  unsupportedOf: (workflow) => listUnsupported(workflow)[0]?.message ?? null,
});

/** The library of an open project: what the files say, beside what the store knows of their runs. */
export class Library {
  readonly #session: ProjectSession;
  #options: ResolveOptions;
  #catalog: ToolCatalog;

  constructor(session: ProjectSession) {
    this.#session = session;
    this.#catalog = session.tools.catalog();
    this.#options = optionsFor(this.#catalog, session);
  }

  /** What was found with other tools of the project is not true any more. */
  async #fresh(): Promise<ResolveOptions> {
    const catalog = await projectCatalog(this.#session);
    if (catalog !== this.#catalog) {
      this.#catalog = catalog;
      this.#options = optionsFor(catalog, this.#session);
    }
    return this.#options;
  }

  async list(filter: {
    readonly search?: string | undefined;
    readonly tag?: string | undefined;
    readonly needsTrust?: boolean | undefined;
  }): Promise<readonly LibraryEntry[]> {
    if (filter.needsTrust === true) return this.#untrusted();
    const items = await listLibrary(this.#session.paths, await this.#fresh());
    const words = (filter.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const shown = items
      .filter((item) => filter.tag === undefined || item.tags.includes(filter.tag))
      .filter((item) => words.every((word) => searchText(item).includes(word)));
    return Promise.all(shown.map(async (item) => this.#withHistory(item, await this.#trustOf(item))));
  }

  /** What came from outside and waits for somebody's word; nothing else of the library is looked at. */
  async #untrusted(): Promise<readonly LibraryEntry[]> {
    const { trust, paths } = this.#session;
    const isForeign = ({ path }: LibraryItem): boolean => (trust.subject(path)?.outside ?? null) !== null;
    if (trust.origin !== 'elsewhere' && trust.subjects().every(([, { outside }]) => outside === null)) return [];
    const items = (await listLibrary(paths, await this.#fresh())).filter(isForeign);
    const entries = await Promise.all(items.map(async (item) => this.#withHistory(item, await this.#trustOf(item))));
    return entries.filter(({ trust: state }) => state === 'untrusted' || state === 'changed');
  }

  async resolve(ref: string): Promise<BundleReading> {
    return resolveWorkflow(ref, this.#session.paths, await this.#fresh());
  }

  async detail(ref: string): Promise<WorkflowDetail> {
    const { store, paths } = this.#session;
    const reading = await this.resolve(ref);
    if (reading.reading === null)
      throw new AppError('bundle.no_workflow', 'No workflow file found (expected workflow.md or *.md)');
    const { workflow } = reading.reading;
    const item = await this.#itemOf(reading, ref);
    const trust = trustStateOf(this.#session, showPath(paths, reading.path), reading.contentHash);
    const newest = store.runs.list({ workflow: workflow.id, trigger: 'manual', limit: 1 }).runs[0];
    const lastCreated = newest === undefined ? null : this.#session.engine.stateOf(newest.runId).state.created;
    const versions = store.versions.list(workflow.id);
    return {
      entry: this.#withHistory(item, trust),
      workflow,
      diagnostics: reading.diagnostics,
      source: reading.text,
      sourceHash: sha256Hex(reading.text),
      sourcePath: showPath(paths, reading.workflowFile ?? reading.path),
      contentHash: reading.contentHash,
      requiredTools: requiredTools(workflow).tools,
      tools: reading.tools,
      lastInputs: lastCreated === null ? null : withoutSigns(lastCreated.inputs),
      lastRuns: store.runs.list({ workflow: workflow.id, limit: RECENT_RUNS }).runs,
      versions: versions.map((one) => ({
        hash: one.hash,
        label: one.label,
        firstSeenAt: one.firstSeenAt,
        runs: one.runs,
      })),
      files: reading.files,
    };
  }

  /** The library row of a reading; a workflow outside the library gets a row of its own. */
  async #itemOf(reading: BundleReading, ref: string): Promise<LibraryItem> {
    const items = await listLibrary(this.#session.paths, this.#options);
    const shown = showPath(this.#session.paths, reading.path);
    const known = items.find((item) => item.path === shown);
    return known ?? outsideItem(reading, ref, shown);
  }

  /** Only what came from outside has to be read whole: what was made here is trusted whatever it says. */
  async #trustOf({ path, absolutePath }: LibraryItem): Promise<TrustState> {
    const { trust } = this.#session;
    const subject = trust.subject(path);
    if (subject === null || subject.outside === null) return 'own';
    if (subject.accepted === null) return 'untrusted';
    const hash = await readBundle(absolutePath).then(
      ({ contentHash }) => contentHash,
      () => '',
    );
    return trustStateOf(this.#session, path, hash);
  }

  #withHistory(item: LibraryItem, trust: TrustState): LibraryEntry {
    const { runs } = this.#session.store;
    const recent = runs.list({ workflow: item.id, withoutReplays: true, limit: RECENT_RUNS }).runs;
    const { absolutePath: _path, diagnostics: _diagnostics, ownsId: _ownsId, ...row } = item;
    const { triggers: _triggers, versionPolicy: _policy, ...entry } = row;
    return {
      ...entry,
      trust,
      lastRun: recent[0] ?? null,
      recentStatuses: recent.map(({ runId, status, outcome }) => ({ runId, status, outcome })),
      averageMs: runs.average(item.id)?.durationMs ?? null,
      runsTotal: recent.length < RECENT_RUNS ? recent.length : runs.countOf(item.id),
    };
  }
}

const searchText = (item: LibraryItem): string =>
  `${item.name} ${item.id} ${item.description} ${item.tags.join(' ')} ${item.path}`.toLowerCase();

function outsideItem(reading: BundleReading, ref: string, shown: string): LibraryItem {
  const workflow = reading.reading?.workflow;
  const errors = reading.diagnostics.filter((one) => one.severity === 'error');
  return {
    ref,
    id: workflow?.id ?? ref,
    name: workflow?.name ?? ref,
    description: workflow?.description ?? '',
    version: workflow?.version ?? '',
    tags: workflow?.tags ?? [],
    kind: reading.kind,
    path: shown,
    steps: workflow?.steps.length ?? 0,
    riskLevel: workflow?.riskLevel ?? null,
    errors: errors.length,
    warnings: reading.diagnostics.filter((one) => one.severity === 'warning').length,
    error: errors[0]?.message ?? null,
    unsupported:
      workflow === undefined ? null : (listUnsupported(workflow)[0]?.message ?? cannotRunHere(reading.diagnostics)),
    absolutePath: reading.path,
    diagnostics: reading.diagnostics,
    ownsId: false,
    triggers: workflow?.triggers ?? [],
    versionPolicy: workflow?.versionPolicy ?? 'latest',
  };
}
