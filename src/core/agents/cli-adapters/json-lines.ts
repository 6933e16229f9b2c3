import type { Json, JsonMap } from '../../../shared/json.ts';

/** A line that holds a JSON object, or null: agents print other lines too. */
export function parseEvent(line: string): JsonMap | null {
  const text = line.trim();
  if (!text.startsWith('{')) return null;
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : null;
}

/** A JSON value, or undefined for what is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The events of a whole output, in order. */
export function eventsOf(stdout: string): readonly JsonMap[] {
  return stdout
    .split('\n')
    .map(parseEvent)
    .filter((event) => event !== null);
}
