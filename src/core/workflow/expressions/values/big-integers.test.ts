import { describe, expect, test } from 'vitest';
import { evaluateCondition, renderText, renderValue, scopeOf } from '../index.ts';

const ID = '1182937465019283746';
const DATA = {
  id: ID,
  n: 5,
  json: `{"id": ${ID}, "n": 1, "x": NaN, "f": 1.0}`,
  list: '[9007199254740993, -9007199254740993, 1]',
  orders: [{ id: ID }, { id: '1182937465019283745' }, { id: 7 }, { id: '-9007199254740993' }],
};
const lone = (source: string) => {
  const { value, warnings } = renderValue(source, scopeOf(DATA), { now: 0 });
  return { value, warnings: warnings.map((one) => one.message) };
};
const kept = (digits: string): string => `${digits} is kept as text: no number can hold its digits.`;

describe('integers beyond 2^53 keep their digits (SPEC 3.3)', () => {
  test.each<[string, unknown, string[]]>([
    ['{{ 12345678901234567890 }}', '12345678901234567890', [kept('12345678901234567890')]],
    ['{{ -12345678901234567890 }}', '-12345678901234567890', [kept('-12345678901234567890')]],
    ['{{ 12_345_678_901_234_567_890 }}', '12345678901234567890', [kept('12345678901234567890')]],
    ['{{ 0xFFFFFFFFFFFFFFFF }}', '18446744073709551615', [kept('18446744073709551615')]],
    ['{{ 9007199254740991 }}', 9007199254740991, []],
    ['{{ 1e20 }}', 1e20, []],
    ['{{ 1.5 }}', 1.5, []],
    ['{{ id | int }}', ID, [kept(ID)]],
    ["{{ '+00012345678901234567890.75' | int }}", '12345678901234567890', [kept('12345678901234567890')]],
    ["{{ '-9007199254740993' | int }}", '-9007199254740993', [kept('-9007199254740993')]],
    ["{{ 'ffffffffffffffff' | int(base=16) }}", '18446744073709551615', [kept('18446744073709551615')]],
    ["{{ '42.9' | int }}", 42, []],
    ['{{ id | float }}', 1182937465019283700, [`${ID} is rounded: no number can hold its digits.`]],
    [
      '{{ (json | fromjson).id }}',
      ID,
      [`id: ${ID} is kept as text`, 'x: NaN is no number that can be kept; it became null'],
    ],
    [
      '{{ (json | fromjson).x }}',
      null,
      [`id: ${ID} is kept as text`, 'x: NaN is no number that can be kept; it became null'],
    ],
    [
      '{{ 9007199254740991 + 2 }}',
      9007199254740992,
      ["The result of '+' is too large to be exact and may be rounded."],
    ],
    ['{{ 10 ** 20 }}', 1e20, ["The result of '**' is too large to be exact and may be rounded."]],
    ['{{ 3 / 2 }}', 1.5, []],
  ])('%s', (source, value, warnings) => {
    const found = lone(source);
    expect(found.value).toEqual(value);
    expect(found.warnings).toEqual(warnings);
  });

  test('text that holds them shows every digit', () => {
    expect(
      renderText('order {{ id }} {{ (json | fromjson).id }} {{ json | fromjson | tojson }}', scopeOf(DATA), { now: 0 })
        .text,
    ).toBe(`order ${ID} ${ID} {"id": "${ID}", "n": 1, "x": null, "f": 1}`);
    expect(renderText("{{ list | fromjson | sort | join(' ') }}", scopeOf(DATA), { now: 0 }).text).toBe(
      '-9007199254740993 1 9007199254740993',
    );
  });

  test('arithmetic does not round them in silence', () => {
    for (const source of ['{{ id + 1 }}', '{{ (id | int) + 1 }}', '{{ 12345678901234567890 - 1 }}', '{{ [id] | sum }}'])
      expect(() => lone(source)).toThrowError(expect.objectContaining({ code: 'template.type_error' }) as Error);
  });

  test('they are compared by value', () => {
    const conditions: readonly (readonly [string, boolean])[] = [
      [`id == ${ID}`, true],
      ['id == 1182937465019283747', false],
      ['id > 1182937465019283745', true],
      ['id > 12345678901234567890', false],
      ['n < 12345678901234567890', true],
      ['"5" < 12345678901234567890', true],
      ['id > n', true],
      ['-12345678901234567890 < n', true],
      [`id in [${ID}]`, true],
      ['1 < 9007199254740993 < 9007199254740995', true],
    ];
    for (const [source, expected] of conditions)
      expect([source, evaluateCondition(source, scopeOf(DATA), { now: 0 }).value]).toEqual([source, expected]);
    expect(renderText('{% if id > 100 %}large{% endif %}', scopeOf(DATA), { now: 0 }).text).toBe('large');
    expect(
      renderText("{{ orders | sort(attribute='id') | join(' ', attribute='id') }}", scopeOf(DATA), { now: 0 }).text,
    ).toBe(`-9007199254740993 7 1182937465019283745 ${ID}`);
    expect(lone("{{ (orders | max(attribute='id')).id }}").value).toBe(ID);
  });

  test('a text of very many digits is text and costs nothing', () => {
    const digits = '9'.repeat(100_000);
    expect(evaluateCondition('d == d and not (d < 5)', scopeOf({ d: digits }), { now: 0 }).value).toBe(true);
    expect(renderValue('{{ d | int }}', scopeOf({ d: digits }), { now: 0 }).value).toBe(0);
  });
});
