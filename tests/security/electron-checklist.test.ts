import type { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserWindowConstructorOptions, Session } from 'electron';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { isAppUrl } from '../../src/main/app-origin.ts';
import { registerAppScheme } from '../../src/main/app-protocol.ts';
import { IPC_CHANNELS } from '../../src/main/ipc-channels.ts';
import { createMainWindow } from '../../src/main/main-window.ts';
import { screenOfLink } from '../../src/main/opened/deep-link.ts';
import { isWebLink } from '../../src/main/window-guards.ts';
import { SECURITY_HEADERS } from '../../src/server/client-files/security-headers.ts';
import { readSources } from '../arch/source-files.ts';
import { REPOSITORY_DIR } from '../support/paths.ts';

/**
 * Electron's security checklist (electronjs.org/docs/latest/tutorial/security), one test an item, in its order and by its numbers. What
 * these see in parts, tests/e2e/hosts.test.ts sees in the whole app.
 */
const made = vi.hoisted(() => ({
  options: null as BrowserWindowConstructorOptions | null,
  schemes: [] as { scheme: string; privileges: Record<string, boolean> }[],
  external: [] as string[],
  windows: [] as unknown[],
}));
vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  class Contents extends Emitter {
    readonly handlers = {} as Record<string, unknown>;
    openHandler: unknown = null;
    readonly session = {
      setPermissionRequestHandler: (handler: unknown) => Object.assign(this.handlers, { request: handler }),
      setPermissionCheckHandler: (handler: unknown) => Object.assign(this.handlers, { check: handler }),
      setDevicePermissionHandler: (handler: unknown) => Object.assign(this.handlers, { device: handler }),
    };
    setWindowOpenHandler(handler: unknown) {
      this.openHandler = handler;
    }
  }
  class BrowserWindow extends Emitter {
    readonly webContents = new Contents();
    constructor(options: BrowserWindowConstructorOptions) {
      super();
      made.options = options;
      made.windows.push(this);
    }
    async loadURL() {}
  }
  return {
    BrowserWindow,
    protocol: { registerSchemesAsPrivileged: (schemes: typeof made.schemes) => made.schemes.push(...schemes) },
    shell: { openExternal: async (url: string) => void made.external.push(url) },
    screen: {},
  };
});

interface Seen extends EventEmitter {
  readonly handlers: {
    readonly request: Parameters<Session['setPermissionRequestHandler']>[0];
    readonly check: (contents: null, permission: string, origin: string) => boolean;
    readonly device: () => boolean;
  };
  readonly openHandler: (details: { url: string }) => { action: string };
}

const main = readSources('src/main').filter(({ path }) => !path.includes('.test.'));
const preload = readSources('src/preload').filter(({ path }) => !path.includes('.test.'));
const text = main.map((file) => file.text).join('\n');

describe("Electron's security checklist", () => {
  let preferences: NonNullable<BrowserWindowConstructorOptions['webPreferences']>;
  let contents: Seen;
  beforeAll(async () => {
    registerAppScheme();
    await createMainWindow({
      ...{ preloadPath: '/preload.cjs', bounds: {}, isMaximized: false, startsAs: 'shown', prepare: () => undefined },
    });
    preferences = made.options?.webPreferences ?? {};
    contents = (made.windows[0] as { webContents: Seen }).webContents;
  });
  const isStopped = (event: string, details: Record<string, unknown>): boolean => {
    let isPrevented = false;
    const preventDefault = (): void => {
      isPrevented = true;
    };
    contents.emit(event, { preventDefault, ...details });
    return isPrevented;
  };

  it('1: only secure content is loaded: our own scheme, which no page can pass for, and nothing over the network', () => {
    expect(made.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
    expect(text).not.toMatch(/loadURL\((?!`?\$?\{?APP_URL)/);
    expect(text).not.toMatch(/['"`]http:\/\//);
  });

  it('2: no page has Node', () => {
    expect(preferences).toMatchObject({
      ...{ nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false },
    });
  });

  it('3: the preload script is apart from the page', () => expect(preferences.contextIsolation).toBe(true));

  it('4: every process of a page is in the sandbox', () => {
    expect(preferences.sandbox).toBe(true);
    expect(text).toContain('app.enableSandbox()');
    expect(text).not.toMatch(/no-sandbox/);
  });

  it('5: every permission is refused but to put text on the clipboard, to our own page', () => {
    const { handlers } = contents;
    const asks = (url: string, permission: string): boolean => {
      let given = false;
      const from = { getURL: () => url } as never;
      handlers.request?.(
        from,
        permission as never,
        (isGiven) => {
          given = isGiven;
        },
        {} as never,
      );
      return given;
    };
    const own = 'app://aiworkflow/';
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'clipboard-read',
      'hid',
      'usb',
    ]) {
      expect(asks(own, permission)).toBe(false);
      expect(handlers.check(null, permission, own)).toBe(false);
    }
    expect([asks(own, 'clipboard-sanitized-write'), asks('https://x', 'clipboard-sanitized-write')]).toEqual([
      true,
      false,
    ]);
    expect(handlers.device()).toBe(false);
  });

  it('6: the rules of the web hold', () => expect(preferences.webSecurity).toBe(true));

  it('7: a policy says what the page may load: its own parts, no inline script, no frame', () => {
    const policy = SECURITY_HEADERS['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|\*|https?:/);
    expect(text).toContain('...SECURITY_HEADERS');
  });

  it('8: no insecure content in a secure page', () => expect(preferences.allowRunningInsecureContent).toBe(false));

  it('9: no experiments of Chromium', () => expect(preferences.experimentalFeatures).toBe(false));

  it('10: no features of Blink by name', () => {
    expect(preferences.enableBlinkFeatures).toBeUndefined();
    expect(text).not.toContain('appendSwitch');
  });

  it('11: there are no webviews that could open windows', () => {
    expect(preferences.webviewTag).toBe(false);
    const pages = readSources('src/renderer').filter(({ path }) => !path.includes('.test.'));
    expect(pages.filter((file) => /<webview|allowpopups/i.test(file.code)).map(({ path }) => path)).toEqual([]);
  });

  it('12: a webview that came nevertheless is not attached', () => {
    expect(isStopped('will-attach-webview', {})).toBe(true);
  });

  it('13: the page leads nowhere else', () => {
    for (const url of [
      'https://example.com/',
      'file:///etc/passwd',
      'javascript:1',
      'app://other/',
      'data:text/html,x',
    ]) {
      expect(isStopped('will-navigate', { url })).toBe(true);
      expect(isStopped('will-redirect', { url })).toBe(true);
    }
    expect(isStopped('will-navigate', { url: 'app://aiworkflow/#/runs' })).toBe(false);
  });

  it('14: the page opens no window', () => {
    for (const url of ['https://example.com/', 'app://aiworkflow/', 'about:blank'])
      expect(contents.openHandler({ url })).toEqual({ action: 'deny' });
  });

  it('15: the system is handed plain https links, and files only of kinds that it shows', () => {
    made.external.length = 0;
    for (const url of [
      'smb://x',
      'file:///bin/sh',
      'https://a@b.example/',
      'http://x',
      'mailto:x',
      'https://ok.example/',
    ])
      contents.openHandler({ url });
    expect(made.external).toEqual(['https://ok.example/']);
    expect(isWebLink('ms-msdt:/id')).toBe(false);
    const callers = main.filter(({ code }) => /shell\.open/.test(code)).map(({ path }) => path);
    expect(callers).toEqual(['src/main/desktop-shell.ts', 'src/main/host-actions.ts', 'src/main/window-guards.ts']);
  });

  it('16: Electron is of the newest major that this product knows, and the one that is packed', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(REPOSITORY_DIR, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const installed = JSON.parse(readFileSync(join(REPOSITORY_DIR, 'node_modules/electron/package.json'), 'utf8')) as {
      version: string;
    };
    expect(devDependencies.electron).toMatch(/^\^45\./);
    expect(builder().electronVersion).toBe(installed.version);
  });

  it('17: every message is asked who sends it', () => {
    // What becomes of a wrong sender: src/main/ipc-door.test.ts.
    const listening = main.filter(({ code }) => /ipcMain\.(?:handle|on)/.test(code)).map(({ path }) => path);
    expect(listening).toEqual(['src/main/ipc-door.ts']);
    expect(main.find(({ path }) => path === 'src/main/ipc-door.ts')?.code).toMatch(/checkSender\(event, contents\);/);
  });

  it('18: nothing is loaded by the file scheme', () => {
    expect(text).not.toMatch(/loadFile|['"`]file:\/\//);
    expect([isAppUrl('file:///app://aiworkflow/'), isAppUrl('app://aiworkflow/')]).toEqual([false, true]);
    expect(builder().electronFuses?.grantFileProtocolExtraPrivileges).toBe(false);
  });

  it('19: the fuses are set as decision 5 says', () => {
    // That a package has them: tests/packaging/pack.test.ts.
    expect(builder().electronFuses).toEqual({
      ...{ runAsNode: true, enableCookieEncryption: true, enableNodeOptionsEnvironmentVariable: false },
      ...{
        enableNodeCliInspectArguments: false,
        enableEmbeddedAsarIntegrityValidation: true,
        onlyLoadAppFromAsar: true,
      },
      ...{ loadBrowserProcessSpecificV8Snapshot: false, grantFileProtocolExtraPrivileges: false },
    });
  });

  it('20: nothing of Electron reaches the page', () => {
    const code = preload.map((file) => file.code).join('\n');
    expect(code).not.toMatch(/exposeInMainWorld\([^)]*ipcRenderer|: ipcRenderer|ipcRenderer,/);
    const channels = Object.values(IPC_CHANNELS);
    expect(
      preload
        .flatMap((file) => file.text.match(/'aiworkflow:[a-z]+'/g) ?? [])
        .map((name) => name.slice(1, -1))
        .sort(),
    ).toEqual([...channels].sort());
    // And a link from outside only ever navigates: src/main/shell-rules.test.ts.
    expect(screenOfLink('aiworkflow://runs/x?run=1&__proto__=1')).toBeNull();
  });
});

const builder = (): { electronVersion?: string; electronFuses?: Record<string, boolean> } =>
  parse(readFileSync(join(REPOSITORY_DIR, 'electron-builder.yml'), 'utf8'));
