/** Entry of the command line: makes the ports of this process and runs one command. */

import { findAppFolders } from '../server/hosting/app-folders.ts';
import { osUserName } from '../server/os-user.ts';
import { type CliPorts, callerFolder, homeFolder } from './context.ts';
import { processInterrupts } from './interrupts.ts';
import { runCli } from './program.ts';
import { readSecret } from './read-secret.ts';
import { colorsFor, processTerminal } from './terminal.ts';

function makePorts(argv: readonly string[]): CliPorts {
  const folders = findAppFolders();
  const home = homeFolder(process.env);
  const cwd = callerFolder(process.env, process.cwd(), folders.root);
  const osUser = osUserName();
  const wantsColor = !argv.includes('--no-color');
  const place: CliPorts['place'] = async () => {
    const { userDataDir } = await import('../core/projects/index.ts');
    return { ...folders, userDataDir: userDataDir(process.env, process.platform), home };
  };
  return {
    terminal: processTerminal(),
    interrupts: processInterrupts(),
    cwd,
    osUser,
    colors: { out: colorsFor(process.stdout, wantsColor), err: colorsFor(process.stderr, wantsColor) },
    place,
    findProject: async (explicit) => (await import('../core/projects/index.ts')).findProject(cwd, { explicit, home }),
    token: process.env.AIWORKFLOW_TOKEN || undefined,
    readSecret,
    openClient: async (project, login) =>
      (await import('./client/open-client.ts')).openClient(project, await place(), login),
    openReader: async (projectPath) => {
      const { openReader } = await import('../core/control-center.ts');
      const { userDataDir, examplesDir } = await place();
      return openReader({ projectPath, userDataDir, examplesDir });
    },
  };
}

const argv = process.argv.slice(2);
const ports = makePorts(argv);
const exitCode = await runCli(argv, ports);
await ports.terminal.flush();
process.exit(exitCode);
