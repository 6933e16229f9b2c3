import { describe, expect, it } from 'vitest';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { InputDefinition } from '../../shared/model/workflow.ts';
import { coerceInputs } from './coerce-inputs.ts';
import { errors, frontmatter, problems, read } from './reading.test-support.ts';

const CONTEXT = { now: Date.UTC(2026, 0, 22, 8), env: { HOME_CITY: 'Bonn' } };
const define = (yaml: string): readonly InputDefinition[] => read(frontmatter(`inputs: ${yaml}`)).workflow.inputs;
const coerce = (yaml: string, given: JsonMap) => coerceInputs(define(yaml), given, CONTEXT);

describe('input definitions (SPEC §1.8)', () => {
  it('reads maps, values, nothing and lists', () => {
    const yaml =
      '{a: {type: integer, default: 5, description: D, required: true, min: 1, max: 9, secret: true}, b: text, c: 5, d: null, e: {validation: {pattern: "^x", minLength: 1}, maxLength: 3, enum: [x, xy]}}';
    expect(define(yaml)).toEqual([
      { name: 'a', type: 'integer', description: 'D', required: true, secret: true, default: 5, min: 1, max: 9 },
      { name: 'b', type: 'string', description: '', required: false, secret: false, default: 'text' },
      { name: 'c', type: 'string', description: '', required: false, secret: false, default: '5' },
      { name: 'd', type: 'string', description: '', required: false, secret: false },
      {
        name: 'e',
        type: 'string',
        description: '',
        required: false,
        secret: false,
        pattern: '^x',
        minLength: 1,
        maxLength: 3,
        enum: ['x', 'xy'],
      },
    ]);
    expect(define('[{name: a, type: array}, {name: b}]').map((input) => [input.name, input.type])).toEqual([
      ['a', 'array'],
      ['b', 'string'],
    ]);
  });

  it.each([
    ['{a: {type: int}}', "2 'type' must be string, integer, number, float, boolean, object or array, not 'int'"],
    ['{a: [1]}', "2 Input 'a' must be a map or a value, it is a list"],
    ['{a b: 1}', "2 An input name has letters, digits, _ and -, not 'a b'"],
    ['{a: {enum: x}}', "2 'enum' must be a list of values"],
    ['{a: {enum: []}}', "2 'enum' must be a list of values"],
    ['{a: {pattern: "("}}', "2 'pattern' is not a pattern that can be used (RE2: no look-around, no back references)"],
    [
      '{a: {pattern: "(?=x)"}}',
      "2 'pattern' is not a pattern that can be used (RE2: no look-around, no back references)",
    ],
    ['{a: {min: 5, max: 1, type: integer}}', "2 The lower limit of input 'a' is above the upper one"],
    ['{a: {type: integer, default: x}}', "2 The default is not valid: Input 'a' must be a whole number"],
    ['{a: {default: c, enum: [a, b]}}', "2 The default is not valid: Input 'a' must be one of a, b"],
    ['{a: {default: "{{ nowhere }}"}}', '2 This text references undefined variable: nowhere'],
    ['[{type: string}]', "2 An input in a list needs 'name'"],
    ['[{name: a}, {name: a}]', '2 Duplicate input: a'],
    ['text', "2 'inputs' must be a map, it is a text"],
  ])('%s: %s', (yaml, message) => {
    expect(errors(frontmatter(`inputs: ${yaml}`))).toEqual([message]);
  });

  it('warns of unknown keys', () => {
    expect(problems(frontmatter('inputs: {a: {requird: true}}'))).toEqual([
      "2 warning Unknown key 'requird' -> Did you mean 'required'?",
    ]);
  });
});

describe('coerceInputs (SPEC §1.8)', () => {
  it.each<[string, Json, Json | undefined]>([
    ['string', 'x', 'x'],
    ['string', 5, '5'],
    ['string', true, 'true'],
    ['string', [1], undefined],
    ['integer', '42', 42],
    ['integer', ' -7 ', -7],
    ['integer', '5.0', 5],
    ['integer', 5, 5],
    ['integer', '5.5', undefined],
    ['integer', 5.5, undefined],
    ['integer', '0x10', undefined],
    ['integer', 'NaN', undefined],
    ['integer', '', undefined],
    ['integer', '99999999999999999999', '99999999999999999999'],
    ['integer', true, undefined],
    ['number', '1.5', 1.5],
    ['float', '.5', 0.5],
    ['number', '1e3', 1000],
    ['number', 'Infinity', undefined],
    ['number', '1,5', undefined],
    ['boolean', 'YES', true],
    ['boolean', 'no', false],
    ['boolean', '1', true],
    ['boolean', 0, false],
    ['boolean', false, false],
    ['boolean', 'on', undefined],
    ['object', '{"a": [1]}', { a: [1] }],
    ['object', { a: 1 }, { a: 1 }],
    ['object', '[1]', undefined],
    ['object', '{', undefined],
    ['array', '[1, "a"]', [1, 'a']],
    ['array', 'a, b ,c', ['a', 'b', 'c']],
    ['array', '', []],
    ['array', '[1', undefined],
    ['array', [1], [1]],
    ['array', 5, undefined],
  ])('%s from %j is %j', (type, given, value) => {
    const read = coerce(`{v: {type: ${type}}}`, { v: given });
    if (value === undefined) expect(read.problems).toMatchObject([{ name: 'v', code: 'input.invalid' }]);
    else expect(read).toEqual({ values: { v: value }, problems: [] });
  });

  it.each<[string, Json, string]>([
    ['{v: {enum: [a, b]}}', 'c', "Input 'v' must be one of a, b"],
    ['{v: {type: integer, enum: [1, "2"]}}', 3, "Input 'v' must be one of 1, 2"],
    ['{v: {type: number, min: 2}}', 1, "Input 'v' must be at least 2"],
    ['{v: {type: number, max: 2}}', 3, "Input 'v' must be at most 2"],
    ['{v: {minLength: 2}}', '😀', "Input 'v' must have at least 2 characters"],
    ['{v: {maxLength: 2}}', 'abc', "Input 'v' must have at most 2 characters"],
    ['{v: {type: array, validation: {minLength: 1}}}', '', "Input 'v' must have at least 1 items"],
    ['{v: {pattern: "^[a-z]+$"}}', 'A', "Input 'v' does not have the form that is asked for"],
    [
      '{v: {pattern: "^[a-z]+$", description: "Small letters"}}',
      'A',
      "Input 'v' does not have the form that is asked for: Small letters",
    ],
    [
      '{v: {pattern: "^[a-z]+$", default: abc}}',
      'A',
      "Input 'v' does not have the form that is asked for, such as abc",
    ],
    ['{v: {pattern: "^(a+)+$"}}', `${'a'.repeat(5000)}!`, "Input 'v' does not have the form that is asked for"],
  ])('%s refuses %j', (yaml, given, message) => {
    expect(coerce(yaml, { v: given })).toEqual({
      values: {},
      problems: [{ name: 'v', code: 'input.invalid', message }],
    });
  });

  it('needs what is required', () => {
    for (const given of [{}, { v: null }]) {
      expect(coerce('{v: {required: true}}', given).problems).toEqual([
        { name: 'v', code: 'input.required', message: 'Required input not provided: v' },
      ]);
    }
    expect(coerce('{v: {}}', {})).toEqual({ values: {}, problems: [] });
    expect(coerce('{v: {required: true, default: d}}', { v: null }).values).toEqual({ v: 'd' });
  });

  it('refuses names nobody defined', () => {
    expect(coerce('{limit: 5}', { limt: 1, constructor: 2 }).problems).toEqual([
      { name: 'limt', code: 'input.unknown', message: 'Unknown input: limt', fix: "Did you mean 'limit'?" },
      { name: 'constructor', code: 'input.unknown', message: 'Unknown input: constructor' },
    ]);
  });

  it('renders defaults over now and env, then coerces them', () => {
    const yaml =
      '{day: "{{ now.strftime(\'%Y-%m-%d\') }}", city: {default: "{{ env.HOME_CITY }}"}, year: {type: integer, default: "{{ now.year }}"}, at: {default: "{{ now }}"}, list: {type: array, default: "{{ [1, 2] }}"}}';
    expect(coerce(yaml, {})).toEqual({
      values: {
        day: '2026-01-22',
        city: 'Bonn',
        year: 2026,
        at: expect.stringContaining('2026-01-22T08:00:00'),
        list: [1, 2],
      },
      problems: [],
    });
    expect(coerce('{v: 5, w: {type: integer, default: "7"}}', {}).values).toEqual({ v: '5', w: 7 });
  });
});
