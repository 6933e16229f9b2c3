import type { InputOf, OperationName, OutputOf, WatchSummary } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import { type CliContext, cliActor } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { note, print } from '../print.ts';

/** Whoever holds the project: another process, or this one for as long as the command lasts. */
interface Holding {
  readonly pid: number;
  call<N extends OperationName>(name: N, input: InputOf<N>): Promise<OutputOf<N>>;
  /** Lets go; resolves once what is held here has ended. */
  leave(): Promise<void>;
  /** Ends by itself only where it is held here: with the error of a crash. Null = another process holds it. */
  readonly ended: Promise<AppError | null> | null;
}

/**
 * `watch start`: watches until Ctrl-C, in the process that holds the project or, where nobody does, in this one. Null = all armed watches;
 * those of another holder go on by themselves.
 */
export async function serveWatches(context: CliContext, asked: InputOf<'watches.open'> | null): Promise<ExitCode> {
  const holding = await hold(context);
  try {
    const opened = asked === null ? null : await holding.call('watches.open', asked);
    const watches = opened === null ? await armedWatches(holding) : [opened];
    sayWatching(context, watches, holding.pid);
    if (opened === null && holding.ended === null) return EXIT.ok;
    const crash = await untilStopped(context, holding);
    if (crash !== null) throw crash;
    if (opened !== null) await holding.call('watches.close', { trigger: opened.triggerKey });
    return EXIT.ok;
  } finally {
    await holding.leave();
  }
}

async function hold(context: CliContext): Promise<Holding> {
  const project = await context.findProject(context.globals.project);
  const { clientDir: _client, ...app } = await context.place();
  const { connectToHolder } = await import('../../server/socket-door/holder-client.ts');
  const { projectPaths } = await import('../../core/projects/index.ts');
  const holder = await connectToHolder(projectPaths(project.path).stateDir, app.version);
  if (holder !== null)
    return { pid: holder.info.pid, call: holder.call, leave: async () => holder.close(), ended: null };
  const { startHeadlessHost } = await import('../../server/headless-host.ts');
  const host = await startHeadlessHost({ ...app, projectPath: project.path, isFresh: project.isFresh });
  return {
    pid: process.pid,
    call: async (name, input) => {
      const answer = await host.call(name, input, cliActor(context.osUser));
      if (!answer.ok) throw AppError.fromRecord(answer.error);
      // The handler of that very operation made it.
      return answer.value as never;
    },
    leave: () => host.close(),
    ended: host.ended,
  };
}

async function armedWatches(holding: Holding): Promise<readonly WatchSummary[]> {
  const { watches } = await holding.call('watches.list', {});
  if (watches.length > 0) return watches;
  throw new AppError('trigger.not_armed', 'No file watch is armed, so there is nothing to watch.', {
    hint: 'Name a folder and a workflow: aiworkflow watch start FOLDER --workflow ID.',
  });
}

function sayWatching(context: CliContext, watches: readonly WatchSummary[], pid: number): void {
  const shown = watches.map(({ triggerKey, root, status, files }) => ({
    key: triggerKey,
    folder: root,
    status,
    files,
  }));
  print(context, { watches: shown, pid }, () =>
    [
      ...shown.map(({ key, folder, files }) => `Watching ${folder} (${grouped(files)} files) for ${key}`),
      `Process ${pid}. Ctrl-C stops.`,
    ].join('\n'),
  );
}

async function untilStopped(context: CliContext, holding: Holding): Promise<AppError | null> {
  const stopped = Promise.withResolvers<null>();
  const stopListening = context.interrupts.listen(() => {
    note(context, 'Closing; running steps get 10 s.');
    stopped.resolve(null);
  });
  const crash = await Promise.race([stopped.promise, ...(holding.ended === null ? [] : [holding.ended])]);
  stopListening();
  return crash;
}
