import { createHash } from 'node:crypto';
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { canonicalJson } from '../../shared/json.ts';
import { readAgentSetUps } from '../agents/index.ts';
import { readEnvFile, readFiles } from '../bundles/index.ts';
import { sha256Hex } from '../crypto/index.ts';
import {
  type ProjectPaths,
  projectPaths,
  readProjectConfig,
  showPath,
  withConfiguredPaths,
} from '../projects/index.ts';
import { type RegistryReach, readRegistryReach } from '../tools/index.ts';
import { isCode, readProject, type ToolReach, type TreeFile, type TrustReading, textOfFile } from '../trust/index.ts';

/** What a project folder reaches, starts and hands on by its settings, and the hash that a consent to it is bound to. */
export interface ProjectReach {
  readonly trust: TrustReading;
  readonly hash: string;
  readonly paths: ProjectPaths;
}

/** Reads it from the files as they are now. Starts nothing and sends nothing. Errors: `file.*`, `bundle.too_large`. */
export async function readProjectReach(projectPath: string): Promise<ProjectReach> {
  // What the user sets in the environment is not the folder's word.
  const { config } = await readProjectConfig(projectPath, { env: {} });
  const paths = withConfiguredPaths(projectPaths(projectPath), config);
  const registry = readRegistryReach({ projectPath, registryFile: paths.registryFile });
  const files = await readToolFiles(paths, registry);
  const trust = readProject({
    agents: await readAgentSetUps({ configs: config.agent.configs, profilesDir: paths.profilesDir }),
    tools: registry.map((one) => toolReach(one, files)),
    files: files.filter(isCode),
    env: await readEnv(paths),
    readsEnv: config.expressions.envAllow,
    // What is told of runs, by notices and by traces.
    channels: [...config.monitoring.alertChannels, ...[config.monitoring.tracesEndpoint].filter((url) => url !== null)],
  });
  return { trust, hash: reachHash(trust), paths };
}

const reachHash = ({ capabilities }: TrustReading): string =>
  sha256Hex(
    canonicalJson(capabilities.map(({ kind, name, fingerprint }) => [kind, name, fingerprint].join('\n')).sort()),
  );

async function readEnv({ project, root }: ProjectPaths): Promise<Readonly<Record<string, string>>> {
  const read = [];
  for (const folder of [project, root]) read.push(await readEnvFile(join(folder, '.env')).catch(() => ({})));
  return Object.assign({}, ...read);
}

function toolReach(one: RegistryReach, files: readonly TreeFileAt[]): ToolReach {
  const { tool, type, description, command, addresses, hosts, variables, secrets, written } = one;
  const own = files.filter(({ absolutePath }) => one.files.includes(absolutePath));
  return {
    name: tool,
    purpose: description === '' ? `A tool of this project (${type})` : `${description} (${type})`,
    command,
    hosts: [...addresses.map((address) => URL.parse(address)?.host ?? address), ...hosts],
    variables,
    secrets,
    made: [written, own.map(({ path, sha256 }) => [path, sha256])],
  };
}

interface TreeFileAt extends TreeFile {
  readonly absolutePath: string;
}

/** Every file beside the registry, and those that it names elsewhere. */
async function readToolFiles(paths: ProjectPaths, registry: readonly RegistryReach[]): Promise<readonly TreeFileAt[]> {
  const named = registry.flatMap((one) => one.files);
  const beside = await filesBelow(dirname(paths.registryFile));
  const all = [...new Set([...beside, ...named])].map((file) => ({ path: showPath(paths, file), absolutePath: file }));
  const read: TreeFileAt[] = [];
  await readFiles(all, ({ path, isExecutable }, bytes) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const absolutePath = all[read.length]?.absolutePath ?? '';
    read.push({ path, isExecutable, sha256, text: textOfFile(bytes), absolutePath });
  });
  return read;
}

/** What programs install or make beside themselves is not read. */
const NOT_READ: ReadonlySet<string> = new Set(['node_modules', '.venv', '__pycache__', '.git']);
const MOST_FILES = 5_000;

async function filesBelow(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !NOT_READ.has(entry.name)) folders.push(path);
      else if (entry.isFile()) found.push(path);
      else if (entry.isSymbolicLink()) found.push(...(await linkedFile(path)));
    }
    if (found.length + folders.length > MOST_FILES)
      throw new AppError('bundle.too_large', `There are more than ${MOST_FILES} files beside the registry of tools.`, {
        hint: `Keep only what belongs to the tools in ${root}.`,
      });
  }
  return found;
}

const linkedFile = async (path: string): Promise<readonly string[]> => {
  const target = await realpath(path).catch(() => null);
  return target !== null && (await stat(target).catch(() => null))?.isFile() === true ? [target] : [];
};
