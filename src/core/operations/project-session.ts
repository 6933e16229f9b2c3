import type { LiveEvent } from '../../shared/contract/index.ts';
import type { ErrorRecord } from '../../shared/errors.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { AgentDirectory } from '../agents/index.ts';
import { ImportStaging } from '../bundles/index.ts';
import type { PriceBook } from '../costs/index.ts';
import { Engine, isBudgetFull, isKeyAway } from '../engine/index.ts';
import {
  type AccessControl,
  type AuditLog,
  type Keychain,
  type KeySealer,
  type SecretStore,
  withoutSigns,
} from '../governance/index.ts';
import type { DesktopNotices } from '../notices/index.ts';
import { createProcessRunner, type ProcessRunner } from '../processes/index.ts';
import { ensureStateDirs, LibraryIndex, type ProjectConfig, type ProjectPaths } from '../projects/index.ts';
import { createRedactor, redactFields } from '../redaction/index.ts';
import { failpoint, type Lease, Store, takeLease } from '../storage/index.ts';
import type { Clock } from '../time/index.ts';
import type { ToolRegistry } from '../tools/index.ts';
import type { WebhookIntakeHub } from '../triggers/index.ts';
import type { TrustStore } from '../trust/index.ts';
import { allowsSelf, requireDeciders } from './approval-deciders.ts';
import { beginHosting } from './begin-hosting.ts';
import type { BudgetKeeper } from './budget-keeper.ts';
import { requireEffectRight } from './effect-rights.ts';
import { createEventInbox } from './event-inbox.ts';
import { HeldVersions } from './held-versions.ts';
import { trustImported } from './import-bundle.ts';
import { LeftoverSweep } from './leftover-sweep.ts';
import { LibraryChanges } from './library-changes.ts';
import { type NoticeChannels, stepFailed } from './notice-channels.ts';
import { offerRestore } from './offer-restore.ts';
import { openAccess } from './open-access.ts';
import { openAudit } from './open-audit.ts';
import { openSecrets } from './open-secrets.ts';
import { openTrust } from './open-trust.ts';
import { ParentClocks } from './parent-clocks.ts';
import { ParkedWakeups } from './parked-wakeups.ts';
import { prepareChild } from './prepare-child.ts';
import type { ProjectGate } from './project-gate.ts';
import { ProjectHost } from './project-host.ts';
import { ProjectMetrics, type ServeMetrics } from './project-metrics.ts';
import { isOwnAlready, openGate } from './project-origin.ts';
import { ProjectQueues } from './project-queues.ts';
import { ProjectSearch } from './project-search.ts';
import { openProjectServices, type ProjectServices } from './project-services.ts';
import { type ProjectSettings, pickEnv, readSettings } from './project-settings.ts';
import { ProjectStorage } from './project-storage.ts';
import { ProjectTriggers } from './project-triggers.ts';
import { catalogWith } from './reader.ts';
import { RemoteRuns } from './remote/remote-runs.ts';
import { Requests } from './requests.ts';
import { OPENED_ACTOR, RAISED_ACTOR, resumePaused } from './resume-paused.ts';
import { RunExchange } from './run-exchange.ts';
import { RunFollowers } from './run-followers.ts';
import { enginePorts, projectRetry } from './session-values.ts';
import { refuseToSteps, starterOf } from './step-rights.ts';

/** How a project is opened. `publish` hears what screens want to know, `onBug` what nobody expected. */
export interface SessionOptions {
  readonly projectPath: string;
  /** The user's own folder, with a `.env` for all projects. */
  readonly userDataDir: string;
  readonly clock: Clock;
  /** The start of the host named its folder. */
  readonly isNamed: boolean;
  readonly resumeOpenRuns: boolean;
  readonly servesTriggers: boolean;
  /** The timer of the system opened it: schedules alone act. */
  readonly isWake: boolean;
  /** The files that ship with the product beside the examples. */
  readonly resourcesDir: string;
  /** Default: that of the system, by its library; what the host seals keys with, nothing. */
  readonly keychain?: Keychain;
  readonly sealer?: KeySealer | undefined;
  readonly publish: (event: LiveEvent) => void;
  /** Where the host shows notices. */
  readonly desktop: DesktopNotices;
  /** Who listens for webhooks in this process. */
  readonly intake: WebhookIntakeHub;
  /** Null = nobody serves metrics in this process. */
  readonly serveMetrics: ServeMetrics | null;
  readonly version: string;
  readonly onBug: (error: unknown) => void;
}

/** One open project: lease, store, process helper and engine, opened and closed together. */
export class ProjectSession {
  readonly paths: ProjectPaths;
  readonly config: ProjectConfig;
  /** Variables for what the project reaches: this process over the project's `.env` files. */
  readonly env: ProjectSettings['env'];
  /** What was wrong with the settings, unknown or not used when the project was opened. */
  readonly settingsProblems: readonly Diagnostic[];
  readonly clock: Clock;
  readonly store: Store;
  readonly audit: AuditLog;
  readonly engine: Engine;
  readonly channels: NoticeChannels;
  /** The clocks of runs as they are shown. */
  readonly clocks: ParentClocks;
  /** What the names of workflows mean, for starts. */
  readonly index: LibraryIndex;
  readonly host: ProjectHost;
  readonly staging: ImportStaging;
  readonly agents: AgentDirectory;
  readonly tools: ToolRegistry;
  readonly agentProblems: readonly Diagnostic[];
  /** What was found damaged at the opening, set aside and made anew. */
  readonly notices: readonly string[];
  readonly prices: PriceBook;
  readonly budget: BudgetKeeper;
  readonly leftovers: LeftoverSweep;
  /** What starts by itself; it acts where open runs are resumed. */
  readonly triggers: ProjectTriggers;
  readonly queues: ProjectQueues;
  readonly remote: RemoteRuns;
  readonly metrics: ProjectMetrics;
  readonly storage: ProjectStorage;
  readonly search: ProjectSearch;
  readonly followers: RunFollowers;
  readonly exchange: RunExchange;
  readonly access: AccessControl;
  readonly secrets: SecretStore;
  readonly trust: TrustStore;
  readonly gate: ProjectGate;
  readonly userDataDir: string;
  /** Nothing is done by itself here yet: the folder came from elsewhere, and nobody has trusted it. */
  isHeld = true;
  readonly changes: LibraryChanges;
  readonly requests: Requests;
  readonly wakeups: ParkedWakeups;
  readonly heldVersions = new HeldVersions();
  readonly #services: ProjectServices;
  readonly #lease: Lease;
  readonly #runner: ProcessRunner;
  readonly #onBug: (error: unknown) => void;
  readonly #options: SessionOptions;
  #closing: Promise<void> | null = null;
  private constructor(parts: {
    readonly settings: ProjectSettings;
    readonly lease: Lease;
    readonly store: Store;
    readonly audit: AuditLog;
    readonly runner: ProcessRunner;
    readonly services: ProjectServices;
    readonly options: SessionOptions;
    readonly notices: readonly string[];
    readonly trust: TrustStore;
    readonly gate: ProjectGate;
    readonly access: AccessControl;
    readonly secrets: SecretStore;
  }) {
    const { services, options } = parts;
    const { paths, config, env, problems } = parts.settings;
    this.env = env;
    this.settingsProblems = problems;
    this.paths = paths;
    this.index = new LibraryIndex(paths);
    this.notices = parts.notices;
    this.access = parts.access;
    this.secrets = parts.secrets;
    this.trust = parts.trust;
    this.gate = parts.gate;
    this.userDataDir = options.userDataDir;
    parts.store.limits.setWritten(config.costs.limits);
    [this.config, this.clock] = [config, options.clock];
    [this.#lease, this.store, this.audit] = [parts.lease, parts.store, parts.audit];
    [this.#onBug, this.#options, this.#runner] = [options.onBug, options, parts.runner];
    const { store } = parts;
    this.#services = services;
    this.agents = services.agents;
    this.tools = services.tools;
    this.agentProblems = services.agentProblems;
    this.prices = services.prices;
    this.budget = services.budget;
    this.channels = services.channels;
    this.host = new ProjectHost({
      store: parts.store,
      engine: () => this.engine,
      undoQuota: config.retention.undoMib * 1024 * 1024,
      ...{ paths, runner: this.#runner, hostEnv: env },
      defaultTimeoutMs: config.workflows.defaultTimeoutMs,
      projectRetry: projectRetry(config),
      allowedEnv: pickEnv(config.expressions.envAllow, env),
      agents: services.agentHost,
      costs: services.costs,
      redactor: services.redactor,
      secrets: parts.secrets,
      projectTools: () => services.tools.catalog(),
      isFromOutside: (path) => (parts.trust.subject(path)?.outside ?? null) !== null,
      notify: (channel, notice, onFailure) => this.channels.send(channel, stepFailed(notice), onFailure),
      untilTold: (runId, signal) => this.remote.worker.untilTold(runId, signal),
      beforeEffect: (starter, what) => requireEffectRight(this.access, starter, what),
      keepsWork: (run, step) => this.queues.keepsWork(run, step),
      requireDeciders: ({ approvers, requester, minApprovals }, { detail }) =>
        requireDeciders(
          this.access,
          { approvers, requester, allowsSelf: allowsSelf(detail, config.governance) },
          minApprovals,
        ),
      prepareChild: (version, asked, parent) => prepareChild(this, version, { asked, parent }),
      ...{ onBug: options.onBug, onOffered: (runId: string) => this.requests.offered(runId) },
      onOutputFile: (runId, path, text) => this.triggers.watches.noteWritten(runId, path, text),
    });
    this.clocks = new ParentClocks({
      engine: () => this.engine,
      store: parts.store,
      now: () => options.clock.now(),
      publish: options.publish,
    });
    this.engine = new Engine({
      store: parts.store,
      host: this.host,
      ports: enginePorts(options.clock),
      inbox: createEventInbox(parts.store.deliveries, (path) => this.triggers.webhookProblem(path)),
      ...{ maxRuns: config.workflows.maxConcurrent, limits: config.workflows.limits },
      publish: (event) => {
        this.clocks.tell(event);
        if (event.kind !== 'run') return;
        this.followers.noteRun(event.run);
        this.triggers.noteRun();
        this.queues.noteRun(event.run);
        this.wakeups.noteRun(event.run);
      },
      onBug: options.onBug,
    });
    this.wakeups = new ParkedWakeups(this, options.onBug);
    this.requests = new Requests(this, options.publish);
    this.leftovers = new LeftoverSweep({
      leftovers: store.leftovers,
      host: this.host,
      forget: (runId) => this.followers.remove(runId),
      watch: () => this.heldVersions.watch(),
      onServers: () => this.queues.versionsOnServers(),
      isHeld: (hash) => [this.heldVersions, parts.trust, store.queues, store.remoteRuns].some((one) => one.holds(hash)),
    });
    this.staging = new ImportStaging(paths.stagingDir, {
      bundlesDir: paths.bundlesDir,
      removedDir: paths.removedDir,
      now: options.clock.now,
      catalogOf: catalogWith(() => services.tools.catalog()),
      agentNames: () => services.agents.names,
    });
    const { publish, onBug } = options;
    this.changes = new LibraryChanges(this, (change) => trustImported(this, change));
    this.triggers = new ProjectTriggers(this, { publish, onBug, intake: options.intake });
    this.queues = new ProjectQueues(this, { version: options.version, publish, onBug });
    this.remote = new RemoteRuns(this, { publish, onBug });
    this.metrics = new ProjectMetrics(this, { version: options.version, serve: options.serveMetrics, onBug });
    this.storage = new ProjectStorage(this, onBug);
    this.search = new ProjectSearch(this, onBug);
    this.followers = new RunFollowers(this, { http: services.http, version: options.version, onBug });
    this.exchange = new RunExchange(this, options);
  }

  /** Opens a project and, for hosts that do so, takes over the runs that were left open. Errors: `lease.held`, `store.*`. */
  static async open(options: SessionOptions): Promise<ProjectSession> {
    const settings = await readSettings(options.projectPath, options.userDataDir);
    const { paths } = settings;
    refuseToSteps(paths.stateDir);
    const wasOwn = await isOwnAlready(paths, options.userDataDir);
    await ensureStateDirs(paths);
    const lease = takeLease(paths.leaseFile, () => options.clock.now());
    const notices: string[] = [];
    if (lease.setAside !== null)
      notices.push(
        `The lock file of this project, lease.db, was damaged: it is kept as ${lease.setAside} and a new one was made.`,
      );
    let opened: { close(): unknown } | null = null;
    try {
      const { config, env } = settings;
      const onLog = (runId: string, total: number, revision: number): void => {
        opening?.followers.noteLines(runId);
        options.publish({ kind: 'log', runId, total, ...(revision === 0 ? {} : { revision }) });
      };
      const onConversation = (runId: string, total: number): void => {
        opening?.followers.noteSaid(runId);
        options.publish({ kind: 'conversation', runId, total });
      };
      const redactor = createRedactor();
      let audit: AuditLog | null = null;
      let opening: ProjectSession | null = null;
      const store = new Store({
        storeFile: paths.storeFile,
        logsFile: paths.logsFile,
        blobsDir: paths.blobsDir,
        onLog,
        onConversation,
        usedFolders: [paths.archivesDir, paths.runsDir, paths.blobsDir],
        now: () => options.clock.now(),
        onNotice: (notice) => notices.push(notice),
        redact: (details) => withoutSigns(redactor.redact(redactFields(details))),
        redactText: (text) => withoutSigns(redactor.redact(text)),
        onAudit: () => {
          for (const one of [audit, opening?.requests.notices]) one?.noteWritten();
        },
      });
      opened = store;
      const journalPosition = (): number => store.journal.durablePosition;
      const { clock } = options;
      const runner = createProcessRunner({ stateDir: paths.stateDir, clock, failpoint, journalPosition });
      store.requireJournalTo(await runner.witnessedPosition());
      const secrets = await openSecrets({
        ...options,
        repository: store.secrets,
        config,
        redactor,
        onOpened: () => opening?.secretsOpened(),
        audit: (draft) => store.audit.writer.write(draft, options.clock.now()),
      });
      store.secrets.forgetUnusedInputs();
      const trust = await openTrust(paths, options.userDataDir);
      const gate = await openGate(trust, paths, options.isNamed ? 'named' : wasOwn);
      const services = await openProjectServices({
        ...options,
        ...{ paths, gate, config, store, redactor, runner, secrets, hostEnv: env, ports: enginePorts(options.clock) },
      });
      const access = await openAccess(store.access, options, (step) => starterOf({ runner, runs: store.runs }, step));
      audit = await openAudit(paths.project, { store, ...options });
      const found = { settings, notices, trust, gate, access, secrets, audit };
      const parts = { ...found, lease, store, runner, services, options };
      const session = new ProjectSession(parts);
      opened = session;
      opening = session;
      const ended = await session.changes.recover();
      if (ended !== null) notices.push(ended);
      if (await gate.isOpen()) await session.begin();
      return session;
    } catch (error) {
      await opened?.close();
      lease.release();
      throw offerRestore(error, paths);
    }
  }

  /** Runs that stand because the key of the secrets was away go on; a person who paused one has the last word. */
  secretsOpened(): void {
    this.triggers.webhooks.secrets.learn({ isAnew: true });
    this.resumeKeyAway();
  }

  /** A limit was changed: calls that wait for room look again, and runs that it had parked go on, or park anew. */
  limitsChanged(name: string): void {
    this.budget.look();
    const isFull = (error: ErrorRecord): boolean => isBudgetFull(error) && error.details?.limit === name;
    resumePaused(this, isFull, RAISED_ACTOR, this.#onBug);
    this.wakeups.lookSoon();
  }

  /** Runs that stand because the key of the secrets was away go on. */
  resumeKeyAway(): void {
    resumePaused(this, isKeyAway, OPENED_ACTOR, this.#onBug);
  }

  /** What a host does by itself from now on; of a folder from elsewhere not before a person has trusted it. */
  async begin(): Promise<void> {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.followers.begin(this.#options.resumeOpenRuns);
    await beginHosting(this, this.#options);
  }

  /**
   * Ends the runs (DESIGN decision 8), then frees everything, also when an earlier part failed. A second call waits for the first.
   * `quitBy` = who quits the app or leaves the project: what is missed from now on says so.
   */
  close(quitBy: string | null = null): Promise<void> {
    this.#closing ??= this.#close(quitBy);
    return this.#closing;
  }

  async #close(quitBy: string | null): Promise<void> {
    try {
      this.wakeups.close();
      await this.triggers.close(quitBy);
      await this.queues.stop();
      for (const part of [this.metrics, this.storage, this.search]) await part.close();
      await this.engine.close();
      for (const part of [this.queues, this.remote, this.followers, this.exchange]) await part.close();
      this.requests.close();
      await this.leftovers.idle();
      await this.channels.idle();
      await this.#services.close();
      await this.#runner.close();
      await this.audit.close().catch(this.#onBug);
      await this.storage.backups.close();
      await this.store.reader.close();
    } finally {
      this.index.forget();
      this.store.close();
      this.#lease.release();
    }
  }
}
