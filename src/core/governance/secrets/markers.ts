import type { Json, JsonMap } from '../../../shared/json.ts';
import { hmacSha256 } from '../../crypto/index.ts';
import { mapTexts } from '../../redaction/index.ts';

/**
 * What stands for a secret, or for a secret input of a run, until it is needed. Behind the name of a secret stands a sign that holds for one
 * run and can be made up by nobody outside of it, behind that of an input the id under which it is sealed.
 */
const MARKER = /\[secret:([A-Za-z0-9_-]{1,64}):([0-9a-f]{32})\]/g;
/** A variable of a bundle that is a secret as a whole or in part: `Bearer {{ secrets.TOKEN }}`. */
const WRITTEN = /\{\{\s*secrets\.([A-Z][A-Z0-9_]{0,63})\s*\}\}/g;

/** The marker of a secret in a run. `key` is known in this project alone. */
export function markerOf(name: string, runId: string, key: string): string {
  const sign = Buffer.from(hmacSha256(key, [Buffer.from(`aiworkflow marker\n${runId}\n${name}`)])).toString('hex');
  return `[secret:${name}:${sign.slice(0, 32)}]`;
}

/** Names of the secrets whose markers of this run stand in a value; text that only looks like a marker is none. */
export function namesMarkedIn(value: Json, runId: string, key: string): ReadonlySet<string> {
  const found = new Set<string>();
  eachText(value, (text) => {
    if (!text.includes('[secret:')) return;
    for (const [marker, name = ''] of text.matchAll(MARKER)) if (marker === markerOf(name, runId, key)) found.add(name);
  });
  return found;
}

/** What stands for a secret input; `id` = 32 hex digits. */
export const inputMarker = (name: string, id: string): string =>
  `[secret:${name.replace(/[^\w-]/g, '_').slice(0, 64)}:${id}]`;

/** Marker -> id of the sealed inputs among `ids` that stand in a value. */
export function inputsMarkedIn(value: Json, ids: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (ids.length === 0) return found;
  eachText(value, (text) => {
    if (!text.includes('[secret:')) return;
    for (const [marker, , id = ''] of text.matchAll(MARKER)) if (ids.includes(id)) found.set(marker, id);
  });
  return found;
}

/** Plain data for people: `[secret:NAME]` stands where a marker does. Its sign is of use to the run alone. */
export const withoutSigns = <T>(shown: T): T =>
  mapTexts(shown, (text) => (text.includes('[secret:') ? text.replace(MARKER, '[secret:$1]') : text));

/** Names of the secrets that variables ask for. */
export const namesWrittenIn = (env: Readonly<Record<string, string>>): ReadonlySet<string> =>
  new Set(Object.values(env).flatMap((text) => [...text.matchAll(WRITTEN)].map(([, name = '']) => name)));

/** The inputs with values in the place of their markers; a text that is a marker and nothing else becomes the value as it is. */
export function fillMarkers(inputs: JsonMap, values: ReadonlyMap<string, Json>): JsonMap {
  const inText = (text: string): string => {
    let filled = text;
    for (const [marker, value] of values)
      filled = filled.replaceAll(marker, () => (typeof value === 'string' ? value : JSON.stringify(value)));
    return filled;
  };
  const fill = (value: Json): Json => {
    if (typeof value === 'string') return values.get(value) ?? inText(value);
    if (Array.isArray(value)) return value.map(fill);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [inText(name), fill(item)]));
  };
  return fill(inputs) as JsonMap;
}

/** The variables with values in the place of what asks for them. */
export const fillWritten = (
  env: Readonly<Record<string, string>>,
  values: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(env).map(([name, text]) => [
      name,
      text.replace(WRITTEN, (written: string, secret: string) => values.get(secret) ?? written),
    ]),
  );

function eachText(value: Json, hear: (text: string) => void): void {
  if (typeof value === 'string') hear(value);
  else if (value !== null && typeof value === 'object')
    for (const [name, item] of Object.entries(value)) {
      hear(name);
      eachText(item as Json, hear);
    }
}
