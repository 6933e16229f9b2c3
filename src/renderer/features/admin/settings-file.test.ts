import { describe, expect, it } from 'vitest';
import { DEFAULT_DESKTOP_SETTINGS } from '../../../shared/model/desktop.ts';
import { readSettingsFile } from './settings-file.ts';

const file = (rest: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ format: 'aiworkflow-settings', version: 1, ...rest });

describe('a file of settings', () => {
  it('holds those of the window and of the computer', () => {
    const window = { theme: 'dark', density: 'compact', language: 'de', keys: { next: 'n' } };
    expect(readSettingsFile(file({ window, computer: DEFAULT_DESKTOP_SETTINGS }))).toEqual({
      window,
      computer: DEFAULT_DESKTOP_SETTINGS,
    });
    expect(readSettingsFile(file({})).computer).toEqual({});
  });

  it.each(['', 'null', '[]', '{"format": "other", "version": 1}', '{"format": "aiworkflow-settings", "version": 2}'])(
    'is not %j',
    (text) => {
      expect(() => readSettingsFile(text)).toThrow();
    },
  );

  it('with a key or a value that is none is refused as a whole', () => {
    for (const computer of [{ closing: 'explode' }, { toString: true }, { unknown: 1 }, [], 'x'])
      expect(() => readSettingsFile(file({ computer }))).toThrow();
  });
});
