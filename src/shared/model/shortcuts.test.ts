import { expect, it } from 'vitest';
import { acceleratorFor, keysOf, keysProblem, readChosenKeys, SHORTCUT_NAMES, SHORTCUTS } from './shortcuts.ts';

const press = (key: string, held: { ctrlKey?: boolean; altKey?: boolean; shiftKey?: boolean } = {}) =>
  keysOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

it('writes what was pressed; a modifier alone is nothing yet', () => {
  expect([press('j'), press('?', { shiftKey: true }), press('F2')]).toEqual(['j', '?', 'F2']);
  expect([press('k', { ctrlKey: true }), press('P', { ctrlKey: true, shiftKey: true })]).toEqual([
    'Mod+K',
    'Mod+Shift+P',
  ]);
  expect([press('Control', { ctrlKey: true }), press('Shift'), press('Dead')]).toEqual([null, null, null]);
});

it('what came with the app is allowed, and no two have the same', () => {
  for (const name of SHORTCUT_NAMES) expect(keysProblem(name, SHORTCUTS[name].keys, {})).toBeNull();
});

it('says why keys may not be chosen, and who has them', () => {
  expect(keysProblem('palette', 'Mod+W', {})).toEqual({ kind: 'reserved', by: 'tabs' });
  expect(keysProblem('palette', 'Mod+C', {})).toEqual({ kind: 'reserved', by: 'editing' });
  expect(keysProblem('palette', 'Mod+3', {})).toEqual({ kind: 'reserved', by: 'sections' });
  expect(keysProblem('next', 'k', {})).toEqual({ kind: 'conflict', with: 'previous' });
  expect(keysProblem('next', 'k', { previous: 'i' })).toBeNull();
  expect(keysProblem('palette', 'Mod+O', {})).toEqual({ kind: 'conflict', with: 'openFolder' });
  expect(keysProblem('run', 'g', {})).toEqual({ kind: 'needs_held' });
  expect(keysProblem('next', 'Mod+E', {})).toEqual({ kind: 'needs_plain' });
  expect(keysProblem('next', 'Tab', {})).toEqual({ kind: 'moving' });
  expect(keysProblem('palette', 'Mod+Home', {})).toEqual({ kind: 'moving' });
  expect(keysProblem('palette', 'Alt+X', {})).toEqual({ kind: 'alt' });
  expect([keysProblem('palette', 'F2', {}), keysProblem('next', 'F2', {})]).toEqual([null, null]);
});

it('takes what may be chosen out of foreign data, two that were exchanged too', () => {
  const stored = { palette: 'Mod+E', next: 'k', previous: 'j', run: 'g', help: 7, nothing: 'x', firstError: 'e' };
  expect(readChosenKeys(stored)).toEqual({ palette: 'Mod+E', next: 'k', previous: 'j' });
  for (const none of [null, 'x', [], { toString: 'q' }]) expect(readChosenKeys(none)).toEqual({});
});

it('is what the menu shows', () => {
  expect([acceleratorFor('palette', {}), acceleratorFor('palette', { palette: 'Mod+Shift+P' })]).toEqual([
    'CmdOrCtrl+K',
    'CmdOrCtrl+Shift+P',
  ]);
});
