import type { BrowserHost } from '../../server/serve.ts';
import type { CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { StopRequest } from '../interrupts.ts';
import { sayLeftOut } from '../live/say-left-out.ts';
import { note, print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { integerOption } from '../values/option-values.ts';

interface ServeFlags {
  readonly host: string;
  readonly port: string;
  readonly open?: boolean;
  readonly triggers?: boolean;
}

const LOOPBACK = ['127.0.0.1', 'localhost'];

/** `serve`: the browser host in the foreground. */
export function addServe(kit: CommandKit): void {
  kit.program
    .command('serve')
    .description('Show the control center to browsers on this machine')
    .option('--host <name>', 'where to listen: this machine only', '127.0.0.1')
    .option('--port <number>', '0 takes any free port', '7420')
    .option('--open', 'open it in a window')
    .option('--triggers', 'let schedules, watches, webhooks and event triggers start runs')
    .action(kit.run(serve));
}

async function quit(context: CliContext, host: BrowserHost, request: StopRequest): Promise<void> {
  note(context, 'Closing; running steps get 10 s.');
  if (request === 'interrupt') await sayLeftOut(context, await host.leftOut());
  await host.close(request === 'interrupt' ? context.osUser : undefined);
}

async function serve(context: CliContext, flags: ServeFlags): Promise<ExitCode> {
  if (!LOOPBACK.includes(flags.host))
    throw usageError(`Cannot listen on '${flags.host}': only this machine may connect`, 'Use --host 127.0.0.1.');
  const port = integerOption('--port', flags.port, { min: 0, max: 65_535 });
  const { openAppWindow } = await import('../../server/open-window.ts');
  const { startBrowserHost } = await import('../../server/serve.ts');
  const project = await context.findProject(context.globals.project);
  const { clientDir, ...place } = await context.place();
  const host = await startBrowserHost({
    center: {
      ...place,
      projectPath: project.path,
      isFresh: project.isFresh,
      isNamed: true,
      resumeOpenRuns: true,
      servesTriggers: flags.triggers ?? false,
    },
    host: flags.host,
    port,
    ifPortTaken: 'fail',
    ifHeld: 'fail',
    clientDir,
  });
  const stopListening = context.interrupts.listen((request) => void quit(context, host, request));
  const url = host.newLink();
  print(
    context,
    { url, port: host.port, pid: host.pid },
    () => `Listening on ${url}\nThe link works once, within 60 s. Ctrl-C stops.`,
  );
  if (flags.open === true && !(await openAppWindow(host.newLink())))
    note(context, 'No browser was found: open the link by hand.');
  const crash = await host.ended;
  stopListening();
  if (crash !== null) throw crash;
  return EXIT.ok;
}
