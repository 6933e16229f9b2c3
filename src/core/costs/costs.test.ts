import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromE10, toE10 } from '../../shared/decimal.ts';
import { NO_USAGE, type TokenUsage } from '../../shared/model/agent.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import {
  costOf,
  createPriceTable,
  PriceBook,
  type PricedCall,
  PriceFileNotice,
  type PriceRow,
  readPrices,
  UnpricedNotice,
} from './index.ts';

const SHIPPED = join(import.meta.dirname, '../../../resources/prices.yaml');
const AT = Date.parse('2026-11-22T00:00:00Z');
const shipped = readPrices({ shipped: SHIPPED, projectFile: '/nowhere/prices.yaml' });
const table = createPriceTable(shipped.rows);

const usage = (inputTokens: number, outputTokens: number, more: Partial<TokenUsage> = {}): TokenUsage => ({
  ...NO_USAGE,
  inputTokens,
  outputTokens,
  ...more,
});

function row(model: string, more: Partial<PriceRow> = {}): PriceRow {
  const prices = { input: toE10('2'), output: toE10('8'), cachedInput: null, cacheWrite: null, reasoning: null };
  return { model, provider: null, ...prices, validFrom: 0, validTo: null, source: 'a test', ...more };
}

const priceOf = (model: string, input: number, output: number): string | null => {
  const found = table.priceOf(model, null, AT);
  return found === null ? null : costOf(usage(input, output), found);
};

describe('the shipped prices', () => {
  it('are valid, and each says where it was read and when', () => {
    expect(shipped.problems).toEqual([]);
    expect(shipped.rows.length).toBeGreaterThan(30);
    for (const { model, provider, source } of shipped.rows) {
      expect(provider, model).not.toBeNull();
      expect(provider === 'demo' || provider === 'ollama' || /, 20\d\d-\d\d/.test(source), `${model}: ${source}`).toBe(
        true,
      );
    }
  });

  it.each([
    ['gpt-4o', 1000, 1000, '0.0125'],
    ['gpt-4o-mini-2024-07-18', 1000, 1000, '0.00075'],
    ['claude-sonnet-4-20250514', 1000, 500, '0.0105'],
    ['openai/gpt-4o', 10_000, 5000, '0.075'],
    ['no-such-model', 1000, 1000, null],
  ])('SPEC §16: %s %i+%i = %s', (model, input, output, cost) => expect(priceOf(model, input, output)).toBe(cost));

  it.each([
    ['gpt-4o', '2.5', '10'],
    ['gpt-4o-mini', '0.15', '0.6'],
    ['gpt-4-turbo', '10', '30'],
    ['gpt-3.5-turbo', '0.5', '1.5'],
    ['claude-3-5-sonnet', '3', '15'],
    ['claude-3-opus', '15', '75'],
    ['claude-3-sonnet', '3', '15'],
    ['claude-3-haiku', '0.25', '1.25'],
    ['gemini-1.5-pro', '3.5', '10.5'],
    ['gemini-1.5-flash', '0.075', '0.3'],
    ['claude-sonnet-4', '3', '15'],
  ])('SPEC §11 lists %s at %s/%s', (model, input, output) => {
    const found = table.priceOf(model, null, AT);
    expect([found?.model, fromE10(found?.input ?? 0), fromE10(found?.output ?? 0)]).toEqual([model, input, output]);
  });

  it('know the versions of a family apart, and none that is not written', () => {
    expect(table.priceOf('claude-opus-4-5-20251101', null, AT)?.model).toBe('claude-opus-4-5');
    expect(table.priceOf('claude-opus-4-1-20250805', null, AT)?.model).toBe('claude-opus-4-1');
    expect(table.priceOf('claude-opus-4-20250514', null, AT)?.model).toBe('claude-opus-4-20250514');
    expect(table.priceOf('claude-opus-9', null, AT)).toBeNull();
  });
});

describe('createPriceTable', () => {
  const small = createPriceTable([row('gpt-4'), row('gpt-4o'), row('gpt-4o-mini'), row('llama3')]);
  const match = (model: string, provider: string | null = null): string | undefined =>
    small.priceOf(model, provider, AT)?.model;

  it.each([
    ['gpt-4o', 'gpt-4o'],
    ['GPT-4o', 'gpt-4o'],
    ['gpt-4o-mini-x', 'gpt-4o-mini'],
    ['gpt-4o-minix', 'gpt-4o'],
    ['gpt-4ox', undefined],
    ['gpt-4.1', 'gpt-4'],
    ['llama3:8b', 'llama3'],
    ['llama3@sha', 'llama3'],
    ['azure/gpt-4o', 'gpt-4o'],
    ['openrouter/openai/gpt-4o', 'gpt-4o'],
    ['gpt-4o/other', undefined],
    ['', undefined],
    ['__proto__', undefined],
  ])('%s: %s', (model, found) => expect(match(model)).toBe(found));

  it('takes the row that is valid at the time of the call', () => {
    const rows = [row('m', { validFrom: 200, input: 2 }), row('m', { validFrom: 100, validTo: 200, input: 1 })];
    const at = (time: number): number | undefined => createPriceTable(rows).priceOf('m', null, time)?.input;
    expect([at(99), at(100), at(199), at(200), at(900)]).toEqual([undefined, 1, 1, 2, 2]);
  });

  it("goes by the call's provider first", () => {
    const rows = [
      row('*', { provider: 'ollama', input: 0 }),
      row('llama3', { provider: 'meta' }),
      row('llama3', { provider: 'groq', input: 5 }),
      row('mine', { input: 7 }),
    ];
    const local = createPriceTable(rows);
    expect(local.priceOf('llama3', 'ollama', AT)?.input).toBe(0);
    expect(local.priceOf('ollama/llama3', 'opencode', AT)?.input).toBe(0);
    expect(local.priceOf('groq/llama3', 'opencode', AT)?.input).toBe(5);
    expect(local.priceOf('llama3', 'openai', AT)?.provider).toBe('meta');
    expect(local.priceOf('mine', 'ollama', AT)?.input).toBe(7);
    expect(local.priceOf(null, 'ollama', AT)?.input).toBe(0);
    expect(local.priceOf(null, 'openai', AT)).toBeNull();
    expect(local.priceOf('*', 'openai', AT)).toBeNull();
  });

  it('answers at once for a name of any length', () => {
    expect(small.priceOf('-'.repeat(1_000_000), null, AT)).toBeNull();
    expect(small.priceOf('/'.repeat(1_000_000), null, AT)).toBeNull();
  });
});

describe('costOf', () => {
  it('charges cached, written and reasoning tokens at their own prices, or at the plain one', () => {
    const tokens = usage(1000, 1000, { cachedTokens: 400, cacheWriteTokens: 100, reasoningTokens: 300 });
    const special = row('m', { cachedInput: toE10('0.2'), cacheWrite: toE10('2.5'), reasoning: toE10('10') });
    expect(costOf(tokens, special)).toBe(
      fromE10(Math.round((500 * 2 + 400 * 0.2 + 100 * 2.5 + 700 * 8 + 300 * 10) * 1e4)),
    );
    expect(costOf(tokens, row('m'))).toBe('0.01');
  });

  it('is exact where floats are not, and rounds half up at the tenth place', () => {
    expect(costOf(usage(3, 0), row('m', { input: toE10('0.1') }))).toBe('0.0000003');
    expect(costOf(usage(1, 0), row('m', { input: toE10('0.00005') }))).toBe('0.0000000001');
    expect(costOf(usage(1, 0), row('m', { input: toE10('0.000049') }))).toBe('0');
  });

  it('is the sum of its parts, for whole numbers of millionths', () => {
    const price = fc.integer({ min: 0, max: 10 ** 6 }).map((cents) => cents * 1_000_000);
    const tokens = fc.integer({ min: 0, max: 10 ** 7 });
    fc.assert(
      fc.property(price, price, tokens, tokens, fc.integer({ min: 1, max: 20 }), (input, output, given, got, calls) => {
        const one = toE10(costOf(usage(given, got), row('m', { input, output })));
        return toE10(costOf(usage(given * calls, got * calls), row('m', { input, output }))) === one * calls;
      }),
    );
  });

  it('never gives a negative amount and never throws, whatever an agent counts', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 5, maxLength: 5 }), ([a = 0, b = 0, c = 0, d = 0, e = 0]) =>
        /^\d+(\.\d+)?$/.test(
          costOf(usage(a, b, { cachedTokens: c, cacheWriteTokens: d, reasoningTokens: e }), row('m')),
        ),
      ),
    );
  });
});

describe('PriceBook', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aiw-prices-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const open = (): PriceBook => new PriceBook({ shipped: SHIPPED, projectFile: join(folder, 'prices.yaml') });
  const call = (more: Partial<PricedCall> = {}): PricedCall => ({
    agent: 'openai',
    model: 'gpt-4o',
    usage: usage(1000, 1000),
    reportedCost: null,
    at: AT,
    ...more,
  });

  it('computes, says when tokens were only estimated, and prices what runs at home with 0', () => {
    const book = open();
    expect(book.price(call())).toEqual({ cost: '0.0125', source: 'computed' });
    expect(book.price(call({ usage: usage(1000, 1000, { isEstimated: true }) }))).toEqual({
      cost: '0.0125',
      source: 'estimated',
    });
    expect(book.price(call({ model: 'unheard-of' }))).toEqual({ cost: null, source: 'computed' });
    expect(book.price(call({ agent: 'ollama', model: 'qwen3:8b' }))).toEqual({ cost: '0', source: 'computed' });
    expect(book.price(call({ agent: 'demo', model: null }))).toEqual({ cost: '0', source: 'computed' });
  });

  it("takes the agent's own word, rounded, unless it is none", () => {
    const book = open();
    expect(book.price(call({ reportedCost: '0.0104567' }))).toEqual({ cost: '0.0104567', source: 'reported' });
    expect(book.price(call({ reportedCost: '1e-7', model: 'unheard-of' }))).toEqual({
      cost: '0.0000001',
      source: 'reported',
    });
    expect(book.price(call({ reportedCost: '0' }))).toEqual({ cost: '0', source: 'reported' });
    for (const absurd of ['-1', 'NaN', 'a lot', '1000.01', '9e99', ''])
      expect(book.price(call({ reportedCost: absurd })), absurd).toEqual({ cost: '0.0125', source: 'computed' });
    expect(book.price(call({ usage: usage(1e15, 0) }))).toEqual({ cost: null, source: 'computed' });
  });

  it("lets the project's rows go before the shipped ones, as soon as they are written", () => {
    const book = open();
    expect(book.price(call()).cost).toBe('0.0125');
    writeFileSync(join(folder, 'prices.yaml'), '- {model: gpt-4o, input: 1, output: 1, valid_from: 2026-01-01}');
    expect(book.price(call()).cost).toBe('0.002');
    expect(book.price(call({ at: Date.parse('2025-12-31') })).cost).toBe('0.0125');
    expect(book.price(call({ model: 'gpt-4o-mini' })).cost).toBe('0.00075');
    expect(book.problems()).toEqual([]);
    writeFileSync(join(folder, 'prices.yaml'), 'prices: nonsense');
    expect(book.problems()).toMatchObject([
      { code: 'price.invalid', file: `${basename(folder)}/prices.yaml`, line: 1 },
    ]);
    expect(book.price(call()).cost).toBe('0.0125');
  });

  it('says that the shipped file is gone, and prices nothing', () => {
    const book = new PriceBook({ shipped: join(folder, 'none.yaml'), projectFile: join(folder, 'prices.yaml') });
    expect(book.problems()).toMatchObject([{ code: 'price.invalid', file: `${basename(folder)}/none.yaml` }]);
    expect(book.price(call()).cost).toBeNull();
  });
});

describe('UnpricedNotice', () => {
  it('warns once a day per model', () => {
    const notice = new UnpricedNotice();
    const at = (model: string | null, time: string): string | null =>
      notice.warn({ agent: 'openai', model, at: Date.parse(time) });
    expect(at('m', '2026-01-22T08:00:00Z')).toContain('No price is known for m:');
    expect(at('m', '2026-01-22T23:59:59Z')).toBeNull();
    expect(at('n', '2026-01-22T09:00:00Z')).not.toBeNull();
    expect(at(null, '2026-01-22T09:00:00Z')).toContain('the model of openai');
    expect(at('m', '2026-01-23T00:00:00Z')).not.toBeNull();
  });
});

describe('PriceFileNotice', () => {
  const problem = (line: number): Diagnostic => ({
    severity: 'error',
    code: 'price.invalid',
    message: "The price of m does not count: 'valid_from' is missing",
    file: '.aiworkflow/prices.yaml',
    line,
    fix: "Add 'valid_from: 2026-01-22'.",
  });
  const DAY = '2026-01-22T08:00:00Z';

  it('names file, line and fix, once a day and anew when the files have changed', () => {
    const notice = new PriceFileNotice();
    const at = (time: string, ...lines: readonly number[]): string | null =>
      notice.warn(lines.map(problem), Date.parse(time));
    expect(at(DAY)).toBeNull();
    expect(at(DAY, 3)).toBe(
      ".aiworkflow/prices.yaml:3: The price of m does not count: 'valid_from' is missing. Add 'valid_from: 2026-01-22'.",
    );
    expect(at('2026-01-22T23:59:59Z', 3)).toBeNull();
    expect(at(DAY, 4, 7)).toMatch(
      /^\.aiworkflow\/prices\.yaml:4: .* 1 more problem in the price files: 'aiworkflow doctor'/,
    );
    expect(at('2026-01-23T00:00:00Z', 4, 7, 9)).toContain('2 more problems in the price files');
    expect(at('2026-01-24T00:00:00Z', 4, 7, 9)).not.toBeNull();
  });
});
