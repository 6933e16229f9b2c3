import { AppError } from '../../../shared/errors.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../../http/index.ts';

/** Sends requests within the time of one call, to the hosts of one tool. */
export type Send = (
  request: Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body' | 'maxRedirects' | 'maxBytes'>,
) => Promise<HttpResponse>;

export interface SendRules {
  readonly http: HttpClient;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly allowedHosts: readonly string[];
  readonly isConfined: boolean;
}

/** All requests of one call share its time: a token, the call itself, its pages. */
export function createSend({ http, signal, timeoutMs, allowedHosts, isConfined }: SendRules): Send {
  const end = performance.now() + timeoutMs;
  return async (request) => {
    const left = Math.ceil(end - performance.now());
    if (left <= 0) throw timedOut(timeoutMs);
    return http
      .request({ ...request, signal, timeoutMs: left, allowedHosts, isConfined })
      .catch((thrown: unknown) => Promise.reject(ofWholeCall(thrown, timeoutMs)));
  };
}

/** The time that is told is that of the call, not what was left of it. */
function ofWholeCall(thrown: unknown, timeoutMs: number): unknown {
  if (!(thrown instanceof AppError) || thrown.code !== 'tool.timed_out') return thrown;
  const { details, hint } = timedOut(timeoutMs);
  return new AppError('tool.timed_out', timedOut(timeoutMs).message, {
    hint,
    details: { ...thrown.details, ...details },
    cause: thrown,
  });
}

function timedOut(timeoutMs: number): AppError {
  return new AppError('tool.timed_out', `The call timed out after ${timeoutMs / 1000} seconds.`, {
    hint: 'Give the step or the tool a longer `timeout`, or find out why the service is slow.',
    details: { timeout_seconds: timeoutMs / 1000 },
  });
}
