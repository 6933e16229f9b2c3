import type { Deadline } from './deadline.ts';
import type { Answer } from './exchange.ts';
import type { HttpRequest, HttpResponse } from './http-client.ts';
import type { Hop } from './redirect.ts';
import { discard, isDecoded, type RawBody, readBody, readText } from './response-body.ts';

const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;

/** An `HttpResponse` that can be let go before it was read. */
export interface OpenResponse extends HttpResponse {
  discard(): void;
}

/** The last answer of a call; its body ends the deadline. `receivedAt` in UTC ms. */
export function openResponse(
  { request, checked }: Hop,
  answer: Answer,
  { deadline, receivedAt }: { readonly deadline: Deadline; readonly receivedAt: number },
): OpenResponse {
  const raw = rawBodyOf(answer, request, checked.host);
  const body: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => readBody(raw, deadline) };
  return {
    status: answer.status,
    receivedAt,
    headers: isDecoded(raw.encoding) ? withoutPacking(answer.headers) : answer.headers,
    url: checked.url.href,
    body,
    text: () => readText(body, answer.headers['content-type'] ?? ''),
    discard: () => {
      deadline.end();
      discard(answer.stream);
    },
  };
}

function rawBodyOf(answer: Answer, request: HttpRequest, host: string): RawBody {
  const hasBody = request.method !== 'HEAD' && answer.status !== 204 && answer.status !== 304;
  const length = Number(answer.headers['content-length'] ?? Number.NaN);
  return {
    stream: answer.stream,
    onBroken: answer.onBroken,
    host,
    encoding: hasBody ? (answer.headers['content-encoding']?.trim().toLowerCase() ?? null) : null,
    length: hasBody && Number.isFinite(length) ? length : null,
    maxBytes: request.maxBytes ?? DEFAULT_MAX_BYTES,
  };
}

/** The headers of an answer that is unpacked while it is read. */
function withoutPacking(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { 'content-encoding': _encoding, 'content-length': _length, ...others } = headers;
  return others;
}
