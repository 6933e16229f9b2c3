import { AppError, type ErrorCode, type ErrorDetails } from '../../../shared/errors.ts';
import type { JsonMap } from '../../../shared/json.ts';
import { parseDuration } from '../../../shared/parse-duration.ts';
import { serviceSentence } from '../../http/index.ts';
import { mapIn, parseMap } from './json-reading.ts';

/** What is known about a failed call besides the failure itself. */
export interface FailedCall {
  readonly agent: string;
  readonly model: string;
  /** Never repeated, whatever a server says. */
  readonly key: string | null;
  readonly timeoutMs: number;
  readonly unknownModelHint: string;
}

/** An answer that is no answer of a model. */
export interface ErrorAnswer {
  readonly status: number;
  /** UTC ms. */
  readonly receivedAt: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const LOGIN_HINT = 'Check the key of the agent and what it is allowed to do.';

/** What a server says in the body of an error, as one short line without the key; `''` = nothing that a person could read. */
export function excerptOf(body: string, key: string | null): string {
  if (/^\s*</.test(body)) return '';
  return serviceSentence(key === null || key === '' ? body : body.replaceAll(key, '***'));
}

/** The error of an HTTP status that is no success (SPEC §4.4). */
export function statusError({ status, receivedAt, headers, body }: ErrorAnswer, call: FailedCall): AppError {
  const said = excerptOf(body, call.key);
  const wait = retryAfterMs(headers, receivedAt);
  const error = (code: ErrorCode, message: string, more: { hint: string; retryable?: boolean }): AppError =>
    new AppError(code, said === '' ? `${message}.` : `${message}: ${said}`, {
      ...more,
      details: { status, ...(wait === null ? {} : { retry_after_ms: wait }) },
    });
  if (status === 401 || status === 403) {
    return error('agent.not_logged_in', `'${call.agent}' refuses the login (${status})`, { hint: LOGIN_HINT });
  }
  if (status === 404) {
    return error('agent.not_configured', `'${call.agent}' does not know the model '${call.model}' (404)`, {
      hint: call.unknownModelHint,
    });
  }
  if (status === 429) return rateLimited(error, call, body);
  if (status === 503 || status === 529) {
    return error('agent.overloaded', `'${call.agent}' is overloaded (${status})`, { hint: 'Try again in a while.' });
  }
  const retryable = status >= 500 || status === 408 || status === 409 || status === 425;
  return error('agent.http_error', `'${call.agent}' answered ${status}`, {
    hint: retryable
      ? 'Try again; if it stays so, look at the state of the service.'
      : 'Check the step, the model and the options.',
    retryable,
  });
}

type MakeError = (code: ErrorCode, message: string, more: { hint: string; retryable?: boolean }) => AppError;

/** Waiting does not help where the account has nothing left. */
function rateLimited(error: MakeError, { agent }: FailedCall, body: string): AppError {
  const { code, type } = mapIn(parseMap(body)?.error);
  if (code !== 'insufficient_quota' && type !== 'insufficient_quota') {
    return error('agent.rate_limited', `'${agent}' limits the rate of requests (429)`, {
      hint: 'Wait, or ask less often.',
    });
  }
  return error('agent.rate_limited', `The account of '${agent}' has no quota left (429)`, {
    hint: 'Look at the plan and the billing of the account.',
    retryable: false,
  });
}

/** `retry-after-ms`, or `retry-after` as seconds or as a date, else when a limit that is used up is reset; null = nothing of it is there, or it makes no sense. */
function retryAfterMs(headers: Readonly<Record<string, string>>, receivedAt: number): number | null {
  const exact = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (exact >= 0) return Math.ceil(exact);
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? resetAfterMs(headers, receivedAt) : Math.max(0, at - receivedAt);
}

/** `anthropic-ratelimit-tokens-reset: 2026-11-22T10:00:00Z`, `x-ratelimit-reset-requests: 6m0s`; each beside what is left. */
const RESETS: readonly { readonly left: string; readonly reset: string }[] = [
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].map((of) => ({
    left: `anthropic-ratelimit-${of}-remaining`,
    reset: `anthropic-ratelimit-${of}-reset`,
  })),
  ...['requests', 'tokens'].map((of) => ({ left: `x-ratelimit-remaining-${of}`, reset: `x-ratelimit-reset-${of}` })),
];

/** Of the limits that are used up the one that is reset last. */
function resetAfterMs(headers: Readonly<Record<string, string>>, receivedAt: number): number | null {
  const waits = RESETS.flatMap(({ left, reset }) => {
    const text = headers[reset]?.trim() ?? '';
    if (text === '' || Number(headers[left] ?? 1) > 0) return [];
    const length = /^(\d+(\.\d+)?(ms|[smhd]))+$/.test(text) ? parseDuration(text).ms : null;
    const wait = length ?? Date.parse(text) - receivedAt;
    return Number.isNaN(wait) ? [] : [Math.max(0, Math.ceil(wait))];
  });
  return waits.length === 0 ? null : Math.max(...waits);
}

/** An error that the provider sends within a stream that began well. */
export function streamError(event: JsonMap, { agent, key }: FailedCall): AppError {
  const { type, code } = mapIn(event.error);
  const said = excerptOf(JSON.stringify(event.error ? { error: event.error } : event), key);
  const message = (begin: string): string => (said === '' ? `${begin}.` : `${begin}: ${said}`);
  if (type === 'authentication_error' || code === 'invalid_api_key' || code === 401) {
    return new AppError('agent.not_logged_in', message(`'${agent}' refuses the login`), { hint: LOGIN_HINT });
  }
  switch (type) {
    case 'overloaded_error':
      return new AppError('agent.overloaded', message(`'${agent}' is overloaded`), { hint: 'Try again in a while.' });
    case 'rate_limit_error':
      return new AppError('agent.rate_limited', message(`'${agent}' limits the rate of requests`), {
        hint: 'Wait, or ask less often.',
      });
    default:
      return new AppError('agent.http_error', message(`'${agent}' broke off its answer`), {
        hint: 'Try again; if it stays so, look at the state of the service.',
        retryable: true,
      });
  }
}

/** Errors of the HTTP client in the words of agents; everything else stays what it is. */
export function transportError(thrown: unknown, call: FailedCall): unknown {
  if (!(thrown instanceof AppError)) return thrown;
  const { details, hint, retryable } = thrown;
  const become = (code: ErrorCode, message: string, more: { hint?: string; details?: ErrorDetails } = {}): AppError =>
    new AppError(code, message, { hint: more.hint ?? hint, details: { ...details, ...more.details }, cause: thrown });
  switch (thrown.code) {
    case 'tool.connection_lost': {
      const begin = details?.phase === 'connect' ? 'cannot be reached' : 'was cut off';
      return new AppError('agent.connection_lost', `'${call.agent}' ${begin}: ${thrown.message}`, {
        ...{ hint, details, retryable },
        cause: thrown,
      });
    }
    case 'tool.timed_out':
      return timedOut(call, thrown);
    case 'tool.output_too_large':
      return become('agent.output_too_large', `The answer of '${call.agent}' is too large.`);
    case 'tool.address_refused':
    case 'tool.invalid_params':
      return become('agent.not_configured', `'${call.agent}' cannot be asked: ${thrown.message}`);
    case 'tool.http_error':
      return become('agent.http_error', `'${call.agent}' cannot be asked: ${thrown.message}`);
    default:
      return thrown;
  }
}

/** The error of a call that took longer than it may. */
export function timedOut({ agent, timeoutMs }: FailedCall, cause?: unknown): AppError {
  // What went by before the question was sent is no part of the word that a person gave.
  const seconds = Math.ceil(timeoutMs / 100) / 10;
  return new AppError('agent.timed_out', `'${agent}' did not answer within ${seconds} seconds.`, {
    hint: "Give the step a longer 'timeout', or choose a faster model.",
    details: { timeout_seconds: seconds },
    cause,
  });
}

/** The error of an answer that is larger than is taken. */
export const tooLarge = (agent: string, maxBytes: number): AppError =>
  new AppError('agent.output_too_large', `The answer of '${agent}' is larger than ${maxBytes / 1024 / 1024} MiB.`, {
    hint: 'Ask for less at once, or set a limit of tokens.',
    details: { max_bytes: maxBytes },
  });
