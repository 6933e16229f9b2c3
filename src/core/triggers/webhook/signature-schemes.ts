import { headerBytes, type RawHeaders } from './raw-headers.ts';

/** How a delivery is signed (SPEC §7.3). */
export type SignatureScheme = 'github' | 'generic' | 'standard' | 'slack';

/** What a signature covers beside the body. */
export interface SignedWith {
  /** Only `standard` signs it. */
  readonly id: string;
  /** Seconds since 1970 as decimal text; `standard` and `slack` sign it. */
  readonly timestamp: string;
}

/** One way to sign: where the parts stand, what is covered, how the result is written. */
export interface SchemeRules {
  readonly signatureHeader: string;
  readonly idHeader: string | null;
  readonly timestampHeader: string | null;
  /** The key of a secret as it is written; null = it is none that this scheme can use. */
  key(secret: string): string | Uint8Array | null;
  /** The bytes that are signed, in parts. */
  covered(body: Uint8Array, signed: SignedWith): readonly Uint8Array[];
  write(mac: Uint8Array): string;
  /** The signatures that a header's value offers, each in the form of `write`. */
  offered(value: string): readonly string[];
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Hex digits in the form that `write` gives; anything else stays what it is and matches nothing. */
const hexAfter = (prefix: string) => (value: string) =>
  value.startsWith(prefix) ? [`${prefix}${value.slice(prefix.length).toLowerCase()}`] : [];

const STANDARD_PREFIX = 'whsec_';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

function standardKey(secret: string): Uint8Array | null {
  const text = secret.startsWith(STANDARD_PREFIX) ? secret.slice(STANDARD_PREFIX.length) : secret;
  return text === '' || !BASE64.test(text) ? null : Buffer.from(text, 'base64');
}

const asIs = (secret: string): string => secret;

/** SPEC §7.3, a row each. */
export const SCHEMES: Readonly<Record<SignatureScheme, SchemeRules>> = {
  github: {
    signatureHeader: 'X-Hub-Signature-256',
    idHeader: 'X-GitHub-Delivery',
    timestampHeader: null,
    key: asIs,
    covered: (body) => [body],
    write: (mac) => `sha256=${hex(mac)}`,
    offered: hexAfter('sha256='),
  },
  generic: {
    signatureHeader: 'X-Signature',
    idHeader: 'X-Delivery-Id',
    timestampHeader: null,
    key: asIs,
    covered: (body) => [body],
    write: hex,
    offered: hexAfter(''),
  },
  standard: {
    signatureHeader: 'webhook-signature',
    idHeader: 'webhook-id',
    timestampHeader: 'webhook-timestamp',
    key: standardKey,
    covered: (body, { id, timestamp }) => [headerBytes(`${id}.${timestamp}.`), body],
    write: (mac) => `v1,${Buffer.from(mac).toString('base64')}`,
    offered: (value) => value.split(' ').filter((one) => one.startsWith('v1,')),
  },
  slack: {
    signatureHeader: 'X-Slack-Signature',
    idHeader: null,
    timestampHeader: 'X-Slack-Request-Timestamp',
    key: asIs,
    covered: (body, { timestamp }) => [headerBytes(`v0:${timestamp}:`), body],
    write: (mac) => `v0=${hex(mac)}`,
    offered: hexAfter('v0='),
  },
};

/** The scheme of a request where none is written: GitHub's if its header came, else `generic`. */
export const schemeOf = (written: SignatureScheme | null, headers: RawHeaders): SignatureScheme =>
  written ??
  (headers.some(([name]) => name.toLowerCase() === SCHEMES.github.signatureHeader.toLowerCase())
    ? 'github'
    : 'generic');
