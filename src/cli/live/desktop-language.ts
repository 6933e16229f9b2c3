import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '../../shared/json.ts';
import { type Language, languageOf } from '../../shared/languages.ts';
import { readDesktopSettings } from '../../shared/model/desktop.ts';
import { createWording } from '../../shared/sentences/index.ts';

/**
 * The language that the desktop app speaks, as its settings in the user's folder have it. The command line itself speaks English; what it shows
 * on the desktop is read by whoever uses the app. Where nothing is set, or can be read, it is that of the system.
 */
export async function desktopLanguage(userDataDir: string): Promise<Language> {
  const text = await readFile(join(userDataDir, 'desktop', 'settings.json'), 'utf8').catch(() => '{}');
  const chosen = languageIn(text);
  return chosen === 'system' ? languageOf(new Intl.DateTimeFormat().resolvedOptions().locale) : chosen;
}

function languageIn(text: string): Language | 'system' {
  try {
    return readDesktopSettings(JSON.parse(text) as Json).language;
  } catch {
    return 'system';
  }
}

/** Says the engine's sentences in a language (docs/adr/0033); its tables are read only where they are needed. */
export async function wordingOf(language: Language): Promise<(sentence: string) => string> {
  if (language === 'en') return (sentence) => sentence;
  const { GERMAN } = await import('../../shared/sentences/german/index.ts');
  return createWording(GERMAN.sentences, GERMAN.phrases, language);
}
