import { describe, expect, it } from 'vitest';
import { canonicalJson, depthOfText, isBigIntegerText, isDeeperThan, readJson, readJsonOrNull } from './json.ts';

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

  it('is no JSON: a lone word, a word as a key, half a text', () => {
    for (const text of ['NaN', 'Infinity', '{NaN: 1}', '{"a": NaN', '[xNaN]', '']) {
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

  it('measures depth of values and texts', () => {
    expect(isDeeperThan([[1]], 1)).toBe(true);
    expect(isDeeperThan([[1]], 2)).toBe(false);
    expect([depthOfText('[[1], "[[["]'), depthOfText('plain [')]).toEqual([2, 0]);
  });

  it('gives one text whatever the order of keys', () => {
    expect(canonicalJson({ b: 1, a: [undefined, { d: null, c: undefined }] })).toBe('{"a":[null,{"d":null}],"b":1}');
  });
});
