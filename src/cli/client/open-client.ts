import { type FoundProject, projectPaths } from '../../core/projects/index.ts';
import { connectToHolder, isReading, unknownEnd } from '../../server/socket-door/holder-client.ts';
import type { LiveBatch } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Caller } from '../../shared/model/access.ts';
import { type AppPlace, cliCaller, type Login, type OpenClient } from '../context.ts';
import { whileHolderMoves } from './holder-moves.ts';

/**
 * The project's control center: whoever holds the project is asked over its socket, else this process takes the lease
 * (DESIGN decision 7). When the holder lets the project go, work goes on over the next one or in this process. Where it vanishes
 * without a word only reading goes on: an operation that changes something is never repeated. Rejects with `lease.held` when the holder does not listen, `holder.version`, `store.*`.
 */
export async function openClient(project: FoundProject, place: AppPlace, login: Login): Promise<OpenClient> {
  const open = (who: Omit<Login, 'password'>): Promise<OpenClient> =>
    openFollowing(() => openNow(project, place, cliCaller(who)));
  return login.user === undefined ? open(login) : openAs(login, login.user, open);
}

/** The same as another user, whom the control center knows by his token or, until the client is closed, by his password. */
async function openAs(
  { osUser, token, password }: Login,
  user: string,
  open: (who: Omit<Login, 'password'>) => Promise<OpenClient>,
): Promise<OpenClient> {
  if (token !== undefined) return requireUser(await open({ osUser, user, token }), user);
  const said = await password();
  if (said === '')
    throw new AppError('access.denied', `The user '${user}' gave neither a password nor a token.`, {
      hint: 'Type the password, give it on stdin, or set AIWORKFLOW_TOKEN.',
    });
  const nobody = await open({ osUser });
  const session = await nobody.call('sessions.open', { username: user, password: said }).finally(() => nobody.close());
  const client = await open({ osUser, user, token: session.token });
  const leave = (): Promise<unknown> => client.call('sessions.close', { token: session.token }).catch(() => undefined);
  return {
    ...client,
    get holder() {
      return client.holder;
    },
    close: async (onWait) => {
      await leave();
      await client.close(onWait);
    },
    abandon: async () => {
      await leave();
      await client.abandon();
    },
  };
}

async function requireUser(client: OpenClient, wanted: string): Promise<OpenClient> {
  try {
    const { user } = await client.call('access.me', {});
    if (user.username.toLowerCase() === wanted.toLowerCase()) return client;
    throw new AppError('access.denied', `AIWORKFLOW_TOKEN belongs to '${user.username}', not to '${wanted}'.`);
  } catch (error) {
    await client.close();
    throw error;
  }
}

async function openFollowing(reopen: () => Promise<OpenClient>): Promise<OpenClient> {
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

function openNow(project: FoundProject, place: AppPlace, caller: Caller): Promise<OpenClient> {
  const { stateDir } = projectPaths(project.path);
  return whileHolderMoves(async () => {
    const holder = await connectToHolder(stateDir, place.version, caller.credential);
    // The engine is read only where nobody else drives the project.
    if (holder === null) return (await import('./open-in-process.ts')).openInProcess(project, place, { caller });
    const close = async (): Promise<void> => holder.close();
    return { holder: holder.info, call: holder.call, subscribe: holder.subscribe, close, abandon: close };
  });
}
