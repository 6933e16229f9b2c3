import { platform } from 'node:os';
import { basename } from 'node:path';
import type { AppInfo, OperationName } from '../../shared/contract/index.ts';
import type { Actor } from '../../shared/model/run.ts';
import { logFiles } from '../app-log/index.ts';
import { toSecretInfo } from '../governance/index.ts';
import { recentProjects } from '../projects/index.ts';
import { type DiagnosticsContext, makeDiagnostics, planDiagnostics } from './diagnostics.ts';
import { countLibrary, type DoctorContext, runDoctor } from './doctor.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';
import { readSettings } from './project-settings.ts';
import { syncedBy } from './synced-folder.ts';

/** What the use cases of the app itself need to know. */
export interface AppContext {
  readonly options: {
    readonly version: string;
    readonly door: 'cli' | 'browser' | 'desktop';
    readonly userDataDir: string;
  };
  readonly session: ProjectSession;
  readonly isFresh: boolean;
  /** Whoever asks for the other project leaves this one. */
  readonly switchProject: (path: string, by: Actor) => Promise<{ readonly path: string }>;
}

const PLATFORMS: readonly AppInfo['platform'][] = ['linux', 'darwin', 'win32'];

/** The use cases of the app itself: who it is, which project, its health. */
export function appHandlers({
  options,
  session,
  isFresh,
  switchProject,
}: AppContext): HandlersOf<
  Extract<
    OperationName,
    | 'app.info'
    | 'app.follow'
    | 'app.planDiagnostics'
    | 'app.diagnostics'
    | 'project.switch'
    | 'doctor.run'
    | 'doctor.fix'
  >
> {
  const { paths, store } = session;
  const { version, door, userDataDir } = options;
  const doctor = (): ReturnType<typeof runDoctor> => runDoctor(doctorContext(session, userDataDir), false);
  const about: DiagnosticsContext = { session, version, door, userDataDir, doctor };
  return {
    'app.info': async (_input, actor) => ({
      version: options.version,
      project: {
        path: paths.project,
        name: basename(paths.project),
        trust: await session.gate.shownState(),
        isFresh: isFresh || Object.keys(store.runs.countByStatus()).length === 0,
      },
      recentProjects: (await recentProjects(options.userDataDir)).filter((one) => one.isPresent).map((one) => one.path),
      holder: { pid: process.pid, door: options.door },
      user: actor.id,
      settingsProblems: session.settingsProblems,
      syncedBy: syncedBy(paths.project),
      platform: PLATFORMS.find((one) => one === platform()) ?? 'other',
    }),
    'app.follow': () => null,
    'project.switch': ({ path }, actor) => switchProject(path, actor),
    'app.planDiagnostics': async () => ({ files: await planDiagnostics(about) }),
    'app.diagnostics': (input) =>
      'cursor' in input ? session.exchange.outgoing.next(input.cursor) : makeDiagnostics(about),
    'doctor.run': doctor,
    'doctor.fix': () => runDoctor(doctorContext(session, options.userDataDir), true),
  };
}

function doctorContext(session: ProjectSession, userDataDir: string): DoctorContext {
  const { paths, store } = session;
  return {
    paths,
    settings: () => readSettings(paths.project, userDataDir),
    integrity: () => store.checkIntegrity(),
    searchIndex: () => store.search.check(),
    audit: () => session.audit.verify(),
    secrets: () => session.secrets.key.info(),
    secretEnds: () => session.secrets.list().map((secret) => toSecretInfo(secret, [], session.clock.now()).expiry),
    notices: session.notices,
    workflows: () => countLibrary(paths),
    tools: async () => (await session.tools.list()).tools,
    agents: () => session.agents.list(),
    agentProblems: session.agentProblems,
    priceProblems: session.prices.problems(),
    backups: () => session.storage.backups.report(),
    metrics: session.metrics.serving,
    logFile: logFiles(userDataDir)[0] ?? '',
  };
}
