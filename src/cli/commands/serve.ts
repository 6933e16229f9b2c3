import type { Command } from 'commander';
import { projectPaths } from '../../core/projects/index.ts';
import { linkFromHolder, openAppWindow, findAppFolders, startBrowserHost } from '../../server/index.ts';
import { AppError } from '../../shared/errors.ts';
import { action, type CommandContext } from '../command-context.ts';
import { centerOptions, projectOf } from '../doors.ts';
import { usage } from '../output.ts';

interface ServeFlags {
  readonly host: string;
  readonly port: string;
  readonly open?: boolean;
  readonly anyPort?: boolean;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('Open the control center for a browser on this machine.')
    .option('--host <host>', 'Address to listen on.', '127.0.0.1')
    .option('--port <port>', 'Port; 0 = any free one.', '7420')
    .option('--open', 'Open a window.')
    .option('--any-port', 'Take a free port when this one is taken.')
    .action(action(serve));
}

async function serve(context: CommandContext, flags: ServeFlags): Promise<number> {
  const port = Number(flags.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw usage(`'${flags.port}' is not a port.`);
  if (!LOOPBACK.has(flags.host)) throw usage('This version listens on loopback addresses only.', 'Use --host 127.0.0.1.');
  const project = await projectOf(context.options);
  const { version, clientDir } = findAppFolders();
  const link = await linkFromHolder(projectPaths(project.path).stateDir, version);
  if (link !== null) return showLink(context, { url: link, port: Number(new URL(link).port), pid: null }, flags.open ?? false);
  const host = await startBrowserHost({
    center: { ...centerOptions(project), resumeOpenRuns: true },
    host: flags.host,
    port,
    ifPortTaken: flags.anyPort === true ? 'take_free' : 'fail',
    clientDir,
    handleSignals: true,
  });
  await showLink(context, { url: host.newLink(), port: host.port, pid: host.pid }, flags.open ?? false);
  const crash: AppError | null = await host.ended;
  if (crash !== null) throw crash;
  return 0;
}

/** Prints where the control center is, once it listens. The link works once, within a minute. */
async function showLink({ output }: CommandContext, place: { readonly url: string; readonly port: number; readonly pid: number | null }, open: boolean): Promise<number> {
  const hasWindow = open && (await openAppWindow(place.url));
  const hint = hasWindow ? 'The control center is open in its own window.' : `Open the control center: ${place.url}`;
  output.result(place, hint);
  return 0;
}
