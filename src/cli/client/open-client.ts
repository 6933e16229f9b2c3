import { setTimeout as delay } from 'node:timers/promises';
import { type FoundProject, projectPaths } from '../../core/projects/index.ts';
import { connectToHolder, isReading, unknownEnd } from '../../server/socket-door/holder-client.ts';
import type { LiveBatch } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { AppPlace, OpenClient } from '../context.ts';
import { openInProcess } from './open-in-process.ts';

/** How long a holder may take between its lease and its socket, at its start and at its end. */
const HOLDER_MOVES_WITHIN_MS = 12_000;
const LOOK_AGAIN_MS = 50;

/**
 * The project's control center: whoever holds the project is asked over its socket, else this process takes the lease
 * (DESIGN decision 7). When the holder lets the project go, work goes on over the next one or in this process. Where it vanishes
 * without a word only reading goes on: an operation that changes something is never repeated. Rejects with `lease.held` when the holder does not listen, `holder.version`, `store.*`.
 */
export async function openClient(project: FoundProject, place: AppPlace, osUser: string): Promise<OpenClient> {
  const reopen = (): Promise<OpenClient> => openNow(project, place, osUser);
  let current = await reopen();
  let moving: Promise<OpenClient> | null = null;
  const listeners = new Map<(batch: LiveBatch) => void, () => void>();
  const move = async (): Promise<OpenClient> => {
    current = await reopen();
    for (const listener of listeners.keys()) listeners.set(listener, current.subscribe(listener));
    moving = null;
    return current;
  };
  return {
    get holder() {
      return current.holder;
    },
    call: async (name, input) => {
      const asked = current;
      try {
        return await asked.call(name, input);
      } catch (error) {
        if (asked.holder === null || !(error instanceof AppError)) throw error;
        const isLost = error.code === 'holder.unreachable';
        if (isLost && !isReading(name)) throw unknownEnd(name, error);
        if (!isLost && error.code !== 'holder.leaving') throw error;
        if (asked === current) moving ??= move();
        return (await (moving ?? current)).call(name, input);
      }
    },
    subscribe: (listener) => {
      listeners.set(listener, current.subscribe(listener));
      return () => {
        listeners.get(listener)?.();
        listeners.delete(listener);
      };
    },
    close: (onWait) => current.close(onWait),
    abandon: () => current.abandon(),
  };
}

async function openNow(project: FoundProject, place: AppPlace, osUser: string): Promise<OpenClient> {
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
