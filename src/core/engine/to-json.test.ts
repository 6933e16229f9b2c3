import { expect, it } from 'vitest';
import type { StepWarning } from '../../shared/model/run.ts';
import { toJson } from './to-json.ts';

function convert(value: unknown) {
  const warnings: StepWarning[] = [];
  return { value: toJson(value, warnings), messages: warnings.map((one) => one.message) };
}

it('leaves plain values as they are', () => {
  const value = { a: [1, 2.5, 1e300, 'x', true, null, { b: -(2 ** 53 - 1) }], c: 10n };
  expect(convert(value)).toEqual({ value: { ...value, c: 10 }, messages: [] });
});

it.each([
  [
    { orders: [{ id: 12345678901234567890n }] },
    { orders: [{ id: '12345678901234567890' }] },
    'orders[0].id: 12345678901234567890 is kept as text',
  ],
  [-9007199254740993n, '-9007199254740993', 'value: -9007199254740993 is kept as text'],
  [[2 ** 53], ['9007199254740992'], '[0]: 9007199254740992 is kept as text'],
  [{ n: Number.NaN }, { n: null }, 'n: NaN cannot be stored; it became null'],
  [{ f: () => 1 }, { f: null }, 'f: function cannot be stored; it became null'],
  [{ u: undefined }, { u: null }, 'u: undefined cannot be stored; it became null'],
  [new Date(Number.NaN), null, 'value: an invalid date cannot be stored; it became null'],
])('case %#: says where', (given, value, message) => {
  expect(convert(given)).toEqual({ value, messages: [message] });
});

it('cuts off what nests without end', () => {
  const round: Record<string, unknown> = {};
  round.again = round;
  expect(convert(round).messages).toHaveLength(1);
});

it('keeps a key that would change what a map inherits from, as a value', () => {
  const { value } = convert(JSON.parse('{"__proto__": {"a": 1}, "b": 2}'));
  expect(JSON.stringify(value)).toBe('{"__proto__":{"a":1},"b":2}');
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});
