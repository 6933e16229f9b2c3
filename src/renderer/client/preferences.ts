import { create } from 'zustand';
import { LANGUAGES, type Language, languageOf } from '../../shared/languages.ts';
import { type ChosenKeys, readChosenKeys } from '../../shared/model/shortcuts.ts';
import { speak } from '../i18n/index.ts';
import { useChosenKeys } from '../ui/shortcuts.ts';
import { getHost } from './bridge.ts';

export type Theme = 'light' | 'dark' | 'system';
export type Density = 'comfortable' | 'compact';
interface Preferences {
  readonly theme: Theme;
  readonly density: Density;
  readonly language: Language | 'system';
  readonly keys: ChosenKeys;
}
const KEY = 'aiworkflow.preferences';
const DEFAULTS: Preferences = { theme: 'system', density: 'comfortable', language: 'system', keys: {} };

/** Preferences out of stored text; what is not one of ours becomes the default. */
export function parsePreferences(text: string | null): Preferences {
  try {
    const stored = JSON.parse(text ?? '{}') as Partial<Record<keyof Preferences, unknown>>;
    const theme = stored.theme === 'light' || stored.theme === 'dark' ? stored.theme : DEFAULTS.theme;
    const language = LANGUAGES.find((known) => known === stored.language) ?? DEFAULTS.language;
    const keys = readChosenKeys(stored.keys);
    return { theme, density: stored.density === 'compact' ? 'compact' : DEFAULTS.density, language, keys };
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

function apply({ theme, density, language, keys }: Preferences): Promise<void> {
  if (useChosenKeys.getState().chosen !== keys) {
    useChosenKeys.setState({ chosen: keys });
    // The menu of the desktop app shows them, and obeys its own.
    void getHost()?.showKeys(keys);
  }
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
  dataset.density = density;
  return speak(language === 'system' ? languageOf(navigator.language) : language);
}

/** The desktop app speaks the same language in its menus, dialogs and notices; where an administrator has set one, it keeps that. */
async function tellDesktop({ language }: Preferences): Promise<void> {
  const host = getHost();
  if (host === null || (await host.settings()).language === language) return;
  if (!(await host.lockedSettings()).includes('language')) await host.changeSettings({ language });
}

/** Reads what was chosen and applies it to the document; called once before the first paint, after `startI18n`. */
export async function startPreferences(): Promise<void> {
  usePreferences.setState(parsePreferences(read()));
  usePreferences.subscribe((state) => {
    void apply(state);
    void tellDesktop(state);
    write(state);
  });
  await apply(usePreferences.getState());
  void tellDesktop(usePreferences.getState());
}
