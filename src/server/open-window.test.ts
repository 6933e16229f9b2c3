import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAppBrowser } from './open-window.ts';

describe('the browser for a window of its own', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'open-window-'));
    writeFileSync(join(folder, 'chromium'), '');
    writeFileSync(join(folder, 'google-chrome'), '');
    chmodSync(join(folder, 'chromium'), 0o755);
    chmodSync(join(folder, 'google-chrome'), 0o644);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is the first executable one on the PATH', () => {
    const environment = { PATH: `/nowhere:${folder}`, DISPLAY: ':0' };
    expect(findAppBrowser('linux', environment)).toBe(join(folder, 'chromium'));
    expect(findAppBrowser('linux', { PATH: '/nowhere', WAYLAND_DISPLAY: 'wayland-0' })).toBeNull();
  });

  it('is none without a screen, or when no window is wanted', () => {
    expect(findAppBrowser('linux', { PATH: folder })).toBeNull();
    expect(findAppBrowser('linux', { PATH: folder, DISPLAY: ':0', AIWORKFLOW_NO_WINDOW: '1' })).toBeNull();
  });
});
