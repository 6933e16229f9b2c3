import { bigIntegerNotice, type Json, MAX_JSON_DEPTH } from '../../shared/json.ts';
import type { StepWarning } from '../../shared/model/run.ts';

/**
 * What a tool gave, as JSON (SPEC §3.3): what JSON cannot say becomes null, an integer beyond ±(2^53-1) its decimal text, each with a
 * warning `{path}: …`; nothing of it ends a run. Plain values come back unchanged. The engine's own: texts are read by `shared/json`.
 */
export function toJson(value: unknown, warnings: StepWarning[]): Json {
  return convert(value, { path: '', depth: 0, warnings });
}

interface Place {
  /** Like `orders[2].id`; empty for the whole. */
  readonly path: string;
  readonly depth: number;
  readonly warnings: StepWarning[];
}

function convert(value: unknown, place: Place): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return convertNumber(value, place);
  if (typeof value !== 'object') return refuse(typeof value, place);
  if (place.depth > MAX_JSON_DEPTH) return refuse('a value nested too deeply', place);
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? refuse('an invalid date', place) : value.toISOString();
  const { path, warnings } = place;
  const depth = place.depth + 1;
  if (Array.isArray(value))
    return value.map((one, index) => convert(one, { path: `${path}[${index}]`, depth, warnings }));
  const entries = Object.entries(value).map(
    ([key, one]) => [key, convert(one, { path: path === '' ? key : `${path}.${key}`, depth, warnings })] as const,
  );
  return Object.fromEntries(entries);
}

/** A double that is an integer of that size stands for many; one that is written with an exponent says so itself and stays. */
function convertNumber(value: number | bigint, { path, warnings, ...rest }: Place): Json {
  if (typeof value === 'number' && !Number.isFinite(value)) return refuse(String(value), { path, warnings, ...rest });
  if (typeof value === 'number' && (Number.isSafeInteger(value) || !/^-?\d+$/.test(String(value)))) return value;
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  const digits = BigInt(value).toString();
  warnings.push({ code: 'engine.big_integer', message: bigIntegerNotice(path || 'value', digits) });
  return digits;
}

function refuse(what: string, { path, warnings }: Place): null {
  const message = `${path || 'value'}: ${what} cannot be stored; it became null`;
  warnings.push({ code: 'engine.unserialisable', message });
  return null;
}
