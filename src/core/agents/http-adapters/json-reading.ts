import { isJsonMap, type Json, type JsonMap, readShallowJson } from '../../../shared/json.ts';

/**
 * Reading of what a server sent beside the answer itself: whatever is not of the expected kind counts as not there. Texts and arguments
 * of an answer are read by `output/answer-content.ts` and `tool-arguments.ts`, which refuse what they do not understand.
 */

/** The value if it is a map, else an empty one. */
export const mapIn = (value: Json | undefined): JsonMap => (isJsonMap(value) ? value : {});

/** The value if it is a list, else an empty one. */
export const listIn = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/** The value if it is a text, else an empty one. */
export const textIn = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** A count of tokens; null = not said, or no count. */
export const countIn = (value: Json | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : null;

/** A map, and what of it had to be read otherwise than it was written. */
export interface ReadMap {
  readonly map: JsonMap;
  readonly notices: readonly string[];
}

/** null = not JSON, no map, or nested too deep. */
export function readMap(text: string): ReadMap | null {
  const read = readShallowJson(text.trim());
  return read !== null && isJsonMap(read.value)
    ? { map: read.value, notices: read.notices.map(({ message }) => message) }
    : null;
}

/** The map that a text holds; null = it holds none. */
export const parseMap = (text: string): JsonMap | null => readMap(text)?.map ?? null;
