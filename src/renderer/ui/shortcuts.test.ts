import { afterEach, expect, it } from 'vitest';
import { SHORTCUT_NAMES, SHORTCUTS, shortcut } from '../../shared/model/shortcuts.ts';
import { ariaKeys, isShortcut, keysText, shortcutText, useChosenKeys } from './shortcuts.ts';

afterEach(() => useChosenKeys.setState({ chosen: {} }));
const event = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false },
  ...held,
});

it.each(SHORTCUT_NAMES)('obeys what the list says of %s, and nothing beside it', (name) => {
  const isHeld = shortcut(name).isHeld === true;
  const key = SHORTCUTS[name].keys.replace('Mod+', '').replace(/^[A-Z]$/, (letter) => letter.toLowerCase());
  expect(shortcutText(name).startsWith('Ctrl ')).toBe(isHeld);
  expect(isShortcut(name, event(key, { ctrlKey: isHeld }))).toBe(true);
  expect(isShortcut(name, event(key, { metaKey: isHeld }))).toBe(true);
  expect(isShortcut(name, event(key, { ctrlKey: !isHeld }))).toBe(false);
  expect(isShortcut(name, event(key, { ctrlKey: isHeld, altKey: true }))).toBe(false);
});

it('obeys the keys that a person chose, and those no more that came with the app', () => {
  useChosenKeys.setState({ chosen: { palette: 'Mod+Shift+E', next: 'n' } });
  expect(isShortcut('palette', event('E', { ctrlKey: true, shiftKey: true }))).toBe(true);
  expect(isShortcut('palette', event('k', { ctrlKey: true }))).toBe(false);
  expect([isShortcut('next', event('n')), isShortcut('next', event('j'))]).toEqual([true, false]);
  expect([shortcutText('palette'), shortcutText('next'), keysText('Mod++')]).toEqual(['Ctrl ⇧ E', 'n', 'Ctrl +']);
  expect(ariaKeys('palette')).toBe('Control+Shift+E Meta+Shift+E');
});
