import type { Json } from '../../shared/json.ts';
import type { StepWarning } from '../../shared/model/run.ts';

/** SPEC §3.3: what JSON cannot say becomes null, with a warning, and never ends a run. Plain values come back unchanged. */
export function toJson(value: unknown, warnings: StepWarning[], depth = 0): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (depth > 200) return refuse('a value nested too deeply', warnings);
  if (Array.isArray(value)) return value.map((one) => toJson(one, warnings, depth + 1));
  if (typeof value === 'object') {
    if (value instanceof Date)
      return Number.isNaN(value.getTime()) ? refuse('an invalid date', warnings) : value.toISOString();
    const entries = Object.entries(value).map(([key, one]) => [key, toJson(one, warnings, depth + 1)] as const);
    return Object.fromEntries(entries);
  }
  return refuse(typeof value === 'number' ? String(value) : typeof value, warnings);
}

function refuse(what: string, warnings: StepWarning[]): null {
  warnings.push({
    code: 'engine.unserialisable',
    message: `The step gave ${what}, which cannot be stored; it became null.`,
  });
  return null;
}
