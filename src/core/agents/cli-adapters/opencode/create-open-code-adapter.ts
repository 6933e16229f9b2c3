import { AppError } from '../../../../shared/errors.ts';
import type { AgentAdapter, AgentProbe, AgentRequest } from '../../../agent-port/index.ts';
import { DEFAULT_CAPABILITIES } from '../../capabilities/capability-words.ts';
import { CLI_TIMEOUT_MS, type CliAdapterOptions, settingText } from '../adapter-options.ts';
import { checkEnvironment, checkNamedKey } from '../agent-environment.ts';
import { holdCheck, isFenced } from '../agent-fence.ts';
import { recoverProcess } from '../ask-process.ts';
import { checkProgram, checkVersion, unhealthy } from '../check-program.ts';
import { isProgramInstalled, requireProgram } from '../find-agent-program.ts';
import { hideKeys } from '../hide-keys.ts';
import { askCli, modelName, OPENCODE_PROGRAM, openCodeEnvironment, readCliEnd } from './open-code-cli.ts';
import { chooseModel } from './open-code-config.ts';
import { OPENCODE } from './open-code-reply.ts';
import { askServer } from './open-code-server.ts';
import { createServerClient, type ServerClient } from './server-client.ts';

const MODES = ['auto', 'cli', 'server'] as const;
type Mode = (typeof MODES)[number];

/** OpenCode (SPEC §4.4): `opencode_mode` auto (server if healthy within 2 s, else a process), cli or server. */
export function createOpenCodeAdapter(options: CliAdapterOptions): AgentAdapter {
  return hideKeys(openCode(options), options, openCodeEnvironment(options));
}

function openCode(options: CliAdapterOptions): AgentAdapter {
  const mode = modeOf(options);
  const client = createServerClient(options);
  const prepareStore = createStorePreparation(options);
  return {
    name: OPENCODE,
    provider: 'multiple',
    kind: 'cli',
    capabilities: {
      ...DEFAULT_CAPABILITIES,
      toolCalling: 'native',
      reasoning: 'advanced',
      mcpNative: mode !== 'server',
    },
    defaultModel: settingText(options.config, 'model'),
    timeoutMs: CLI_TIMEOUT_MS,
    enforces: mode === 'server' ? ['read', 'write', 'commands'] : ['read', 'write', 'commands', 'env'],
    reportsCalls: false,
    isMetered: true,
    isInstalled: async () => mode === 'server' || (await isProgramInstalled(OPENCODE_PROGRAM, options.hostEnv)),
    probe: (signal) => probe(options, { mode, client }, signal),
    ask: async (request) => {
      checkNamedKey(OPENCODE, options);
      if (await usesServer(options, { mode, client }, request)) return await askServer(options, client, request);
      if (!request.signal.aborted) await prepareStore();
      return await askCli(options, request);
    },
    recover: async (request) => {
      const model = modelName(chooseModel(request.model, options));
      return await recoverProcess(options.runner, OPENCODE, request, (end) => readCliEnd(end, model));
    },
    close: () => Promise.resolve(),
  };
}

interface Reach {
  readonly mode: Mode;
  readonly client: ServerClient;
}

/** Anything but the three words is `auto`. A server that runs by itself cannot be held. */
function modeOf({ config }: CliAdapterOptions): Mode {
  if (isFenced({ config })) return 'cli';
  const written = settingText(config, 'opencode_mode');
  return MODES.find((mode) => mode === written) ?? 'auto';
}

/** A server has its own settings: a base URL, servers and an environment for one step can only be given to a process. */
async function usesServer(
  options: CliAdapterOptions,
  { mode, client }: Reach,
  request: AgentRequest,
): Promise<boolean> {
  if (mode !== 'auto') return mode === 'server';
  const { mcpServers, permissions } = request;
  const isOwn = mcpServers.length > 0 || (permissions?.env ?? null) !== null;
  if (isOwn || settingText(options.config, 'api_base_url') !== null) return false;
  return (await client.health(request.signal)) !== null;
}

/** `agent.not_installed`, `agent.unhealthy`. */
async function probe(options: CliAdapterOptions, { mode, client }: Reach, signal: AbortSignal): Promise<AgentProbe> {
  checkNamedKey(OPENCODE, options);
  const served = mode === 'cli' ? null : await client.health(signal);
  if (served !== null) return { version: served === '' ? null : served };
  if (mode === 'server') throw unhealthy(OPENCODE, 'its server did not answer within 2 seconds.');
  const command = await requireProgram(OPENCODE_PROGRAM, options.hostEnv);
  const env = checkEnvironment(options, openCodeEnvironment(options));
  const held = holdCheck(OPENCODE, command, options);
  const check = { agent: OPENCODE, command, args: ['--version'], env, held };
  const version = await checkVersion(options.runner, check, signal);
  return { version };
}

/**
 * OpenCode makes its database when it first starts, and several of them that start at once lock each other out: the first question of
 * an engine lets it start once alone, for nothing. Rejects as `requireProgram` does; whatever else goes wrong the question itself shows.
 */
function createStorePreparation(options: CliAdapterOptions): () => Promise<void> {
  let prepared: Promise<void> | null = null;
  const prepare = async (): Promise<void> => {
    const command = await requireProgram(OPENCODE_PROGRAM, options.hostEnv);
    const env = checkEnvironment(options, openCodeEnvironment(options));
    const held = holdCheck(OPENCODE, command, options);
    const check = { agent: OPENCODE, command, args: ['auth', 'list'], env, held };
    await checkProgram(options.runner, check, new AbortController().signal).catch((thrown: unknown) => {
      if (!(thrown instanceof AppError)) throw thrown;
    });
  };
  return () => {
    prepared ??= prepare().catch((thrown: unknown) => {
      prepared = null;
      throw thrown;
    });
    return prepared;
  };
}
