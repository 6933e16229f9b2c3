import { expect, test } from 'vitest';
import type { Json, JsonMap } from '../../shared/json.ts';
import { withDigits, withNumbers } from './exact-integers.ts';

const ID = '1182937465019283746';
const SCHEMA: JsonMap = {
  type: 'object',
  $defs: { member: { type: 'object', properties: { id: { $ref: '#/$defs/id' } } }, id: { type: ['integer', 'null'] } },
  properties: {
    id: { type: 'integer' },
    text: { type: 'string' },
    either: { type: ['integer', 'string'] },
    choice: { anyOf: [{ type: 'null' }, { type: 'number' }] },
    list: { type: 'array', items: { type: 'integer' } },
    pair: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }] },
    member: { allOf: [{ $ref: '#/$defs/member' }] },
    loop: { $ref: '#/properties/loop' },
  },
  additionalProperties: { type: 'integer' },
};
const written = (value: Json): string => JSON.stringify(withDigits(value, SCHEMA));

test.each([
  [{ id: ID }, `{"id":${ID}}`],
  [{ id: `-${ID}` }, `{"id":-${ID}}`],
  [{ text: ID }, `{"text":"${ID}"}`],
  [{ either: ID }, `{"either":"${ID}"}`],
  [{ choice: ID }, `{"choice":${ID}}`],
  [{ list: [1, ID, 'x'] }, `{"list":[1,${ID},"x"]}`],
  [{ pair: [ID, ID] }, `{"pair":["${ID}",${ID}]}`],
  [{ member: { id: ID, name: ID } }, `{"member":{"id":${ID},"name":"${ID}"}}`],
  [{ other: ID, loop: ID }, `{"other":${ID},"loop":"${ID}"}`],
  [{ id: '12' }, '{"id":"12"}'],
])('%j goes out as %s', (value, text) => {
  expect(written(value)).toBe(text);
});

test('what is held against the schema is a number there', () => {
  expect(withNumbers({ id: ID, text: ID }, SCHEMA)).toEqual({ id: Number(ID), text: ID });
});
