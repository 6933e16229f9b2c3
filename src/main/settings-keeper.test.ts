import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allKept } from './kept-json.ts';
import { policyFiles, readPolicy } from './policy-file.ts';
import { openSettings } from './settings-keeper.ts';

describe('the file of an administrator', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'aiw-policy-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is looked for where only he can write, and that place counts before a named one', () => {
    expect(policyFiles('linux', {})).toEqual(['/etc/aiworkflow/policy.json']);
    expect(policyFiles('darwin', { AIWORKFLOW_POLICY_FILE: '/x.json' })).toEqual([
      '/Library/Application Support/aiworkflow/policy.json',
      '/x.json',
    ]);
    expect(policyFiles('win32', { ProgramData: 'D:\\Data' })[0]).toContain('policy.json');
  });

  it('sets what nobody changes; what it has wrong is left out, and what a person had set stands again without it', async () => {
    const file = join(folder, 'policy.json');
    openSettings(folder).change({ closing: 'quit', keepsAwake: true });
    writeFileSync(file, '{"updates": "daily", "closing": "keep_running", "keepsAwake": 7, "nonsense": true}');
    await allKept();
    const settings = openSettings(folder, readPolicy([join(folder, 'none.json'), file]));
    expect(settings.locked).toEqual(['updates', 'closing']);
    expect(settings.now()).toMatchObject({ updates: 'daily', closing: 'keep_running', keepsAwake: true });
    expect(() => settings.change({ closing: 'quit' })).toThrow('An administrator has set this');
    expect(() => settings.change({ keepsAwake: false, updates: 'off' })).toThrow('An administrator has set this');
    expect(settings.change({ closing: 'keep_running', keepsAwake: false })).toMatchObject({ keepsAwake: false });
    writeFileSync(file, 'no JSON');
    expect(readPolicy([file])).toEqual({});
    await allKept();
    expect(openSettings(folder).now()).toMatchObject({ updates: 'off', keepsAwake: false });
  });
});
