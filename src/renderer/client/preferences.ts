import { create } from 'zustand';

export type Theme = 'light' | 'dark' | 'system';
export type Density = 'comfortable' | 'compact';
interface Preferences {
  readonly theme: Theme;
  readonly density: Density;
}
const KEY = 'aiworkflow.preferences';
const DEFAULTS: Preferences = { theme: 'system', density: 'comfortable' };

/** Preferences out of stored text; what is not one of ours becomes the default. */
export function parsePreferences(text: string | null): Preferences {
  try {
    const stored = JSON.parse(text ?? '{}') as Partial<Record<keyof Preferences, unknown>>;
    const theme = stored.theme === 'light' || stored.theme === 'dark' ? stored.theme : DEFAULTS.theme;
    return { theme, density: stored.density === 'compact' ? 'compact' : DEFAULTS.density };
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

function apply({ theme, density }: Preferences): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
  dataset.density = density;
}

/** Reads what was chosen and applies it to the document; called once before the first paint. */
export function startPreferences(): void {
  usePreferences.setState(parsePreferences(read()));
  apply(usePreferences.getState());
  usePreferences.subscribe((state) => {
    apply(state);
    write({ theme: state.theme, density: state.density });
  });
}
