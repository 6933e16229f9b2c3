import { AppError } from '../../../shared/errors.ts';
import type { Json } from '../../../shared/json.ts';
import type { HttpResponse } from '../../http/index.ts';
import { firstBytesOf, readFirstBytes } from '../../streams/index.ts';
import { redact } from './authorize.ts';
import { isJsonType } from './media-types.ts';
import { scanJson } from './scan-text.ts';

/** Deeper JSON cannot be stored or shown; it stays text. */
const MAX_DEPTH = 200;
const EXCERPT_BYTES = 2048;
/** Beside 5xx (SPEC §3.4). */
const RETRYABLE: ReadonlySet<number> = new Set([408, 425, 429]);

/** What a success came to (SPEC §5.4): JSON if its type says so, else text; null for no body. `tool.invalid_reply`. */
export function readOutput(text: string, { headers, status }: HttpResponse): Json {
  if (text.trim() === '') return null;
  if (!isJsonType(headers['content-type'] ?? '') || scanJson(text).depth > MAX_DEPTH) return text;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as Json;
  } catch (cause) {
    throw new AppError('tool.invalid_reply', 'The service says that its answer is JSON, but it is not.', {
      hint: 'Look at the answer of the service.',
      details: { status },
      cause,
    });
  }
}

/** Any answer but a success: `tool.http_error` with status, an excerpt of the body without our login, and when to come again. */
export async function httpError(
  answer: HttpResponse,
  { action, secrets }: { readonly action: string; readonly secrets: readonly string[] },
): Promise<AppError> {
  // The status is the news: of a body that broke off, what came is enough.
  const read = await readFirstBytes(answer.body, READ_BYTES, { isForgiving: true });
  const body = redact(read.toString('utf8'), secrets);
  const retryAfterMs = readRetryAfter(answer.headers['retry-after'], answer.receivedAt);
  const { status } = answer;
  return new AppError('tool.http_error', `\`${action}\` was answered with HTTP ${status}.`, {
    hint: hintFor(status),
    retryable: RETRYABLE.has(status) || status >= 500,
    details: {
      status,
      body: firstBytesOf(body, EXCERPT_BYTES),
      ...(retryAfterMs === null ? {} : { retry_after_ms: retryAfterMs }),
    },
  });
}

function hintFor(status: number): string {
  if (status === 401 || status === 403) return 'Check the login of the tool and what it may do.';
  if (status === 404 || status === 410) return 'Check that what the parameters name exists.';
  if (status === 429) return 'The service takes fewer calls at a time. Try again later.';
  if (status >= 500) return 'The service has a problem of its own. Try again later.';
  if (status < 400) return 'The service redirects to somewhere else than it may.';
  return 'Read what the service says in `body` and correct the parameters.';
}

/** A secret that stands across the end of the excerpt is still whole in what is read. */
const READ_BYTES = 4 * EXCERPT_BYTES;

/** RFC 9110: seconds or a date. ms from now; null = not said. */
export function readRetryAfter(written: string | undefined, now: number): number | null {
  const text = written?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(date) ? Math.max(0, date - now) : null;
}
