import { describe, expect, it } from 'vitest';
import type { InputDefinition } from '../../shared/model/workflow.ts';
import {
  checkField,
  checkForm,
  initialValues,
  isLong,
  labelOf,
  placeholderOf,
  refusedFields,
  toInputs,
} from './form-values.ts';

const input = (name: string, rest: Partial<InputDefinition> = {}): InputDefinition => ({
  name,
  type: 'string',
  description: '',
  required: false,
  secret: false,
  ...rest,
});

describe('initialValues', () => {
  it('fills in defaults, leaves templates to the placeholder and never fills a secret', () => {
    const definitions = [
      input('since', { default: '24h' }),
      input('day', { default: '{{ now }}' }),
      input('count', { type: 'integer', default: 3 }),
      input('dry', { type: 'boolean', default: true }),
      input('rows', { type: 'array', default: ['a', 'b'] }),
      input('mixed', { type: 'array', default: [1, 'b'] }),
      input('map', { type: 'object', default: { a: 1 } }),
      input('choice', { enum: ['x', 2], default: 2 }),
      input('key', { secret: true }),
    ];
    const values = initialValues(definitions, { since: '7d', key: 'hidden' });
    expect(values).toEqual({
      since: '7d',
      day: '',
      count: '3',
      dry: true,
      rows: 'a, b',
      mixed: '[\n  1,\n  "b"\n]',
      map: '{\n  "a": 1\n}',
      choice: '2',
      key: '',
    });
    expect(placeholderOf(definitions[1] ?? input(''))).toBe('{{ now }}');
  });
});

describe('a secret that is true or false', () => {
  const definition = input('agree', { type: 'boolean', secret: true });
  it('is left empty at first, whatever an earlier run had, and then left as it is', () => {
    const values = initialValues([definition], { agree: true });
    expect(values).toEqual({ agree: '' });
    expect(toInputs([definition], values)).toEqual({});
  });

  it('is true or false once it is chosen, and asked for where it is needed', () => {
    expect(toInputs([definition], { agree: 'false' })).toEqual({ agree: false });
    expect(toInputs([definition], { agree: 'true' })).toEqual({ agree: true });
    expect(checkField({ ...definition, required: true }, '')?.key).toBe('error.required');
    expect(checkField({ ...definition, required: true }, 'false')).toBeNull();
  });
});

describe('checkField', () => {
  it.each([
    [input('a', { required: true }), '', 'error.required'],
    [input('a', { required: true, default: 'x' }), ' ', null],
    [input('a'), '', null],
    [input('a', { type: 'integer' }), '1.5', 'error.whole'],
    [input('a', { type: 'integer', min: 1, max: 500 }), '600', 'error.wholeRange'],
    [input('a', { type: 'integer', min: 1, max: 500 }), '500', null],
    [input('a', { type: 'number', min: 0 }), '-1', 'error.numberMin'],
    [input('a', { type: 'float', max: 2 }), '2.5', 'error.numberMax'],
    [input('a', { type: 'number' }), 'Infinity', 'error.number'],
    [input('a', { type: 'number' }), '1e3', null],
    [input('a', { minLength: 3 }), 'ab', 'error.minLength'],
    [input('a', { maxLength: 1 }), 'ab', 'error.maxLength'],
    [input('a', { pattern: '^[a-z]+$' }), 'A1', 'error.pattern'],
    [input('a', { pattern: '(' }), 'anything', null],
    [input('a', { type: 'array' }), 'one, two', null],
    [input('a', { type: 'array' }), '[1,', 'error.array'],
    [input('a', { type: 'object' }), '[1]', 'error.object'],
    [input('a', { type: 'object' }), '{"a": 1}', null],
  ])('%# %o with %j: %s', (definition, raw, key) => {
    expect(checkField(definition, raw)?.key ?? null).toBe(key);
  });

  it('finds every field that needs a change', () => {
    const problems = checkForm([input('a', { required: true }), input('b'), input('c', { type: 'integer' })], {
      a: '',
      b: '',
      c: 'x',
    });
    expect(Object.keys(problems)).toEqual(['a', 'c']);
  });
});

describe('toInputs', () => {
  it('gives each value its type and leaves empty fields out', () => {
    const definitions = [
      input('text'),
      input('empty', { default: 'x' }),
      input('count', { type: 'integer' }),
      input('dry', { type: 'boolean' }),
      input('rows', { type: 'array' }),
      input('list', { type: 'array' }),
      input('map', { type: 'object' }),
      input('choice', { enum: [1, '1'] }),
    ];
    const raw = {
      text: ' kept ',
      empty: '',
      count: ' 7 ',
      dry: false,
      rows: 'a, b',
      list: '[1, 2]',
      map: '{"a":null}',
      choice: '"1"',
    };
    expect(toInputs(definitions, raw)).toEqual({
      text: ' kept ',
      count: 7,
      dry: false,
      rows: ['a', 'b'],
      list: [1, 2],
      map: { a: null },
      choice: '1',
    });
  });
});

describe('words of fields', () => {
  it('makes a label of a name', () => {
    expect([labelOf('at_most'), labelOf('askAbove'), labelOf('mail-box')]).toEqual([
      'At most',
      'Ask above',
      'Mail box',
    ]);
  });

  it('gives long texts several lines', () => {
    expect(isLong(input('report_text'))).toBe(true);
    expect(isLong(input('name'))).toBe(false);
    expect(isLong(input('message', { secret: true }))).toBe(false);
  });

  it('reads the problems of a refused start, and nothing else', () => {
    expect(refusedFields({ problems: [{ name: 'a', message: 'Enter b' }, { name: 1 }, null] })).toEqual({
      a: 'Enter b',
    });
    expect(refusedFields(undefined)).toEqual({});
  });
});

it('says what a pattern asks for in words, never the pattern itself', () => {
  const pattern = '^INV-[0-9]{4}$';
  expect(checkField(input('a', { pattern, description: 'Number of the invoice' }), 'x')).toEqual({
    key: 'error.patternSays',
    values: { description: 'Number of the invoice' },
  });
  expect(checkField(input('a', { pattern, default: 'INV-2026' }), 'x')).toEqual({
    key: 'error.patternExample',
    values: { example: 'INV-2026' },
  });
  expect(checkField(input('a', { pattern }), 'x')).toEqual({ key: 'error.pattern' });
});

it("runs an author's pattern so that no text can freeze the page; what costs too much is left to the engine", () => {
  const nested = input('a', { pattern: '^(a+)+$' });
  expect(checkField(nested, `${'a'.repeat(2_000)}!`)).toMatchObject({ key: 'error.pattern' });
  expect(checkField(nested, 'a'.repeat(2_000))).toBeNull();
  expect(checkField(input('a', { pattern: '(?:.{0,1000}x)?$' }), 'y'.repeat(900_000))).toBeNull();
  expect(checkField(input('a', { pattern: '(?=a)b' }), 'anything')).toBeNull();
});
