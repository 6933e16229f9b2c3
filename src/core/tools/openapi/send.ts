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
  readonly declaredHosts: readonly string[] | undefined;
  /** Hosts that the step allows (`permissions.hosts`), with which no redirect is followed; null = it says nothing. */
  readonly only: readonly string[] | null;
}

/** All requests of one call share its time: a token, the call itself, its pages. */
export function createSend({ http, signal, timeoutMs, only, ...hosts }: SendRules): Send {
  const end = performance.now() + timeoutMs;
  return async (request) => {
    if (only !== null) refuseOtherHosts(request.url, only);
    const left = Math.ceil(end - performance.now());
    if (left <= 0) throw timedOut(timeoutMs);
    return http
      .request({
        ...request,
        ...(only === null ? {} : { maxRedirects: 0 }),
        signal,
        timeoutMs: left,
        ...hosts,
      })
      .catch((thrown: unknown) => Promise.reject(ofWholeCall(thrown, timeoutMs)));
  };
}

/** A host as it is written, with or without its port; `*.example.com` are those below it. `tool.denied` before anything is sent. */
function refuseOtherHosts(url: string | URL, only: readonly string[]): void {
  const { host, hostname } = new URL(url);
  const isMeant = (written: string): boolean => {
    const plain = written.toLowerCase();
    return plain === host || plain === hostname || (plain.startsWith('*.') && hostname.endsWith(plain.slice(1)));
  };
  if (only.some(isMeant)) return;
  throw new AppError('tool.denied', `The step may not reach ${host}.`, {
    hint: 'Its permissions name the hosts that it may reach: add this one if that is meant.',
    details: { host },
  });
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
    hint: "Give the step or the tool a longer 'timeout', or find out why the service is slow.",
    details: { timeout_seconds: timeoutMs / 1000 },
  });
}
