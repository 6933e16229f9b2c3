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
  const holder = await findHolder(project, place, context.login);
  if (holder !== null) {
    const { pid } = holder;
    await holder.leave();
    print(context, { started: false, pid }, () => `${what} are served already, by process ${pid}.`);
    return EXIT.ok;
  }
  if (isDaemon) {
    const { pid } = await startDetached({ kind: 'host', project, place, login: unattended(context.login) });
    print(context, { started: true, pid }, () => `${what} are served by process ${pid}. End it with kill ${pid}.`);
    return EXIT.ok;
  }
  const holding = await holdHere(project, place, context.login);
  try {
    print(context, { started: true, pid: holding.pid }, () => `${what} are served until Ctrl-C.`);
    await untilStopped(context, holding);
  } finally {
    await holding.leave();
  }
  return EXIT.ok;
}
