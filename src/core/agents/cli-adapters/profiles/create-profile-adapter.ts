import { AppError } from '../../../../shared/errors.ts';
import type { AgentAdapter, AgentProbe, AgentReply, AgentRequest } from '../../../agent-port/index.ts';
import { DEFAULT_CAPABILITIES } from '../../capabilities/capability-words.ts';
import { type CliAdapterOptions, settingText } from '../adapter-options.ts';
import { agentEnvironment, checkEnvironment } from '../agent-environment.ts';
import { holdCheck } from '../agent-fence.ts';
import { noteLine, recoverProcess } from '../ask-process.ts';
import { checkProgram, checkVersion, unhealthy } from '../check-program.ts';
import { lastWords } from '../end-errors.ts';
import { type AgentProgram, isProgramInstalled, requireProgram } from '../find-agent-program.ts';
import { hideKeys } from '../hide-keys.ts';
import { writePrivateFile } from '../private-file.ts';
import { OUTPUT_LIMIT_BYTES, runAgentProcess } from '../run-agent-process.ts';
import { stepLimits } from '../step-limits.ts';
import { type CliProfile, MODEL, PROMPT_FILE } from './cli-profile.ts';
import { profileReply } from './profile-reply.ts';
import { stripOutput } from './strip-output.ts';

export interface ProfileAdapterOptions extends CliAdapterOptions {
  readonly profile: CliProfile;
}

/** Of one argument, on every system that counts. */
const MAX_ARGUMENT_BYTES = 96 * 1024;

/** A command-line agent as its profile describes it (SPEC §4.4). It holds no limits but that of the environment. */
export function createProfileAdapter(options: ProfileAdapterOptions): AgentAdapter {
  return hideKeys(fromProfile(options), options, { ownNames: options.profile.env, set: {} });
}

function fromProfile(options: ProfileAdapterOptions): AgentAdapter {
  const { profile } = options;
  return {
    name: profile.name,
    provider: settingText(options.config, 'provider') ?? profile.name,
    kind: 'cli',
    capabilities: {
      ...DEFAULT_CAPABILITIES,
      streaming: profile.output !== 'json',
    },
    defaultModel: settingText(options.config, 'model'),
    timeoutMs: profile.timeoutMs,
    enforces: ['env'],
    reportsCalls: false,
    isInstalled: () => isProgramInstalled(programOf(profile), options.hostEnv),
    probe: (signal) => probe(options, signal),
    ask: (request) => ask(options, request),
    recover: (request) =>
      recoverProcess(options.runner, profile.name, request, (end) => profileReply(profile, end, request.model)),
    close: () => Promise.resolve(),
  };
}

const programOf = ({ name, command, installHint }: CliProfile): AgentProgram => ({ agent: name, command, installHint });

/** `agent.not_installed`, `agent.unhealthy`. */
async function probe(options: ProfileAdapterOptions, signal: AbortSignal): Promise<AgentProbe> {
  const { profile, runner } = options;
  const command = await requireProgram(programOf(profile), options.hostEnv);
  const env = checkEnvironment(options, { ownNames: profile.env, set: {} });
  const check = { agent: profile.name, command, env, held: holdCheck(profile.name, command, options) };
  const version = await checkVersion(runner, { ...check, args: profile.versionArgs }, signal);
  if (profile.health === null) return { version };
  const end = await checkProgram(runner, { ...check, args: profile.health.args }, signal);
  const isExpected = end.stdout.includes(profile.health.expect) && profile.successCodes.includes(end.exitCode ?? -1);
  if (!isExpected) throw unhealthy(profile.name, lastWords(end.stderr === '' ? end.stdout : end.stderr));
  return { version };
}

async function ask(options: ProfileAdapterOptions, request: AgentRequest): Promise<AgentReply> {
  const { profile } = options;
  const limits = stepLimits(request.permissions);
  const command = await requireProgram(programOf(profile), options.hostEnv);
  const file = profile.prompt === 'file' ? await writePrivateFile(request, 'prompt.md', request.prompt) : null;
  try {
    const end = await runAgentProcess(
      options,
      {
        agent: profile.name,
        command,
        args: profileArgs(profile, request, file?.path ?? null),
        cwd: profile.cwd === 'project' ? options.projectPath : request.workDir,
        env: agentEnvironment(options, { ownNames: profile.env, set: {} }, { request, limits }),
        stdin: profile.prompt === 'stdin' ? request.prompt : null,
        outputLimitBytes: OUTPUT_LIMIT_BYTES,
      },
      { ...request, onLine: (stream, line) => hear(profile, request, { stream, line }) },
    );
    return profileReply(profile, end, request.model);
  } finally {
    await file?.remove();
  }
}

/** Text is the answer as it comes; what stands in JSON is known at the end. */
function hear(
  profile: CliProfile,
  request: AgentRequest,
  { stream, line }: { readonly stream: 'stdout' | 'stderr'; readonly line: string },
): void {
  const plain = stripOutput(line, profile.strip);
  if (stream === 'stderr') {
    if (plain.trim() !== '') noteLine(request)(plain);
  } else if (profile.output === 'text') request.note({ kind: 'text', text: `${plain}\n` });
}

/** `agent.not_configured` for a model that cannot be named, `agent.incompatible` for a prompt that is no argument. */
function profileArgs(
  profile: CliProfile,
  { model, prompt }: Pick<AgentRequest, 'model' | 'prompt'>,
  promptFile: string | null,
): readonly string[] {
  if (model !== null && profile.modelArgs.length === 0 && !profile.args.includes(MODEL)) {
    throw new AppError('agent.not_configured', `The profile of ${profile.name} does not say how a model is named.`, {
      hint: `Write 'model_args' in it, for example [--model, "${MODEL}"], or take 'model' away.`,
    });
  }
  if (profile.prompt === 'arg' && Buffer.byteLength(prompt) > MAX_ARGUMENT_BYTES) {
    throw new AppError('agent.incompatible', `The prompt is too long to be given to ${profile.name} as an argument.`, {
      hint: "Write 'prompt: stdin' or 'prompt: file' in its profile, if it can read one of them.",
    });
  }
  const fill = (arg: string): readonly string[] => {
    if (arg === PROMPT_FILE) return promptFile === null ? [] : [promptFile];
    if (arg === MODEL) return model === null ? [] : [model];
    return [arg];
  };
  const args = [...profile.args, ...(model === null ? [] : profile.modelArgs)].flatMap(fill);
  return profile.prompt === 'arg' ? [...args, prompt] : args;
}
