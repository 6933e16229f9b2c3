import { create } from 'zustand';
import { LANGUAGES, type Language, languageOf, speak } from '../i18n/index.ts';

export type Theme = 'light' | 'dark' | 'system';
export type Density = 'comfortable' | 'compact';
interface Preferences {
  readonly theme: Theme;
  readonly density: Density;
  readonly language: Language | 'system';
}
const KEY = 'aiworkflow.preferences';
const DEFAULTS: Preferences = { theme: 'system', density: 'comfortable', language: 'system' };

/** Preferences out of stored text; what is not one of ours becomes the default. */
export function parsePreferences(text: string | null): Preferences {
  try {
    const stored = JSON.parse(text ?? '{}') as Partial<Record<keyof Preferences, unknown>>;
    const theme = stored.theme === 'light' || stored.theme === 'dark' ? stored.theme : DEFAULTS.theme;
    const language = LANGUAGES.find((known) => known === stored.language) ?? DEFAULTS.language;
    return { theme, density: stored.density === 'compact' ? 'compact' : DEFAULTS.density, language };
  } catch {
    return DEFAULTS;
  }
}

/** localStorage may be refused (private window): then nothing is remembered. */
const read = (): string | null => {
  try {
    return window.localStorage.getItem(KEY);
  } catch {
    return null;
  }
};
const write = (preferences: Preferences): void => {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // not remembered, still applied
  }
};

export const usePreferences = create<Preferences>()(() => DEFAULTS);

function apply({ theme, density, language }: Preferences): Promise<void> {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
  dataset.density = density;
  return speak(language === 'system' ? languageOf(navigator.language) : language);
}

/** Reads what was chosen and applies it to the document; called once before the first paint, after `startI18n`. */
export async function startPreferences(): Promise<void> {
  usePreferences.setState(parsePreferences(read()));
  usePreferences.subscribe((state) => {
    void apply(state);
    write(state);
  });
  await apply(usePreferences.getState());
}
