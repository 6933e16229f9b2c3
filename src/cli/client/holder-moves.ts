import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../shared/errors.ts';

/** How long a holder may take between its lease and its socket, at its start and at its end. */
const HOLDER_MOVES_WITHIN_MS = 12_000;
const LOOK_AGAIN_MS = 50;

/** Tries again while somebody has the lease and is not heard yet, or any more. Rejects with what the last try rejects with. */
export async function whileHolderMoves<T>(attempt: () => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + HOLDER_MOVES_WITHIN_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'lease.held') || Date.now() > giveUpAt) throw error;
    }
    await delay(LOOK_AGAIN_MS);
  }
}
