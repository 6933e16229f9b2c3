/// <reference types="vite/client" />
import i18next, { type FormatterModule } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../../shared/languages.ts';
import { GERMAN } from '../../shared/sentences/index.ts';

type Words = { readonly [key: string]: string | Words };

/** Each language has a folder of its name. Every file of it is one namespace, named like the file, default export = its words. */
const english = import.meta.glob<Words>('./en/*.ts', { eager: true, import: 'default' });
const german = import.meta.glob<Words>('./de/*.ts', { eager: true, import: 'default' });

function namespacesOf(modules: Readonly<Record<string, Words>>): Record<string, Words> {
  return Object.fromEntries(Object.entries(modules).map(([path, words]) => [path.replace(/^.*\/|\.ts$/g, ''), words]));
}

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

/** Says everything in this language from now on, numbers and dates too. */
export async function speak(language: Language): Promise<void> {
  document.documentElement.lang = language;
  if (i18next.language !== language) await i18next.changeLanguage(language);
}

/** Words first: called once before the first paint, everything is bundled, nothing is fetched. */
export async function startI18n(): Promise<void> {
  await i18next
    .use(numbers)
    .use(initReactI18next)
    .init({
      lng: 'en',
      fallbackLng: 'en',
      resources: { en: namespacesOf(english), de: { ...namespacesOf(german), ...GERMAN } },
      defaultNS: 'everywhere',
      fallbackNS: 'everywhere',
      interpolation: { escapeValue: false, alwaysFormat: true },
      initAsync: false,
    });
}
