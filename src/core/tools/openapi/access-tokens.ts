import { AppError } from '../../../shared/errors.ts';
import { isJsonMap, readJsonOrNull } from '../../../shared/json.ts';
import { serviceSentence } from '../../http/index.ts';
import type { ToolAuth } from '../registry-port.ts';
import { redact } from './authorize.ts';
import type { Send } from './send.ts';
import { own } from './spec-documents.ts';

/** Access tokens of client credentials (RFC 6749 §4.4), kept in memory until they expire. */
export interface AccessTokens {
  /** `tool.not_configured`, `tool.http_error`, `tool.invalid_reply` and those of the request. */
  get(wanted: WantedToken, send: Send): Promise<string>;
  /** The service did not take it: the next call asks for another one. */
  forget(wanted: WantedToken): void;
  /** All of them. */
  forgetAll(): void;
}

export interface WantedToken {
  readonly tool: string;
  readonly tokenUrl: string;
  readonly auth: ToolAuth;
  /** Of the operation, where the registry names none. */
  readonly scopes: readonly string[];
}

interface Kept {
  readonly token: string;
  /** ms of `performance.now()`. */
  readonly until: number;
}

/** A token is not used any more this long before it expires. */
const MARGIN_MS = 30_000;
/** RFC 6749 only recommends `expires_in`. */
const DEFAULT_LIFE_SECONDS = 300;

export function createAccessTokens(): AccessTokens {
  const kept = new Map<string, Promise<Kept>>();
  return {
    get: async (wanted, send) => {
      const key = keyOf(wanted);
      const known = await kept.get(key)?.catch(() => null);
      if (known != null && known.until > performance.now()) return known.token;
      const asked = ask(wanted, send);
      kept.set(key, asked);
      // A failure is not kept.
      asked.catch(() => kept.delete(key));
      return (await asked).token;
    },
    forgetAll: () => kept.clear(),
    forget: (wanted) => {
      kept.delete(keyOf(wanted));
    },
  };
}

const scopesOf = ({ auth, scopes }: WantedToken): string => (auth.scopes.length > 0 ? auth.scopes : scopes).join(' ');
const keyOf = (wanted: WantedToken): string => JSON.stringify([wanted.tokenUrl, scopesOf(wanted), wanted.auth.token]);

async function ask(wanted: WantedToken, send: Send): Promise<Kept> {
  const [id = '', ...rest] = (wanted.auth.token ?? '').split(':');
  if (id === '' || rest.length === 0) {
    throw new AppError('tool.not_configured', `The tool '${wanted.tool}' has no client id and secret for its login.`, {
      hint: 'Give the secret in the form client-id:client-secret.',
    });
  }
  const [client, secret] = [formEncoded(id), formEncoded(rest.join(':'))];
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scopesOf(wanted) !== '') form.set('scope', scopesOf(wanted));
  const basic = Buffer.from(`${client}:${secret}`).toString('base64');
  const answer = await send({
    method: 'POST',
    url: wanted.tokenUrl,
    headers: {
      accept: 'application/json',
      authorization: `Basic ${basic}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: form.toString(),
    // The secret goes to the place that was written down and nowhere else.
    maxRedirects: 0,
  });
  const text = await answer.text();
  if (answer.status !== 200) {
    const said = serviceSentence(redact(text, [rest.join(':'), secret, basic]));
    throw refusedLogin(wanted.tool, answer.status, said);
  }
  return readToken(wanted.tool, text);
}

/** RFC 6749 §2.3.1. */
const formEncoded = (text: string): string => new URLSearchParams({ v: text }).toString().slice(2);

function readToken(tool: string, text: string): Kept {
  const answer = readJsonOrNull(text)?.value ?? null;
  const token = answer !== null && isJsonMap(answer) ? own(answer, 'access_token') : undefined;
  if (typeof token !== 'string' || token === '') {
    throw new AppError('tool.invalid_reply', `The login of '${tool}' answered without an access token.`);
  }
  const written = answer !== null && isJsonMap(answer) ? Number(own(answer, 'expires_in')) : Number.NaN;
  const seconds = Number.isFinite(written) && written > 0 ? written : DEFAULT_LIFE_SECONDS;
  return { token, until: performance.now() + Math.max(seconds * 1000 - MARGIN_MS, 0) };
}

function refusedLogin(tool: string, status: number, said: string): AppError {
  const message = `The login of '${tool}' was refused: HTTP ${status}`;
  return new AppError('tool.http_error', said === '' ? `${message}.` : `${message}: ${said}`, {
    hint: 'Check the client id, the client secret and the scopes of the tool.',
    details: { status },
    retryable: status === 429 || status >= 500,
  });
}
