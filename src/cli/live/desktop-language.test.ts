import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { languageOf } from '../../shared/languages.ts';
import { desktopLanguage, wordingOf } from './desktop-language.ts';

describe('the language of what the timer shows on the desktop', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aiw-language-'));
    mkdirSync(join(folder, 'desktop'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const set = (text: string): void => writeFileSync(join(folder, 'desktop', 'settings.json'), text);

  it.each(['de', 'en'] as const)('is %s where the desktop app speaks it', async (language) => {
    set(JSON.stringify({ language }));
    expect(await desktopLanguage(folder)).toBe(language);
  });

  it('is that of the system where nobody has chosen one, or the settings are damaged', async () => {
    const ofSystem = languageOf(new Intl.DateTimeFormat().resolvedOptions().locale);
    expect(await desktopLanguage(folder)).toBe(ofSystem);
    set('{"language": ');
    expect(await desktopLanguage(folder)).toBe(ofSystem);
  });

  it('has the words for it', async () => {
    expect((await wordingOf('de'))('A start did not happen')).toBe('Ein Start ist nicht geschehen');
    expect((await wordingOf('en'))('A start did not happen')).toBe('A start did not happen');
  });
});
