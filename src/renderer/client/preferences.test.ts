import { expect, it } from 'vitest';
import { parsePreferences } from './preferences.ts';

it('takes only its own preferences', () => {
  const defaults = { theme: 'system', density: 'comfortable', language: 'system', keys: {} };
  const chosen = { theme: 'dark', density: 'compact', language: 'de', keys: { palette: 'Mod+E' } };
  expect(parsePreferences(JSON.stringify(chosen))).toEqual(chosen);
  expect(parsePreferences('{"theme":"<b>","language":"xx","keys":{"palette":"Mod+W"}}')).toEqual(defaults);
  expect(parsePreferences('broken')).toEqual(defaults);
});
