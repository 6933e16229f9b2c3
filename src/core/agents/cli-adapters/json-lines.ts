import { isJsonMap, type Json, type JsonMap, type JsonNotice, readShallowJson } from '../../../shared/json.ts';

/** A line that holds a JSON object, or null: agents print other lines too. */
export function parseEvent(line: string): JsonMap | null {
  return readEvent(line)?.event ?? null;
}

/** An event, and what of it had to be read otherwise than it was written. */
export interface ReadEvent {
  readonly event: JsonMap;
  readonly notices: readonly JsonNotice[];
}

function readEvent(line: string): ReadEvent | null {
  const text = line.trim();
  const read = text.startsWith('{') ? readShallowJson(text) : null;
  return read !== null && isJsonMap(read.value) ? { event: read.value, notices: read.notices } : null;
}

/** A JSON value, or undefined for what is none. */
export const parseJson = (text: string): Json | undefined => readShallowJson(text)?.value;

/** The events of a whole output, in order. */
export function eventsOf(stdout: string): readonly ReadEvent[] {
  return stdout
    .split('\n')
    .map(readEvent)
    .filter((read) => read !== null);
}

/** The notices about what stands at `path` of a value, as if it stood alone. */
export function noticesBelow(notices: readonly JsonNotice[], path: string): readonly string[] {
  return notices.flatMap(({ path: at, message }) => {
    if (path === '') return [message];
    if (!at.startsWith(path) || !/^[.[]/.test(at.slice(path.length))) return [];
    return [message.replace(at, at.slice(path.length).replace(/^\./, ''))];
  });
}
