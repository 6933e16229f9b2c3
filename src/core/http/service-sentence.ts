import { isJsonMap, type Json, type JsonMap, readShallowJson } from '../../shared/json.ts';

const MOST_CHARS = 300;
/** Of a list of errors so many are said. */
const MOST_ERRORS = 3;
/** Where services put what they have to say, the most telling first; upper and lower case are one. */
const KEYS = [
  ...['message', 'detail', 'details', 'error_description', 'error', 'title', 'errors', 'error_message', 'msg'],
  ...['reason', 'description', 'errormessages', 'fault', 'faultstring', 'status_message', 'code'],
];
/** How deep an error may be wrapped: `error.errors[0].message`. */
const MOST_LEVELS = 4;

/**
 * What a service says of its own failure, out of the body of its answer (SPEC §5.4): the sentence in its JSON, else the first 300
 * characters without tags. One line; empty = nothing that a person could read. Secrets in it are the caller's to take out.
 */
export function serviceSentence(body: string): string {
  const text = body.trim();
  const read = readShallowJson(text);
  const said = read === null ? withoutTags(text) : sentenceIn(read.value, 0) || shownJson(read.value);
  const line = said.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return line.length <= MOST_CHARS ? line : `${line.slice(0, MOST_CHARS).toWellFormed().trimEnd()}…`;
}

function sentenceIn(value: Json, level: number): string {
  if (typeof value === 'string') return value.trim();
  if (level > MOST_LEVELS) return '';
  if (Array.isArray(value)) return joined((value as readonly Json[]).map((one) => sentenceIn(one, level + 1)));
  return isJsonMap(value) ? sentenceOfMap(value, level) : '';
}

function sentenceOfMap(map: JsonMap, level: number): string {
  const known = new Map(Object.entries(map).map(([key, one]) => [key.toLowerCase(), one]));
  for (const key of KEYS) {
    const found = known.get(key);
    const said = found === undefined ? '' : sentenceIn(found, level + 1) || fieldErrors(key, found, level + 1);
    if (said !== '') return withPlace(known.get('loc') ?? known.get('field') ?? null, said);
  }
  return '';
}

/** `errors: {name: ["is taken"]}`: the names are those of fields. */
function fieldErrors(key: string, value: Json, level: number): string {
  if ((key !== 'errors' && key !== 'detail' && key !== 'details') || !isJsonMap(value)) return '';
  return joined(Object.entries(value).map(([field, one]) => withPlace(field, sentenceIn(one, level + 1))));
}

/** `loc: [body, note]` and `field: note` stand beside what is wrong there. */
function withPlace(place: Json, said: string): string {
  if (said === '') return '';
  const keys: readonly Json[] = Array.isArray(place) ? place : [place];
  const name = keys.filter((key) => typeof key === 'string' || typeof key === 'number').join('.');
  return name === '' || said.includes(name) ? said : `${name}: ${said}`;
}

const joined = (said: readonly string[]): string =>
  said
    .filter((one) => one !== '')
    .slice(0, MOST_ERRORS)
    .join('; ');

const shownJson = (value: Json): string =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0 ? JSON.stringify(value) : '';

/** A page of HTML says little, and its tags say nothing. */
function withoutTags(text: string): string {
  if (!text.startsWith('<')) return text;
  return text
    .slice(0, 20_000)
    .replace(/<(script|style)\b[^<]*(?:<(?!\/\1)[^<]*)*<\/\1>/gi, ' ')
    .replace(/<[^<>]*>/g, ' ');
}
