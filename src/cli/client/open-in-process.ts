import { type ControlCenter, openControlCenter } from '../../core/control-center.ts';
import { type FoundProject, projectPaths } from '../../core/projects/index.ts';
import { startSocketDoor } from '../../server/socket-door/socket-door.ts';
import type { LiveBatch } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { RunStatus } from '../../shared/model/run.ts';
import { type AppPlace, cliActor, type OpenClient } from '../context.ts';

/** The end of one's own run is heard a moment after it. */
const WAITING_IS_SAID_AFTER_MS = 1_000;

const RESTING: readonly RunStatus[] = ['paused', 'completed', 'failed', 'cancelled', 'waiting', 'in_doubt'];

/**
 * Opens the project in this process and, as every holder does, its local socket, so that other terminals hand their operations
 * over meanwhile (DESIGN decision 7). Rejects with `lease.held`, `store.*`, `file.*`.
 */
export async function openInProcess(project: FoundProject, place: AppPlace, osUser: string): Promise<OpenClient> {
  const center = await openCenter(project, place);
  const live = watchLiveRuns(center);
  const door = await startSocketDoor({
    center,
    projectStateDir: projectPaths(project.path).stateDir,
    version: place.version,
    door: 'cli',
  }).catch(async (error: unknown) => {
    await center.close();
    throw error;
  });
  const letGo = async (): Promise<void> => {
    live.stop();
    await door.close();
    await center.close();
  };
  return {
    holder: null,
    call: async (name, input) => {
      const answer = await center.call(name, input, cliActor(osUser));
      if (!answer.ok) throw AppError.fromRecord(answer.error);
      // The handler of that very operation made it.
      return answer.value as never;
    },
    subscribe: (listener) => center.subscribe(listener),
    close: async (onWait) => {
      // Other terminals' work is not cut off: neither a run nor a call of theirs.
      const isIdle = (): boolean => live.isAtRest() && door.isIdle;
      const timer = onWait === undefined ? undefined : setTimeout(onWait, WAITING_IS_SAID_AFTER_MS);
      while (!isIdle()) {
        await live.allAtRest();
        await door.drained();
      }
      clearTimeout(timer);
      await letGo();
    },
    abandon: letGo,
  };
}

function openCenter(project: FoundProject, place: AppPlace): Promise<ControlCenter> {
  const { version, examplesDir, resourcesDir, userDataDir, home } = place;
  return openControlCenter({
    projectPath: project.path,
    isFresh: project.isFresh,
    door: 'cli',
    resumeOpenRuns: false,
    examplesDir,
    resourcesDir,
    version,
    userDataDir,
    home,
  });
}

interface LiveRuns {
  isAtRest(): boolean;
  allAtRest(): Promise<void>;
  stop(): void;
}

/** Runs that are driven in this process, whoever asked for them: closing under them would stop another terminal's run. */
function watchLiveRuns(center: ControlCenter): LiveRuns {
  const running = new Set<string>();
  let settle: (() => void) | null = null;
  const take = ({ events }: LiveBatch): void => {
    for (const event of events) {
      if (event.kind === 'run_deleted') running.delete(event.runId);
      if (event.kind !== 'run') continue;
      if (RESTING.includes(event.run.status)) running.delete(event.run.runId);
      else running.add(event.run.runId);
    }
    if (running.size === 0) settle?.();
  };
  const stop = center.subscribe(take);
  const isAtRest = (): boolean => running.size === 0;
  return {
    isAtRest,
    allAtRest: () =>
      isAtRest()
        ? Promise.resolve()
        : new Promise((resolve) => {
            settle = resolve;
          }),
    stop: () => {
      stop();
      settle?.();
    },
  };
}
