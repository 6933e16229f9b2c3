import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Json, type JsonMap, readJson } from '../../../shared/json.ts';
import { schemaProblems } from '../../json-schema/index.ts';
import { outputShape, readOutputSchema } from './output-shape.ts';
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
    expect(findJson(reply)).toEqual({ value, from, notices: [] });
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
        expect(findJson(`${before}${text}`)?.value).toEqual(readJson(text).value);
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
    expect(parseFreeReply('{"a":1}').value).toEqual({ a: 1 });
    expect(parseFreeReply('```\n[1]\n```').value).toEqual([1]);
    for (const text of ['1.10', 'true', '"x"', 'see [1]', '```\n[1]\n```\nand more'])
      expect(parseFreeReply(text).value).toBe(text);
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
      {
        message: expect.stringMatching(/^'\$ref' #\S* leads back to itself and describes nothing$/),
        fix: expect.stringContaining('Write a type there'),
      },
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
    expect(schemaProblems(schema)).toEqual([
      {
        message: expect.stringContaining('hold another of its kind, without end'),
        fix: 'Make that part optional, or allow null.',
      },
    ]);
  });

  const chain = (length: number, link: (next: object) => object): JsonMap => ({
    ...(link({ $ref: '#/$defs/d0' }) as JsonMap),
    $defs: Object.fromEntries(
      Array.from({ length }, (_, n) => [
        `d${n}`,
        n === length - 1 ? { type: 'string' } : link({ $ref: `#/$defs/d${n + 1}` }),
      ]),
    ) as JsonMap,
  });
  const field = (next: object): object => ({ type: 'object', properties: { x: next }, required: ['x'] });
  const pair = (next: object): object => ({ type: 'array', items: next, minItems: 2 });

  test.each([
    ['many references', chain(5000, (next) => next), 'lead to more than 1,000 places'],
    ['many fields, one inside the other', chain(140, field), 'deeper than 100 levels'],
    ['twice as much at each level', chain(40, pair), 'hold more than 5000 others'],
    [
      'a long list',
      { type: 'array', items: { type: 'string' }, minItems: 1_000_000_000 },
      'hold more than 5000 others',
    ],
  ])('%s that no value can meet are refused at once', (_what, schema, message) => {
    expect(schemaProblems(schema)).toEqual([{ message: expect.stringContaining(message), fix: expect.any(String) }]);
  });

  test('as many references as are taken can be checked, also where a schema is met by the other alternative', async () => {
    const schema = chain(999, (next) => ({ anyOf: [{ type: 'null' }, field(next)] }));
    expect(schemaProblems(schema)).toEqual([]);
    expect(await validateValue(schema, { x: { x: null } })).toEqual([]);
    expect(await validateValue(schema, { x: { x: 1 } })).not.toEqual([]);
  });

  test('a tree of alternatives is checked in the time of its leaves, whatever stands first', async () => {
    const operation = (op: string): object => ({
      type: 'object',
      properties: { l: { $ref: '#/$defs/e' }, r: { $ref: '#/$defs/e' }, op: { const: op } },
      required: ['op', 'l', 'r'],
    });
    const e = { anyOf: [...['add', 'sub', 'mul', 'div'].map(operation), { type: 'number' }] };
    const schema = { $ref: '#/$defs/e', $defs: { e } } as unknown as JsonMap;
    const tree = (depth: number, leaf: Json): Json =>
      depth === 0 ? leaf : { op: 'div', l: tree(depth - 1, leaf), r: 1 };
    expect(await validateValue(schema, tree(60, 1))).toEqual([]);
    expect(await validateValue(schema, tree(3, 'one'))).not.toEqual([]);
  });

  test('what a value cannot be held against in reasonable time is an error of the value, not of the app', async () => {
    const either = { type: 'object', properties: { a: { $ref: '#/$defs/s' } }, required: ['a'] };
    const schema: JsonMap = { $defs: { s: { anyOf: [either, either, { type: 'string' }] } }, $ref: '#/$defs/s' };
    let value: Json = 1;
    for (let depth = 0; depth < 60; depth += 1) value = { a: value };
    expect(schemaProblems(schema)).toEqual([]);
    expect(await validateValue(schema, value)).toEqual([expect.stringContaining('takes too long')]);
  });

  test('an answer that is nested without measure is none', async () => {
    const text = `${'{"kids":['.repeat(20_000)}${']}'.repeat(20_000)}`;
    expect(findJson(text)).toBeNull();
    expect(parseFreeReply(text).value).toBe(text);
    let deep: Json = 1;
    for (let depth = 0; depth < 20_000; depth += 1) deep = [deep];
    expect(await validateValue(tree, deep)).toEqual(['the answer is nested more than 200 levels deep']);
  });

  test('arguments of a function whose parameters lead back to themselves are left to the tool', async () => {
    expect(await validateArguments({ properties: { a: { $ref: '#/properties/a' } } }, { a: 1 })).toEqual([]);
    expect(await validateArguments({ $ref: '#' }, { a: 1 })).toEqual([]);
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
    [{ pattern: '(?=a)' }, "'pattern' is not a pattern that can be used (RE2: no look-around, no back references)"],
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

  test('what later steps use is asked for; a list or a number in a field of its own, and taken without it', async () => {
    const object = { type: 'object', properties: { a: {} }, required: ['a'] };
    expect(outputShape('run', {}, { kind: 'object', schema: object }).schema).toEqual(object);
    expect(outputShape('run', {}, null).schema).toBeNull();
    const list = outputShape('run', {}, { kind: 'array', schema: { type: 'array', items: {} } });
    expect(list.schema).toMatchObject({ properties: { items: { type: 'array' } }, required: ['items'] });
    expect([list.accept([1]), list.finish({ items: [1] })]).toEqual([{ items: [1] }, [1]]);
    const number = outputShape('run', {}, { kind: 'number', schema: { type: 'number' } });
    expect([number.accept(4), number.finish({ value: 4 })]).toEqual([{ value: 4 }, 4]);
  });
});
