import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePrices } from './index.ts';

const FILE = '.aiworkflow/prices.yaml';
const models = (text: string): readonly string[] => parsePrices(text, FILE).rows.map((row) => row.model);
/** `line:column message` of each problem. */
const problems = (text: string): readonly string[] =>
  parsePrices(text, FILE).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('parsePrices', () => {
  it('reads amounts as they are written', () => {
    const text =
      'prices:\n  - {model: m, input: 0.10, output: "30", cached_input: 0.0000000001, valid_from: 2026-01-22, source: me}\n';
    expect(parsePrices(text, FILE)).toEqual({
      problems: [],
      rows: [
        {
          model: 'm',
          provider: null,
          input: 1_000_000_000,
          output: 300_000_000_000,
          cachedInput: 1,
          cacheWrite: null,
          reasoning: null,
          validFrom: Date.parse('2026-01-22'),
          validTo: null,
          source: 'me',
        },
      ],
    });
  });

  it.each([
    ['- 5', '1:3 This price does not count: it is no map'],
    ['- {model: m, input: "1", output: "1"}', "1:3 The price of m does not count: 'valid_from' is missing"],
    [
      '- {model: m, input: "1", output: "1", valid_from: }',
      "1:51 The price of m does not count: 'valid_from' is missing",
    ],
    [
      '- {model: m, input: , output: "1", valid_from: 2026-01-01}',
      "1:21 The price of m does not count: 'input' is missing",
    ],
    ['- {model: m, input: "1", output: ~, valid_from: 2026-01-01}', "not count: 'output' is missing"],
    ['- {input: "1", output: "1", valid_from: 2026-01-01}', "1:3 This price does not count: 'model' is missing"],
    [
      '- {model: null, input: "1", output: "1", valid_from: 2026-01-01}',
      "This price does not count: 'model' is missing",
    ],
    ['- {model: "*", input: "1", output: "1", valid_from: 2026-01-01}', 'not count: \'model: "*"\' needs a provider'],
    [
      '- {model: m, input: -1, output: "1", valid_from: 2026-01-01}',
      "1:21 The price of m does not count: 'input' must be an amount",
    ],
    [
      '- {model: m, input: 1e-3, output: "1", valid_from: 2026-01-01}',
      "1:21 The price of m does not count: 'input' must be an amount",
    ],
    [
      '- {model: m, input: "1", output: [1], valid_from: 2026-01-01}',
      "1:34 The price of m does not count: 'output' must be an amount",
    ],
    [
      '- {model: m, input: "1", output: "1", valid_from: soon}',
      "1:51 The price of m does not count: 'valid_from' must be a day",
    ],
    ['- {model: m, input: "1", output: "1", valid_from: 2026-13-01}', "'valid_from' must be a day"],
    ['- {model: m, input: "1", output: "1", valid_from: 2026-02-30}', "'valid_from' must be a day"],
    ['- {model: m, input: "1", output: "1", valid_from: 2026-01-02, valid_to: 2026-01-02}', "'valid_to' must be after"],
    [
      '- {model: m, input: "1", output: "1", valid_from: 2026-01-01, currency: EUR}',
      '1:73 The price of m does not count: only prices in USD',
    ],
    ['- {model: m, inputs: "1", input: "1", output: "1", valid_from: 2026-01-01}', "Unknown key 'inputs'"],
  ])('%j: %s', (text, expected) => {
    expect(models(text)).toEqual([]);
    expect(problems(text)).toEqual([expect.stringContaining(expected)]);
  });

  it('says with each problem where it stands and what to do', () => {
    const text = '- {model: m, input: "1", output: "1"}\n- {model: n, imput: "1", output: x, valid_from: 5}\n- 7\n';
    for (const problem of parsePrices(text, FILE).problems) {
      expect(problem).toMatchObject({ severity: 'error', code: 'price.invalid', file: FILE, line: expect.any(Number) });
      expect(problem.fix, problem.message).toMatch(/^(Add|Write|Remove|Did you mean) /);
    }
    expect(parsePrices(text, FILE).problems[0]?.fix).toContain("'valid_from: 2026-01-22'");
  });

  const good = (model: string): string => `  - {model: ${model}, input: 1, output: 1, valid_from: 2026-01-01}\n`;

  it.each([
    ['  - {model: b, input: 1e400, output: 1, valid_from: 2026-01-01}\n', "'input' must be an amount"],
    ['  - {model: b, input: 1, output: .inf, valid_from: 2026-01-01}\n', "'output' must be an amount"],
    ['  - {model: b, input: .nan, output: 1, valid_from: 2026-01-01}\n', "'input' must be an amount"],
    ['  - {model: b, input: !usd 1, output: 1, valid_from: 2026-01-01}\n', "Tag '!usd' is not allowed"],
    ['  - !price {model: b, input: 1, output: 1, valid_from: 2026-01-01}\n', "Tag '!price' is not allowed"],
    ['  - {model: b, input: *other, output: 1, valid_from: 2026-01-01}\n', "'input' is missing"],
    [
      '  - model: b\n    input: 1\n    output: 1\n    valid_from: 2026-01-01\n    input: 9\n',
      "Key 'input' is written twice",
    ],
    [
      '  - {model: b, input: 1, output: 1, valid_from: 2026-01-01, source: 1e400}\n',
      'is not a number that can be stored',
    ],
    ['  - {model: b, input: x, output: 1, valid_from: 2026-01-01}\n', "'input' must be an amount"],
  ])('leaves out only the row that is wrong: %j', (row, expected) => {
    const text = `prices:\n${good('a')}${row}${good('c')}`;
    expect(models(text)).toEqual(['a', 'c']);
    expect(problems(text)).toEqual([expect.stringContaining('The price of b does not count: ')]);
    expect(problems(text)[0]).toContain(expected);
    expect(problems(text)[0]).toMatch(/^[37]:/);
  });

  it.each([
    ['prices: 5', '1:1 No price of this file counts: it is no list of prices'],
    [`prices:\n${good('a')}  - {model: m`, 'No price of this file counts: invalid YAML'],
    [`prices:\n${good('a')}prices:\n${good('b')}`, "3:1 No price of this file counts: Key 'prices' is written twice"],
    [`prices:\n${good('a')}version: 1e400`, '3:10 No price of this file counts:'],
    [`version: 1e400\nprices:\n${good('a')}`, '1:10 No price of this file counts:'],
  ])('says that none counts where the file is broken as a whole: %j', (text, expected) => {
    expect(models(text)).toEqual([]);
    expect(problems(text)).toEqual([expect.stringContaining(expected)]);
  });

  it.each(['', '# none yet\n', 'prices: []\n'])('takes a file without prices as it is: %j', (text) =>
    expect(parsePrices(text, FILE)).toEqual({ rows: [], problems: [] }),
  );

  it('never throws on content', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parsePrices(text, FILE).rows.length === 0));
  });
});
