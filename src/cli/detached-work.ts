/**
 * Entry of the process that `run --detach` and the `start` commands leave behind: it holds the project, and starts one run and stays until
 * that rests, or serves the triggers until it is told to end.
 */
import { AppError, toErrorRecord } from '../shared/errors.ts';
import { openClient } from './client/open-client.ts';
import { followRun } from './live/follow-run.ts';
import { holdHere } from './live/hold-project.ts';
import type { DetachedAnswer, DetachedOrder } from './live/start-detached.ts';

async function obey(order: DetachedOrder): Promise<void> {
  try {
    if (order.kind === 'host') await serve(order);
    else await run(order);
  } catch (thrown) {
    tell({ error: toErrorRecord(thrown) });
  }
}

async function serve({ project, place, login }: DetachedOrder): Promise<void> {
  const host = await holdHere(project, place, login);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void host.leave());
  tell({ pid: process.pid });
  await host.ended;
}

/** Nobody sits there who could be asked. */
const refuse = (): Promise<never> =>
  Promise.reject(new AppError('access.denied', 'A process of its own needs a token to act as another user.'));

async function run({ project, place, login, input }: Extract<DetachedOrder, { kind: 'run' }>): Promise<void> {
  const client = await openClient(project, place, { ...login, password: refuse });
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
