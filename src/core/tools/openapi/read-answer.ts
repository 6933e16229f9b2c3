import { AppError } from '../../../shared/errors.ts';
import { depthOfText, type Json, MAX_JSON_DEPTH, readJson } from '../../../shared/json.ts';
import type { StepWarning } from '../../../shared/model/run.ts';
import { type HttpResponse, serviceSentence } from '../../http/index.ts';
import { firstBytesOf, readFirstBytes } from '../../streams/index.ts';
import { redact } from './authorize.ts';
import { essenceOf, isJsonType } from './media-types.ts';

const EXCERPT_BYTES = 2048;
/** Beside 5xx (SPEC §3.4). */
const RETRYABLE: ReadonlySet<number> = new Set([408, 425, 429]);

/** What a success came to. */
export interface ReadAnswer {
  readonly output: Json;
  readonly warnings: readonly StepWarning[];
}

/**
 * JSON if its type says so (SPEC §5.4), digit for digit, else text; null for no body. JSON that is too deep to be stored or shown stays
 * text. A text where the spec promises JSON (`isJsonPromised`) is said. `tool.invalid_reply`.
 */
export function readOutput(text: string, { headers, status }: HttpResponse, isJsonPromised: boolean): ReadAnswer {
  if (text.trim() === '') return { output: null, warnings: [] };
  const type = headers['content-type'] ?? '';
  if (!isJsonType(type)) return { output: text, warnings: isJsonPromised ? [unexpectedType(type)] : [] };
  const json = text.replace(/^\uFEFF/, '').trim();
  if (depthOfText(json) > MAX_JSON_DEPTH) return { output: text, warnings: [] };
  try {
    const { value, notices } = readJson(json);
    return { output: value, warnings: notices.map(({ message }) => ({ code: 'value.changed', message })) };
  } catch (cause) {
    throw new AppError('tool.invalid_reply', 'The service says that its answer is JSON, but it is not.', {
      hint: 'Look at the answer of the service.',
      details: { status },
      cause,
    });
  }
}

function unexpectedType(type: string): StepWarning {
  const said = type === '' ? 'without a content type' : `as ${essenceOf(type).slice(0, 80)}`;
  const message = `The service answered ${said} where its spec promises JSON: the answer is kept as text.`;
  return { code: 'tool.unexpected_type', message };
}

export interface FailedAnswer {
  readonly error: AppError;
  /** What the service says of it, without our login; empty = nothing. */
  readonly said: string;
}

/** Any answer but a success: `tool.http_error` with what the service says of it, status, an excerpt of the body without our login, and when to come again. */
export async function httpError(
  answer: HttpResponse,
  { action, secrets }: { readonly action: string; readonly secrets: readonly string[] },
): Promise<FailedAnswer> {
  // The status is the news: of a body that broke off, what came is enough.
  const read = await readFirstBytes(answer.body, READ_BYTES, { isForgiving: true });
  const body = redact(read.toString('utf8'), secrets);
  const retryAfterMs = readRetryAfter(answer.headers['retry-after'], answer.receivedAt);
  const { status } = answer;
  const said = serviceSentence(body);
  const message = `'${action}' was answered with HTTP ${status}`;
  const error = new AppError('tool.http_error', said === '' ? `${message}.` : `${message}: ${said}`, {
    hint: hintFor(status),
    retryable: RETRYABLE.has(status) || status >= 500,
    details: {
      status,
      body: firstBytesOf(body, EXCERPT_BYTES),
      ...(retryAfterMs === null ? {} : { retry_after_ms: retryAfterMs }),
    },
  });
  return { error, said };
}

function hintFor(status: number): string {
  if (status === 401 || status === 403) return 'Check the login of the tool and what it may do.';
  if (status === 404 || status === 410) return 'Check that what the parameters name exists.';
  if (status === 429) return 'The service takes fewer calls at a time. Try again later.';
  if (status >= 500) return 'The service has a problem of its own. Try again later.';
  if (status < 400) return 'The service redirects to somewhere else than it may.';
  return 'Correct the parameters as the service says.';
}

/** Enough to read the JSON of an error as a whole; a secret across the end of the excerpt is still whole in it. */
const READ_BYTES = 64 * 1024;

/** RFC 9110: seconds or a date. ms from now; null = not said. */
export function readRetryAfter(written: string | undefined, now: number): number | null {
  const text = written?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(date) ? Math.max(0, date - now) : null;
}
