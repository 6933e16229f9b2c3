import { AppError } from '../../../shared/errors.ts';
import type { ToolAuth } from '../registry-port.ts';
import type { RequestDraft } from './build-request.ts';
import { encodeStrictly } from './serialize-value.ts';
import type { SpecOperation } from './spec-model.ts';

/** A request with its login, and every text of it that must not be shown. */
export interface AuthorizedRequest {
  readonly draft: RequestDraft;
  readonly secrets: readonly string[];
}

/**
 * Adds the login of the registry to a request (SPEC §5.4): bearer, API key in header, query or cookie, basic. `accessToken` is that
 * of client credentials. An operation that the spec calls open gets none. `tool.not_configured` when it is not clear where a key goes.
 */
export function authorize(
  draft: RequestDraft,
  {
    tool,
    operation,
    auth,
    accessToken,
  }: {
    readonly tool: string;
    readonly operation: SpecOperation;
    readonly auth: ToolAuth;
    readonly accessToken: string | null;
  },
): AuthorizedRequest {
  if (operation.isOpen || auth.type === 'none') return { draft, secrets: [] };
  const token = auth.type === 'oauth2' ? accessToken : auth.token;
  if (token === null) throw notConfigured(tool, 'has no token for its login');
  if (auth.type === 'api_key') return withKey(draft, keyPlace(tool, operation, auth), token);
  const value = auth.type === 'basic' ? Buffer.from(token).toString('base64') : token;
  return withHeader(draft, 'authorization', `${auth.type === 'basic' ? 'Basic' : 'Bearer'} ${value}`, [
    token,
    value,
    auth.token ?? '',
  ]);
}

interface KeyPlace {
  readonly place: 'header' | 'query' | 'cookie';
  readonly name: string;
}

/** The registry's word first, then the spec's. */
function keyPlace(tool: string, operation: SpecOperation, auth: ToolAuth): KeyPlace {
  if (auth.header !== null) return { place: 'header', name: auth.header };
  if (auth.query !== null) return { place: 'query', name: auth.query };
  const scheme = operation.schemes.find((one) => one.type === 'api_key');
  if (scheme !== undefined) return scheme;
  throw notConfigured(tool, 'does not say where its API key goes');
}

function withKey(draft: RequestDraft, { place, name }: KeyPlace, key: string): AuthorizedRequest {
  if (place === 'header') return withHeader(draft, name, key, [key]);
  const pair = [encodeStrictly(name), encodeStrictly(key)] as const;
  const others = draft[place === 'query' ? 'query' : 'cookies'].filter(([other]) => other !== pair[0]);
  const changed = place === 'query' ? { query: [...others, pair] } : { cookies: [...others, pair] };
  return { draft: { ...draft, ...changed }, secrets: [key, pair[1]] };
}

/** In place of a parameter of that name in whatever case. */
function withHeader(draft: RequestDraft, name: string, value: string, secrets: readonly string[]): AuthorizedRequest {
  const others = Object.entries(draft.headers).filter(([other]) => other.toLowerCase() !== name.toLowerCase());
  return { draft: { ...draft, headers: { ...Object.fromEntries(others), [name]: value } }, secrets };
}

function notConfigured(tool: string, what: string): AppError {
  return new AppError('tool.not_configured', `The tool '${tool}' ${what}.`, {
    hint: "Complete 'authentication' of the tool in the registry.",
  });
}

const HIDDEN = '***';
/** Shorter texts would hide half of what there is to read. */
const MIN_SECRET = 4;

/** The text without the secrets in it. */
export function redact(text: string, secrets: readonly string[]): string {
  const longestFirst = secrets.filter((secret) => secret.length >= MIN_SECRET).toSorted((a, b) => b.length - a.length);
  return longestFirst.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);
}
