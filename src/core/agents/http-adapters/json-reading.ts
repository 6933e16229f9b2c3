import type { Json, JsonMap } from '../../../shared/json.ts';

/** Reading of what a server sent: whatever is not of the expected kind counts as not there. */

export const mapIn = (value: Json | undefined): JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};

export const listIn = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

export const textIn = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** A count of tokens; null = not said, or no count. */
export const countIn = (value: Json | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : null;

/** null = not JSON, or no map. */
export function parseMap(text: string): JsonMap | null {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : null;
  } catch {
    return null;
  }
}
