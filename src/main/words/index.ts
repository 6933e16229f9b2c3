import { app } from 'electron';
import { type Language, languageOf } from '../../shared/languages.ts';
import { GERMAN as SENTENCES } from '../../shared/sentences/german/index.ts';
import { createWording } from '../../shared/sentences/index.ts';
import type { SettingsKeeper } from '../settings-keeper.ts';
import { ENGLISH, type ShellWords } from './english.ts';
import { GERMAN } from './german.ts';

export type { ShellWords } from './english.ts';

/** Made with the first sentence that German is wanted for. */
let inGerman: ((text: string) => string) | null = null;
const WORDS: Readonly<Record<Language, ShellWords>> = { en: ENGLISH, de: GERMAN };
const listeners = new Set<() => void>();
let spoken: Language = 'en';

/** The words of the language that is spoken now. */
export const words = (): ShellWords => WORDS[spoken];

/** The language that is spoken now, for dates and numbers. */
export const language = (): Language => spoken;

/** What the engine said, in this language (docs/adr/0033). */
export function worded(text: string): string {
  if (spoken !== 'de') return text;
  inGerman ??= createWording(SENTENCES.sentences, SENTENCES.phrases, spoken);
  return inGerman(text);
}

/** Speaks the language that a person has chosen, or that of the system, from now on. The system is asked: the app must be ready. */
export function followLanguage(settings: SettingsKeeper): void {
  settings.follow((now) => {
    const before = spoken;
    spoken = now.language === 'system' ? languageOf(app.getLocale()) : now.language;
    if (spoken !== before) for (const listener of listeners) listener();
  });
}

/** Calls back whenever another language is spoken; returns the way to stop. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
