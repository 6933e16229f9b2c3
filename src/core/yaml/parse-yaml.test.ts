import { describe, expect, it } from 'vitest';
import {
  locate,
  parseYaml,
  readYamlFile,
  readYamlList,
  scalarText,
  YAML_LIMITS,
  type YamlOptions,
  yamlSource,
} from './index.ts';

const parse = (text: string, options?: YamlOptions) =>
  parseYaml(yamlSource(text), { tokens: YAML_LIMITS.tokens }, options);
const messages = (text: string): readonly string[] => parse(text).problems.map(({ at, message }) => `${at} ${message}`);

describe('parseYaml', () => {
  it('gives values with their places', () => {
    const { node, problems } = parse('a: 1\nb: [x, true]\nc:\n');
    expect(problems).toEqual([]);
    expect(node.value).toEqual({ a: 1, b: ['x', true], c: null });
    expect(node.kind === 'map' && node.entries.get('b')).toMatchObject({ at: 5, node: { at: 8, kind: 'list' } });
  });

  it.each([
    ['a: 1\na: 2', "5 Key 'a' is written twice"],
    ['a: *b', "3 Alias '*b' has no anchor before it"],
    ['a: &a [*a]', "7 Alias '*a' has no anchor before it"],
    ['a: .inf', "3 '.inf' is not a number that can be stored"],
    ['a: !x 1', "3 Tag '!x' is not allowed"],
    ['a: !!binary &b aGk=', "3 Tag '!!binary' is not allowed"],
    ['a: {b: !x [1]}', "7 Tag '!x' is not allowed"],
    ['{a: 1}: 2', '0 A key must be a text'],
    ['__proto__: 1', "0 Key '__proto__' is not allowed"],
    ['a: 1\n---\nb: 2', '5 It holds more than one YAML document'],
  ])('%j: %s', (text, expected) => expect(messages(text)[0]).toBe(expected));

  it.each([
    ['a: 9007199254740993', '9007199254740993', 'a: 9007199254740993 is kept as text'],
    ['a: {b: [1, -0012345678901234567890]}', '-12345678901234567890', 'a.b[1]: -12345678901234567890 is kept as text'],
    ['a: 0xFFFFFFFFFFFFFFFF', '18446744073709551615', 'a: 18446744073709551615 is kept as text'],
    [`a: ${'9'.repeat(400)}`, '9'.repeat(400), `a: ${'9'.repeat(400)} is kept as text`],
  ])('%s keeps its digits as text, with a warning', (text, digits, message) => {
    const { node, problems } = parse(text);
    expect(JSON.stringify(node.value)).toContain(JSON.stringify(digits));
    expect(problems).toEqual([expect.objectContaining({ severity: 'warning', message })]);
  });

  it('keeps the spelling of plain scalars beside their value', () => {
    const { node } = parse('[3.10, 01234, 1e7, True, 0x1F, on, "1.0", ~, 12345678901234567890, {}]');
    expect(node.kind === 'list' && node.items.map(scalarText)).toEqual([
      ...['3.10', '01234', '1e7', 'True', '0x1F', 'on', '1.0', undefined, '12345678901234567890', undefined],
    ]);
  });

  it.each([
    ['a\u00a0b: 1', '1 U+00A0 (no-break space) in a key is no space, it only looks like one'],
    ['name\u200b: x', '4 U+200B (zero-width space) in a key is no space, it only looks like one'],
    ['a:\n\u00a0 b: 1', '3 U+00A0 (no-break space) in a key is no space, it only looks like one'],
    ['a:\n  - b\n   \u3000c', '12 U+3000 (ideographic space) in an indent is no space, it only looks like one'],
    ['a:\n  b:\u202fc', '7 U+202F (narrow no-break space) behind a colon is no space, it only looks like one'],
  ])('%j: %s', (text, expected) => {
    const { problems } = parse(text);
    expect(problems.map(({ at, message }) => `${at} ${message}`)).toContain(expected);
    expect(problems.find(({ message }) => message.includes('looks like'))?.fix).toMatch(
      /^Replace it with an ordinary space\./,
    );
  });

  it.each([
    '"a\u00a0b": 1',
    'a: Note\u00a0:\u00a0x',
    'a: |\n  one\n  \u00a0two',
    'a: "one\n  \u00a0two"',
    'a: [\u00a0b, c\u00a0d]',
  ])('%j is text as it stands', (text) => expect(parse(text).problems).toEqual([]));

  it('stops at its limits', () => {
    expect(messages('['.repeat(200_000))[0]).toMatch(/nested more than 100 levels/);
    expect(messages('k: 1\n'.repeat(50_000))).toEqual([expect.stringMatching(/too many values/)]);
    expect(messages(`a: &a [${'x,'.repeat(5000)}x]\nb: [*a, *a]`)).toEqual([expect.stringMatching(/more than 10,000/)]);
  });

  it('counts the tokens of several texts together', () => {
    const budget = { tokens: 20 };
    expect(parseYaml(yamlSource('a: 1'), budget).problems).toEqual([]);
    expect(parseYaml(yamlSource('a: [1, 2, 3, 4, 5]'), budget).problems).toHaveLength(1);
  });

  it('takes `__proto__` for a key where that is asked for', () => {
    const { node, problems } = parse('__proto__: {x: 1}', { keepsProtoKey: true });
    expect(problems).toEqual([]);
    expect(Object.keys(node.value as object)).toEqual(['__proto__']);
    expect((node.value as { x?: unknown }).x).toBeUndefined();
  });
});

describe('readYamlFile', () => {
  it('passes over a byte order mark', () => {
    const node = readYamlFile({ file: 'x.yaml', text: '\uFEFFa: 1\nb: 2' }, () => {});
    expect(node?.value).toEqual({ a: 1, b: 2 });
    const second = node?.kind === 'map' ? node.entries.get('b') : undefined;
    expect(second && locate(second)).toEqual({ file: 'x.yaml', line: 2, column: 1 });
  });

  it('gives no value where there is an error, and takes a warning', () => {
    const told: string[] = [];
    const reading = (text: string) =>
      readYamlFile({ file: 'x.yaml', text }, (severity, _, at) => told.push(`${severity} ${at.at}`));
    expect(reading('a: 1\na: 2')).toBeNull();
    expect(reading('a: 12345678901234567890')).toMatchObject({ kind: 'map' });
    expect(told).toEqual(['error 5', 'warning 3']);
  });
});

describe('readYamlList', () => {
  it.each(['1e400', '.nan', '!mine 3', '*nobody', '{b: 1, b: 2}'])(
    'keeps the rest beside the wrong value %s',
    (wrong) => {
      const { node, error, wrongValues } = readYamlList({ file: 'x.yaml', text: `- ${wrong}\n- fine` });
      expect(error).toBeNull();
      expect(wrongValues).toHaveLength(1);
      expect(node?.kind === 'list' && node.items[1]?.value).toBe('fine');
    },
  );

  it.each(['- {a: 1', '- "open', `- ${'['.repeat(200)}`, '- a\n---\n- b'])(
    'gives no value for the broken text %s',
    (text) =>
      expect(readYamlList({ file: 'x.yaml', text })).toMatchObject({ node: null, error: { severity: 'error' } }),
  );
});
