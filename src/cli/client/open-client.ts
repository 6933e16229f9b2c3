import { setTimeout as delay } from 'node:timers/promises';
import { type FoundProject, projectPaths } from '../../core/projects/index.ts';
import { connectToHolder } from '../../server/socket-door/holder-client.ts';
import { AppError } from '../../shared/errors.ts';
import type { AppPlace, OpenClient } from '../context.ts';
import { openInProcess } from './open-in-process.ts';

/** How long a holder may take between its lease and its socket, at its start and at its end. */
const HOLDER_MOVES_WITHIN_MS = 12_000;
const LOOK_AGAIN_MS = 50;

/**
 * The project's control center: whoever holds the project is asked over its socket, else this process takes the lease
 * (DESIGN decision 7). Rejects with `lease.held` when the holder does not listen, `holder.version`, `store.*`.
 */
export async function openClient(project: FoundProject, place: AppPlace, osUser: string): Promise<OpenClient> {
  const { stateDir } = projectPaths(project.path);
  const giveUpAt = Date.now() + HOLDER_MOVES_WITHIN_MS;
  for (;;) {
    const holder = await connectToHolder(stateDir, place.version);
    if (holder !== null) {
      const close = async (): Promise<void> => holder.close();
      return { holder: holder.info, call: holder.call, subscribe: holder.subscribe, close, abandon: close };
    }
    try {
      return await openInProcess(project, place, osUser);
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'lease.held') || Date.now() > giveUpAt) throw error;
    }
    await delay(LOOK_AGAIN_MS);
  }
}
