import { expect, it } from 'vitest';
import { isShortcut, SHORTCUT_NAMES, SHORTCUTS, shortcutText } from './shortcuts.ts';

const event = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false },
  ...held,
});

it.each(SHORTCUT_NAMES)('obeys what the list says of %s, and nothing beside it', (name) => {
  const isHeld = shortcutText(name).startsWith('Ctrl ');
  const { key } = SHORTCUTS[name];
  expect(isShortcut(name, event(key, { ctrlKey: isHeld }))).toBe(true);
  expect(isShortcut(name, event(key, { metaKey: isHeld }))).toBe(true);
  expect(isShortcut(name, event(key, { ctrlKey: !isHeld }))).toBe(false);
  expect(isShortcut(name, event(key, { ctrlKey: isHeld, altKey: true }))).toBe(false);
});
