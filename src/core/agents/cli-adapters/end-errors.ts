import { AppError } from '../../../shared/errors.ts';
import type { TokenUsage } from '../../../shared/model/agent.ts';
import type { AgentReply } from '../../agent-port/index.ts';
import type { ProcessEnd } from '../../processes/index.ts';
import { SILENCE_MS } from './adapter-options.ts';

const MAX_SHOWN_CHARS = 2000;

/** The end of a text, which says most, in one readable piece. */
export function lastWords(text: string): string {
  const trimmed = text.trim();
  return (trimmed.length > MAX_SHOWN_CHARS ? `…${trimmed.slice(-MAX_SHOWN_CHARS)}` : trimmed).toWellFormed();
}

/** Why a process did not come to its own end; null = it exited by itself. */
export function interruptionOf(
  end: ProcessEnd,
  { agent, timeoutMs, isSilent }: { readonly agent: string; readonly timeoutMs: number; readonly isSilent: boolean },
): AppError | null {
  switch (end.reason) {
    case 'exited':
      return null;
    case 'timed_out':
      return timedOut(agent, timeoutMs);
    case 'output_too_large':
      return outputTooLarge(agent);
    case 'memory_exceeded':
    case 'cpu_exceeded':
    case 'too_many_processes':
      return limitExceeded(agent, end.reason);
    case 'cancelled':
      return isSilent ? silent(agent) : cancelled(agent);
    default:
      return spawnFailed(agent, end);
  }
}

/** The error of a call that took longer than it may. */
export function timedOut(agent: string, timeoutMs: number): AppError {
  return new AppError('agent.timed_out', `The agent ${agent} did not finish within ${timeoutMs / 1000} seconds.`, {
    hint: "Give the step a longer 'timeout' or a smaller task.",
    details: { agent, timeout_seconds: timeoutMs / 1000 },
  });
}

/** The error of a program that said nothing for too long. */
export function silent(agent: string): AppError {
  const minutes = SILENCE_MS / 60_000;
  return new AppError('agent.silent', `The agent ${agent} said nothing for ${minutes} minutes and was stopped.`, {
    hint: 'It may have been waiting for an answer that nobody can give. Look at its last lines in the log.',
    details: { agent, silent_seconds: SILENCE_MS / 1000 },
  });
}

/** The error of a call that was cancelled. */
export function cancelled(agent: string): AppError {
  return new AppError('run.cancelled', `The agent ${agent} was stopped because the run was cancelled.`);
}

/** The error of a program that said more than is kept. */
export function outputTooLarge(agent: string): AppError {
  return new AppError('agent.output_too_large', `The agent ${agent} wrote more than it may and was stopped.`, {
    hint: 'Ask for less, or let it write large results to a file.',
    details: { agent },
  });
}

const LIMIT_WORDS = {
  memory_exceeded: 'it used more memory than it may',
  cpu_exceeded: 'it used more processor time than it may',
  too_many_processes: 'it started more processes than it may have at a time',
} as const;

const limitExceeded = (agent: string, limit: keyof typeof LIMIT_WORDS): AppError =>
  new AppError('agent.limit_exceeded', `The agent ${agent} was stopped: ${LIMIT_WORDS[limit]}.`, {
    hint: `Raise it under 'agent.configs.${agent}.limits', or ask for less at a time.`,
    details: { agent, limit },
  });

function spawnFailed(agent: string, end: ProcessEnd): AppError {
  const systemCode = end.spawnError ?? null;
  const details = { agent, system_code: systemCode };
  if (systemCode === 'ENOENT' || systemCode === 'EACCES') {
    return new AppError('agent.not_installed', `The agent ${agent} could not be started: ${systemCode}.`, {
      hint: 'Install it again, or make its program executable.',
      details,
    });
  }
  return new AppError('agent.failed', `The agent ${agent} could not be started: ${systemCode ?? 'unknown reason'}.`, {
    hint: end.stderr === '' ? 'Try again. If it stays so, look at the log of the app.' : lastWords(end.stderr),
    details,
    retryable: systemCode === 'HELPER_GONE',
  });
}

/** What a model's provider, or the way to it, answered to an agent. */
export interface ProviderFailure {
  readonly agent: string;
  readonly status: number | null;
  /** What the agent itself says. */
  readonly said: string;
  readonly loginHint: string;
  readonly usage: TokenUsage | null;
  readonly model: string | null;
}

/** Codes of systems that could not connect, as agents print them. */
const UNREACHED =
  /\b(ECONN(REFUSED|RESET)|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)\b|unable to connect|connection (refused|error|reset)|fetch failed|socket (hang up|connection)/i;

/** A status that stands in a sentence. */
const STATUS = /(?:^|\b(?:API Error|HTTP(?:\/[\d.]+)?|status|error|code))[:=\s("]*([45]\d{2})\b/i;
/** Words by which agents and providers say why they refused, where no status says it. */
const STATUS_WORDS: readonly (readonly [RegExp, number])[] = [
  [
    /authentication[_ ](?:error|failed)|failed to authenticate|unauthori[sz]ed|not (?:logged in|signed in|authenticated)/i,
    401,
  ],
  [
    /(?:invalid|incorrect|missing|no) (?:x-)?api[ _-]?key|\b(?:please )?run \S* ?\/?login\b|please (?:log|sign) ?in/i,
    401,
  ],
  [/\b(?:token|session|login|credentials?)(?: has| have| is)? (?:expired|revoked)/i, 401],
  [/rate.?limit|too many requests|quota exceeded/i, 429],
  [/overloaded/i, 529],
];

/** The status that a text speaks of; null = none that is known. */
export function statusIn(said: string): number | null {
  const written = STATUS.exec(said)?.[1];
  return written === undefined ? (STATUS_WORDS.find(([words]) => words.test(said))?.[1] ?? null) : Number(written);
}

/** The typed error for a provider's refusal (SPEC §4.4). A status that only the words say counts, too. */
export function providerError(failure: ProviderFailure): AppError {
  const { agent, usage, model } = failure;
  const said = lastWords(failure.said);
  const status = failure.status ?? statusIn(said);
  const details = {
    agent,
    ...(status === null ? {} : { status }),
    ...(model === null ? {} : { model }),
    ...(usage === null ? {} : { usage }),
  };
  if (status === 401 || status === 403) return notLoggedIn({ ...failure, status });
  if (status === 429) {
    return new AppError('agent.rate_limited', `The provider of ${agent} limits its requests: ${said}`, {
      hint: 'Wait for a while, or let another agent take over.',
      details,
    });
  }
  if (status === 529 || status === 503) {
    return new AppError('agent.overloaded', `The provider of ${agent} is overloaded: ${said}`, {
      hint: 'Wait for a while, or let another agent take over.',
      details,
    });
  }
  if (status === 404) {
    return new AppError('agent.not_configured', `The provider of ${agent} does not know what was asked for: ${said}`, {
      hint: "Check the name of the model and 'api_base_url'.",
      details,
    });
  }
  if (status !== null) {
    return new AppError('agent.http_error', `The provider of ${agent} answered with status ${status}: ${said}`, {
      details,
      retryable: status >= 500,
    });
  }
  if (UNREACHED.test(said)) {
    return new AppError('agent.connection_lost', `The agent ${agent} could not reach its provider: ${said}`, {
      hint: "Check the connection and 'api_base_url'.",
      details,
    });
  }
  return new AppError('agent.failed', `The agent ${agent} failed: ${said}`, { details });
}

/** The error of a program in which nobody is logged in. */
export function notLoggedIn({
  agent,
  said,
  status,
  loginHint,
}: Pick<ProviderFailure, 'agent' | 'said' | 'status' | 'loginHint'>): AppError {
  return new AppError('agent.not_logged_in', `The agent ${agent} is not logged in: ${lastWords(said)}`, {
    hint: loginHint,
    details: { agent, ...(status === null ? {} : { status }) },
  });
}

/** What a question that has failed had cost by then, on its error. */
export function withSpent(
  error: AppError,
  { usage = null, reportedCost = null, shares = [] }: Partial<Pick<AgentReply, 'usage' | 'reportedCost' | 'shares'>>,
): AppError {
  const record = error.toRecord();
  const details = {
    ...record.details,
    ...(usage === null ? {} : { usage }),
    ...(reportedCost === null ? {} : { reported_cost: reportedCost }),
    ...(shares.length === 0 ? {} : { shares }),
  };
  return AppError.fromRecord({ ...record, details });
}

/** It ended, and what it printed is not what it prints; why, as far as its last words say it. */
export function unreadableEnd(agent: string, end: ProcessEnd, loginHint: string): AppError {
  const said = lastWords(end.stderr.trim() === '' ? end.stdout : end.stderr);
  if (end.exitCode === 0) {
    return new AppError('agent.invalid_reply', `The agent ${agent} ended without a readable answer.`, {
      hint: said === '' ? 'It printed nothing.' : `It printed: ${said.slice(0, 300)}`,
      details: { agent },
    });
  }
  const status = end.exitCode === null ? null : statusIn(said);
  if (status !== null) return providerError({ agent, status, said, loginHint, usage: null, model: null });
  const how = end.exitCode === null ? `by signal ${end.signal ?? 'unknown'}` : `with exit code ${end.exitCode}`;
  return new AppError('agent.failed', `The agent ${agent} ended ${how}: ${said === '' ? 'it said nothing' : said}`, {
    details: { agent, exit_code: end.exitCode, ...(end.signal === null ? {} : { signal: end.signal }) },
  });
}
