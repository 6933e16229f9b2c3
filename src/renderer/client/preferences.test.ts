import { expect, it } from 'vitest';
import { parsePreferences } from './preferences.ts';

it('takes only its own preferences', () => {
  expect(parsePreferences('{"theme":"dark","density":"compact"}')).toEqual({ theme: 'dark', density: 'compact' });
  expect(parsePreferences('{"theme":"<b>"}')).toEqual({ theme: 'system', density: 'comfortable' });
  expect(parsePreferences('broken')).toEqual({ theme: 'system', density: 'comfortable' });
});
