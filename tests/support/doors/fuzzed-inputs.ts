import fc from 'fast-check';
import { z } from 'zod';
import { OPERATIONS, type OperationName } from '../../../src/shared/contract/index.ts';

/** JSON text of a value, so that an own `__proto__` and the like stay what they are. */
type JsonText = string;

const hostileTexts: readonly JsonText[] = [
  'null',
  'true',
  '0',
  '-1',
  '1e308',
  '""',
  '[]',
  '[[]]',
  '{"":""}',
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{"prototype":{"isAdmin":true}}}',
  '{"toString":"x"}',
  '{"actor":{"kind":"system","id":"engine","door":"engine"}}',
  JSON.stringify('../../../etc/passwd'),
  JSON.stringify('a\u0000b'),
  JSON.stringify('\ud800'),
  '['.repeat(200) + ']'.repeat(200),
  `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`,
];

/** Longer than texts may be: every operation is sent it once by itself and once in each field, for a call of this size costs as much as twenty. */
const LONG: JsonText = JSON.stringify('x'.repeat(100_000));

const anyJson = fc.oneof(
  { weight: 3, arbitrary: fc.json({ maxDepth: 3 }) },
  { weight: 2, arbitrary: fc.constantFrom(...hostileTexts) },
);

/** Objects with the operation's own field names and wrong, missing or further fields. */
function nearMisses(fields: readonly string[]): fc.Arbitrary<JsonText> {
  const names = fields.length === 0 ? fc.constant('extra') : fc.constantFrom(...fields, 'extra', '__proto__');
  return fc
    .array(fc.tuple(names, anyJson), { maxLength: fields.length + 2 })
    .map((entries) => `{${entries.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`);
}

/** What was made once: several doors are sent the same. */
const made = new Map<string, readonly JsonText[]>();

/** `count` inputs of one operation that its schema refuses, as JSON text; the same for the same seed. */
export function invalidInputs(name: OperationName, count: number, seed: number): readonly JsonText[] {
  const key = `${name} ${count} ${seed}`;
  const texts = made.get(key) ?? makeInvalid(name, count, seed);
  made.set(key, texts);
  return texts;
}

function makeInvalid(name: OperationName, count: number, seed: number): readonly JsonText[] {
  const schema = OPERATIONS[name].input;
  const fields = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const long = [LONG, ...fields.map((field) => `{${JSON.stringify(field)}:${LONG}}`)];
  const random = fc.sample(fc.oneof(anyJson, { weight: 3, arbitrary: nearMisses(fields) }), {
    numRuns: count * 3,
    seed,
  });
  const invalid = [...long, ...random].filter((text) => !isAccepted(schema, text)).slice(0, count);
  if (invalid.length < count) throw new Error(`seed ${seed} gives too few invalid inputs for ${name}`);
  return invalid;
}

/** A key `__proto__` is refused by every door, whatever the schema makes of it. */
function isAccepted(schema: z.ZodType, text: JsonText): boolean {
  const value: unknown = JSON.parse(text);
  return !hasProtoKey(value) && schema.safeParse(value).success;
}

/** Looks at the parsed value: a doubled name may have overwritten what the text still shows. */
function hasProtoKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasProtoKey);
}
