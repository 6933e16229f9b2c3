import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { openControlCenter, openReader } from '../core/control-center.ts';
import { type FoundProject, findProject, projectPaths, userDataDir } from '../core/projects/index.ts';
import { connectToHolder, findAppFolders, osUserName } from '../server/index.ts';
import type { ControlCenterClient, WireAnswer } from '../shared/contract/index.ts';
import { AppError } from '../shared/errors.ts';
import type { Actor } from '../shared/model/run.ts';
import type { GlobalOptions } from './output.ts';

/** A way to the control center, to be closed at the end. `isHolder`: this process has the project, nobody works on after it ends. */
export interface OpenClient extends ControlCenterClient {
  readonly isHolder: boolean;
  readonly projectPath: string;
  close(): Promise<void>;
}

const actor = (): Actor => ({ kind: 'user', id: osUserName(), door: 'cli' });

export const projectOf = (options: GlobalOptions): Promise<FoundProject> =>
  findProject(process.cwd(), { explicit: options.project, home: homedir() });

/** What of the host's surroundings every opening of a project needs. */
export function centerOptions(project: FoundProject) {
  const { examplesDir, version } = findAppFolders();
  return {
    projectPath: project.path,
    isFresh: project.isFresh,
    examplesDir,
    version,
    userDataDir: userDataDir(process.env, process.platform),
    home: homedir(),
  };
}

/** The holder of the project when there is one, else the project opened in this process (DESIGN decision 7). */
export async function openClient(options: GlobalOptions): Promise<OpenClient> {
  const project = await projectOf(options);
  const { version } = findAppFolders();
  const holder = await connectToHolder(projectPaths(project.path).stateDir, version);
  if (holder !== null) {
    return {
      isHolder: false,
      projectPath: project.path,
      call: (name, input) => holder.call(name, input),
      subscribe: (listener) => holder.subscribe(listener),
      close: async () => holder.close(),
    };
  }
  const center = await openControlCenter({ ...centerOptions(project), door: 'cli', resumeOpenRuns: false });
  return {
    isHolder: true,
    projectPath: project.path,
    call: async (name, input) => unwrap(await center.call(name, input, actor())) as never,
    subscribe: (listener) => center.subscribe(listener),
    close: () => center.close(),
  };
}

/** Reading operations without lease and store: also while another program holds the project. */
export async function openReading(options: GlobalOptions): Promise<Pick<ControlCenterClient, 'call'>> {
  const project = await projectOf(options);
  const reader = openReader({ projectPath: project.path });
  return { call: async (name, input) => unwrap(await reader.call(name, input, actor())) as never };
}

function unwrap(answer: WireAnswer): unknown {
  if (answer.ok) return answer.value;
  throw AppError.fromRecord(answer.error);
}

/** A file or folder as the caller names it becomes absolute; an id stays what it is. */
export function absoluteRef(ref: string): string {
  if (isAbsolute(ref)) return ref;
  const path = resolve(process.cwd(), ref);
  return /[\\/]|^\.|\.md$/i.test(ref) || existsSync(path) ? path : ref;
}

/** Opens, works, closes: whatever happens in between. */
export async function withClient<T>(options: GlobalOptions, work: (client: OpenClient) => Promise<T>): Promise<T> {
  const client = await openClient(options);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
