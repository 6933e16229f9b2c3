/** Entry of the process that `run --detach` leaves behind: holds the project, starts one run and stays until it rests. */
import { toErrorRecord } from '../shared/errors.ts';
import { openClient } from './client/open-client.ts';
import { followRun } from './live/follow-run.ts';
import type { DetachedAnswer, DetachedOrder } from './live/start-detached.ts';

async function obey({ project, place, osUser, input }: DetachedOrder): Promise<void> {
  try {
    const client = await openClient(project, place, osUser);
    const stop = (): void => void client.abandon().finally(() => process.exit(0));
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    try {
      const begin = async (): Promise<string> => {
        const { runId } = await client.call('runs.start', input);
        tell({ runId });
        return runId;
      };
      if (client.holder !== null) await begin();
      else await followRun(client, begin, { changed: () => undefined, logged: () => undefined });
    } finally {
      await client.close();
    }
  } catch (thrown) {
    tell({ error: toErrorRecord(thrown) });
  }
}

/** The first word is the only one: the terminal that asked goes away after it. */
function tell(answer: DetachedAnswer): void {
  if (!process.connected) return;
  process.send?.(answer, undefined, undefined, () => process.disconnect());
}

// The terminal that started this may be closed at any time.
process.on('SIGHUP', () => undefined);
process.on('disconnect', () => undefined);
process.once('message', (order) => void obey(order as DetachedOrder));
