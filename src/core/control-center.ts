import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DoctorReport, LiveBatch, WireAnswer } from '../shared/contract/index.ts';
import { AppError } from '../shared/errors.ts';
import type { Caller } from '../shared/model/access.ts';
import type { Diagnostic } from '../shared/model/diagnostic.ts';
import type { Actor } from '../shared/model/run.ts';
import { readAgentNames } from './agents/index.ts';
import { appLog, logFiles } from './app-log/index.ts';
import { type KeySealer, withoutSigns } from './governance/index.ts';
import { type DesktopNotice, DesktopNotices } from './notices/index.ts';
import {
  accessHandlers,
  agentHandlers,
  appHandlers,
  approvalHandlers,
  auditedState,
  auditHandlers,
  cassetteHandlers,
  chooseProjectAgent,
  configHandlers,
  configReaders,
  costHandlers,
  countLibrary,
  dispatch,
  draftHandlers,
  failureHandlers,
  glanceAt,
  glanceAtTrust,
  initHandlers,
  LiveHub,
  type LookAtState,
  makeProject,
  metricsHandlers,
  ProjectSession,
  queueHandlers,
  readerHandlers,
  readSettings,
  runDoctor,
  runHandlers,
  type ServeMetrics,
  SignInStorm,
  secretHandlers,
  storageHandlers,
  takeOverHistory,
  toolHandlers,
  triggerHandlers,
  trustHandlers,
  type WriteAudit,
  wakeHandlers,
  watchHandlers,
  webhookHandlers,
  workflowHandlers,
} from './operations/index.ts';
import { ensureProjectId, type ProjectPaths, projectPaths, rememberProject } from './projects/index.ts';
import { setHistoryAside } from './storage/index.ts';
import { type Clock, systemClock } from './time/index.ts';
import { readRegistryCatalog } from './tools/index.ts';
import { type WebhookIntake, WebhookIntakeHub } from './triggers/index.ts';
import type { CommandLine } from './wake/index.ts';

export { replaceStore } from './operations/index.ts';

/** What a host says when it opens the control center. */
export interface ControlCenterOptions {
  /** Absolute path of the project folder; it is made when `isFresh`. */
  readonly projectPath: string;
  readonly isFresh?: boolean;
  /** Its folder was named at the start, which trusts it (SPEC §6.7); default: one from elsewhere asks. */
  readonly isNamed?: boolean;
  readonly door: 'cli' | 'browser' | 'desktop';
  /** Only the app and `serve` take over open runs by themselves (DESIGN decision 7). */
  readonly resumeOpenRuns: boolean;
  /** Schedules, watches, webhooks and event triggers act in this process; default: they do not. */
  readonly servesTriggers?: boolean;
  /** The timer of the system opened it (docs/adr/0031): schedules alone act, and the ledger says so of what starts; default: somebody else did. */
  readonly isWake?: boolean;
  /** How the command line is started by the system; default: it has no lasting place. */
  readonly commandLine?: CommandLine | null;
  /** The host shows notices on the desktop, those of `onNotice`; default: it does not. */
  readonly showsNotices?: boolean;
  /** The examples that ship with the product. */
  readonly examplesDir: string;
  /** Other files that ship with it: prices. */
  readonly resourcesDir: string;
  readonly version: string;
  readonly userDataDir: string;
  readonly home: string;
}

/** What the host does for the control center in its own process. */
export interface ControlCenterPorts {
  /** Default: metrics are served by nobody. */
  readonly serveMetrics?: ServeMetrics;
  /** What keys are sealed with where the system has no keychain; default: nothing. */
  readonly sealer?: KeySealer;
  /** Default: the clock of the machine; tests of core hand in their own. */
  readonly clock?: Clock;
}

/** The product behind every door: everything an operator can do is one named operation of the contract. */
export interface ControlCenter {
  /** Never rejects: an answer holds the value or the error's record. */
  call(name: string, input: unknown, caller: Caller): Promise<WireAnswer>;
  /** Live batches from now on; returns the way to stop. */
  subscribe(listener: (batch: LiveBatch) => void): () => void;
  /** Notices that the host is to show on the desktop, from now on; returns the way to stop. No door offers it. */
  onNotice(listener: (notice: DesktopNotice) => void): () => void;
  /** For a listener of this process; no door offers it. */
  readonly webhooks: WebhookIntake;
  /** The computer slept and is awake again: what is due is looked at now. No door offers it. */
  woke(): void;
  /** The project that is open now; `project.switch` changes it. */
  project(): { readonly path: string };
  /**
   * DESIGN decision 8: no new steps, 10 s for running ones, then kill and `in_doubt`. `quitBy` = the person who quits: the ledger says so of
   * what is missed from now on.
   */
  close(quitBy?: string): Promise<void>;
}

/** The control center in the process of its caller, who can wait until it does nothing for anybody. */
export interface LocalControlCenter extends ControlCenter {
  /** True when no run is driven. A start that was answered counts, before any subscriber hears of it. */
  readonly isIdle: boolean;
  /** Resolves when no run is driven. */
  drained(): Promise<void>;
}

const CLOSED = new AppError('engine.stopped', 'The control center is closed.');

const reportBug = (error: unknown): void => {
  appLog.error('internal error', error);
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`internal error: ${message} (more in ${appLog.file ?? 'the log of the app'})\n`);
};

/** Opens a project with its engine and stores. Rejects with `lease.held`, `store.*`, `file.*`. */
export async function openControlCenter(
  options: ControlCenterOptions,
  { serveMetrics, sealer, clock = systemClock }: ControlCenterPorts = {},
): Promise<LocalControlCenter> {
  appLog.open(options);
  const hub = new LiveHub();
  const webhooks = new WebhookIntakeHub();
  const desktop = new DesktopNotices(options.showsNotices ?? false);
  const open = (settings: ControlCenterOptions, path: string): Promise<ProjectSession> =>
    openSession(settings, path, { hub, webhooks, desktop, clock, sealer, serveMetrics: serveMetrics ?? null });
  let session = await open(options, options.projectPath);
  let isFresh = options.isFresh ?? false;

  let closing: Promise<void> | null = null;

  const openOther = async (path: string, by: Actor): Promise<{ readonly path: string }> => {
    const named = resolve(options.home, path);
    const wanted = await realpath(named).catch(() => named);
    if (wanted === session.paths.project) return { path: wanted };
    if (session.engine.liveCount > 0) throw runIsRunning();
    const next = await open({ ...options, isFresh: true }, wanted);
    // Looked at again: a run may have been started, or the center closed, while the other project was opened.
    if (closing !== null || session.engine.liveCount > 0) {
      await next.close();
      throw closing === null ? runIsRunning() : CLOSED;
    }
    const left = session;
    session = next;
    isFresh = false;
    hub.publish({ kind: 'project', path: wanted });
    await left.close(by.id);
    return { path: wanted };
  };
  /** One switch after the other: two at a time would leave one of the projects open for good. */
  let switching: Promise<unknown> = Promise.resolve();
  const switchProject = (path: string, by: Actor): Promise<{ readonly path: string }> => {
    const switched = switching.then(() => openOther(path, by));
    switching = switched.catch(() => undefined);
    return switched;
  };

  const handlersNow = (): Parameters<typeof dispatch>[0]['handlers'] => ({
    ...appHandlers({ options, session, isFresh, switchProject }),
    ...initHandlers({ ...options, path: session.paths.project, clock }),
    ...configHandlers(session),
    ...workflowHandlers(session, { examplesDir: options.examplesDir, publish: (event) => hub.publish(event) }),
    ...cassetteHandlers(session),
    ...draftHandlers(session, (event) => hub.publish(event)),
    ...runHandlers(session),
    ...failureHandlers(session, (event) => hub.publish(event)),
    ...approvalHandlers(session),
    ...auditHandlers(session),
    ...agentHandlers(session),
    ...toolHandlers({ registry: session.tools }),
    ...costHandlers(session, (event) => hub.publish(event)),
    ...metricsHandlers(session),
    ...storageHandlers(session),
    ...triggerHandlers(session),
    ...wakeHandlers(session, { commandLine: options.commandLine ?? null, home: options.home }),
    ...webhookHandlers(session),
    ...watchHandlers(session),
    ...queueHandlers(session),
    ...accessHandlers(session, (event) => hub.publish(event)),
    ...secretHandlers(session, (event) => hub.publish(event)),
    ...trustHandlers(session, (event) => hub.publish(event)),
  });
  const buildNow = () => ({ session, handlers: handlersNow(), storm: new SignInStorm(() => session.clock.now()) });
  let built = buildNow();
  let isClosed = false;

  return {
    call: async (name, input, caller) => {
      if (isClosed) return { ok: false, error: CLOSED.toRecord() };
      if (built.session !== session) built = buildNow();
      const { handlers, session: asked, storm } = built;
      const identify = (who: Caller) => asked.access.identify(who);
      // Whoever switches projects is written down in both: before in the one that is left, after in the one that is open then.
      const audit: WriteAudit = (draft) => session.audit.write(draft);
      const look: LookAtState = (act, given) => auditedState(asked, act, given);
      const answer = await dispatch({ handlers, identify, onBug: reportBug, audit, look, storm }, name, input, caller);
      // What agents and tools say may hold a key that they were given; everything else was redacted when it was written.
      return /^(?:agents|config|tools)\./.test(name) ? asked.host.redact(answer) : answer;
    },
    subscribe: (listener) => hub.subscribe(listener),
    onNotice: (listener) => desktop.follow(listener),
    webhooks,
    woke: () => session.triggers.woke(),
    project: () => ({ path: session.paths.project }),
    get isIdle() {
      return session.engine.isIdle;
    },
    drained: () => session.engine.allSettled(),
    close: (quitBy) => {
      closing ??= switching
        .then(() => session.close(quitBy))
        .finally(async () => {
          isClosed = true;
          hub.flush();
          await appLog.flush();
        });
      return closing;
    },
  };
}

const runIsRunning = (): AppError =>
  new AppError('run.illegal_state', 'A run is running in this project.', {
    hint: 'Wait for it or cancel it, then open the other project.',
  });

async function openSession(
  options: ControlCenterOptions,
  projectPath: string,
  {
    hub,
    webhooks,
    desktop,
    clock,
    sealer,
    serveMetrics,
  }: {
    readonly hub: LiveHub;
    readonly webhooks: WebhookIntakeHub;
    readonly desktop: DesktopNotices;
    readonly clock: Clock;
    readonly sealer: KeySealer | undefined;
    readonly serveMetrics: ServeMetrics | null;
  },
): Promise<ProjectSession> {
  if (options.isFresh === true) await initWhenMissing(projectPath, options.userDataDir);
  setHistoryAside(projectPaths(projectPath).storeFile);
  const session = await ProjectSession.open({
    projectPath,
    userDataDir: options.userDataDir,
    clock,
    sealer,
    isNamed: options.isNamed === true && projectPath === options.projectPath,
    resumeOpenRuns: options.resumeOpenRuns,
    servesTriggers: options.servesTriggers ?? false,
    isWake: options.isWake ?? false,
    resourcesDir: options.resourcesDir,
    publish: (event) => hub.publish(withoutSigns(event)),
    desktop,
    intake: webhooks,
    serveMetrics,
    version: options.version,
    onBug: reportBug,
  });
  appLog.level = session.config.logging.level;
  appLog.redactWith((text) => session.host.redact(text));
  if (options.resumeOpenRuns) appLog.info('project opened', { project: projectPath });
  for (const notice of session.notices) {
    appLog.warning(notice, { project: projectPath });
    process.stderr.write(`notice: ${notice}\n`);
  }
  try {
    const taken = await takeOverHistory(session);
    if (taken !== null) {
      appLog.info(taken, { project: projectPath });
      process.stderr.write(`notice: ${taken}\n`);
    }
    const id = await ensureProjectId(projectPath, randomUUID);
    await rememberProject(options.userDataDir, { path: projectPath, id }, clock.now());
    return session;
  } catch (error) {
    // Nobody would ever free the lease of a project that was not opened.
    await session.close();
    throw error;
  }
}

async function initWhenMissing(projectPath: string, userDataDir: string): Promise<void> {
  const chooseAgent = async (paths: ProjectPaths): Promise<string> =>
    (await chooseProjectAgent(paths, process.env, systemClock)).agent;
  try {
    await makeProject(projectPath, { force: false, chooseAgent }, userDataDir);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'project.exists')) throw error;
  }
}

/** The operations that need neither lease nor store: `workflow validate|show`, `bundle info|validate|list`, `init`. */
export function openReader(options: Pick<ControlCenterOptions, 'projectPath' | 'userDataDir' | 'examplesDir'>): {
  readonly call: (name: string, input: unknown, caller: Caller) => Promise<WireAnswer>;
  readonly settingsProblems: () => Promise<readonly Diagnostic[]>;
} {
  const { projectPath, userDataDir, examplesDir } = options;
  const settings = readSettings(projectPath, userDataDir);
  const opened = settings.then(({ paths, config, env }) => {
    const { project, registryFile, stateDir, profilesDir, capabilitiesFile } = paths;
    const { typePriority } = config.tools;
    const reading = readerHandlers(paths, {
      env,
      tools: async () =>
        (await readRegistryCatalog({ projectPath: project, registryFile, stateDir, typePriority })).catalog,
      agentNames: () => readAgentNames({ configs: config.agent.configs, profilesDir, capabilitiesFile }),
      trust: () => glanceAtTrust(paths, userDataDir),
    });
    const making = initHandlers({ path: project, examplesDir, userDataDir, clock: systemClock });
    return { ...reading, ...configReaders(paths), ...making };
  });
  return {
    call: async (name, input, caller) => {
      const { paths } = await settings;
      const identify = (who: Caller) =>
        glanceAt({ projectPath, userDataDir, storeFile: paths.storeFile, clock: systemClock }, who);
      return dispatch({ handlers: await opened, identify, onBug: reportBug, audit: null }, name, input, caller);
    },
    settingsProblems: async () => (await settings).problems,
  };
}

/** `doctor` where no project is yet: the same checks without a store. */
export async function runDoctorWithoutProject(
  { projectPath, userDataDir }: Pick<ControlCenterOptions, 'projectPath' | 'userDataDir'>,
  fix: boolean,
): Promise<DoctorReport> {
  const { paths } = await readSettings(projectPath, userDataDir);
  return runDoctor(
    {
      paths,
      settings: () => readSettings(projectPath, userDataDir),
      integrity: null,
      searchIndex: null,
      audit: null,
      secrets: null,
      secretEnds: () => [],
      backups: null,
      metrics: null,
      logFile: logFiles(userDataDir)[0] ?? '',
      notices: [],
      workflows: () => countLibrary(paths),
      tools: null,
      agents: null,
      agentProblems: [],
      priceProblems: [],
    },
    fix,
  );
}
