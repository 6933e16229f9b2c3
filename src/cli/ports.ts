import { commandLineOf, findAppFolders } from '../server/hosting/app-folders.ts';
import { osUserName } from '../server/os-user.ts';
import { type CliPorts, callerFolder, homeFolder } from './context.ts';

/** How one command line speaks and hears, and the folder in which its process stands. */
type Speech = Pick<CliPorts, 'terminal' | 'interrupts' | 'colors' | 'readSecret' | 'cwd'>;

/** The ports of a command line in this process: what it is told by its environment, and the product around it. */
export function makePorts({ cwd: standsIn, ...speech }: Speech): CliPorts {
  const folders = findAppFolders();
  const home = homeFolder(process.env);
  const cwd = callerFolder(process.env, standsIn, folders.root);
  const place: CliPorts['place'] = async () => {
    const { userDataDir } = await import('../core/projects/index.ts');
    const commandLine = commandLineOf(folders, process.env);
    return { ...folders, userDataDir: userDataDir(process.env, process.platform), home, commandLine };
  };
  return {
    ...speech,
    cwd,
    osUser: osUserName(),
    place,
    findProject: async (explicit) => (await import('../core/projects/index.ts')).findProject(cwd, { explicit, home }),
    token: process.env.AIWORKFLOW_TOKEN || undefined,
    openClient: async (project, login) =>
      (await import('./client/open-client.ts')).openClient(project, await place(), login),
    openReader: async (projectPath) => {
      const { openReader } = await import('../core/control-center.ts');
      const { userDataDir, examplesDir } = await place();
      return openReader({ projectPath, userDataDir, examplesDir });
    },
  };
}
