import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../../shared/errors.ts';
import type { AgentReply, AgentRequest } from '../../../agent-port/index.ts';
import type { ProcessEnd } from '../../../processes/index.ts';
import { type CliAdapterOptions, settingText } from '../adapter-options.ts';
import { agentEnvironment, type EnvironmentParts, namedKey } from '../agent-environment.ts';
import { askProcess } from '../ask-process.ts';
import { withSpent } from '../end-errors.ts';
import { type AgentProgram, requireProgram } from '../find-agent-program.ts';
import { eventsOf } from '../json-lines.ts';
import { writePrivateFile } from '../private-file.ts';
import { OUTPUT_LIMIT_BYTES } from '../run-agent-process.ts';
import { stepLimits } from '../step-limits.ts';
import { type ChosenModel, chooseModel, OUR_AGENT, openCodeConfig } from './open-code-config.ts';
import { OpenCodeEvents } from './open-code-events.ts';
import { OPENCODE, openCodeReply, retryOf, sayUsed, spentBy } from './open-code-reply.ts';
import { needsGit, stepPlace } from './step-place.ts';

/** The program of this agent, and how it is installed. */
export const OPENCODE_PROGRAM: AgentProgram = {
  agent: OPENCODE,
  command: 'opencode',
  installHint: 'Install it with: npm install -g opencode-ai, then run opencode auth login.',
};
/** Leads nowhere: git finds no repository, and so does OpenCode. */
const NO_REPOSITORY = join(tmpdir(), 'aiworkflow-no-repository');
const OWN_NAMES = [
  ...['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'],
  ...['OPENROUTER_API_KEY', 'GROQ_API_KEY', 'MISTRAL_API_KEY', 'XAI_API_KEY', 'DEEPSEEK_API_KEY', 'OPENCODE_API_KEY'],
  ...['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME'],
];
/** Keeps it from making up a title with a model of its own, whose cost nobody would see. */
const TITLE = 'A step of a workflow';

/** One question to `opencode run` (SPEC §4.4): a process of its own, the prompt on stdin. */
export async function askCli(options: CliAdapterOptions, request: AgentRequest): Promise<AgentReply> {
  const limits = stepLimits(request.permissions);
  const model = chooseModel(request.model, options);
  const command = await requireProgram(OPENCODE_PROGRAM, options.hostEnv);
  const { mcpServers } = request;
  const isApart = !needsGit(limits, mcpServers);
  const place = await stepPlace(request.workDir, isApart);
  const config = openCodeConfig(options, model, { rules: { limits, place }, mcpServers });
  const file = await writePrivateFile(request, 'opencode.json', JSON.stringify(config));
  const events = new OpenCodeEvents(request.note);
  const { set, ownNames } = openCodeEnvironment(options);
  const apart = isApart ? { GIT_DIR: NO_REPOSITORY } : {};
  const parts = { ownNames, set: { ...set, ...apart, OPENCODE_CONFIG: file.path, ...outputLimit(request) } };
  const named = modelName(model);
  const ended = askProcess(
    options,
    {
      agent: OPENCODE,
      command,
      args: openCodeArgs(model),
      cwd: request.workDir,
      env: agentEnvironment(options, parts, { request, limits }),
      stdin: request.prompt,
      outputLimitBytes: OUTPUT_LIMIT_BYTES,
    },
    {
      ...{ request, file },
      onEvent: (event) => {
        if (events.read(event)) sayUsed(request, events.transcript, named);
      },
      onLog: (line) => noteRetry(request, line),
    },
  );
  const end = await ended.catch((thrown: unknown) => {
    // Ended before its last turn: the stream has said what the others used.
    throw thrown instanceof AppError ? withSpent(thrown, spentBy(events.transcript)) : thrown;
  });
  return readCliEnd(end, named);
}

const outputLimit = ({ maxTokens }: AgentRequest): Record<string, string> =>
  maxTokens === null ? {} : { OPENCODE_EXPERIMENTAL_OUTPUT_TOKEN_MAX: String(maxTokens) };

function noteRetry(request: AgentRequest, line: string): void {
  const said = retryOf(line);
  if (said !== null) request.note({ kind: 'note', level: 'warning', text: `The provider refused: ${said}` });
}

/** Holds no secret: those are in the settings file. */
function openCodeArgs(model: ChosenModel | null): readonly string[] {
  const named = modelName(model);
  return [
    ...['run', '--format', 'json', '--thinking', '--agent', OUR_AGENT, '--title', TITLE],
    ...['--print-logs', '--log-level', 'ERROR'],
    ...(named === null ? [] : ['--model', named]),
  ];
}

/** `provider/model`; null = none was chosen. */
export const modelName = (model: ChosenModel | null): string | null =>
  model === null ? null : `${model.providerId}/${model.modelId}`;

/** The answer in the record of an ended process. */
export function readCliEnd(end: ProcessEnd, model: string | null): AgentReply {
  const events = new OpenCodeEvents(() => undefined);
  for (const { event } of eventsOf(end.stdout)) events.read(event);
  return openCodeReply(events.transcript, end, model);
}

/** The variables that the program is given. */
export function openCodeEnvironment(options: CliAdapterOptions): EnvironmentParts {
  const key = namedKey(options);
  // Only a base URL of the project's own has no use for the public list of models.
  const hasBaseUrl = settingText(options.config, 'api_base_url') !== null;
  return {
    ownNames: OWN_NAMES,
    set: {
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_PROJECT_CONFIG: '1',
      OPENCODE_DISABLE_SHARE: '1',
      OPENCODE_DISABLE_TERMINAL_TITLE: '1',
      ...(hasBaseUrl ? { OPENCODE_DISABLE_MODELS_FETCH: '1' } : {}),
      ...(key === null ? {} : { [key.name]: key.value }),
    },
  };
}
