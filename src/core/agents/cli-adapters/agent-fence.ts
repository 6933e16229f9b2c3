import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import { NO_NEEDS, type ProcessLimits } from '../../../shared/model/needs.ts';
import { parseDuration } from '../../../shared/parse-duration.ts';
import { parseSize } from '../../../shared/parse-size.ts';
import type { AgentRequest } from '../../agent-port/index.ts';
import { openHostProxy } from '../../http/index.ts';
import { type Containment, findSandbox, type OwnPlace, SANDBOX_NAMES } from '../../processes/index.ts';
import { type CliAdapterOptions, settingTexts } from './adapter-options.ts';
import { stepLimits } from './step-limits.ts';

/** What holds the process of an agent while it works. */
export interface HeldAgent {
  readonly containment: Containment | undefined;
  readonly limits: ProcessLimits;
  readonly close: () => Promise<void>;
}

interface Fence {
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** A list names the hosts. */
  readonly network: boolean | readonly string[];
}

type Fenced = Pick<CliAdapterOptions, 'config' | 'projectPath'>;

/** Whether the settings of an agent hold its processes at all: a server that runs by itself cannot be held. */
export const isFenced = ({ config }: Pick<CliAdapterOptions, 'config'>): boolean =>
  config.sandbox !== undefined && config.sandbox !== false ? true : config.limits !== undefined;

/**
 * What holds the process of a question: `sandbox` and `limits` of `agent.configs.<name>`. In the sandbox it sees its program, its working folder,
 * which it writes only where the step lets it write, the folder of the run, and what `read` and `write` name. The conversation says what holds it,
 * or that nothing here does. Errors: `agent.not_configured`, `file.io`.
 */
export async function holdAgent(
  options: Fenced,
  { agent, command, cwd }: { readonly agent: string; readonly command: string; readonly cwd: string },
  request: Pick<AgentRequest, 'runDir' | 'permissions' | 'note'>,
): Promise<HeldAgent> {
  const { fence, limits } = readFence(agent, options);
  const say = (level: 'info' | 'warning', text: string): void => request.note({ kind: 'note', level, text });
  const unheld = { containment: undefined, limits, close: () => Promise.resolve() };
  if (fence === null) return unheld;
  const sandbox = findSandbox();
  if (sandbox.kind === 'none') {
    say('warning', `Not contained: the sandbox that ${agent} is set up with is not held here. ${sandbox.reason}`);
    return unheld;
  }
  const tellsHosts = sandbox.kind === 'bubblewrap';
  const isApart = tellsHosts && typeof fence.network !== 'boolean' && fence.network.length > 0;
  const proxy = isApart
    ? await openHostProxy({
        hosts: fence.network as readonly string[],
        onRefused: (error) => say('warning', `Kept back (${error.code}): ${error.message}`),
      })
    : null;
  const network = typeof fence.network === 'boolean' ? fence.network : fence.network.length > 0;
  say('info', fenceText(fence, tellsHosts, SANDBOX_NAMES[sandbox.kind]));
  const mayWrite = stepLimits(request.permissions).write.length > 0;
  return {
    containment: {
      ...{ read: fence.read, write: fence.write, network: proxy?.socketPath ?? network, programs: [command] },
      own: [
        { path: cwd, mayWrite },
        { path: request.runDir, mayWrite: true },
      ],
    },
    limits,
    close: () => proxy?.close() ?? Promise.resolve(),
  };
}

/** The same for a check of its program, which belongs to no run and reaches nobody where hosts are named. Error: `agent.not_configured`. */
export function holdCheck(agent: string, command: string, options: Fenced): Pick<HeldAgent, 'containment' | 'limits'> {
  const { fence, limits } = readFence(agent, options);
  if (fence === null) return { containment: undefined, limits };
  const own: readonly OwnPlace[] = [];
  return { containment: { ...fence, network: fence.network === true, own, programs: [command] }, limits };
}

function fenceText({ read, write, network }: Fence, tellsHosts: boolean, by: string): string {
  const also = (paths: readonly string[]): string => (paths.length === 0 ? '' : ` and ${paths.join(', ')}`);
  const hosts =
    typeof network === 'boolean'
      ? network
      : tellsHosts && network.length > 0
        ? `of the network only ${network.join(', ')}`
        : network.length > 0;
  const reach = typeof hosts === 'string' ? hosts : hosts ? 'the network is open' : 'no network';
  return `Contained by ${by}: reads only the system's programs, its own folders${also(read)}; writes only its own folders${also(write)}; ${reach}.`;
}

function readFence(
  agent: string,
  { config, projectPath }: Fenced,
): { readonly fence: Fence | null; readonly limits: ProcessLimits } {
  const { sandbox, limits = {} } = config;
  if (!isJsonMap(limits)) throw unusable(agent, 'limits', '{memory: 2GB, cpu: 10m, processes: 32}');
  return { fence: sandboxOf(agent, sandbox, projectPath), limits: limitsOf(agent, limits) };
}

function sandboxOf(agent: string, written: Json | undefined, projectPath: string): Fence | null {
  if (written === undefined || written === null || written === false) return null;
  const places = written === true ? {} : written;
  if (!isJsonMap(places))
    throw unusable(agent, 'sandbox', '{read: [~/.claude], write: [], network: [api.anthropic.com]}');
  const unknown = Object.keys(places).find((key) => !['read', 'write', 'network'].includes(key));
  if (unknown !== undefined) throw unusable(agent, `sandbox.${unknown}`, 'only read, write and network');
  const { network = true } = places;
  if (typeof network !== 'boolean' && !Array.isArray(network))
    throw unusable(agent, 'sandbox.network', 'true, false or a list of hosts');
  const absolute = (path: string): string =>
    /^~(?:\/|$)/.test(path) ? resolve(homedir(), `.${path.slice(1)}`) : resolve(projectPath, path);
  return {
    read: settingTexts(places, 'read').map(absolute),
    write: settingTexts(places, 'write').map(absolute),
    network: typeof network === 'boolean' ? network : settingTexts(places, 'network'),
  };
}

function limitsOf(agent: string, written: JsonMap): ProcessLimits {
  const { memory, cpu, processes } = written;
  const memoryBytes = memory === undefined ? null : parseSize(String(memory));
  const time = typeof cpu === 'string' || typeof cpu === 'number' ? parseDuration(cpu) : null;
  if (memoryBytes === undefined) throw unusable(agent, 'limits.memory', 'a size such as 2GB');
  if (cpu !== undefined && (time?.problem !== undefined || !time?.ms))
    throw unusable(agent, 'limits.cpu', 'a time such as 10m');
  if (processes !== undefined && !(typeof processes === 'number' && Number.isInteger(processes) && processes > 0))
    throw unusable(agent, 'limits.processes', 'a number from 1');
  return {
    ...NO_NEEDS.limits,
    memoryBytes,
    cpuSeconds: time?.ms ? time.ms / 1000 : null,
    processes: processes ?? null,
  };
}

const unusable = (agent: string, key: string, wanted: string): AppError =>
  new AppError('agent.not_configured', `'agent.configs.${agent}.${key}' cannot be used.`, {
    hint: `Write there: ${wanted}.`,
    details: { agent },
  });
