import { bigIntegerNotice, type Json, type JsonMap, MAX_JSON_DEPTH } from '../../shared/json.ts';
import type { StepWarning } from '../../shared/model/run.ts';

/**
 * What a tool gave, as JSON (SPEC §3.3): what JSON cannot say becomes null, an integer beyond ±(2^53-1) its decimal text, each with a
 * warning `{path}: …`; nothing of it ends a run. Plain values come back unchanged. The engine's own: texts are read by `shared/json`.
 */
export function toJson(value: unknown, warnings: StepWarning[]): Json {
  return convert(value, { keys: [], warnings });
}

/** Where in the whole a value stands: the keys that lead to it. */
interface Place {
  readonly keys: (string | number)[];
  readonly warnings: StepWarning[];
}

/** Like `orders[2].id`; empty for the whole. */
const pathOf = ({ keys }: Place): string =>
  keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    return path === '' ? key : `${path}.${key}`;
  }, '');

function convert(value: unknown, place: Place): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return convertNumber(value, place);
  if (typeof value !== 'object') return refuse(typeof value, place);
  if (place.keys.length > MAX_JSON_DEPTH) return refuse('a value nested too deeply', place);
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? refuse('an invalid date', place) : value.toISOString();
  return Array.isArray(value)
    ? value.map((one, index) => convertAt(index, one, place))
    : convertMap(value as Record<string, unknown>, place);
}

function convertMap(value: Readonly<Record<string, unknown>>, place: Place): JsonMap {
  const map: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    const one = convertAt(key, value[key], place);
    // Assigned, this name would change what the map inherits from.
    if (key === '__proto__')
      Object.defineProperty(map, key, { value: one, enumerable: true, writable: true, configurable: true });
    else map[key] = one;
  }
  return map;
}

function convertAt(key: string | number, value: unknown, place: Place): Json {
  place.keys.push(key);
  const json = convert(value, place);
  place.keys.pop();
  return json;
}

/** A double that is an integer of that size stands for many; one that is written with an exponent says so itself and stays. */
function convertNumber(value: number | bigint, place: Place): Json {
  if (typeof value === 'number' && !Number.isFinite(value)) return refuse(String(value), place);
  if (typeof value === 'number' && (Number.isSafeInteger(value) || !/^-?\d+$/.test(String(value)))) return value;
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  const digits = BigInt(value).toString();
  const message = bigIntegerNotice(pathOf(place) || 'value', digits);
  place.warnings.push({ code: 'engine.big_integer', message });
  return digits;
}

function refuse(what: string, place: Place): null {
  const message = `${pathOf(place) || 'value'}: ${what} cannot be stored; it became null`;
  place.warnings.push({ code: 'engine.unserialisable', message });
  return null;
}
