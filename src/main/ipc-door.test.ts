import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserWindow, IpcMainInvokeEvent, WebFrameMain } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeControlCenter, type FakeControlCenter } from '../../tests/support/doors/fake-control-center.ts';
import { deliverInvoke } from '../../tests/support/electron-stand-in/ipc-main.ts';
import { MAX_CALL_BYTES, type WireAnswer } from '../shared/contract/index.ts';
import { DEFAULT_DESKTOP_SETTINGS } from '../shared/model/desktop.ts';
import { APP_URL, isAppUrl } from './app-origin.ts';
import { IPC_CHANNELS } from './ipc-channels.ts';
import { openIpcDoor } from './ipc-door.ts';
import { createPageCommands, type PageCommands } from './page-commands.ts';
import { openSettings } from './settings-keeper.ts';
import { isWebLink } from './window-guards.ts';

const asked = vi.hoisted(() => [] as unknown[][]);
vi.mock('electron', async () => {
  const { ipcMain } = await import('../../tests/support/electron-stand-in/ipc-main.ts');
  const shell = {
    openPath: async (path: string) => {
      asked.push(['openPath', path]);
      return '';
    },
    showItemInFolder: (path: string) => asked.push(['showItemInFolder', path]),
  };
  return { ipcMain, shell, dialog: {} };
});

/** A window of which only the page's side is there. */
function makeWindow() {
  const sent: unknown[][] = [];
  const mainFrame = { url: APP_URL, parent: null } as unknown as WebFrameMain;
  const contents = Object.assign(new EventEmitter(), {
    mainFrame,
    send: (...args: unknown[]) => sent.push(args),
    isDestroyed: () => false,
  });
  return { window: { webContents: contents } as unknown as BrowserWindow, contents, mainFrame, sent };
}

describe('the door of the desktop window', () => {
  let center: FakeControlCenter;
  let made: ReturnType<typeof makeWindow>;
  let close: () => void;
  let commands: PageCommands;
  let settingsDir: string;
  beforeEach(() => {
    asked.length = 0;
    center = createFakeControlCenter();
    made = makeWindow();
    commands = createPageCommands();
    settingsDir = mkdtempSync(join(tmpdir(), 'desktop-settings-'));
    close = openIpcDoor({ center, window: made.window, settings: openSettings(settingsDir), commands });
  });
  afterEach(() => {
    close();
    rmSync(settingsDir, { recursive: true, force: true });
  });

  const invoke = (channel: string, args: readonly unknown[], from: Partial<IpcMainInvokeEvent> = {}) =>
    deliverInvoke(
      { sender: made.window.webContents, senderFrame: made.mainFrame, ...from } as IpcMainInvokeEvent,
      channel,
      args,
    ) as Promise<WireAnswer>;
  const codeOf = async (answer: Promise<WireAnswer>): Promise<string> => {
    const settled = await answer;
    return settled.ok ? 'accepted' : settled.error.code;
  };

  it('answers its own page as the user of the desktop', async () => {
    expect(await invoke(IPC_CHANNELS.call, ['app.info', {}])).toMatchObject({
      ok: true,
      value: { actor: { kind: 'user', door: 'desktop' } },
    });
  });

  it('refuses every other sender on every channel', async () => {
    const frame = (url: string, parent: WebFrameMain | null = null) => ({ url, parent }) as unknown as WebFrameMain;
    const senders: Partial<IpcMainInvokeEvent>[] = [
      { sender: makeWindow().window.webContents },
      { senderFrame: null },
      { senderFrame: frame(APP_URL, made.mainFrame) },
      { senderFrame: frame(APP_URL) },
    ];
    for (const channel of [IPC_CHANNELS.call, IPC_CHANNELS.subscribe, IPC_CHANNELS.host]) {
      for (const from of senders) {
        expect(await codeOf(invoke(channel, ['app.info', {}], from))).toBe('access.bad_origin');
      }
      for (const url of ['https://aiworkflow/', 'app://other/', 'file:///app://aiworkflow/', 'about:blank', '']) {
        Object.assign(made.mainFrame, { url });
        expect(await codeOf(invoke(channel, ['app.info', {}]))).toBe('access.bad_origin');
      }
      Object.assign(made.mainFrame, { url: APP_URL });
    }
    expect(center.entered).toEqual([]);
  });

  it('refuses what is no call before the control center sees it', async () => {
    const hostile: [readonly unknown[], string][] = [
      [[], 'contract.invalid_input'],
      [[{ name: 'app.info' }], 'contract.invalid_input'],
      [['app.info', {}, { kind: 'system' }], 'contract.invalid_input'],
      [['app.info', new Map()], 'contract.invalid_input'],
      [['app.info', JSON.parse('{"__proto__":1}')], 'contract.invalid_input'],
      [['app.info', JSON.parse('['.repeat(500) + ']'.repeat(500))], 'contract.invalid_input'],
      [['app.info', { text: 'x'.repeat(MAX_CALL_BYTES) }], 'contract.too_large'],
      [['no.such', {}], 'contract.unknown_operation'],
      [['app.info', null], 'contract.invalid_input'],
    ];
    for (const [args, code] of hostile) expect(await codeOf(invoke(IPC_CHANNELS.call, args))).toBe(code);
    expect(center.entered).toEqual([]);
  });

  it('sends live batches after a subscribe, once per page, and none after it is closed', async () => {
    center.publish([{ kind: 'library' }]);
    await invoke(IPC_CHANNELS.subscribe, []);
    await invoke(IPC_CHANNELS.subscribe, []);
    center.publish([{ kind: 'library' }]);
    expect(made.sent).toEqual([[IPC_CHANNELS.events, { number: 1, events: [{ kind: 'library' }] }]]);
    made.contents.emit('destroyed');
    center.publish([{ kind: 'library' }]);
    expect(made.sent).toHaveLength(1);
  });

  it('keeps settings of this computer, and nothing else under their name', async () => {
    const change = (some: unknown) => invoke(IPC_CHANNELS.host, ['changeSettings', some]);
    expect(await invoke(IPC_CHANNELS.host, ['settings', {}])).toEqual({ ok: true, value: DEFAULT_DESKTOP_SETTINGS });
    expect(await change({ closing: 'quit' })).toMatchObject({ value: { closing: 'quit', keepsAwake: false } });
    const quiet = { ...DEFAULT_DESKTOP_SETTINGS.quiet, from: '25:00' };
    for (const none of [{ closing: 'explode' }, { path: '/etc/passwd' }, { quiet }, { notices: {} }, 'text'])
      expect(await codeOf(change(none))).toBe('contract.invalid_input');
    await expect.poll(() => openSettings(settingsDir).now()).toEqual({ ...DEFAULT_DESKTOP_SETTINGS, closing: 'quit' });
  });

  it('hands over what the menu asks for, also what came before the page listened', async () => {
    commands.send({ name: 'doctor' });
    expect(made.sent).toEqual([]);
    await invoke(IPC_CHANNELS.host, ['listen', {}]);
    commands.send({ name: 'palette' });
    expect(made.sent).toEqual(['doctor', 'palette'].map((name) => [IPC_CHANNELS.command, { name }]));
    made.contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true });
    commands.send({ name: 'shortcuts' });
    made.contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    commands.send({ name: 'doctor' });
    expect(made.sent).toHaveLength(3);
  });

  it('takes its handlers away when it is closed', async () => {
    close();
    await expect(invoke(IPC_CHANNELS.call, ['app.info', {}])).rejects.toThrow('No handler registered');
  });

  describe('files of a run', () => {
    let folder: string;
    const ask = (action: string, path: unknown) =>
      codeOf(invoke(IPC_CHANNELS.host, [action, { runId: 'run-1', path }]));
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'host-actions-'));
      mkdirSync(join(folder, 'run'));
      for (const name of ['run/report.md', 'run/setup.sh', 'secret.txt']) writeFileSync(join(folder, name), '');
      symlinkSync(join(folder, 'secret.txt'), join(folder, 'run', 'link.txt'));
      const files = ['report.md', 'setup.sh', 'link.txt', '../secret.txt'].map((path) => ({ path }));
      center.respond = async () => ({ ok: true, value: { files, folder: join(folder, 'run') } });
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it('are opened by the system, or shown in their folder', async () => {
      expect(await ask('openFile', 'report.md')).toBe('accepted');
      expect(await ask('revealFile', 'setup.sh')).toBe('accepted');
      expect(asked).toEqual([
        ['openPath', join(folder, 'run', 'report.md')],
        ['showItemInFolder', join(folder, 'run', 'setup.sh')],
      ]);
    });

    it('are refused when the run does not list them, when they lie outside, or when the system would run them', async () => {
      expect(await ask('openFile', 'other.md')).toBe('file.not_found');
      expect(await ask('openFile', join(folder, 'secret.txt'))).toBe('file.not_found');
      expect(await ask('openFile', '../secret.txt')).toBe('file.outside');
      expect(await ask('openFile', 'link.txt')).toBe('file.outside');
      expect(await ask('openFile', 'setup.sh')).toBe('access.denied');
      expect(await ask('openFile', 7)).toBe('contract.invalid_input');
      expect(await ask('readFile', 'report.md')).toBe('contract.unknown_operation');
      expect(await ask('constructor', 'report.md')).toBe('contract.unknown_operation');
      expect(asked).toEqual([]);
    });
  });
});

describe('addresses', () => {
  it('are ours by scheme and host', () => {
    expect(['app://aiworkflow/', 'app://aiworkflow/runs?x=1#y'].map(isAppUrl)).toEqual([true, true]);
    const foreign = ['app://aiworkflow.evil/', 'app:aiworkflow', 'APP2://aiworkflow/', 'http://aiworkflow/', 'x'];
    expect(foreign.filter(isAppUrl)).toEqual([]);
  });

  it('are handed to the system only when they are plain https', () => {
    expect(isWebLink('https://example.com/docs')).toBe(true);
    const others = ['http://example.com', 'file:///etc/passwd', 'javascript:1', 'https://a@example.com', 'smb://x', ''];
    expect(others.filter(isWebLink)).toEqual([]);
  });
});
