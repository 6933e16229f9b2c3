import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { AppError } from '../../shared/errors.ts';
import type { ConnectionPools } from './connection-pools.ts';
import type { Deadline } from './deadline.ts';
import type { HttpRequest } from './http-client.ts';
import { outgoingHeaders } from './request-headers.ts';
import type { Target } from './resolve-target.ts';

/** One answer of one place. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly stream: Readable;
  /** It broke off: no connection that was kept for its place is used again. */
  readonly onBroken: () => void;
}

/** How far a call has come, over all its redirects. */
export interface Progress {
  /** The first byte of a request is about to be written, or was: an effect may have begun. */
  isSent: boolean;
}

export interface Place {
  readonly target: Target;
  readonly pools: ConnectionPools;
}

/** What one call is watched by. */
export interface Watch {
  readonly deadline: Deadline;
  readonly progress: Progress;
}

/**
 * Sends one request to one checked place and waits for the head of its answer. Rejects with `tool.connection_lost` or the reason of
 * the deadline.
 */
export async function exchange(
  { target, pools }: Place,
  request: HttpRequest,
  { deadline, progress }: Watch,
): Promise<Answer> {
  const headers = outgoingHeaders(request.headers);
  const pool = await pools.poolOf(target);
  const work = pool.compose(noteStart(progress)).request({
    method: request.method as Dispatcher.HttpMethod,
    path: target.url.pathname + target.url.search,
    headers,
    body: request.body ?? null,
    signal: deadline.signal,
  });
  try {
    const answer = await deadline.race(work);
    const onBroken = (): void => pools.leave(pool);
    return { status: answer.statusCode, headers: plainHeaders(answer.headers), stream: answer.body, onBroken };
  } catch (thrown) {
    // An answer that comes too late is let go.
    work.then((late) => late.body.on('error', () => undefined).destroy()).catch(() => undefined);
    if (deadline.signal.aborted) throw deadline.signal.reason;
    if (thrown instanceof AppError) throw thrown;
    pools.leave(pool);
    throw lost(thrown, target, progress);
  }
}

function noteStart(progress: Progress): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart: (controller, context) => {
        progress.isSent = true;
        handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (...given) => handler.onRequestUpgrade?.(...given),
      onResponseStart: (...given) => handler.onResponseStart?.(...given),
      onResponseData: (...given) => handler.onResponseData?.(...given),
      onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
      onResponseError: (...given) => handler.onResponseError?.(...given),
    });
}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

function lost(thrown: unknown, target: Target, { isSent }: Progress): AppError {
  const place = `${target.host}:${target.port}`;
  const system = systemCode(thrown);
  const details = { host: target.host, port: Number(target.port), phase: 'answer', system_code: system };
  if (isSent) {
    const hint = 'The service may have begun the work: look there before you try again.';
    return new AppError('tool.connection_lost', `The connection to ${place} was lost.`, {
      ...{ hint, details },
      cause: thrown,
    });
  }
  const isCertificate = /CERT|SIGNATURE|ERR_TLS/.test(system ?? '');
  return new AppError('tool.connection_lost', `Cannot connect to ${place} (${system ?? 'no answer'}).`, {
    hint: isCertificate ? 'Check the certificate of the service.' : 'Check that the service runs and can be reached.',
    details,
    cause: thrown,
    ...(isCertificate ? { retryable: false } : {}),
  });
}

/** `ECONNREFUSED` and the like; of several attempts that of the first. */
function systemCode(thrown: unknown): string | null {
  if (typeof thrown !== 'object' || thrown === null) return null;
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return thrown instanceof AggregateError ? systemCode(thrown.errors[0]) : null;
}
