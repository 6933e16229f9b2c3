/**
 * The kernel of JSON: what it is, how it is read so that nothing is lost or invented (SPEC §3.3), how deep it nests, and its one
 * canonical text. Runs anywhere and does no I/O.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonMap = { readonly [key: string]: Json };

/** A key as a part of a JSON pointer (RFC 6901). */
export const pointerKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** Something that had to be read otherwise than it was written. `path` is like `orders[2].id`, or `value` for the whole. */
export interface JsonNotice {
  readonly path: string;
  /** A whole sentence that names the path, as SPEC §3.3 words it. */
  readonly message: string;
}

export interface ReadJson {
  readonly value: Json;
  readonly notices: readonly JsonNotice[];
}

/** Whether a JSON value is a map. */
export function isJsonMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How deep readers of foreign JSON go at most; what nests deeper is refused before any parser recurses. */
export const MAX_JSON_DEPTH = 200;

/** What only a double would round: 16 digits in a row that are no fraction, or an exponent. */
const SUSPICIOUS = /(?<![.\d])\d{16}|\d[eE]\+?\d{3}/g;
const INTEGER = /^-?\d+$/;
const STRING_OR_WORD = /"(?:[^"\\]|\\[\s\S])*"|-?\bInfinity\b|\bNaN\b/g;
/** Numbers that no double can hold stand for the words that JSON does not have; the reviver sees their spelling. */
const STAND_INS: Readonly<Record<string, string>> = { NaN: '1e99901', Infinity: '1e99902', '-Infinity': '-1e99903' };
const WORDS: ReadonlyMap<string, string> = new Map(Object.entries(STAND_INS).map(([word, text]) => [text, word]));

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const COLON = /\s*:/y;
const OF_A_NUMBER = /[-+.eE\d]/;
/** Part of every platform this runs on, which the types of none are there to say. */
const { crypto } = globalThis as unknown as { readonly crypto: { getRandomValues(into: Uint32Array): Uint32Array } };
/** Stands for a number while its text is parsed. Nobody else knows it, so that no text of others can hold it. */
const MARK = `${crypto.getRandomValues(new Uint32Array(4)).join('-')} `;

/**
 * Reads a JSON text so that no digit is lost: an integer beyond ±(2^53-1) becomes its decimal text, a number that is none (too large
 * for a double, and, in a map or list, the words `NaN`, `Infinity` and `-Infinity` that Python prints) becomes null, each with a
 * notice that names its path. Everything else is as `JSON.parse` reads it.
 *
 * @throws SyntaxError for text that is no JSON.
 */
export function readJson(text: string): ReadJson {
  const strict = parseKeeping(text);
  if (strict !== null) return strict;
  const trimmed = text.trimStart();
  const isNested = trimmed.startsWith('{') || trimmed.startsWith('[');
  if (!isNested || !/NaN|Infinity/.test(text)) return { value: JSON.parse(text) as Json, notices: [] };
  const spelled = text.replace(STRING_OR_WORD, (found) => STAND_INS[found] ?? found);
  const lenient = parseKeeping(spelled);
  // The first text is parsed again for the sake of its own error: places in it are those of what was written.
  return lenient ?? { value: JSON.parse(text) as Json, notices: [] };
}

/** The value, or null where the text is not JSON: for text that may be anything. */
export function readJsonOrNull(text: string): ReadJson | null {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The same for text that may also be made to break what reads it: null where it nests deeper than {@link MAX_JSON_DEPTH}. */
export function readShallowJson(text: string): ReadJson | null {
  return depthOfText(text.trimStart()) > MAX_JSON_DEPTH ? null : readJsonOrNull(text);
}

/**
 * The JSON text of anything that a program gives: a bigint digit for digit, and a number that JSON does not have so that {@link readJson}
 * names it. Everything else is as `JSON.stringify` writes it; undefined = nothing that JSON knows.
 */
export function writeJson(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, found: unknown) => {
    if (typeof found === 'bigint') return rawJson(String(found));
    return typeof found === 'number' && !Number.isFinite(found) ? rawJson(STAND_INS[String(found)] ?? 'null') : found;
  });
}

/** A value that `JSON.stringify` writes as this text; part of the platform that its types do not know yet. */
export const rawJson = (text: string): Json => (JSON as unknown as { rawJSON: (text: string) => Json }).rawJSON(text);

interface Stretch {
  readonly at: number;
  readonly end: number;
}

/**
 * The numbers of a text that no double holds. Digits in strings (ids, hashes) are none: most texts have none and are parsed as they are.
 * Null where one of them stands as no number may, so that the text is no JSON.
 */
function numbersToKeep(text: string): readonly Stretch[] | null {
  const kept: Stretch[] = [];
  let at = 0;
  SUSPICIOUS.lastIndex = 0;
  for (let found = SUSPICIOUS.exec(text); found !== null; found = SUSPICIOUS.exec(text)) {
    for (let quote = text.indexOf('"', at); quote !== -1 && quote < found.index; quote = text.indexOf('"', at))
      at = endOfString(text, quote);
    if (at <= found.index) {
      const number = numberAround(text, found.index);
      at = number.end;
      const source = text.slice(number.at, at);
      COLON.lastIndex = at;
      if (!NUMBER.test(source) || COLON.test(text)) return null;
      if (isKept(source)) kept.push(number);
    }
    SUSPICIOUS.lastIndex = at;
  }
  return kept;
}

function numberAround(text: string, index: number): Stretch {
  let [at, end] = [index, index + 1];
  while (at > 0 && OF_A_NUMBER.test(text.charAt(at - 1))) at -= 1;
  while (end < text.length && OF_A_NUMBER.test(text.charAt(end))) end += 1;
  return { at, end };
}

const isKept = (source: string): boolean => {
  const value = Number(source);
  return !Number.isFinite(value) || (INTEGER.test(source) && !Number.isSafeInteger(value));
};

/** The offset behind the string that begins at a quote. */
function endOfString(text: string, quote: number): number {
  for (let end = text.indexOf('"', quote + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  }
  return text.length;
}

function parseKeeping(text: string): ReadJson | null {
  const numbers = numbersToKeep(text);
  if (numbers === null) return null;
  let [marked, at] = ['', 0];
  for (const [index, number] of numbers.entries()) {
    marked += `${text.slice(at, number.at)}"${MARK}${index}"`;
    at = number.end;
  }
  try {
    const whole = { value: JSON.parse(marked + text.slice(at)) as Json };
    const notices: JsonNotice[] = [];
    if (numbers.length > 0) {
      const sourceOf = (mark: string): string => {
        const number = numbers[Number(mark.slice(MARK.length))];
        return text.slice(number?.at, number?.end);
      };
      settle(whole, [], (path, mark) => settleNumber(sourceOf(mark), pathText(path), notices));
    }
    return { value: whole.value, notices };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

type Path = (string | number)[];
type Take = (path: Readonly<Path>, mark: string) => Json;

/** Puts its number in the place of every mark. What was parsed is nobody else's yet: it is changed where it is. */
function settle(parent: Record<string, Json> | Json[], path: Path, take: Take): void {
  const put = (key: string | number, found: Json | undefined): void => {
    const isMark = typeof found === 'string' && found.startsWith(MARK);
    if (!isMark && (typeof found !== 'object' || found === null)) return;
    path.push(key);
    if (isMark) (parent as Record<string | number, Json>)[key] = take(path, found);
    else settle(found as Record<string, Json>, path, take);
    path.pop();
  };
  if (!Array.isArray(parent)) for (const key in parent) put(key, parent[key]);
  else for (let at = 0; at < parent.length; at += 1) put(at, parent[at]);
}

/** `orders[2].id`; the first key is that of the whole. */
const pathText = ([, ...path]: readonly (string | number)[]): string =>
  path.map((key, at) => (typeof key === 'number' ? `[${key}]` : at === 0 ? key : `.${key}`)).join('') || 'value';

function settleNumber(source: string, path: string, notices: JsonNotice[]): Json {
  if (INTEGER.test(source)) {
    notices.push({ path, message: bigIntegerNotice(path, source) });
    return source;
  }
  notices.push({
    path,
    message: `${path}: ${WORDS.get(source) ?? source} is no number that can be kept; it became null`,
  });
  return null;
}

/** SPEC §3.3: the warning for an integer whose digits a double cannot hold. */
export const bigIntegerNotice = (path: string, digits: string): string => `${path}: ${digits} is kept as text`;

/** Whether a text is an integer beyond ±(2^53-1), as {@link readJson} keeps one. */
export function isBigIntegerText(value: unknown): value is string {
  return typeof value === 'string' && /^-?[1-9]\d{15,}$/.test(value) && !Number.isSafeInteger(Number(value));
}

/**
 * Whether a value that came as JSON nests deeper than `max`. Does not recurse: the value may be made to break what does.
 */
export function isDeeperThan(value: unknown, max: number): boolean {
  const open: { readonly value: object; readonly depth: number }[] = [];
  const enter = (inner: unknown, depth: number): void => {
    if (typeof inner === 'object' && inner !== null) open.push({ value: inner, depth });
  };
  enter(value, 1);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.depth > max) return true;
    for (const inner of Object.values(next.value)) enter(inner, next.depth + 1);
  }
  return false;
}

/** How deep the brackets of a text nest, strings skipped: cheap, and before any parser recurses. Text that is no JSON counts 0. */
export function depthOfText(text: string): number {
  if (!text.startsWith('[') && !text.startsWith('{')) return 0;
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) at = endOfString(text, at) - 1;
    else if (unit === 0x5b || unit === 0x7b) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (unit === 0x5d || unit === 0x7d) depth -= 1;
  }
  return deepest;
}

/** JSON without spaces, keys in the order of their code units, keys without a value left out: one text for one meaning. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  let fields = '';
  // Sorted without a comparison of one's own: that is by code units.
  for (const key of Object.keys(value).sort()) {
    const field = (value as Readonly<Record<string, unknown>>)[key];
    if (field !== undefined) fields += `${fields === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(field)}`;
  }
  return `{${fields}}`;
}
