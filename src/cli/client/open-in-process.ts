import { type LocalControlCenter, openControlCenter } from '../../core/control-center.ts';
import { type FoundProject, projectPaths } from '../../core/projects/index.ts';
import { startSocketDoor } from '../../server/socket-door/socket-door.ts';
import { AppError } from '../../shared/errors.ts';
import type { Caller } from '../../shared/model/access.ts';
import type { AppPlace, OpenClient } from '../context.ts';

/** The end of one's own run is heard a moment after it. */
const WAITING_IS_SAID_AFTER_MS = 1_000;

/**
 * Opens the project in this process and, as every holder does, its local socket, so that other terminals hand their operations
 * over meanwhile (DESIGN decision 7). `isWake`
 * = for the timer of the system, see `ControlCenterOptions`. Rejects with `lease.held`, `store.*`, `file.*`.
 */
export async function openInProcess(
  project: FoundProject,
  place: AppPlace,
  { caller, isWake = false }: { readonly caller: Caller; readonly isWake?: boolean },
): Promise<OpenClient> {
  const center = await openCenter(project, place, isWake);
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
    await door.close();
    await center.close();
  };
  return {
    holder: null,
    call: async (name, input) => {
      const answer = await center.call(name, input, caller);
      if (!answer.ok) throw AppError.fromRecord(answer.error);
      // The handler of that very operation made it.
      return answer.value as never;
    },
    subscribe: (listener) => center.subscribe(listener),
    close: async (onWait) => {
      // Other terminals' work is not cut off: neither a run nor a call of theirs.
      const timer = onWait === undefined ? undefined : setTimeout(onWait, WAITING_IS_SAID_AFTER_MS);
      while (!center.isIdle || !door.isIdle) {
        await center.drained();
        await door.drained();
      }
      clearTimeout(timer);
      await letGo();
    },
    abandon: letGo,
  };
}

function openCenter(project: FoundProject, place: AppPlace, isWake: boolean): Promise<LocalControlCenter> {
  const { version, examplesDir, resourcesDir, userDataDir, home, commandLine } = place;
  return openControlCenter({
    projectPath: project.path,
    isFresh: project.isFresh,
    isNamed: true,
    door: 'cli',
    resumeOpenRuns: false,
    examplesDir,
    resourcesDir,
    version,
    userDataDir,
    home,
    commandLine,
    isWake,
  });
}
