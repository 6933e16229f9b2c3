import i18next from 'i18next';
import { create } from 'zustand';
import { type ChosenKeys, type KeyPress, keysFor, keysOf, type ShortcutName } from '../../shared/model/shortcuts.ts';

/** What a person has chosen; the preferences keep it and put it here. */
export const useChosenKeys = create<{ readonly chosen: ChosenKeys }>()(() => ({ chosen: {} }));

/** The keys that count now, as text. */
export const shortcutKeys = (name: ShortcutName): string => keysFor(name, useChosenKeys.getState().chosen);

/** Whether a key event asks for it. */
export const isShortcut = (name: ShortcutName, event: KeyPress): boolean => keysOf(event) === shortcutKeys(name);

export const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);

/** The key that is held for a shortcut, as the keyboards of a language have it. */
export const heldKey = (): string =>
  isMac() ? '⌘' : i18next.isInitialized ? i18next.t('everywhere:keys.ctrl') : 'Ctrl';

const SIGNS: Readonly<Record<string, string>> = { Enter: '⏎', Shift: '⇧', ' ': '␣' };

/** Keys as they are written on the keyboard: `Ctrl K`, `⌘ ⇧ K`, `/`. */
export function keysText(keys: string): string {
  if (keys === '+') return keys;
  return keys
    .replace(/\+\+$/, '+ plus')
    .split('+')
    .map((part) => (part === 'Mod' ? heldKey() : part === ' plus' ? '+' : (SIGNS[part] ?? part)))
    .join(' ');
}

export const shortcutText = (name: ShortcutName): string => keysText(shortcutKeys(name));

/** The same as `aria-keyshortcuts` has it. */
export const ariaKeys = (name: ShortcutName): string => {
  const keys = shortcutKeys(name);
  return keys.startsWith('Mod+') ? `${keys.replace('Mod', 'Control')} ${keys.replace('Mod', 'Meta')}` : keys;
};
