/** Runs the real browser host for a test: `node browser-host-main.ts <appRoot> <project> <port>`; prints `{url, link, pid}`. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type ServeModule = typeof import('../../../src/server/serve.ts');
type ProjectsModule = typeof import('../../../src/core/projects/index.ts');
type FoldersModule = typeof import('../../../src/server/hosting/app-folders.ts');

const [appRoot = '', projectPath = '', port = '0'] = process.argv.slice(2);
const load = (path: string): Promise<unknown> => import(pathToFileURL(join(appRoot, path)).href);
const { startBrowserHost } = (await load('src/server/serve.ts')) as ServeModule;
const { findAppFolders } = (await load('src/server/hosting/app-folders.ts')) as FoldersModule;
const { findProject } = (await load('src/core/projects/index.ts')) as ProjectsModule;

const folders = findAppFolders();
const project = await findProject(projectPath, { explicit: projectPath, home: homedir() });
const host = await startBrowserHost({
  center: {
    projectPath: project.path,
    isFresh: project.isFresh,
    resumeOpenRuns: true,
    examplesDir: folders.examplesDir,
    resourcesDir: folders.resourcesDir,
    version: folders.version,
    userDataDir: process.env.AIWORKFLOW_USER_DIR ?? join(homedir(), 'user-data'),
    home: homedir(),
  },
  host: '127.0.0.1',
  port: Number(port),
  ifPortTaken: 'fail',
  clientDir: folders.clientDir,
  handleSignals: true,
});
process.stdout.write(`${JSON.stringify({ url: host.url, link: host.newLink(), pid: host.pid })}\n`);
process.exitCode = (await host.ended) === null ? 0 : 1;
