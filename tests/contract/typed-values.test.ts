import { describe, expect, it, test } from 'vitest';
import { coerceParameters } from '../../src/core/tools/script/coerce-parameters.ts';
import { coerceInputs } from '../../src/core/workflow/index.ts';
import { checkField, toInputs } from '../../src/renderer/ui/form-values.ts';
import type { Json } from '../../src/shared/json.ts';
import type { InputDefinition } from '../../src/shared/model/workflow.ts';
import { checkRules, coerceValue, type ValueRules, type ValueType } from '../../src/shared/typed-values.ts';

/** One table for the kernel, the engine's inputs, the parameters of scripts and the forms: they agree on every vector (SPEC §1.8). */
const NONE = Symbol('no value of the type');

const TEXTS: readonly (readonly [ValueType, string, Json | typeof NONE])[] = [
  ['string', 'a', 'a'],
  ['string', ' 3.10 ', ' 3.10 '],
  ['string', 'null', 'null'],
  ['integer', '42', 42],
  ['integer', ' -7 ', -7],
  ['integer', '+7', 7],
  ['integer', '007', 7],
  ['integer', '1.0', 1],
  ['integer', '1e3', 1000],
  ['integer', '1.5', NONE],
  ['integer', '1e-3', NONE],
  ['integer', '1e300', NONE],
  ['integer', '9007199254740991', 9007199254740991],
  ['integer', '9007199254740993', '9007199254740993'],
  ['integer', '+009007199254740993', '9007199254740993'],
  ['integer', '-12345678901234567890', '-12345678901234567890'],
  ['integer', '1_000', NONE],
  ['integer', '0x10', NONE],
  ['integer', 'NaN', NONE],
  ['integer', '１２', NONE],
  ['number', '1.', 1],
  ['number', '.5', 0.5],
  ['number', '1e3', 1000],
  ['number', '3.10', 3.1],
  ['number', '12345678901234567890', '12345678901234567890'],
  ['number', 'Infinity', NONE],
  ['number', '1e999', NONE],
  ['number', '1,5', NONE],
  ['float', '2', 2],
  ['float', 'two', NONE],
  ['boolean', 'YES', true],
  ['boolean', ' no ', false],
  ['boolean', '1', true],
  ['boolean', '0', false],
  ['boolean', 'on', NONE],
  ['boolean', '2', NONE],
  ['object', '{"a": 12345678901234567890}', { a: '12345678901234567890' }],
  ['object', '[1]', NONE],
  ['object', 'null', NONE],
  ['object', '{"a"', NONE],
  ['object', `${'{"a":'.repeat(300)}1${'}'.repeat(300)}`, NONE],
  ['array', ' [1, "2"] ', [1, '2']],
  ['array', 'a, b ,c', ['a', 'b', 'c']],
  ['array', 'one', ['one']],
  ['array', '[1', NONE],
];

const VALUES: readonly (readonly [ValueType, Json, Json | typeof NONE])[] = [
  ['string', 5, '5'],
  ['string', true, 'true'],
  ['string', null, NONE],
  ['string', [], NONE],
  ['integer', 1.5, NONE],
  ['integer', true, NONE],
  ['number', true, NONE],
  ['boolean', 1, true],
  ['boolean', 0, false],
  ['boolean', 2, NONE],
  ['object', { a: null }, { a: null }],
  ['object', [], NONE],
  ['array', { length: 1 }, NONE],
  ['array', [null], [null]],
];

const define = (type: ValueType, rules: ValueRules = {}): InputDefinition => ({
  ...{ name: 'x', type, description: '', required: false, secret: false },
  ...rules,
});

const inputOf = (definition: InputDefinition, value: Json): Json | typeof NONE =>
  coerceInputs([definition], { x: value }, { now: 0, env: {} }).values.x ?? NONE;

function parameterOf(definition: InputDefinition, value: Json): Json | typeof NONE {
  const operation = { name: 'op', description: '', parameters: [definition], idempotent: false, readOnly: false };
  try {
    return coerceParameters(operation, { x: value }).values.x ?? NONE;
  } catch {
    return NONE;
  }
}

const fieldOf = (definition: InputDefinition, text: string): Json | typeof NONE =>
  checkField(definition, text) === null ? (toInputs([definition], { x: text }).x ?? NONE) : NONE;

describe('types', () => {
  it.each(TEXTS)('%s of the text %j is %j', (type, text, expected) => {
    const definition = define(type);
    const found = {
      kernel: coerceValue(type, text) ?? NONE,
      engine: inputOf(definition, text),
      script: parameterOf(definition, text),
      // A tick stands for a boolean: there is no text to read.
      form: type === 'boolean' ? expected : fieldOf(definition, text),
    };
    expect(found).toEqual({ kernel: expected, engine: expected, script: expected, form: expected });
  });

  it.each(VALUES)('%s of %j is %j', (type, value, expected) => {
    const found = [coerceValue(type, value) ?? NONE, inputOf(define(type), value), parameterOf(define(type), value)];
    expect(found).toEqual([expected, expected, expected]);
  });
});

const RULES: readonly (readonly [ValueType, ValueRules, string, boolean])[] = [
  ['string', { maxLength: 2 }, '👍👍', true],
  ['string', { minLength: 2 }, '👍', false],
  ['string', { maxLength: 1 }, 'e\u0301', false],
  ['array', { maxLength: 2 }, 'a, b', true],
  ['array', { minLength: 3 }, 'a, b', false],
  ['array', { maxLength: 1 }, '[1, 2]', false],
  ['integer', { min: 1, max: 3 }, '3.0', true],
  ['integer', { min: 1, max: 3 }, '4', false],
  ['integer', { max: 9007199254740992 }, '9007199254740993', false],
  ['integer', { min: -5 }, '-12345678901234567890', false],
  ['number', { min: 0.5 }, '.5', true],
  ['number', { min: 0.5 }, '0.4999', false],
];

test.each(RULES)('%s with %o: %j is %s', (type, rules, text, isGood) => {
  const definition = define(type, rules);
  const value = coerceValue(type, text);
  const found = {
    kernel: value !== undefined && checkRules(type, rules, value) === null,
    engine: inputOf(definition, text) !== NONE,
    form: fieldOf(definition, text) !== NONE,
  };
  expect(found).toEqual({ kernel: isGood, engine: isGood, form: isGood });
});

test.each<readonly [ValueType, readonly Json[], Json, boolean]>([
  ['string', ['3.10', '3.9'], '3.10', true],
  ['string', [1, 2], '1', true],
  ['string', ['yes'], true, false],
  ['integer', ['1', 2], 1, true],
  ['integer', [1], '1.0', true],
  ['integer', ['9007199254740993'], '9007199254740993', true],
  ['object', [{ b: 1, a: 2 }], '{"a": 2, "b": 1}', true],
  ['array', [['a']], 'b', false],
])('%s of %j: %j is listed: %s', (type, listed, value, isListed) => {
  const definition = define(type, { enum: listed });
  expect([inputOf(definition, value) !== NONE, parameterOf(definition, value) !== NONE]).toEqual([isListed, isListed]);
});
