import { isJsonMap, type JsonMap, readJsonOrNull } from '../../../shared/json.ts';

/** The inputs of a message as a person edits them. */
export const payloadText = (payload: JsonMap): string => JSON.stringify(payload, null, 2);

/** What an edited text means; null = it is no JSON object. */
export function readPayload(text: string): JsonMap | null {
  if (text.trim() === '') return {};
  const read = readJsonOrNull(text);
  return read !== null && isJsonMap(read.value) ? read.value : null;
}
