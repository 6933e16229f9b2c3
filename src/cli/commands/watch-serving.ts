import type { InputOf, WatchSummary } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Holding, holdProject, untilStopped } from '../live/hold-project.ts';
import { print } from '../print.ts';

/**
 * `watch start`: watches until Ctrl-C, in the process that holds the project or, where nobody does, in this one. Null = all armed watches;
 * those of another holder go on by themselves.
 */
export async function serveWatches(context: CliContext, asked: InputOf<'watches.open'> | null): Promise<ExitCode> {
  const holding = await holdProject(context);
  let quitBy: string | undefined;
  try {
    const opened = asked === null ? null : await holding.call('watches.open', asked);
    const watches = opened === null ? await armedWatches(holding) : [opened];
    sayWatching(context, watches, holding.pid);
    if (opened === null && !holding.isOwn) return EXIT.ok;
    quitBy = await untilStopped(context, holding);
    if (opened !== null) await holding.call('watches.close', { trigger: opened.triggerKey });
    return EXIT.ok;
  } finally {
    await holding.leave(quitBy);
  }
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
