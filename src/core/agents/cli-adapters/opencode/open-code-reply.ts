import { AppError } from '../../../../shared/errors.ts';
import type { JsonMap } from '../../../../shared/json.ts';
import type { AgentReply, AgentRequest } from '../../../agent-port/index.ts';
import type { ProcessEnd } from '../../../processes/index.ts';
import { mapOf } from '../adapter-options.ts';
import { lastWords, notLoggedIn, providerError, unreadableEnd } from '../end-errors.ts';
import { decimalUsd } from '../reported-cost.ts';
import { errorText, type OpenCodeTranscript } from './open-code-events.ts';

/** The name of this agent. */
export const OPENCODE = 'opencode';
/** What to do where nobody is logged in. */
export const OPENCODE_LOGIN = 'Run opencode auth login, or set the key of the provider, for example OPENAI_API_KEY.';

/** The answer of an ended process, or its typed error (SPEC §4.4). */
export function openCodeReply(transcript: OpenCodeTranscript, end: ProcessEnd, model: string | null): AgentReply {
  if (transcript.error !== null) throw openCodeError(transcript.error, { ...transcript, model, log: end.stderr });
  if (end.exitCode !== 0 && transcript.text === null && /database is locked/.test(end.stderr)) throw storeLocked();
  const { text } = transcript;
  if (end.exitCode !== 0 || text === null || !transcript.isComplete) throw unreadableEnd(OPENCODE, end, OPENCODE_LOGIN);
  return replyOf(transcript, text, model);
}

/** Another OpenCode held its database when this one began: nothing was asked yet. */
function storeLocked(): AppError {
  return new AppError('agent.failed', 'OpenCode could not open its database: another one of it had locked it.', {
    hint: 'Try again.',
    details: { agent: OPENCODE },
    retryable: true,
  });
}

type Spent = Pick<OpenCodeTranscript, 'usage' | 'cost'>;

/** What all turns so far came to. */
export const spentBy = ({ usage, cost }: Spent): Pick<AgentReply, 'usage' | 'reportedCost'> => ({
  usage,
  reportedCost: decimalUsd(cost),
});

/** Tells the request what its question has used so far. */
export function sayUsed({ used }: Pick<AgentRequest, 'used'>, spent: Spent, model: string | null): void {
  const { usage, reportedCost } = spentBy(spent);
  if (usage !== null) used({ model, usage, reportedCost });
}

/** The reply of a call from what was said and spent. */
export const replyOf = (spent: Spent, text: string, model: string | null): AgentReply => ({
  ...{ text, model },
  ...spentBy(spent),
});

interface Circumstances extends Pick<OpenCodeTranscript, 'usage'> {
  readonly model: string | null;
  /** What it wrote into its log; '' = not to be seen. */
  readonly log: string;
}

/** The typed error behind an error of OpenCode. */
export function openCodeError(error: JsonMap, { usage, model, log }: Circumstances): AppError {
  const { statusCode } = mapOf(error.data);
  const isUnnamed = error.name === 'UnknownError';
  const said = (isUnnamed ? loggedError(log) : null) ?? errorText(error);
  const status = typeof statusCode === 'number' ? statusCode : null;
  const failure = { agent: OPENCODE, said, status, loginHint: OPENCODE_LOGIN, usage, model };
  if (error.name === 'ProviderAuthError') return notLoggedIn(failure);
  if (/ModelNotFoundError/.test(said)) {
    return new AppError('agent.not_configured', `OpenCode does not know this model: ${lastWords(said)}`, {
      hint: 'opencode models lists the models that it knows.',
      details: { agent: OPENCODE, model },
    });
  }
  return providerError(failure);
}

/** Its log names errors that its events do not. */
function loggedError(log: string): string | null {
  const found = [...log.matchAll(/\berror="((?:[^"\\]|\\.)*)"/g)].at(-1)?.[1];
  return found?.replaceAll('\\"', '"') ?? null;
}

/** A refusal of the provider after which it tries again, out of a line of its log; null = another line. */
export function retryOf(line: string): string | null {
  if (!line.includes('message="stream error"')) return null;
  return /\berror\.error="((?:[^"\\]|\\.)*)"/.exec(line)?.[1]?.replaceAll('\\"', '"') ?? null;
}
