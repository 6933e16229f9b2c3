import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, JsonMap } from '../../shared/json.ts';
import { schemaProblems } from './check-subset.ts';
import { checkValue } from './check-value.ts';
import { OUTPUT_SCHEMA } from './schema-rules.ts';

const reference = fc.constantFrom('#', '#/$defs/a', '#/$defs/b', '#/properties/a').map(($ref) => ({ $ref }));
const { part } = fc.letrec<{ part: JsonMap }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<JsonMap>(
      { type: 'string', minLength: 2 },
      { type: 'null' },
      { const: 1 },
      { enum: ['x', null] },
      {},
    ),
    reference,
    fc.record({ type: fc.constant('array'), items: tie('part'), maxItems: fc.nat(2) }),
    fc.record({ anyOf: fc.array(tie('part'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ oneOf: fc.array(tie('part'), { minLength: 1, maxLength: 3 }) }),
    fc.record({
      properties: fc.record({ a: tie('part'), b: tie('part') }, { requiredKeys: [] }),
      required: fc.subarray(['a', 'b']),
      additionalProperties: fc.oneof(fc.boolean(), tie('part')),
    }),
  ),
}));
const schemas = fc
  .tuple(part, part, part, part)
  .map(([root, property, a, b]): JsonMap => ({ properties: { a: property }, ...root, $defs: { a, b } }));
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<Json>(1, 'x', 'yes', null, true),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }),
  ),
}));

test('says of every value what the library says by itself where that has no end of its own', async () => {
  let met = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(schemas, fc.array(value, { minLength: 8, maxLength: 8 }), async (schema, values) => {
      if (schemaProblems(schema).length > 0) return;
      const plain = new Ajv2020({ strict: false, logger: false }).compile({ ...schema, $id: 'plain' });
      for (const one of values) {
        const isMet = (await checkValue(schema, one, OUTPUT_SCHEMA)).kind === 'valid';
        expect(isMet).toBe(plain(one));
        if (isMet) met += 1;
        else refused += 1;
      }
    }),
    { seed: 11, numRuns: 120 },
  );
  expect(Math.min(met, refused)).toBeGreaterThan(80);
});
