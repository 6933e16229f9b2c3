import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toFileError } from '../../core/files/index.ts';
import { type FoundProject, projectPaths } from '../../core/projects/index.ts';
import type { LeftOut } from '../../server/left-out.ts';
import type { InputOf, OperationName, OutputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { whileHolderMoves } from '../client/holder-moves.ts';
import { type AppPlace, type CliContext, cliCaller, type Login } from '../context.ts';
import type { StopRequest } from '../interrupts.ts';
import { note } from '../print.ts';
import { sayLeftOut } from './say-left-out.ts';

/** Whoever serves the triggers of a project: another process, or this one for as long as the command lasts. */
export interface Holding {
  readonly pid: number;
  call<N extends OperationName>(name: N, input: InputOf<N>): Promise<OutputOf<N>>;
  /** Lets go; resolves once what is held here has ended. `quitBy` = the person who wants that, if one does. */
  leave(quitBy?: string): Promise<void>;
  /** What the triggers miss once it has let go; null = nothing. */
  leftOut(): Promise<LeftOut | null>;
  /** False = another process holds it. */
  readonly isOwn: boolean;
  /** Resolves when whoever holds it has ended: null in good order, else the error of a crash or of a holder that went away. */
  readonly ended: Promise<AppError | null>;
}

/** The file that says which process of its own serves a project. */
const pidFile = (project: FoundProject): string => join(projectPaths(project.path).stateDir, 'host.pid');

/**
 * The one host behind every `start` command (SPEC §13): whoever holds the project, else a host without a window in this process. Rejects
 * with `lease.held` where the holder serves no triggers.
 */
export async function holdProject(context: CliContext): Promise<Holding> {
  const project = await context.findProject(context.globals.project);
  const place = await context.place();
  return whileHolderMoves(
    async () => (await findHolder(project, place, context.login)) ?? holdHere(project, place, context.login),
  );
}

/** The process that serves the triggers now; null = nobody has the project. Rejects with `lease.held` where it is busy otherwise. */
export async function findHolder(
  project: FoundProject,
  { version }: AppPlace,
  login: Omit<Login, 'password'>,
): Promise<Holding | null> {
  const { connectToHolder } = await import('../../server/socket-door/holder-client.ts');
  const { credential } = cliCaller(login);
  const holder = await connectToHolder(projectPaths(project.path).stateDir, version, credential);
  if (holder === null) return null;
  const { pid } = holder.info;
  try {
    const { isHosting } = await holder.call('triggers.list', {});
    if (!isHosting) {
      throw new AppError('lease.held', `Process ${pid} has this project open and serves no triggers.`, {
        hint: "Close it and try again, or start it with 'aiworkflow serve --triggers'.",
      });
    }
    const ended = holder.ended.then(
      () => new AppError('holder.unreachable', `Process ${pid}, which held the project, has ended.`),
    );
    return {
      pid,
      call: holder.call,
      leave: async () => holder.close(),
      leftOut: async () => null,
      isOwn: false,
      ended,
    };
  } catch (error) {
    holder.close();
    throw error;
  }
}

/** Opens the host in this process. Rejects with `lease.held` while another program without triggers has the project. */
export async function holdHere(
  project: FoundProject,
  { clientDir: _pages, ...place }: AppPlace,
  login: Omit<Login, 'password'>,
): Promise<Holding> {
  const { startHeadlessHost } = await import('../../server/headless-host.ts');
  const host = await startHeadlessHost({
    ...place,
    projectPath: project.path,
    isFresh: project.isFresh,
    isNamed: true,
  });
  const file = pidFile(project);
  await writeFile(file, `${process.pid}\n`, { mode: 0o600 }).catch(async (thrown: unknown) => {
    await host.close();
    throw toFileError(thrown, file);
  });
  const ended = host.ended.finally(() => rm(file, { force: true }));
  return {
    pid: process.pid,
    call: async (name, input) => {
      const answer = await host.call(name, input, cliCaller(login));
      if (!answer.ok) throw AppError.fromRecord(answer.error);
      // The handler of that very operation made it.
      return answer.value as never;
    },
    leftOut: () => host.leftOut(),
    leave: async (quitBy) => {
      await host.close(quitBy);
      await ended;
    },
    isOwn: true,
    ended,
  };
}

/**
 * Waits for Ctrl-C, or the end of whoever holds the project. Gives who pressed Ctrl-C, after saying what that leaves out. Throws what the
 * holder ended with.
 */
export async function untilStopped(
  context: CliContext,
  { isOwn, ended, leftOut }: Holding,
  closing = isOwn ? 'Closing; running steps get 10 s.' : 'Closing.',
): Promise<string | undefined> {
  const stopped = Promise.withResolvers<StopRequest>();
  const stopListening = context.interrupts.listen((request) => {
    note(context, closing);
    stopped.resolve(request);
  });
  const end = await Promise.race([stopped.promise, ended]);
  if (end === 'interrupt') await sayLeftOut(context, await leftOut());
  stopListening();
  if (end instanceof AppError) throw end;
  return end === 'interrupt' ? context.osUser : undefined;
}
