import { expect, test } from 'vitest';
import type { Json, JsonMap } from '../../../shared/json.ts';
import type { ToolOperation, ToolParameter } from '../../../shared/model/bundle.ts';
import { checkParameters, coerceParameters } from './coerce-parameters.ts';

function operation(...parameters: (Partial<ToolParameter> & { name: string })[]): ToolOperation {
  const full = parameters.map(
    (one): ToolParameter => ({ type: 'string', required: false, description: '', secret: false, ...one }),
  );
  return { name: 'op', description: '', parameters: full, idempotent: false, readOnly: false };
}

const accepted: readonly [ToolParameter['type'], Json, Json][] = [
  ['string', 5, '5'],
  ['string', true, 'true'],
  ['integer', '42', 42],
  ['integer', '-7', -7],
  ['integer', '3.0', 3],
  ['number', '1.5', 1.5],
  ['float', 2, 2],
  ['boolean', 'YES', true],
  ['boolean', '0', false],
  ['boolean', 1, true],
  ['object', '{"a": 1}', { a: 1 }],
  ['array', '[1, 2]', [1, 2]],
  ['array', 'a, b ,c', ['a', 'b', 'c']],
  ['array', '', []],
];
test.each(accepted)('%s takes %j as %j', (type, value, expected) => {
  expect(coerceParameters(operation({ name: 'p', type }), { p: value }).values).toEqual({ p: expected });
});

const refused: readonly [ToolParameter['type'], Json][] = [
  ['string', [1]],
  ['integer', '1.5'],
  ['integer', 'NaN'],
  ['integer', ''],
  ['number', 'Infinity'],
  ['number', '0x10'],
  ['number', true],
  ['boolean', 'maybe'],
  ['boolean', 2],
  ['object', '[1]'],
  ['object', 'no json'],
  ['array', '{"a": 1}'.slice(1)],
  ['array', { a: 1 }],
];
test.each(refused.filter(([type, value]) => !(type === 'array' && typeof value === 'string')))(
  '%s refuses %j',
  (type, value) => {
    expect(() => coerceParameters(operation({ name: 'p', type }), { p: value })).toThrow(/Parameter 'p' must be/);
  },
);

test('map order, then defaults in declared order; null counts as not given', () => {
  const op = operation({ name: 'a', default: 'A' }, { name: 'b' }, { name: 'c', default: 'C' }, { name: 'd' });
  const { values } = coerceParameters(op, { d: 'x', b: 'y', c: null });
  expect(Object.entries(values)).toEqual([
    ['d', 'x'],
    ['b', 'y'],
    ['a', 'A'],
    ['c', 'C'],
  ]);
});

test('required, enum and undeclared ones', () => {
  const op = operation({ name: 'mode', enum: ['fast', 'slow'] }, { name: 'count', type: 'integer', required: true });
  const failing = (inputs: JsonMap) => () => coerceParameters(op, inputs);
  expect(failing({})).toThrow('Required parameter not provided: count');
  expect(failing({ count: null })).toThrow('Required parameter not provided: count');
  expect(failing({ count: 1, mode: 'medium' })).toThrow(
    "Parameter 'mode' must be one of the listed values: fast, slow",
  );
  expect(failing({ count: 1, cuont: 2 })).toThrow('Unknown parameter: cuont');
  const dropped = coerceParameters(op, { count: '1', mdoe: '', other: null, more: [] });
  expect(dropped.values).toEqual({ count: 1 });
  expect(dropped.warnings.map(({ message }) => message)).toEqual([
    "Unknown parameter 'mdoe' is empty and was dropped",
    "Unknown parameter 'other' is empty and was dropped",
    "Unknown parameter 'more' is empty and was dropped",
  ]);
});

test('a secret goes apart and stands in no message', () => {
  const op = operation({ name: 'key', secret: true, enum: ['hush'] }, { name: 'pin', type: 'integer', secret: true });
  expect(coerceParameters(op, { key: 'hush', pin: 12 })).toMatchObject({
    values: {},
    secrets: { key: 'hush', pin: '12' },
  });
  for (const inputs of [{ key: 'wrong-key' }, { pin: 'wrong-pin' }]) {
    expect(() => coerceParameters(op, inputs)).toThrow(/^(?!.*(?:hush|wrong)).*$/);
  }
});

test('nothing declared: everything is passed on unchecked', () => {
  const open: ToolOperation = { name: 'run', description: '', parameters: null, idempotent: false, readOnly: false };
  expect(coerceParameters(open, { a: [1], b: null }).values).toEqual({ a: [1], b: null });
});

test('before a run, values that are still open are any value', () => {
  const op = operation({ name: 'n', type: 'integer', required: true });
  const isOpen = (value: Json) => typeof value === 'string' && value.includes('{{');
  expect(checkParameters(op, { n: '{{ x }}' }, isOpen)).toEqual([]);
  expect(
    checkParameters(op, { n: 'x', m: '{{ x }}' }, isOpen).map(({ severity, parameter }) => [severity, parameter]),
  ).toEqual([
    ['error', 'n'],
    ['error', 'm'],
  ]);
});
