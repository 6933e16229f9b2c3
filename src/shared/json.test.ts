import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  depthOfText,
  isBigIntegerText,
  isDeeperThan,
  MAX_JSON_DEPTH,
  readJson,
  readJsonOrNull,
  readShallowJson,
} from './json.ts';

describe('readJson', () => {
  it('reads what JSON.parse reads, without a notice', () => {
    for (const text of [
      '1',
      '-0',
      '"a"',
      'null',
      '[1.5e3,{"a":[]}]',
      '{"a":9007199254740991}',
      '1e300',
      '"12345678901234567890"',
    ])
      expect(readJson(text)).toEqual({ value: JSON.parse(text), notices: [] });
  });

  it('keeps the digits of an integer beyond 2^53 as text and says where', () => {
    expect(readJson('{"orders":[{"id":1182937465019283746},{"id":-9007199254740993}],"n":9007199254740992}')).toEqual({
      value: { orders: [{ id: '1182937465019283746' }, { id: '-9007199254740993' }], n: '9007199254740992' },
      notices: [
        { path: 'orders[0].id', message: 'orders[0].id: 1182937465019283746 is kept as text' },
        { path: 'orders[1].id', message: 'orders[1].id: -9007199254740993 is kept as text' },
        { path: 'n', message: 'n: 9007199254740992 is kept as text' },
      ],
    });
    expect(readJson('12345678901234567890').value).toBe('12345678901234567890');
  });

  it('makes NaN and endless numbers in maps and lists null, and leaves words in texts', () => {
    const read = readJson('{"mean": NaN, "max": [Infinity, -Infinity, 1e999], "note": "NaN \\"Infinity", "count": 3}');
    expect(read.value).toEqual({ mean: null, max: [null, null, null], note: 'NaN "Infinity', count: 3 });
    expect(read.notices.map((notice) => notice.message)).toEqual([
      'mean: NaN is no number that can be kept; it became null',
      'max[0]: Infinity is no number that can be kept; it became null',
      'max[1]: -Infinity is no number that can be kept; it became null',
      'max[2]: 1e999 is no number that can be kept; it became null',
    ]);
  });

  it.each([
    ['digits in a text are no number', '{"card": "1234567890123456", "n": 1}', []],
    ['digits behind such a text', '{"card": "1234567890123456", "n": 12345678901234567}', ['n']],
    ['a quote in a text', '["\\"12345678901234567", 12345678901234567]', ['[1]']],
    ['a slash at the end of a text', '["12345678901234567\\\\", 12345678901234567]', ['[1]']],
    ['digits of a key', '{"12345678901234567": 1}', []],
    ['digits behind a point', '[0.12345678901234567, 1.00000000000000000000]', []],
    ['digits before a point', '[12345678901234567.5]', []],
    ['an exponent behind a long fraction', '[0.12345678901234567e400]', ['[0]']],
  ])('%s', (_, text, paths) => {
    const { value, notices } = readJson(text);
    expect(notices.map(({ path }) => path)).toEqual(paths);
    if (paths.length === 0) expect(value).toEqual(JSON.parse(text));
  });

  it('loses no digit, whatever stands around it', () => {
    const leaf = fc.oneof(
      fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String),
      fc.string().map((text) => JSON.stringify(text)),
      fc.constantFrom('"1234567890123456789"', '"\\\\"', '"\\""', '0.1234567890123456789', '1e5'),
    );
    fc.assert(
      fc.property(fc.array(leaf), (leaves) => {
        const read = readJson(`[${leaves.join(',')}]`).value as readonly unknown[];
        const isSafe = (text: string) => Number.isSafeInteger(Number(text));
        const wanted = leaves.map((text) => (/^-?\d+$/.test(text) && !isSafe(text) ? text : JSON.parse(text)));
        expect(read).toEqual(wanted);
      }),
    );
  });

  it('is no JSON: a lone word, a word as a key, half a text', () => {
    for (const text of [
      'NaN',
      'Infinity',
      '{NaN: 1}',
      '{"a": NaN',
      '[xNaN]',
      '',
      '{12345678901234567 : 1}',
      '[01234567890123456]',
      '[1234567890123456e]',
    ]) {
      expect(() => readJson(text)).toThrow(SyntaxError);
      expect(readJsonOrNull(text)).toBeNull();
    }
  });

  it('keeps __proto__ an own key', () => {
    const { value } = readJson('{"__proto__":{"id":12345678901234567890}}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as { id?: unknown }).id).toBeUndefined();
  });
});

describe('the rest of the kernel', () => {
  it('knows the texts that stand for integers', () => {
    expect(['9007199254740992', '-1182937465019283746'].every(isBigIntegerText)).toBe(true);
    expect(['9007199254740991', '01182937465019283746', '1.5', '12345678901234567890x', 5].some(isBigIntegerText)).toBe(
      false,
    );
  });

  it('reads nothing that nests too deep', () => {
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(readShallowJson(nested(MAX_JSON_DEPTH))?.notices).toEqual([]);
    expect(readShallowJson(` ${nested(MAX_JSON_DEPTH + 1)}`)).toBeNull();
    expect(readShallowJson('{')).toBeNull();
  });

  it('measures depth of values and texts', () => {
    expect(isDeeperThan([[1]], 1)).toBe(true);
    expect(isDeeperThan([[1]], 2)).toBe(false);
    expect([depthOfText('[[1], "[[["]'), depthOfText('plain [')]).toEqual([2, 0]);
    const texts = [
      String.raw`["a\"[[", [1]]`,
      String.raw`["a\\", [[1]]]`,
      String.raw`["\\\"[[[["]`,
      '["", {"a": []}]',
      '["[[[',
    ];
    expect(texts.map(depthOfText)).toEqual([2, 3, 1, 3, 1]);
  });

  it('gives one text whatever the order of keys', () => {
    expect(canonicalJson({ b: 1, a: [undefined, { d: null, c: undefined }] })).toBe('{"a":[null,{"d":null}],"b":1}');
  });
});
