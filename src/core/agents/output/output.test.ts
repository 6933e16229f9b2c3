import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOutputSchema, schemaProblems } from './check-schema.ts';
import { inferSchema } from './output-shape.ts';
import { findJson, parseFreeReply } from './parse-reply.ts';
import { validateArguments, validateValue } from './validate-value.ts';

describe('finding JSON in a reply', () => {
  test.each([
    ['{"a":1}', { a: 1 }, 'whole'],
    ['  [1,2]\n', [1, 2], 'whole'],
    ['"text"', 'text', 'whole'],
    ['Sure:\n```json\n{"a":1}\n```\nbye', { a: 1 }, 'fence'],
    ['~~~\n{"a":2}\n~~~', { a: 2 }, 'fence'],
    ['````\n{"a":"```"}\n````', { a: '```' }, 'fence'],
    ['```js\nlet x\n```\n```json\n[3]\n```', [3], 'fence'],
    ['```json\n{"a":4}', { a: 4 }, 'fence'],
    ['The answer {"a": "} \\" {"} is it', { a: '} " {' }, 'text'],
    ['not {this} but [1]', [1], 'text'],
  ])('%j', (reply, value, from) => {
    expect(findJson(reply)).toEqual({ value, from });
  });

  test.each(['', 'no', '{"a":', '{a: 1}', '[[[['])('%j holds none', (reply) => {
    expect(findJson(reply)).toBeNull();
  });

  test('every JSON value is found wherever it stands, and nothing throws', () => {
    const json = fc.oneof(
      fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
      fc.array(fc.jsonValue(), { minLength: 1 }),
    );
    fc.assert(
      fc.property(json, fc.constantFrom('', 'Here it is: ', 'Done.\n'), (value, before) => {
        const text = JSON.stringify(value);
        expect(findJson(`${before}${text}`)?.value).toEqual(JSON.parse(text));
        expect(findJson(`${before}\n\`\`\`\`\`\njson\n\`\`\`\`\`\n`)).toBeNull();
      }),
      { seed: 3, numRuns: 300 },
    );
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '[', '"', '\\', '}', ']', '`', '\n', 'a') }),
        (text) => void findJson(text),
      ),
      { seed: 4 },
    );
  });

  test('a free reply is parsed only when it is a map or a list as a whole', () => {
    expect(parseFreeReply('{"a":1}')).toEqual({ a: 1 });
    expect(parseFreeReply('```\n[1]\n```')).toEqual([1]);
    for (const text of ['1.10', 'true', '"x"', 'see [1]', '```\n[1]\n```\nand more'])
      expect(parseFreeReply(text)).toBe(text);
  });
});

describe('schemas that speak of themselves', () => {
  const tree = {
    type: 'object',
    properties: { name: { type: 'string' }, parent: { $ref: '#' }, kids: { type: 'array', items: { $ref: '#' } } },
    required: ['name'],
  };

  test('are taken, and values are held against them', async () => {
    expect(schemaProblems(tree)).toEqual([]);
    expect(await validateValue(tree, { name: 'a', parent: { name: 'b', kids: [] } })).toEqual([]);
    expect(await validateValue(tree, { name: 'a', parent: { kids: [{}] } })).toEqual([
      "parent must have required property 'name'",
      "parent.kids.0 must have required property 'name'",
    ]);
  });

  test.each([
    { $ref: '#' },
    { anyOf: [{ $ref: '#' }, { type: 'null' }] },
    { type: 'object', properties: { a: { $ref: '#/properties/a' } } },
    {
      $defs: { a: { $ref: '#/$defs/b' }, b: { oneOf: [{ type: 'string' }, { $ref: '#/$defs/a' }] } },
      $ref: '#/$defs/a',
    },
  ])('%j describes nothing and is refused', (schema) => {
    expect(schemaProblems(schema)).toEqual([
      expect.stringMatching(/^'\$ref' #\S* leads back to itself and describes nothing$/),
    ]);
  });

  test.each([
    { type: 'object', properties: { parent: { $ref: '#' } }, required: ['parent'] },
    { type: 'array', minItems: 1, items: { $ref: '#' } },
    {
      $defs: { n: { anyOf: [{ type: 'object', properties: { n: { $ref: '#/$defs/n' } }, required: ['n'] }] } },
      $ref: '#/$defs/n',
    },
  ])('%j has no value with an end and is refused', (schema) => {
    expect(schemaProblems(schema)).toEqual([expect.stringContaining('hold another of its kind, without end')]);
  });

  test('long chains of references are no problem', () => {
    const defs = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`d${n}`, { $ref: `#/$defs/d${n + 1}` }]));
    expect(schemaProblems({ $defs: { ...defs, d5000: { type: 'string' } }, $ref: '#/$defs/d0' })).toEqual([]);
    expect(schemaProblems({ $defs: { ...defs, d5000: { $ref: '#/$defs/d0' } }, type: 'string' })).toHaveLength(1);
  });
});

describe('the subset of JSON Schema', () => {
  test('everything of the subset is taken, also as a JSON text', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      description: 'd',
      properties: {
        a: { type: ['string', 'null'], pattern: '^x', minLength: 1 },
        b: { type: 'array', items: { $ref: '#/$defs/item' }, maxItems: 3 },
        c: { oneOf: [{ const: 1 }, { enum: [2, 3] }] },
      },
      required: ['a'],
      additionalProperties: false,
      $defs: { item: { type: 'integer', minimum: 0, maximum: 9 } },
    };
    expect(schemaProblems(schema)).toEqual([]);
    expect(readOutputSchema(JSON.stringify(schema))).toEqual(schema);
    expect(readOutputSchema(null)).toBeNull();
  });

  test.each([
    [{ allOf: [] }, "'allOf' is not supported"],
    [{ propertie: {} }, "did you mean 'properties'?"],
    [{ properties: { a: { type: 'text' } } }, "properties.a: 'text' is not a type"],
    [{ items: { $ref: 'https://x/y' } }, "items: '$ref' must point into this schema"],
    [{ $ref: '#/$defs/none' }, 'points to nothing'],
    [{ pattern: '(?=a)' }, "'pattern' must be a regular expression"],
    [{ required: 'a' }, "'required' must be a list of names"],
    [{ enum: [] }, "'enum' must be a list"],
    [{ minimum: '1' }, "'minimum' must be a number"],
    [[], 'it must be a JSON Schema'],
    ['{', 'it is a text that is not JSON'],
  ])('%j is refused with its place', (schema, message) => {
    expect(() => readOutputSchema(schema)).toThrow(
      expect.objectContaining({ code: 'tool.invalid_params', message: expect.stringContaining(message) }),
    );
  });

  test('errors name the place and what is wrong', async () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'array', items: { type: 'integer' } }, v: { enum: ['x'] } },
      required: ['a'],
      additionalProperties: false,
    };
    expect(await validateValue(schema, { a: [1, 'two'], v: 'y', more: 1 })).toEqual([
      'the answer must NOT have additional properties: more',
      'a.1 must be integer',
      'v must be equal to one of the allowed values: ["x"]',
    ]);
    expect(await validateValue(schema, { a: [] })).toEqual([]);
  });

  test('a pattern that would hang a backtracking engine does not', async () => {
    const schema = { type: 'string', pattern: '^(a+)+$' };
    expect(await validateValue(schema, `${'a'.repeat(50_000)}!`)).toHaveLength(1);
  });

  test('parameters that no reader understands leave the check to the tool', async () => {
    expect(await validateArguments({ $ref: 'https://example.com/x' }, { a: 1 })).toEqual([]);
  });

  test('fields that are used become required ones', () => {
    expect(inferSchema(['a', 'b', 'a', '0'])).toEqual({
      type: 'object',
      properties: { a: {}, b: {} },
      required: ['a', 'b'],
    });
    expect(inferSchema([])).toBeNull();
  });
});
