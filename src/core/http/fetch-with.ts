import { AppError } from '../../shared/errors.ts';
import type { HttpRequest } from './http-client.ts';
import type { OpenResponse } from './open-response.ts';

/** What `fetch` says of a request; the rules and the time are the client's. */
export type FetchRequest = Omit<
  HttpRequest,
  'allowedHosts' | 'maxBytes' | 'isConfined' | 'declaredHosts' | 'timeoutMs'
>;

/** Statuses whose `Response` may have no body. */
const EMPTY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * A `fetch` over `send`. It differs from the platform's: failures are `AppError`s, an abort rejects with the signal's reason, and the
 * whole request body is in memory before it is sent.
 */
export function createFetch(send: (request: FetchRequest) => Promise<OpenResponse>): typeof fetch {
  return async (input, init) => {
    // The text as it was written: a `Request` has mended odd spellings already.
    const written = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const request = new Request(input, init);
    const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
    const answer = await send({
      method: request.method,
      url: written,
      headers: Object.fromEntries(request.headers),
      body,
      signal: request.signal,
      ...(request.redirect === 'follow' ? {} : { maxRedirects: 0 }),
    });
    if (request.redirect === 'error' && answer.status >= 300 && answer.status < 400 && answer.status !== 304) {
      answer.discard();
      throw new AppError('tool.http_error', 'The service redirects, which is not expected here.', {
        details: { status: answer.status },
      });
    }
    return toResponse(answer, request.method);
  };
}

function toResponse(answer: OpenResponse, method: string): Response {
  const isEmpty = EMPTY.has(answer.status) || method === 'HEAD';
  if (isEmpty) answer.discard();
  const response = new Response(isEmpty ? null : streamOf(answer), {
    status: answer.status,
    headers: { ...answer.headers },
  });
  return Object.defineProperty(response, 'url', { value: answer.url });
}

function streamOf(answer: OpenResponse): ReadableStream<Uint8Array> {
  const pieces = answer.body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await pieces.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => {
        answer.discard();
        await pieces.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
