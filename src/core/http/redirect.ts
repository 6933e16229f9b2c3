import { AppError } from '../../shared/errors.ts';
import { type CheckedUrl, checkUrl, refused } from './check-url.ts';
import type { HttpRequest } from './http-client.ts';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What may go to another host: anything else may be a key under a name that only its service knows. */
const HARMLESS: ReadonlySet<string> = new Set(['accept', 'accept-language', 'content-type', 'user-agent']);
const ABOUT_A_BODY = /^content-/i;

/** The next request. */
export interface Hop {
  readonly request: HttpRequest;
  readonly checked: CheckedUrl;
}

/**
 * Where an answer sends us, or null when it is no redirect. 303 asks with GET, and so do 301 and 302 after a POST. Another origin
 * gets no header but the harmless ones; from https to http nothing goes that carried more. Error: `tool.address_refused`.
 */
export function nextHop(from: Hop, status: number, location: string | undefined): Hop | null {
  if (!REDIRECTS.has(status) || location === undefined || location === '') return null;
  const checked = checkUrl(location, from.checked.url);
  checked.url.hash ||= from.checked.url.hash;
  const { method } = from.request;
  const becomesGet = status === 303 ? method !== 'GET' && method !== 'HEAD' : status < 303 && method === 'POST';
  const kept = headersFor(from, checked);
  if (!becomesGet) return { request: { ...from.request, headers: kept }, checked };
  const headers = Object.fromEntries(Object.entries(kept).filter(([name]) => !ABOUT_A_BODY.test(name)));
  return { request: { ...from.request, method: 'GET', body: undefined, headers }, checked };
}

function headersFor({ request, checked: from }: Hop, to: CheckedUrl): Readonly<Record<string, string>> {
  if (from.url.origin === to.url.origin) return request.headers;
  const entries = Object.entries(request.headers);
  const harmless = entries.filter(([name]) => HARMLESS.has(name.toLowerCase()));
  const carriesMore = harmless.length < entries.length || request.body !== undefined;
  if (from.url.protocol === 'https:' && to.url.protocol === 'http:' && carriesMore) {
    throw refused(`${from.host} redirects from https to http.`, 'Ask the service for an https address.');
  }
  return Object.fromEntries(harmless);
}

/** The error of an address that leads on too often. */
export function tooManyRedirects(checked: CheckedUrl, max: number, status: number): AppError {
  return new AppError('tool.http_error', `${checked.host} redirects more than ${max} times.`, {
    hint: 'Check the address: it may lead in a circle.',
    details: { status },
  });
}
