import { describe, expect, it } from 'vitest';
import type { JsonMap } from '../../../shared/json.ts';
import { formOf } from './schema-form.ts';
import { paramsOf, parseParams, problemsOf, type RawGroup, startGroup } from './schema-values.ts';

const ORDER: JsonMap = {
  type: 'object',
  required: ['customer', 'lines', 'confirmed'],
  additionalProperties: false,
  properties: {
    note: { type: ['string', 'null'], maxLength: 5 },
    customer: { $ref: '#/$defs/customer' },
    lines: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['sku'],
        properties: { sku: { type: 'string' }, count: { type: 'integer', minimum: 1, maximum: 9, default: 1 } },
      },
    },
    confirmed: { type: 'boolean', description: 'Was it confirmed?' },
    gift: { type: 'boolean' },
    express: { type: 'boolean', default: true },
    size: { enum: ['s', 'm', 3] },
    kind: { anyOf: [{ const: 'a' }, { const: 'b' }] },
    ship: {
      type: 'object',
      required: ['city'],
      properties: { city: { type: 'string' }, fast: { type: 'boolean', default: false } },
    },
    tags: { type: 'array', items: { type: 'string' } },
    extra: { type: 'object', additionalProperties: true },
    either: { oneOf: [{ type: 'string' }, { type: 'object' }] },
    weight: { anyOf: [{ type: 'number', exclusiveMinimum: 0 }, { type: 'null' }] },
    password: { type: 'string', format: 'password' },
  },
  $defs: { customer: { type: 'object', required: ['id'], properties: { id: { type: 'string', pattern: '^c' } } } },
};
const { fields } = formOf(ORDER);
const kinds = Object.fromEntries(
  fields.map((field) => [field.name, field.kind === 'leaf' ? field.definition.type : field.kind]),
);

/** The form with some of it filled in. */
const filled = (more: RawGroup): RawGroup => ({ ...startGroup(fields), ...more });
const needed: RawGroup = { customer: { id: 'c1' }, lines: [{ sku: 'x', count: '2' }] };

describe('formOf', () => {
  it('makes the field that fits of each part, required ones first', () => {
    expect(fields.slice(0, 3).map(({ name }) => name)).toEqual(['customer', 'lines', 'confirmed']);
    expect(kinds).toEqual({
      customer: 'group',
      lines: 'list',
      confirmed: 'boolean',
      note: 'string',
      gift: 'string',
      express: 'boolean',
      size: 'string',
      kind: 'string',
      ship: 'group',
      tags: 'list',
      extra: 'json',
      either: 'json',
      weight: 'number',
      password: 'string',
    });
    const choices = fields.flatMap((field) =>
      field.kind === 'leaf' && field.definition.enum ? [[field.name, field.definition.enum]] : [],
    );
    expect(Object.fromEntries(choices)).toEqual({ gift: [true, false], size: ['s', 'm', 3], kind: ['a', 'b'] });
  });

  it.each<[string, JsonMap]>([
    ['a reference to itself', { type: 'object', properties: { a: { $ref: '#' } } }],
    ['a reference to nothing', { type: 'object', properties: { a: { $ref: '#/x' } } }],
    ['a reference elsewhere', { type: 'object', properties: { a: { $ref: 'http://x/y' } } }],
    ['a circle', { $defs: { x: { $ref: '#/$defs/x' } }, properties: { a: { $ref: '#/$defs/x' } } }],
    [
      'nonsense',
      {
        properties: { a: 7, b: null, c: { type: 'banana', enum: [] }, d: { items: 3, type: 'array' } },
      } as unknown as JsonMap,
    ],
    ['a bad escape', { properties: { a: { $ref: '#/%zz' } } }],
    ['an allOf', { allOf: [{ properties: { a: { type: 'string' } }, required: ['a'] }, { properties: { b: {} } }] }],
    ['nothing', {}],
  ])('never throws: %s', (_name, schema) => {
    const form = formOf(schema);
    expect(() => paramsOf(form.fields, startGroup(form.fields))).not.toThrow();
    expect(form).toBeDefined();
  });

  it('says when other names are taken', () => {
    expect(formOf(ORDER).takesOthers).toBe(false);
    expect(formOf({ type: 'object', properties: {} }).takesOthers).toBe(false);
    expect(formOf({ type: 'object', additionalProperties: { type: 'string' } }).takesOthers).toBe(true);
    expect(formOf({}).takesOthers).toBe(true);
  });
});

describe('values', () => {
  it('gives typed parameters and leaves out what nobody filled in', () => {
    const raw = filled({ ...needed, confirmed: true });
    expect(problemsOf(fields, raw)).toEqual({});
    expect(paramsOf(fields, raw)).toEqual({
      customer: { id: 'c1' },
      lines: [{ sku: 'x', count: 2 }],
      confirmed: true,
      express: true,
    });
    const all = filled({
      ...needed,
      note: 'hi',
      gift: 'false',
      size: '3',
      kind: '"b"',
      ship: { city: 'Bonn', fast: false },
      tags: ['a, b', 'c'],
      extra: '{"x": 1}',
      either: '"text"',
      weight: '1.5',
    });
    expect(paramsOf(fields, all)).toMatchObject({
      note: 'hi',
      gift: false,
      size: 3,
      kind: 'b',
      ship: { city: 'Bonn', fast: false },
      tags: ['a, b', 'c'],
      extra: { x: 1 },
      either: 'text',
      weight: 1.5,
    });
  });

  it('names every place that needs a change', () => {
    const raw = filled({
      customer: { id: 'x' },
      lines: [{ sku: '', count: '12' }],
      note: 'too long',
      ship: { city: '', fast: true },
      extra: '{',
    });
    expect(Object.fromEntries(Object.entries(problemsOf(fields, raw)).map(([place, { key }]) => [place, key]))).toEqual(
      {
        'customer/id': 'error.pattern',
        'lines/0/sku': 'error.required',
        'lines/0/count': 'error.wholeRange',
        note: 'error.maxLength',
        'ship/city': 'error.required',
        extra: 'error.json',
      },
    );
    expect(problemsOf(fields, filled({ lines: [] }))).toMatchObject({ lines: { key: 'error.minItems' } });
  });

  it('comes back from its own parameters', () => {
    const params = paramsOf(
      fields,
      filled({ ...needed, tags: ['x'], extra: '{"y":[1]}', ship: { city: 'Bonn', fast: true } }),
    );
    expect(paramsOf(fields, startGroup(fields, params))).toEqual(params);
    expect(parseParams(JSON.stringify(params))).toEqual(params);
    expect([parseParams(''), parseParams('[1]'), parseParams('{')]).toEqual([{}, null, null]);
  });
});
