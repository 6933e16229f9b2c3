import { AppError } from '../../../../shared/errors.ts';
import type { JsonMap } from '../../../../shared/json.ts';
import type { AgentAdapter, AgentReply, AgentRequest } from '../../../agent-port/index.ts';
import type { ProcessEnd } from '../../../processes/index.ts';
import { DEFAULT_CAPABILITIES } from '../../capabilities/capability-words.ts';
import { CLI_TIMEOUT_MS, type CliAdapterOptions, mapOf, settingNumber, settingText } from '../adapter-options.ts';
import {
  agentEnvironment,
  checkEnvironment,
  checkNamedKey,
  type EnvironmentParts,
  namedKey,
} from '../agent-environment.ts';
import { holdCheck } from '../agent-fence.ts';
import { askProcess, recoverProcess } from '../ask-process.ts';
import { checkProgram, checkVersion } from '../check-program.ts';
import { notLoggedIn, withSpent } from '../end-errors.ts';
import { type AgentProgram, isProgramInstalled, requireProgram } from '../find-agent-program.ts';
import { hideKeys } from '../hide-keys.ts';
import { eventsOf, parseJson } from '../json-lines.ts';
import { claudeMcpConfig, claudeMcpTools } from '../mcp-servers.ts';
import { writePrivateFile } from '../private-file.ts';
import { stepLimits } from '../step-limits.ts';
import { claudeArgs } from './claude-args.ts';
import { ClaudeEvents, type ClaudeTranscript } from './claude-events.ts';
import { CLAUDE, CLAUDE_LOGIN, claudeReply } from './claude-reply.ts';

const PROGRAM: AgentProgram = {
  agent: CLAUDE,
  command: 'claude',
  installHint: 'Install it with: npm install -g @anthropic-ai/claude-code, then run claude once to log in.',
};
const OWN_NAMES = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_BASE_URL',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CONFIG_DIR',
];
/** It asks again by itself where a provider refuses; the engine's own retries and failover come after that. */
const DEFAULT_RETRIES = 2;
/** Its events repeat every answer piece by piece: far more bytes than the answer itself. */
const EVENTS_LIMIT_BYTES = 64 * 1024 * 1024;

/** Claude Code (SPEC §4.4): `claude -p`, one process a question, which keeps no session. */
export function createClaudeCodeAdapter(options: CliAdapterOptions): AgentAdapter {
  return hideKeys(claudeCode(options), options, environmentParts(options, null));
}

function claudeCode(options: CliAdapterOptions): AgentAdapter {
  return {
    name: CLAUDE,
    provider: 'anthropic',
    kind: 'cli',
    capabilities: {
      ...DEFAULT_CAPABILITIES,
      toolCalling: 'native',
      reasoning: 'advanced',
      mcpNative: true,
      extendedReasoning: true,
      contextWindow: 200_000,
    },
    defaultModel: settingText(options.config, 'model'),
    timeoutMs: CLI_TIMEOUT_MS,
    enforces: ['write', 'commands', 'hosts', 'env'],
    reportsCalls: false,
    takesBudget: true,
    isMetered: true,
    isInstalled: () => isProgramInstalled(PROGRAM, options.hostEnv),
    probe: (signal) => probe(options, signal),
    ask: (request) => ask(options, request),
    recover: (request) => recoverProcess(options.runner, CLAUDE, request, readEnd),
    close: () => Promise.resolve(),
  };
}

/** `agent.not_installed`, `agent.not_logged_in`, `agent.unhealthy`. Sends nothing. */
async function probe(options: CliAdapterOptions, signal: AbortSignal) {
  checkNamedKey(CLAUDE, options);
  const command = await requireProgram(PROGRAM, options.hostEnv);
  const env = checkEnvironment(options, environmentParts(options, null));
  const check = { agent: CLAUDE, command, env, held: holdCheck(CLAUDE, command, options) };
  const version = await checkVersion(options.runner, { ...check, args: ['--version'] }, signal);
  const login = await checkProgram(options.runner, { ...check, args: ['auth', 'status'] }, signal);
  if (mapOf(parseJson(login.stdout.trim())).loggedIn === false) {
    throw notLoggedIn({ agent: CLAUDE, said: 'no login and no key was found', status: null, loginHint: CLAUDE_LOGIN });
  }
  return { version };
}

async function ask(options: CliAdapterOptions, request: AgentRequest): Promise<AgentReply> {
  checkNamedKey(CLAUDE, options);
  const limits = stepLimits(request.permissions);
  const command = await requireProgram(PROGRAM, options.hostEnv);
  const { mcpServers, workDir } = request;
  const text = JSON.stringify(claudeMcpConfig(mcpServers, workDir));
  const file = mcpServers.length === 0 ? null : await writePrivateFile(request, 'mcp.json', text);
  const events = new ClaudeEvents(request.note);
  const ended = askProcess(
    options,
    {
      agent: CLAUDE,
      command,
      args: claudeArgs({ request, limits, mcpConfig: file?.path ?? null, mcpTools: claudeMcpTools(mcpServers) }),
      cwd: workDir,
      env: agentEnvironment(options, environmentParts(options, request.maxTokens), { request, limits }),
      stdin: request.prompt,
      outputLimitBytes: EVENTS_LIMIT_BYTES,
    },
    {
      ...{ request, file },
      onEvent: (event) => {
        events.read(event);
        if (isTurnCounted(event)) sayUsed(request, events.transcript);
      },
    },
  );
  const end = await ended.catch((thrown: unknown) => {
    // Ended before it could say what it has used: the stream has.
    throw thrown instanceof AppError ? withSpent(thrown, { usage: events.transcript.used }) : thrown;
  });
  return readEnd(end);
}

/** True when a turn is through and another follows. What its tools answer may come sooner than its counts: they begin while it is written. */
function isTurnCounted(event: JsonMap): boolean {
  const { type, delta } = mapOf(event.event);
  return type === 'message_delta' && mapOf(delta).stop_reason === 'tool_use';
}

function sayUsed({ used }: AgentRequest, { model, used: usage }: ClaudeTranscript): void {
  if (usage !== null) used({ model, usage, reportedCost: null });
}

/** The record of the process is the truth: its live lines may have been cut. */
function readEnd(end: ProcessEnd): AgentReply {
  const events = new ClaudeEvents(() => undefined);
  for (const { event, notices } of eventsOf(end.stdout)) events.read(event, notices);
  return claudeReply(events.transcript, end);
}

function environmentParts(options: CliAdapterOptions, maxTokens: number | null): EnvironmentParts {
  const baseUrl = settingText(options.config, 'api_base_url');
  const key = namedKey(options);
  return {
    ownNames: OWN_NAMES,
    set: {
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      CLAUDE_CODE_MAX_RETRIES: String(settingNumber(options.config, 'max_retries') ?? DEFAULT_RETRIES),
      ...(baseUrl === null ? {} : { ANTHROPIC_BASE_URL: baseUrl }),
      ...(key === null ? {} : { ANTHROPIC_API_KEY: key.value }),
      ...(maxTokens === null ? {} : { CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(maxTokens) }),
    },
  };
}
