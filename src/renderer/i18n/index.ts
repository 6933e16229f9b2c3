/// <reference types="vite/client" />
import i18next, { type FormatterModule } from 'i18next';
import { initReactI18next } from 'react-i18next';

type Words = { readonly [key: string]: string | Words };

/** Every file of `en/` is one namespace, named like the file, default export = its words. */
const files = import.meta.glob<Words>('./en/*.ts', { eager: true, import: 'default' });

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

/** Words first: called once before the first paint, everything is bundled, nothing is fetched. */
export async function startI18n(): Promise<void> {
  await i18next
    .use(numbers)
    .use(initReactI18next)
    .init({
      lng: 'en',
      fallbackLng: 'en',
      resources: { en: namespacesOf(files) },
      defaultNS: 'everywhere',
      fallbackNS: 'everywhere',
      interpolation: { escapeValue: false, alwaysFormat: true },
      initAsync: false,
    });
}
