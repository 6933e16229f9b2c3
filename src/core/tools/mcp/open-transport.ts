import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { NO_NEEDS, type ProcessLimits } from '../../../shared/model/needs.ts';
import { isInside } from '../../files/index.ts';
import type { HttpClient } from '../../http/index.ts';
import {
  type ContainableCommand,
  contain,
  findProgram,
  findSandbox,
  systemEnvironment,
} from '../../processes/index.ts';
import { type HeldProcess, holdProcess } from '../needs/contain-call.ts';
import { containmentOf } from '../needs/containment-of.ts';
import type { ToolAuth, ToolCommons } from '../registry-port.ts';
import { HttpTransport } from './http-transport.ts';
import { commandOf, type McpServerSettings, type McpSettings } from './mcp-settings.ts';
import type { McpTransport } from './mcp-transport.ts';
import type { Oddities } from './oddities.ts';
import { endMcpOrphans, recordServer } from './orphan-records.ts';
import { keysIn, namedKeys, resolveReferences } from './references.ts';
import { StdioTransport } from './stdio-transport.ts';

export type HostEnv = Readonly<Record<string, string | undefined>>;

/** What a server of the project is reached with. */
export interface ServerParts {
  readonly commons: Pick<ToolCommons, 'name' | 'auth' | 'allowedHosts' | 'timeoutMs' | 'needs' | 'limits'>;
  readonly settings: McpSettings;
  readonly http: HttpClient;
  readonly hostEnv: HostEnv;
  /** The project's state folder, where living servers are recorded. */
  readonly stateDir: string;
}

export interface TransportPorts {
  /** Takes out what must not be shown. */
  readonly clean: (line: string) => string;
  readonly onStderr: (line: string) => void;
  readonly oddities: Oddities;
  /** What the server is given, before anything is sent. */
  readonly onSecrets: (secrets: Secrets) => void;
}

/** What a server is given and must not be shown: in its log no value at all, in what it answers no key. */
export interface Secrets {
  readonly values: readonly string[];
  readonly keys: readonly string[];
}

/** A new way to the server, not started yet. `tool.not_configured`. */
export async function openTransport(parts: ServerParts, ports: TransportPorts): Promise<McpTransport> {
  const { server } = parts.settings;
  if (server.kind !== 'url') return openProcess(parts, server, ports);
  const headers = await headersOf(parts, server);
  ports.onSecrets({ values: [], keys: [...Object.values(headers), ...keysIn(server.headers, parts.hostEnv)] });
  const spec = { url: server.url, headers, allowedHosts: parts.commons.allowedHosts };
  return HttpTransport.create(spec, { http: parts.http, oddities: ports.oddities, clean: ports.clean });
}

async function openProcess(
  parts: ServerParts,
  server: Exclude<McpServerSettings, { kind: 'url' }>,
  ports: TransportPorts,
): Promise<McpTransport> {
  const { env, cwd } = await processOf(parts, server);
  ports.onSecrets({ values: Object.values(env), keys: [...keysIn(server.env, parts.hostEnv), ...namedKeys(env)] });
  await endMcpOrphans(parts.stateDir);
  const record = await recordServer(parts.stateDir);
  const marks = { AIWORKFLOW_TOOL: parts.commons.name, AIWORKFLOW_STEP_KEY: record.mark };
  const whole = { ...systemEnvironment(parts.hostEnv), ...env, ...marks };
  const asked = { ...commandOf(server), cwd, env: whole, limits: parts.commons.limits };
  const { close, ...started } = await contained(parts, asked, ports.onStderr);
  const transport = new StdioTransport({ ...started, cwd, mark: record.mark }, ports);
  void transport.gone.then(() => Promise.all([record.remove(), close()])).catch(() => undefined);
  return transport;
}

/**
 * The command of a server inside the sandbox, where its entry asks for one and the system has one: it sees its program, the files that its
 * arguments name, its working folder unless that is the whole project, and writes only where the entry allows it. `close` ends its way to the
 * hosts that it may reach; `log` hears of those that it may not.
 */
export async function contained(
  { commons: { needs = NO_NEEDS }, stateDir }: Pick<ServerParts, 'commons' | 'stateDir'>,
  asked: {
    readonly command: string;
    readonly args: readonly string[];
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly limits?: ProcessLimits | undefined;
  },
  log: (line: string) => void,
): Promise<Pick<ContainableCommand, 'command' | 'args' | 'env' | 'limits'> & Pick<HeldProcess, 'close'>> {
  const { command, args, cwd, env } = asked;
  const program = await findProgram(command, env.PATH ?? '');
  const named = args
    .map((one) => resolve(cwd, one))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  // The folder of a server's own file is seen with it, but not the whole project.
  const files = named.map((file) => (isInside(dirname(file), stateDir) ? file : dirname(file)));
  const isWide = isInside(cwd, stateDir);
  const programs = program === null ? [] : [program];
  const place = { workDir: cwd, runDir: null, programs, keepsWorkDir: true, isWide, files };
  const { containment, close } = await holdProcess(containmentOf(needs, undefined, place), log);
  const started = contain({ ...asked, args, containment }, findSandbox(), [stateDir]);
  return { command: started.command, args: started.args, env: started.env, limits: started.limits, close };
}

/** The variables that the settings give a server, with the host's in place, and its working folder. `tool.not_configured`. */
export async function processOf(
  { commons, hostEnv }: Pick<ServerParts, 'commons' | 'hostEnv'>,
  server: Exclude<McpServerSettings, { kind: 'url' }>,
): Promise<{ readonly env: Record<string, string>; readonly cwd: string }> {
  const env = resolveReferences(commons.name, server.env, hostEnv);
  for (const folder of server.folders)
    if ((await stat(folder).catch(() => null))?.isDirectory() === true) return { env, cwd: folder };
  throw new AppError('tool.not_configured', `The working folder of the MCP tool '${commons.name}' does not exist.`, {
    hint: "Correct 'server.cwd': it counts from the folder of the registry, then from the project.",
  });
}

/** The headers of a server over HTTP, login included. `tool.not_configured`. */
export async function headersOf(
  { commons, hostEnv }: Pick<ServerParts, 'commons' | 'hostEnv'>,
  server: Extract<McpServerSettings, { kind: 'url' }>,
): Promise<Record<string, string>> {
  const headers = resolveReferences(commons.name, server.headers, hostEnv);
  const login = loginHeader(commons.name, await commons.auth());
  const all = login === null ? headers : { ...headers, [login.name]: login.value };
  const bad = Object.entries(all).find(([, value]) => /[\r\n\0]/.test(value));
  if (bad === undefined) return all;
  throw new AppError('tool.not_configured', `The header ${bad[0]} of the MCP tool '${commons.name}' cannot be sent.`, {
    hint: 'Its value holds a line end. Look at the variable from which it comes.',
  });
}

function loginHeader(tool: string, auth: ToolAuth): { readonly name: string; readonly value: string } | null {
  const { type, token } = auth;
  if (type === 'none' || token === null) return null;
  if (type === 'bearer_token') return { name: 'authorization', value: `Bearer ${token}` };
  if (type === 'basic') return { name: 'authorization', value: `Basic ${Buffer.from(token).toString('base64')}` };
  if (type === 'api_key' && auth.header !== null) return { name: auth.header, value: token };
  throw new AppError('tool.not_configured', `The MCP tool '${tool}' cannot log in with ${type} as it is written.`, {
    hint: "An MCP server takes 'bearer_token', 'basic', or 'api_key' with a 'header'.",
  });
}
