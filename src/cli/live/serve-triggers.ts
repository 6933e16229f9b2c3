import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FoundProject, projectPaths } from '../../core/projects/index.ts';
import { connectToHolder } from '../../server/socket-door/holder-client.ts';
import { AppError } from '../../shared/errors.ts';
import type { AppPlace, CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { note, print } from '../print.ts';
import { startDetached } from './start-detached.ts';

/** The file that says which process of its own serves a project. */
const pidFile = (project: FoundProject): string => join(projectPaths(project.path).stateDir, 'host.pid');

/**
 * The one host behind every `start` command (SPEC §13): where somebody serves the triggers of the project already, that is said; else a
 * host without a window does it, in this terminal until Ctrl-C or, `isDaemon`, in a process of its own.
 */
export async function serveTriggers(
  context: CliContext,
  { what, isDaemon }: { readonly what: string; readonly isDaemon: boolean },
): Promise<ExitCode> {
  const project = await context.findProject(context.globals.project);
  const place = await context.place();
  const serving = await whoServes(project, place);
  if (serving !== null) {
    print(context, { started: false, pid: serving }, () => `${what} are served already, by process ${serving}.`);
    return EXIT.ok;
  }
  if (isDaemon) {
    const { pid } = await startDetached({ kind: 'host', project, place });
    print(context, { started: true, pid }, () => `${what} are served by process ${pid}. End it with kill ${pid}.`);
    return EXIT.ok;
  }
  const host = await openHost(project, place);
  const stopListening = context.interrupts.listen(() => {
    note(context, 'Closing; running steps get 10 s.');
    void host.close();
  });
  print(context, { started: true, pid: process.pid }, () => `${what} are served until Ctrl-C.`);
  const crash = await host.ended;
  stopListening();
  if (crash !== null) throw crash;
  return EXIT.ok;
}

/** Opens the host and notes its process. Rejects with `lease.held` while another program without triggers has the project. */
export async function openHost(
  project: FoundProject,
  { clientDir: _pages, ...place }: AppPlace,
): Promise<{ close(): Promise<void>; readonly ended: Promise<AppError | null> }> {
  const { startHeadlessHost } = await import('../../server/headless-host.ts');
  const host = await startHeadlessHost({ ...place, projectPath: project.path, isFresh: project.isFresh });
  await writeFile(pidFile(project), `${process.pid}\n`, { mode: 0o600 });
  const ended = host.ended.finally(() => rm(pidFile(project), { force: true }));
  return { close: () => host.close(), ended };
}

/** The process that serves the triggers now; null = none does. Rejects with `lease.held` where the project is busy otherwise. */
async function whoServes(project: FoundProject, { version }: AppPlace): Promise<number | null> {
  const holder = await connectToHolder(projectPaths(project.path).stateDir, version);
  if (holder === null) return null;
  try {
    const { isHosting } = await holder.call('triggers.list', {});
    if (isHosting) return holder.info.pid;
    throw new AppError('lease.held', `Process ${holder.info.pid} has this project open and serves no triggers.`, {
      hint: "Close it and try again, or start it with 'aiworkflow serve --triggers'.",
    });
  } finally {
    holder.close();
  }
}
