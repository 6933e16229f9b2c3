import { areEqualBytes, hmacSha256 } from '../../crypto/index.ts';
import { hasHeader, headerOf, type RawHeaders } from './raw-headers.ts';
import { SCHEMES, type SchemeRules, type SignatureScheme, schemeOf } from './signature-schemes.ts';

/** How far a signed timestamp may be from this computer's clock (SPEC §7.3). */
export const TIMESTAMP_TOLERANCE_MS = 300_000;

/** A secret that may have signed a delivery; several of them are a rotation. */
export interface EndpointSecret {
  /** How people call it: its name, never its value. */
  readonly name: string;
  readonly value: string;
}

/** What signatures say about a delivery. `message` is a sentence for operators. */
export type SignatureVerdict =
  | { readonly isValid: true; readonly scheme: SignatureScheme; readonly secret: string }
  | {
      readonly isValid: false;
      readonly scheme: SignatureScheme;
      readonly problem: 'missing' | 'malformed' | 'mismatch' | 'stale';
      readonly message: string;
      /** Stale ones: the sender's clock less this one, ms. */
      readonly skewMs?: number;
    };

/** What is checked: the raw bytes and headers of a request, and what the endpoint expects. */
export interface SignedRequest {
  readonly headers: RawHeaders;
  readonly body: Uint8Array;
  /** null = GitHub's where its header came, else generic. */
  readonly scheme: SignatureScheme | null;
  readonly secrets: readonly EndpointSecret[];
  /** UTC ms. */
  readonly nowAt: number;
}

/**
 * Whether one of the secrets signed these very bytes (SPEC §7.3). Every secret is tried against every signature that is offered, in a
 * time that does not tell how near any of them came. A timestamp is only judged once its signature is right: what the verdict says of
 * clocks is then the sender's word.
 */
export function verifySignature(request: SignedRequest): SignatureVerdict {
  const scheme = schemeOf(request.scheme, request.headers);
  const rules = SCHEMES[scheme];
  const refuse = (problem: 'missing' | 'malformed' | 'mismatch', message: string): SignatureVerdict => ({
    isValid: false,
    scheme,
    problem,
    message,
  });
  const parts = readParts(request.headers, scheme, rules);
  if ('absent' in parts) {
    return hasHeader(request.headers, parts.absent)
      ? refuse('malformed', `The header ${parts.absent} came more than once.`)
      : refuse('missing', `The header ${parts.absent} is missing.`);
  }
  const offered = rules.offered(parts.signature);
  if (offered.length === 0)
    return refuse('malformed', `The header ${rules.signatureHeader} holds no signature of the scheme '${scheme}'.`);
  if (rules.timestampHeader !== null && !/^\d{1,12}$/.test(parts.timestamp))
    return refuse('malformed', `The header ${rules.timestampHeader} is not a number of seconds.`);
  const secret = matchingSecret(request, rules, { ...parts, offered });
  if (secret === null) return refuse('mismatch', 'None of the secrets of this endpoint made the signature.');
  const skewMs = rules.timestampHeader === null ? 0 : Number(parts.timestamp) * 1000 - request.nowAt;
  if (Math.abs(skewMs) <= TIMESTAMP_TOLERANCE_MS) return { isValid: true, scheme, secret };
  return { isValid: false, scheme, problem: 'stale', message: staleText(skewMs), skewMs };
}

interface Parts {
  readonly signature: string;
  readonly id: string;
  readonly timestamp: string;
}

/** The headers that the check needs, or the name of the first that did not come exactly once. */
function readParts(
  headers: RawHeaders,
  scheme: SignatureScheme,
  rules: SchemeRules,
): Parts | { readonly absent: string } {
  const idHeader = scheme === 'standard' ? rules.idHeader : null;
  const values: string[] = [];
  for (const name of [rules.signatureHeader, rules.timestampHeader, idHeader]) {
    const value = name === null ? '' : headerOf(headers, name);
    if (value === null || (value === '' && name !== null)) return { absent: name ?? '' };
    values.push(value);
  }
  const [signature = '', timestamp = '', id = ''] = values;
  return { signature, timestamp, id };
}

/** The name of the first secret that fits; the others are tried all the same. */
function matchingSecret(
  { body, secrets }: SignedRequest,
  rules: SchemeRules,
  { offered, ...signed }: Parts & { readonly offered: readonly string[] },
): string | null {
  let found: string | null = null;
  const candidates = offered.map((one) => Buffer.from(one, 'latin1'));
  for (const { name, value } of secrets) {
    const key = rules.key(value);
    if (key === null) continue;
    const expected = Buffer.from(rules.write(hmacSha256(key, rules.covered(body, signed))), 'latin1');
    for (const candidate of candidates) if (areEqualBytes(candidate, expected)) found ??= name;
  }
  return found;
}

/** Names the difference of the clocks: the one thing that a person can mend. */
function staleText(skewMs: number): string {
  const side = skewMs < 0 ? 'behind' : 'ahead of';
  const other = skewMs < 0 ? ', or the delivery is that old' : '';
  return `The sender's clock is ${spanText(Math.abs(skewMs))} ${side} this computer's${other}; at most 5 min are allowed.`;
}

function spanText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(ms / 3_600_000);
  return hours < 72 ? `${hours} h` : `${Math.round(ms / 86_400_000)} days`;
}
