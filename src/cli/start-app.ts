/** Entry of `npm start` without Electron: the control center in a browser window, or a fresh link to the one that runs. */

import { parseArgs } from 'node:util';
import { findProject, projectPaths, userDataDir } from '../core/projects/index.ts';
import { commandLineOf, findAppFolders } from '../server/hosting/app-folders.ts';
import { leftOutText } from '../server/left-out.ts';
import { openAppWindow } from '../server/open-window.ts';
import { osUserName } from '../server/os-user.ts';
import { type BrowserHost, linkFromHolder, startBrowserHost } from '../server/serve.ts';
import { toErrorRecord } from '../shared/errors.ts';
import { callerFolder, homeFolder } from './context.ts';
import { processInterrupts, type StopRequest } from './interrupts.ts';
import { errorText } from './report-error.ts';
import { colorsFor } from './terminal.ts';

const PORT = 7420;

async function start(): Promise<number> {
  const folders = findAppFolders();
  const { values } = parseArgs({ args: process.argv.slice(2), options: { project: { type: 'string' } } });
  const home = homeFolder(process.env);
  const project = await findProject(callerFolder(process.env, process.cwd(), folders.root), {
    explicit: values.project,
    home,
  });
  const running = await linkFromHolder(projectPaths(project.path).stateDir, folders.version);
  if (running !== null) {
    await show(running, `The control center of ${project.path} is running already.`);
    return 0;
  }
  const host = await startBrowserHost({
    center: {
      projectPath: project.path,
      isFresh: project.isFresh,
      isNamed: true,
      resumeOpenRuns: true,
      servesTriggers: true,
      examplesDir: folders.examplesDir,
      resourcesDir: folders.resourcesDir,
      version: folders.version,
      userDataDir: userDataDir(process.env, process.platform),
      home,
      commandLine: commandLineOf(folders, process.env),
    },
    host: '127.0.0.1',
    port: PORT,
    ifPortTaken: 'take_free',
    ifHeld: 'attach',
    clientDir: folders.clientDir,
  });
  processInterrupts().listen((request) => void quit(host, request));
  await show(host.newLink(), `The control center of ${project.path} is ready; Ctrl-C stops it.`);
  const crash = await host.ended;
  if (crash === null) return 0;
  throw crash;
}

/** Whoever presses Ctrl-C is told what that leaves out. */
async function quit(host: BrowserHost, request: StopRequest): Promise<void> {
  process.stderr.write('Closing; running steps get 10 s.\n');
  if (request === 'stop') return host.close();
  const leftOut = await host.leftOut();
  if (leftOut !== null) process.stderr.write(leftOutText(leftOut));
  return host.close(osUserName());
}

/** The link is printed in any case: a window may have been closed, or stand on another desktop. */
async function show(link: string, sentence: string): Promise<void> {
  const hasWindow = await openAppWindow(link);
  process.stderr.write(`${sentence}${hasWindow ? '' : ' Open this link in a browser; it works once, within 60 s:'}\n`);
  process.stdout.write(`${link}\n`);
}

try {
  process.exitCode = await start();
} catch (thrown) {
  process.stderr.write(errorText(toErrorRecord(thrown), colorsFor(process.stderr, true)));
  process.exitCode = 1;
}
