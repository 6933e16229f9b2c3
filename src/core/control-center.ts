import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { DoctorReport, LiveBatch, WireAnswer } from '../shared/contract/index.ts';
import { AppError } from '../shared/errors.ts';
import type { Actor } from '../shared/model/run.ts';
import {
  allowOsUser,
  appHandlers,
  countLibrary,
  dispatch,
  LiveHub,
  ProjectSession,
  readerHandlers,
  runDoctor,
  runHandlers,
  workflowHandlers,
} from './operations/index.ts';
import { ensureProjectId, initProject, projectPaths, rememberProject } from './projects/index.ts';

/** What a host says when it opens the control center. */
export interface ControlCenterOptions {
  /** Absolute path of the project folder; it is made when `isFresh`. */
  readonly projectPath: string;
  readonly isFresh?: boolean;
  readonly door: 'cli' | 'browser' | 'desktop';
  /** Only the app and `serve` take over open runs by themselves (DESIGN decision 7). */
  readonly resumeOpenRuns: boolean;
  /** The examples that ship with the product. */
  readonly examplesDir: string;
  readonly version: string;
  readonly userDataDir: string;
  readonly home: string;
}

/** The product behind every door: everything an operator can do is one named operation of the contract. */
export interface ControlCenter {
  /** Never rejects: an answer holds the value or the error's record. */
  call(name: string, input: unknown, actor: Actor): Promise<WireAnswer>;
  /** Live batches from now on; returns the way to stop. */
  subscribe(listener: (batch: LiveBatch) => void): () => void;
  /** The project that is open now; `project.switch` changes it. */
  project(): { readonly path: string };
  /** DESIGN decision 8: no new steps, 10 s for running ones, then kill and `in_doubt`. */
  close(): Promise<void>;
}

const CLOSED = new AppError('engine.stopped', 'The control center is closed.');

const reportBug = (error: unknown): void => {
  process.stderr.write(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
};

/** Opens a project with its engine and stores. Rejects with `lease.held`, `store.*`, `file.*`. */
export async function openControlCenter(options: ControlCenterOptions): Promise<ControlCenter> {
  const hub = new LiveHub();
  let session = await openSession(options, options.projectPath, hub);
  let isFresh = options.isFresh ?? false;

  const switchProject = async (path: string): Promise<{ readonly path: string }> => {
    const wanted = resolve(options.home, path);
    if (wanted === session.paths.project) return { path: wanted };
    if (session.engine.liveCount > 0) {
      throw new AppError('run.illegal_state', 'A run is running in this project.', {
        hint: 'Wait for it or cancel it, then open the other project.',
      });
    }
    const next = await openSession({ ...options, isFresh: true }, wanted, hub);
    await session.close();
    session = next;
    isFresh = false;
    hub.publish({ kind: 'project', path: wanted });
    return { path: wanted };
  };

  const handlersNow = (): Parameters<typeof dispatch>[0]['handlers'] => ({
    ...appHandlers({ options, session, isFresh, switchProject }),
    ...workflowHandlers(session, { examplesDir: options.examplesDir, publish: (event) => hub.publish(event) }),
    ...runHandlers(session),
  });
  let built = { session, handlers: handlersNow() };
  let isClosed = false;

  return {
    call: (name, input, actor) => {
      if (isClosed) return Promise.resolve({ ok: false, error: CLOSED.toRecord() });
      if (built.session !== session) built = { session, handlers: handlersNow() };
      return dispatch({ handlers: built.handlers, authorize: allowOsUser, onBug: reportBug }, name, input, actor);
    },
    subscribe: (listener) => hub.subscribe(listener),
    project: () => ({ path: session.paths.project }),
    close: async () => {
      await session.close();
      isClosed = true;
      hub.flush();
    },
  };
}

async function openSession(options: ControlCenterOptions, projectPath: string, hub: LiveHub): Promise<ProjectSession> {
  if (options.isFresh === true) await initWhenMissing(projectPath);
  const session = await ProjectSession.open({
    projectPath,
    resumeOpenRuns: options.resumeOpenRuns,
    publish: (event) => hub.publish(event),
    onBug: reportBug,
  });
  const id = await ensureProjectId(projectPath, randomUUID);
  await rememberProject(options.userDataDir, { path: projectPath, id }, Date.now());
  return session;
}

async function initWhenMissing(projectPath: string): Promise<void> {
  try {
    await initProject(projectPath, { force: false });
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'project.exists')) throw error;
  }
}

/** The reading operations that need neither lease nor store: `workflow validate|show`, `bundle info|validate|list`. */
export function openReader(options: Pick<ControlCenterOptions, 'projectPath'>): {
  readonly call: (name: string, input: unknown, actor: Actor) => Promise<WireAnswer>;
} {
  const handlers = readerHandlers(options.projectPath);
  return {
    call: (name, input, actor) => dispatch({ handlers, authorize: allowOsUser, onBug: reportBug }, name, input, actor),
  };
}

/** `doctor` where no project is yet: the same checks without a store. */
export function runDoctorWithoutProject(projectPath: string, fix: boolean): Promise<DoctorReport> {
  const paths = projectPaths(projectPath);
  return runDoctor({ paths, integrity: null, workflows: () => countLibrary(paths) }, fix);
}
