import i18next from 'i18next';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { languageOf } from '../../shared/languages.ts';
import { formatBytes, formatDuration, formatMoney } from '../ui/format.ts';
import { readWords, startI18n } from './index.ts';

beforeAll(async () => {
  await startI18n();
  await readWords('de');
});
afterAll(async () => {
  await i18next.changeLanguage('en');
});

/** `namespace.key.key` → its words. */
function wordsOf(language: string): ReadonlyMap<string, string> {
  const walk = (words: unknown, at: string): readonly (readonly [string, string])[] =>
    typeof words === 'string'
      ? [[at, words]]
      : Object.entries(words as object).flatMap(([key, value]) => walk(value, at === '' ? key : `${at}.${key}`));
  // The engine's sentences are held against its source (tests/arch/core-sentences.test.ts).
  const { sentences: _, phrases: __, ...own } = i18next.getDataByLanguage(language) ?? {};
  return new Map(walk(own, ''));
}

const placeholders = (words: string): string =>
  [...new Set(words.match(/\{\{[^}]*\}\}/g) ?? [])].sort((a, b) => a.localeCompare(b)).join(' ');

it('has the words of English in German, and no others', () => {
  const [english, german] = [wordsOf('en'), wordsOf('de')];
  const missing = [...english.keys()].filter((key) => !german.has(key));
  const tooMany = [...german.keys()].filter((key) => !english.has(key));
  expect({ missing, tooMany }).toEqual({ missing: [], tooMany: [] });
});

it('fills the same places in German as in English', () => {
  const german = wordsOf('de');
  const others = [...wordsOf('en')].flatMap(([key, words]) => {
    const [wanted, found] = [placeholders(words), placeholders(german.get(key) ?? '')];
    return wanted === found ? [] : [`${key}: '${found}' instead of '${wanted}'`];
  });
  expect(others).toEqual([]);
});

it('speaks German where the system does, else English', () => {
  expect(['de', 'de-AT', 'DE-de', 'en-US', 'fr', 'den', ''].map(languageOf)).toEqual([
    'de',
    'de',
    'de',
    'en',
    'en',
    'en',
    'en',
  ]);
});

it('writes numbers, sizes, amounts and plurals as the language does', async () => {
  await i18next.changeLanguage('de');
  expect(i18next.t('form:hintWholeRange', { min: -5, max: 2147483648 })).toBe(
    'Eine ganze Zahl von -5 bis 2.147.483.648',
  );
  expect([1, 2].map((count) => i18next.t('shell:nav.needsYou', { count }))).toEqual([
    '1 Lauf wartet auf Sie',
    '2 Läufe warten auf Sie',
  ]);
  const spaced = [formatDuration(4_830), formatBytes(3400), formatMoney('1284.5')].map((text) =>
    text.replace(/\s/g, ' '),
  );
  expect(spaced).toEqual(['4,8 s', '3,4 KB', '1.284,50 $']);
});
