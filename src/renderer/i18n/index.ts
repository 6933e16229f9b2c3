/// <reference types="vite/client" />
import i18next, { type FormatterModule } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../../shared/languages.ts';
import { namespacesOf, type Words } from './namespaces.ts';

/** Each language has a folder of its name. Every file of it is one namespace, named like the file, default export = its words. */
const english = import.meta.glob<Words>('./en/*.ts', { eager: true, import: 'default' });

/** Every number in a sentence has its thousands apart; an id or a port is given to a sentence as text. */
const numbers: FormatterModule = {
  type: 'formatter',
  init: () => {},
  add: () => {},
  addCached: () => {},
  format: (value: unknown, _format, language) =>
    typeof value === 'number'
      ? new Intl.NumberFormat(language ?? 'en', { maximumFractionDigits: 20 }).format(value)
      : (value as string),
};

/** What was asked for last: words that come late do not speak over it. */
let chosen: Language = 'en';

/** The words of English are always there; those of another language come with its first use, not with the first screen. */
export async function readWords(language: Language): Promise<void> {
  if (language === 'en' || i18next.hasResourceBundle(language, 'everywhere')) return;
  const { GERMAN } = await import('./german.ts');
  for (const [namespace, words] of Object.entries(GERMAN)) i18next.addResourceBundle(language, namespace, words);
}

/** Says everything in this language from now on, numbers and dates too. */
export async function speak(language: Language): Promise<void> {
  chosen = language;
  await readWords(language);
  if (chosen !== language) return;
  document.documentElement.lang = language;
  if (i18next.language !== language) await i18next.changeLanguage(language);
}

/** The words of English first: called once before the first paint, nothing is fetched. */
export async function startI18n(): Promise<void> {
  await i18next
    .use(numbers)
    .use(initReactI18next)
    .init({
      lng: 'en',
      fallbackLng: 'en',
      resources: { en: namespacesOf(english) },
      defaultNS: 'everywhere',
      fallbackNS: 'everywhere',
      interpolation: { escapeValue: false, alwaysFormat: true },
      initAsync: false,
    });
}
