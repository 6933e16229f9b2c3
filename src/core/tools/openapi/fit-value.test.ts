import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonMap } from '../../../shared/json.ts';
import { fitValue, type Wire } from './fit-value.ts';

const BIG = '9007199254740993';
const fit = (value: Json, schema: Json, wire: Wire, root: JsonMap = {}): readonly [Json, string] => {
  const { checked, sent } = fitValue(value, schema, { root, wire });
  return [checked, JSON.stringify(sent)];
};

describe('JSON', () => {
  test('of any value under any schema goes as it is, but for the digits of an integer', () => {
    const type = fc.constantFrom('string', 'number', 'integer', 'boolean', 'null', 'object', 'array');
    const { schema } = fc.letrec<{ schema: JsonMap }>((tie) => ({
      schema: fc.oneof(
        { maxDepth: 3 },
        fc.record({ type, nullable: fc.boolean(), default: fc.jsonValue({ maxDepth: 1 }) }) as fc.Arbitrary<JsonMap>,
        fc.record({ items: tie('schema') }),
        fc.record({
          properties: fc.record({ a: tie('schema'), b: tie('schema') }),
          additionalProperties: tie('schema'),
        }),
        fc.record({ anyOf: fc.array(tie('schema'), { maxLength: 3 }) }),
        fc.constant({ $ref: '#/$defs/n' }),
      ),
    }));
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), schema, (value, one) => {
        const given = value as Json;
        expect(fit(given, one, 'json', { $defs: { n: one } })).toEqual([given, JSON.stringify(given)]);
      }),
      { seed: 21, numRuns: 500 },
    );
  });

  test.each<[Json, Json, string]>([
    [BIG, { type: 'integer' }, BIG],
    [`-${BIG}`, { type: 'integer' }, `-${BIG}`],
    [BIG, { type: ['integer', 'null'] }, BIG],
    [BIG, { type: 'number' }, BIG],
    [BIG, { type: 'string' }, `"${BIG}"`],
    [BIG, { type: ['string', 'integer'] }, `"${BIG}"`],
    [BIG, {}, `"${BIG}"`],
    ['12', { type: 'integer' }, '"12"'],
    ['00009007199254740993', { type: 'integer' }, '"00009007199254740993"'],
    [{ a: [BIG], b: BIG }, { properties: { a: { items: { type: 'integer' } } } }, `{"a":[${BIG}],"b":"${BIG}"}`],
    [{ a: BIG }, { allOf: [{ $ref: '#/$defs/n' }] }, `{"a":${BIG}}`],
    [[BIG, BIG], { prefixItems: [{ type: 'integer' }], items: { type: 'string' } }, `[${BIG},"${BIG}"]`],
  ])('%j under %j goes as %s', (value, schema, sent) => {
    const root = { $defs: { n: { properties: { a: { type: 'integer' } } } } };
    expect(fit(value, schema, 'json', root)[1]).toBe(sent);
  });
});

describe('places of a URL and header', () => {
  test.each<[Json, Json, Json]>([
    ['5', { type: 'integer' }, 5],
    ['-0.5', { type: 'number' }, -0.5],
    ['true', { type: 'boolean' }, true],
    ['yes', { type: 'boolean' }, 'yes'],
    ['', { type: 'integer' }, ''],
    ['0x10', { type: 'integer' }, '0x10'],
    ['Infinity', { type: 'number' }, 'Infinity'],
    ['1e999', { type: 'number' }, '1e999'],
    ['5', { type: 'string' }, '5'],
    ['5', { anyOf: [{ type: 'string' }, { type: 'integer' }] }, '5'],
    ['5', {}, '5'],
    [5, { type: 'string' }, '5'],
    [true, { type: 'string' }, 'true'],
    [5, { type: 'boolean' }, 5],
    [null, { type: 'integer' }, null],
    [['1', '2'], { items: { type: 'integer' } }, [1, 2]],
    [
      { a: '1', b: '1' },
      { properties: { a: { type: 'integer' } }, additionalProperties: false },
      { a: 1, b: '1' },
    ],
    ['2', { enum: [1, 2] }, 2],
    ['2', { enum: ['1', 2] }, '2'],
  ])('%j under %j is %j', (value, schema, taken) => {
    expect(fit(value, schema, 'place')).toEqual([taken, JSON.stringify(taken)]);
  });

  test('keep the digits of an integer that is checked as a number', () => {
    expect(fit(BIG, { type: 'integer' }, 'place')).toEqual([Number(BIG), `"${BIG}"`]);
  });
});

test('a form sends what is given, whatever it is checked as', () => {
  expect(fit('007', { type: 'integer' }, 'form')).toEqual([7, '"007"']);
  expect(fit('true', { type: 'boolean' }, 'form')).toEqual([true, '"true"']);
  expect(fit(null, { type: 'integer' }, 'form')).toEqual([null, 'null']);
});

test('a schema that leads back to itself, and a value without end, are left to the check', () => {
  const schema = { anyOf: [{ $ref: '#/$defs/s' }] };
  expect(fit(BIG, schema, 'place', { $defs: { s: schema } })[0]).toBe(BIG);
  let deep: Json = BIG;
  for (let level = 0; level < 5_000; level += 1) deep = [deep];
  expect(fitValue(deep, schema, { root: {}, wire: 'json' }).checked).toBe(deep);
});
