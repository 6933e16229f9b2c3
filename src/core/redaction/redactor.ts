import type { Json } from '../../shared/json.ts';

/** What stands in the place of a secret. */
export const REDACTED = '[redacted]';
/** Values that only look like secrets by their names are words like any other where they are shorter. */
const MIN_SECRET_CHARS = 8;
/** A key that is certain is hidden from here on: up to 5 characters only where it stands as a word of its own. */
const MIN_KEY_CHARS = 3;
const MIN_INSIDE_CHARS = 6;

/** Takes known secrets out of texts and plain data. */
export interface Redactor {
  /** Adds values from now on; what is too short to be a secret is left out. */
  add(values: Iterable<string>): void;
  /** Adds what is certainly a key, such as one that an agent uses: also short ones, from 3 characters. */
  addKeys(values: Iterable<string>): void;
  /** Adds a secret of the store: `[secret:NAME]` stands in its place. */
  addSecret(name: string, value: string): void;
  /** Adds the texts and numbers of a secret input until its run is over; `[secret:NAME]` stands in the place of each. */
  hold(runId: string, name: string, value: Json): void;
  /** Forgets what was held for a run. */
  release(runId: string): void;
  /** The value without any known secret, names of maps included; the same value when it holds none. */
  redact<T>(value: T): T;
  /** How many characters at the end of a text may be the beginning of a secret: for texts that come in pieces. */
  heldBack(text: string): number;
}

/**
 * Secrets must not reach journal, logs or screens (SPEC §12.4): whatever foreign tools, agents and servers say passes through here.
 * Beside the value itself its usual spellings are known: percent-encoded (also as a form does it), in JSON, base64 (as a whole, as in a basic login, also in
 * its spelling for URLs).
 */
export function createRedactor(): Redactor {
  /** What is hidden -> what stands in its place. */
  const secrets = new Map<string, string>();
  /** The same of single runs. */
  const held = new Map<string, Map<string, string>>();
  let known: ReadonlyMap<string, string> = secrets;
  let pattern: RegExp | null = null;
  const clean = (text: string): string =>
    pattern === null ? text : text.replace(pattern, (found) => known.get(found) ?? REDACTED);
  const prepare = (): void => {
    known = held.size === 0 ? secrets : new Map([...[...held.values()].flatMap((one) => [...one]), ...secrets]);
    // The longest first, so that a secret inside another does not leave the rest of it behind.
    const sorted = [...known.keys()].sort((one, other) => other.length - one.length);
    pattern = sorted.length === 0 ? null : new RegExp(sorted.map(asPattern).join('|'), 'gu');
  };
  const take = (values: Iterable<string>, least: number, shown = REDACTED): void => {
    const before = secrets.size;
    for (const value of values)
      if (value.length >= least)
        for (const one of spellings(value)) if (shown !== REDACTED || !secrets.has(one)) secrets.set(one, shown);
    if (secrets.size !== before) prepare();
  };
  return {
    add: (values) => take(values, MIN_SECRET_CHARS),
    addKeys: (values) => take(values, MIN_KEY_CHARS),
    addSecret: (name, value) => take([value], MIN_KEY_CHARS, `[secret:${name}]`),
    hold: (runId, name, value) => {
      const own = held.get(runId) ?? new Map<string, string>();
      const before = own.size;
      for (const text of textsOf(value))
        if (text.length >= MIN_KEY_CHARS) for (const one of spellings(text)) own.set(one, `[secret:${name}]`);
      if (own.size === before) return;
      held.set(runId, own);
      prepare();
    },
    release: (runId) => {
      if (held.delete(runId)) prepare();
    },
    redact: (value) => (pattern === null ? value : mapTexts(value, clean)),
    heldBack: (text) => {
      let most = 0;
      for (const secret of known.keys()) most = Math.max(most, overlap(text, secret));
      return most;
    },
  };
}

/** The length of the longest end of `text` that `secret` begins with, short of the whole secret. */
function overlap(text: string, secret: string): number {
  for (let length = Math.min(text.length, secret.length - 1); length > 0; length -= 1)
    if (text.endsWith(secret.slice(0, length))) return length;
  return 0;
}

function asPattern(secret: string): string {
  const text = RegExp.escape(secret);
  return secret.length < MIN_INSIDE_CHARS ? `(?<![\\p{L}\\p{N}])${text}(?![\\p{L}\\p{N}])` : text;
}

function spellings(value: string): readonly string[] {
  if (value.length < MIN_INSIDE_CHARS) return [value];
  const json = JSON.stringify(value).slice(1, -1);
  const base64 = Buffer.from(value).toString('base64');
  const url = Buffer.from(value).toString('base64url');
  const form = new URLSearchParams([['', value]]).toString().slice(1);
  return [value, encodeURIComponent(value), form, json, base64, base64.replace(/=+$/, ''), url];
}

/** True, false and null say nothing. */
function textsOf(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : [];
}

/** Plain data with every text, names of maps included, put through `clean`; the same value when none of them changed. */
export function mapTexts<T>(value: T, clean: (text: string) => string): T {
  if (typeof value === 'string') return clean(value) as T;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => mapTexts(item, clean));
    return items.every((item, at) => item === value[at]) ? value : (items as T);
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  let isSame = true;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    const next = mapTexts(item as unknown, clean);
    const name = clean(key);
    if (next !== item || name !== key) isSame = false;
    return [name, next];
  });
  return isSame ? value : (Object.fromEntries(entries) as T);
}
