import { whileHolderMoves } from '../client/holder-moves.ts';
import { type CliContext, unattended } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { findHolder, holdHere, untilStopped } from './hold-project.ts';
import { startDetached } from './start-detached.ts';

/**
 * Serves all triggers of the project (SPEC §13): where somebody does already, that is said; else a host without a window does it, in this
 * terminal until Ctrl-C or, `isDaemon`, in a process of its own.
 */
export async function serveTriggers(
  context: CliContext,
  { what, isDaemon }: { readonly what: string; readonly isDaemon: boolean },
): Promise<ExitCode> {
  const project = await context.findProject(context.globals.project);
  const place = await context.place();
  const { login } = context;
  const begun = await whileHolderMoves(async () => {
    const holder = await findHolder(project, place, login);
    if (holder !== null) return holder;
    if (!isDaemon) return holdHere(project, place, login);
    return { daemon: await startDetached({ kind: 'host', project, place, login: unattended(login) }) };
  });
  if ('daemon' in begun) {
    const { pid } = begun.daemon;
    print(context, { started: true, pid }, () => `${what} are served by process ${pid}. End it with kill ${pid}.`);
    return EXIT.ok;
  }
  const { pid, isOwn } = begun;
  let quitBy: string | undefined;
  try {
    print(context, { started: isOwn, pid }, () =>
      isOwn ? `${what} are served until Ctrl-C.` : `${what} are served already, by process ${pid}.`,
    );
    if (isOwn) quitBy = await untilStopped(context, begun);
  } finally {
    await begun.leave(quitBy);
  }
  return EXIT.ok;
}
