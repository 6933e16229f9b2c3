import { existsSync, renameSync } from 'node:fs';
import { mkdir, realpath, rm, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { ChildAsked } from '../../shared/model/events.ts';
import type { RunStatus } from '../../shared/model/run.ts';
import type { Declared } from '../../shared/model/trust.ts';
import { type BundleReading, materializeBundle, readBundle } from '../bundles/index.ts';
import { cleanFields } from '../cassettes/index.ts';
import type {
  AgentHost,
  CostHost,
  Engine,
  EngineHost,
  PreparedChild,
  ProjectRetry,
  RunFolders,
  RunnableVersion,
  SecretRun,
} from '../engine/index.ts';
import { isInside, toFileError, writeFileAtomic } from '../files/index.ts';
import { type SecretStore, withoutSigns } from '../governance/index.ts';
import type { ProcessRunner } from '../processes/index.ts';
import { type ProjectPaths, showPath } from '../projects/index.ts';
import type { Redactor } from '../redaction/index.ts';
import { SnapshotStore } from '../snapshots/index.ts';
import type { Store } from '../storage/index.ts';
import { createCatalog, createScriptTool, type ToolCatalog } from '../tools/index.ts';
import { declaredOf } from '../trust/index.ts';
import { FileUndo } from './file-undo.ts';
import { createGitActs } from './git/index.ts';
import { resolveOutputFile } from './output-file.ts';
import { withProjectTools } from './reader.ts';
import { RunCopies } from './run-copies.ts';
import { markedRun } from './secret-inputs.ts';

const CACHED_VERSIONS = 50;

interface HostOptions {
  readonly paths: ProjectPaths;
  readonly runner: ProcessRunner;
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  readonly projectRetry: ProjectRetry;
  /** `workflows.default_timeout`; null = no limit. */
  readonly defaultTimeoutMs: number | null;
  readonly allowedEnv: Readonly<Record<string, string>>;
  readonly agents: AgentHost;
  readonly costs: CostHost;
  readonly redactor: Redactor;
  readonly secrets: SecretStore;
  /** The project's own tools, asked anew for every version: its registry may have changed. */
  readonly projectTools: () => ToolCatalog;
  /** Whether what stands at a path of the library was imported. */
  readonly isFromOutside: (path: string) => boolean;
  readonly beforeEffect: EngineHost['beforeEffect'];
  readonly keepsWork: EngineHost['keepsWork'];
  readonly untilTold: EngineHost['untilTold'];
  readonly notify: EngineHost['notify'];
  readonly requireDeciders: EngineHost['requireDeciders'];
  readonly prepareChild: (version: RunnableVersion, asked: ChildAsked, parent: SecretRun) => Promise<PreparedChild>;
  readonly store: Store;
  readonly engine: () => Pick<Engine, 'afterEnd'>;
  /** Bytes that are kept at most to undo what runs did to files. */
  readonly undoQuota: number;
  /** Asks those who decide about what a run changed in its copy. */
  readonly onOffered: (runId: string) => Promise<void>;
  readonly onBug: (error: unknown) => void;
  /** Hears of a file, by its real path, before a run writes it. */
  readonly onOutputFile: (runId: string, path: string, text: string) => void;
}

/** The project around the engine: pinned versions, the folders of runs, places for output files. */
export class ProjectHost implements EngineHost {
  readonly projectRetry: ProjectRetry;
  readonly allowedEnv: Readonly<Record<string, string>>;
  readonly agents: AgentHost;
  readonly costs: CostHost;
  readonly files: FileUndo;
  readonly git: EngineHost['git'];
  readonly copies: RunCopies;
  readonly #options: HostOptions;
  readonly #versions = new Map<string, Promise<RunnableVersion>>();
  readonly #folders = new Map<string, Promise<RunFolders>>();

  constructor(options: HostOptions) {
    this.#options = options;
    this.projectRetry = options.projectRetry;
    this.allowedEnv = options.allowedEnv;
    this.agents = options.agents;
    this.costs = options.costs;
    const { paths, undoQuota } = options;
    this.git = createGitActs(paths.project);
    const snapshots = new SnapshotStore({ folder: paths.snapshotsDir, quota: undoQuota });
    const places = { ...options, project: paths.project, snapshots, runDir: (runId: string) => this.runDir(runId) };
    this.files = new FileUndo({ ...places, copyOf: (runId) => this.copies.folderOf(runId) });
    this.copies = new RunCopies({ ...places, goOn: (runId, write) => this.files.goOn(runId, write) });
  }

  secretMarkers({ created }: SecretRun): JsonMap {
    return this.#options.secrets.markers(created.originRunId);
  }

  holdsSecret(inputs: JsonMap, run: SecretRun): boolean {
    return this.#options.secrets.isMarked(inputs, markedRun(run, null));
  }

  async fillSecrets(...[call, run]: Parameters<EngineHost['fillSecrets']>): ReturnType<EngineHost['fillSecrets']> {
    return this.#options.secrets.fill(call, markedRun(run, await this.declaredOf(run)));
  }

  /** What the version of a run says that it uses; null = it was made here. */
  async declaredOf({ created }: SecretRun): Promise<Declared | null> {
    if (!this.#options.isFromOutside(created.workflowPath)) return null;
    return (await this.loadVersion(created)).declared ?? null;
  }

  heldBack(text: string): number {
    return this.#options.redactor.heldBack(text);
  }

  /** From now on these values are said nowhere. */
  hide(values: readonly string[]): void {
    this.#options.redactor.addKeys(values);
  }

  redact<T>(value: T): T {
    return this.#options.redactor.redact(value);
  }

  withoutSecrets<T>(value: T): T {
    return cleanFields(withoutSigns(this.redact(value)));
  }

  /** A reading as something to run; the reading has no errors. */
  toVersion(reading: BundleReading, workflowPath: string): RunnableVersion {
    if (reading.reading === null)
      throw new AppError('bundle.no_workflow', 'No workflow file found (expected workflow.md or *.md)');
    const own = reading.tools.map((tool) => createScriptTool(tool, { runner: this.#options.runner }));
    const inherits = reading.config.inheritGlobalTools;
    const { projectTools } = this.#options;
    // What came from outside gets what the sheet named: a name that only a run makes up is none of that.
    const declared = this.#options.isFromOutside(workflowPath) ? declaredOf(reading) : null;
    const tools = declared === null ? null : new Set(declared.tools);
    return {
      hash: reading.contentHash,
      workflow: reading.reading.workflow,
      workflowPath,
      config: this.#withTimeout(reading.config),
      tools: withProjectTools(createCatalog(own), inherits ? () => onlyDeclared(projectTools(), tools) : null),
      ...(declared === null ? {} : { declared }),
      ...(tools === null || !inherits
        ? {}
        : { isWithheld: (tool) => !tools.has(tool) && projectTools().get(tool) !== undefined }),
      env: reading.env,
    };
  }

  /** The project's time limit for a run counts where the bundle writes none; a workflow's own goes before both. */
  #withTimeout(config: BundleReading['config']): BundleReading['config'] {
    const timeoutMs = config.timeoutMs ?? this.#options.defaultTimeoutMs;
    return timeoutMs === null ? config : { ...config, timeoutMs };
  }

  loadVersion(pinned: { readonly versionHash: string; readonly workflowPath: string }): Promise<RunnableVersion> {
    const key = `${pinned.versionHash} ${pinned.workflowPath}`;
    let version = this.#versions.get(key);
    if (version === undefined) {
      version = this.#readArchive(pinned.versionHash, pinned.workflowPath);
      this.#versions.set(key, version);
      version.catch(() => this.#versions.delete(key));
      if (this.#versions.size > CACHED_VERSIONS) this.#versions.delete([...this.#versions.keys()][0] ?? '');
    }
    return version;
  }

  async prepareChild(asked: ChildAsked, parent: SecretRun): Promise<PreparedChild> {
    return this.#options.prepareChild(await this.loadVersion(asked), asked, parent);
  }

  untilTold(runId: string, signal: AbortSignal): Promise<void> | null {
    return this.#options.untilTold(runId, signal);
  }

  wasElsewhere(runId: string, position: number): boolean {
    return position <= (this.#options.store.remoteRuns.ofRun(runId)?.lostAt ?? 0);
  }

  beforeEffect(...what: Parameters<EngineHost['beforeEffect']>): void {
    this.#options.beforeEffect(...what);
  }

  keepsWork(...asked: Parameters<EngineHost['keepsWork']>): ReturnType<EngineHost['keepsWork']> {
    return this.#options.keepsWork(...asked);
  }

  notify(...what: Parameters<EngineHost['notify']>): void {
    this.#options.notify(...what);
  }

  requireDeciders(...asked: Parameters<EngineHost['requireDeciders']>): void {
    this.#options.requireDeciders(...asked);
  }

  openCopy(...what: Parameters<EngineHost['openCopy']>): ReturnType<EngineHost['openCopy']> {
    return this.copies.open(...what);
  }

  prepareFolders(runId: string, versionHash: string): Promise<RunFolders> {
    let folders = this.#folders.get(runId);
    if (folders === undefined) {
      folders = this.#makeFolders(runId, versionHash);
      this.#folders.set(runId, folders);
      folders.catch(() => this.#folders.delete(runId));
    }
    return folders;
  }

  async writeOutputFile(runId: string, path: string, text: string): Promise<string> {
    const { paths } = this.#options;
    await makeFolder(this.runDir(runId));
    const runDir = await realpath(this.runDir(runId));
    const target = await resolveOutputFile(paths, runDir, path);
    const place = await this.copies.inCopy(runId, target);
    this.#options.onOutputFile(runId, place, text);
    await writeFileAtomic(place, text).catch((thrown: unknown) => Promise.reject(toFileError(thrown, path)));
    return isInside(runDir, target) ? relative(runDir, target).split(sep).join('/') : showPath(paths, target);
  }

  takeFiles(...what: Parameters<EngineHost['takeFiles']>): ReturnType<EngineHost['takeFiles']> {
    return this.files.takeFiles(...what);
  }

  restoreFiles(...what: Parameters<EngineHost['restoreFiles']>): ReturnType<EngineHost['restoreFiles']> {
    return this.files.restoreFiles(...what);
  }

  /** A completed run needs its bundle copy no more; any other may be resumed and keeps what its scripts left there. */
  async forgetRun(runId: string, status: RunStatus): Promise<void> {
    this.#folders.delete(runId);
    await this.#options.runner.forget(runId);
    this.#options.redactor.release(runId);
    // It takes the run's turn, which whoever calls this has.
    this.copies.offer(runId).catch(this.#options.onBug);
    if (status === 'completed')
      await rm(join(this.#options.paths.runsDir, runId, 'bundle'), { recursive: true, force: true });
  }

  /** AIWORKFLOW_RUN_DIR: the Files tab. */
  runDir(runId: string): string {
    return join(this.#options.paths.runsDir, runId, 'files');
  }

  /** Everything that a run has outside the store: its folder, and what is recorded of its children. */
  async deleteRunFiles(runId: string): Promise<void> {
    this.#folders.delete(runId);
    await this.#options.runner.forget(runId);
    await rm(join(this.#options.paths.runsDir, runId), { recursive: true, force: true });
    await this.files.forget(runId);
  }

  /**
   * Removes the copy of a version if `letGo` says so, which is asked in the same breath in which the copy gets out of the way: whoever
   * starts the version afterwards makes a new one.
   */
  async retireVersion(hash: string, letGo: () => boolean): Promise<void> {
    if (!/^[0-9a-f]{64}$/.test(hash)) return void letGo();
    const folder = join(this.#options.paths.archivesDir, hash);
    const retired = join(this.#options.paths.archivesDir, `.gone-${hash}`);
    // From a removal that was cut short.
    await rm(retired, { recursive: true, force: true });
    if (!letGo()) return;
    for (const key of this.#versions.keys()) if (key.startsWith(`${hash} `)) this.#versions.delete(key);
    if (!existsSync(folder)) return;
    renameSync(folder, retired);
    await rm(retired, { recursive: true, force: true });
  }

  async #makeFolders(runId: string, versionHash: string): Promise<RunFolders> {
    const { paths } = this.#options;
    const folder = join(paths.runsDir, runId);
    const workDir = join(folder, 'bundle');
    const runDir = this.runDir(runId);
    await makeFolder(runDir);
    if ((await stat(workDir).catch(() => null)) === null)
      await materializeBundle(paths.archivesDir, versionHash, workDir);
    const copyDir = await this.copies.folderOf(runId);
    return { workDir, runDir, ...(copyDir === null ? {} : { copyDir }) };
  }

  async #readArchive(hash: string, workflowPath: string): Promise<RunnableVersion> {
    const { paths, hostEnv } = this.#options;
    const folder = join(paths.archivesDir, hash);
    if ((await stat(folder).catch(() => null)) === null) {
      throw new AppError(
        'workflow.version_not_found',
        'The version of the workflow that this run is pinned to is no longer stored.',
        {
          hint: 'Start the workflow again: the newest version will be used.',
          details: { version: hash },
        },
      );
    }
    const source = isAbsolute(workflowPath) ? workflowPath : resolve(paths.project, workflowPath);
    const reading = await readBundle(folder, {
      hostEnv,
      envFolder: source,
      folderName: basename(source).replace(/\.md$/i, ''),
    });
    return this.toVersion(reading, workflowPath);
  }
}

/** The tools of a catalog that are named; null = all of them. */
const onlyDeclared = (catalog: ToolCatalog, names: ReadonlySet<string> | null): ToolCatalog =>
  names === null
    ? catalog
    : {
        get: (name) => (names.has(name) ? catalog.get(name) : undefined),
        names: () => catalog.names().filter((name) => names.has(name)),
      };

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((thrown: unknown) =>
    Promise.reject(toFileError(thrown, path)),
  );
}
