import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DesktopBridge } from '../../src/renderer/client/desktop-client.ts';
import { connectToHolder } from '../../src/server/socket-door/holder-client.ts';
import type { LiveBatch, WireAnswer } from '../../src/shared/contract/index.ts';
import { makeAppCopy } from '../support/doors/app-copy.ts';
import { DOOR_NAMES, launchDesktop, type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { launchDesktopWithoutPages } from '../support/doors/launch-desktop.ts';
import { DesktopQuit } from '../support/electron-stand-in/launch-main.ts';

interface Client {
  call(name: string, input: unknown): Promise<WireAnswer>;
}
declare global {
  interface Window {
    readonly aiworkflow?: DesktopBridge;
    readonly client: Client;
    readonly frames_: readonly LiveBatch[];
  }
}

let app: ReturnType<typeof makeAppCopy>;
let folder: string;
beforeAll(() => {
  app = makeAppCopy();
  folder = mkdtempSync(join(tmpdir(), 'hosts-'));
});
afterAll(() => {
  app.remove();
  rmSync(folder, { recursive: true, force: true });
});
const stateDir = (project: string): string => join(project, '.aiworkflow', 'state');

describe.each(DOOR_NAMES)('the %s host', (name) => {
  let door: OpenedDoor;
  let project: string;
  const problems: string[] = [];
  beforeAll(async () => {
    project = mkdtempSync(join(folder, `${name}-`));
    door = await openDoor(name, { projectPath: project, appRoot: app.appRoot });
    door.page.on('console', (message) => problems.push(message.text()));
    door.page.on('pageerror', (error) => problems.push(error.message));
  });
  afterAll(() => door?.close());

  it('shows the page, whose calls are answered as the user of this door', async () => {
    await door.page.waitForSelector('output:not(:empty)');
    const answer = JSON.parse((await door.page.textContent('output')) ?? '') as WireAnswer;
    expect(answer).toMatchObject({ ok: true, value: { name: 'app.info', actor: { kind: 'user', door: name } } });
    expect(problems).toEqual([]);
  });

  it('carries live batches to the page, also after a reload', async () => {
    for (let round = 0; round < 2; round += 1) {
      await door.page.waitForSelector('output:not(:empty)');
      await door.page.evaluate(() => window.client.call('runs.counts', {}));
      await door.page.waitForFunction(() => window.frames_.length > 0);
      expect(await door.page.evaluate(() => window.frames_)).toEqual([{ number: 1, events: [{ kind: 'library' }] }]);
      await door.page.reload();
    }
  });

  it('answers a hostile call with a typed refusal', async () => {
    await door.page.waitForSelector('output:not(:empty)');
    const codes = await door.page.evaluate(async () => {
      const calls: [string, unknown][] = [
        ['no.such', {}],
        ['constructor', {}],
        ['app.info', { extra: 1 }],
        ['app.info', JSON.parse('{"__proto__":{"a":1}}')],
        ['app.info', JSON.parse(`${'['.repeat(300)}${']'.repeat(300)}`)],
        ['runs.start', { workflow: 'w', inputs: { text: 'x'.repeat(17 * 1024 * 1024) } }],
      ];
      const seen: string[] = [];
      for (const [operation, input] of calls) {
        const answer = (await window.client.call(operation, input)) as { error?: { code: string } };
        seen.push(answer.error?.code ?? 'accepted');
      }
      return seen;
    });
    expect(codes).toEqual([
      'contract.unknown_operation',
      'contract.unknown_operation',
      'contract.invalid_input',
      'contract.invalid_input',
      'contract.invalid_input',
      'contract.too_large',
    ]);
  });

  it('lets other processes of the user in by the local socket', async () => {
    const holder = await connectToHolder(stateDir(project), '0.0.1');
    expect(holder?.info.door).toBe(name);
    expect(await holder?.call('app.info', {})).toMatchObject({ actor: { door: 'socket' } });
    holder?.close();
  });

  it('ends cleanly at SIGTERM and takes its record away', async () => {
    expect(await door.close()).toBe(0);
    expect(await connectToHolder(stateDir(project), '0.0.1')).toBeNull();
  });
});

describe('the desktop window', () => {
  let desktop: Awaited<ReturnType<typeof launchDesktop>>;
  let home: string;
  const options = () => ({ projectPath: mkdtempSync(join(folder, 'window-')), appRoot: app.appRoot, home });
  beforeAll(async () => {
    home = mkdtempSync(join(folder, 'home-'));
    desktop = await launchDesktop(options());
  });
  afterAll(() => desktop?.close());
  const argsOf = (what: string): readonly (readonly unknown[])[] =>
    desktop.recorded.filter((entry) => entry.what === what).map((entry) => entry.args);

  it('is sandboxed, isolated and holds every permission back', async () => {
    expect(argsOf('webPreferences')).toEqual([
      [
        expect.objectContaining({
          contextIsolation: true,
          sandbox: true,
          nodeIntegration: false,
          nodeIntegrationInSubFrames: false,
          webSecurity: true,
          webviewTag: false,
          allowRunningInsecureContent: false,
        }),
      ],
    ]);
    for (const what of ['setPermissionRequestHandler', 'setPermissionCheckHandler', 'setDevicePermissionHandler']) {
      expect(argsOf(`session.${what}`)).toEqual([[true]]);
    }
    expect(argsOf('app.enableSandbox')).toEqual([[]]);
    const seen = await desktop.page.evaluate(() => ({
      bridge: Object.keys(window.aiworkflow ?? {}).sort(),
      host: Object.keys(window.aiworkflow?.host ?? {}).sort(),
      leaked: ['require', 'process', 'ipcRenderer', 'Buffer'].filter((one) => one in window),
    }));
    expect(seen).toEqual({
      bridge: ['call', 'host', 'subscribe'],
      host: [
        'changeSettings',
        'lockedSettings',
        'onCommand',
        'openFile',
        'pickFolder',
        'revealFile',
        'settings',
        'showKeys',
      ],
      leaked: [],
    });
  });

  it('stays on its page and hands only https links to the system', async () => {
    await desktop.page.evaluate(() => {
      window.open('https://example.invalid/docs');
      window.open('http://example.invalid/plain');
      window.open('https://user@example.invalid/disguised');
      window.location.href = 'https://example.invalid/away';
    });
    await expect.poll(() => argsOf('will-navigate')).toEqual([['https://example.invalid/away', 'prevented']]);
    await expect.poll(() => argsOf('windowOpen').map(([, action]) => action)).toEqual(['deny', 'deny', 'deny']);
    expect(argsOf('shell.openExternal')).toEqual([['https://example.invalid/docs']]);
    await expect.poll(() => desktop.page.textContent('h1')).toBe('aiworkflow');
  });

  it('picks a folder by the dialog of the system', async () => {
    const pick = () => desktop.page.evaluate(() => window.aiworkflow?.host?.pickFolder());
    expect(await pick()).toBeNull();
    desktop.tell({ kind: 'answer', what: 'dialog.showOpenDialog', value: { canceled: false, filePaths: ['/chosen'] } });
    expect(await pick()).toBe('/chosen');
  });

  it('comes to the front when the app is started a second time, and the second one goes', async () => {
    const second: unknown = await launchDesktopWithoutPages(options()).catch((error: unknown) => error);
    expect(second).toBeInstanceOf(DesktopQuit);
    expect((second as DesktopQuit).code).toBe(0);
    desktop.tell({ kind: 'emit', event: 'second-instance' });
    await expect.poll(() => argsOf('window.focus')).toEqual([[]]);
  });

  it('shows notices on the desktop, one a screen, and opens that screen at a click', async () => {
    const cancel = (runId: string) =>
      desktop.page.evaluate((id) => window.aiworkflow?.call('runs.cancel', { runId: id }), runId);
    for (const runId of ['run-1', 'run-2', 'run-2']) await cancel(runId);
    const notice = expect.objectContaining({ title: 'A run was cancelled', body: 'By hand', silent: true });
    await expect.poll(() => argsOf('notification.show')).toEqual([[notice], [notice], [notice]]);
    expect(argsOf('notification.close')).toEqual([[notice]]);
    const before = argsOf('window.focus').length;
    desktop.tell({ kind: 'emit', event: 'click-notice' });
    await expect.poll(() => desktop.page.evaluate(() => window.location.hash)).toBe('#/runs/run-2');
    expect(argsOf('window.focus')).toHaveLength(before + 1);
    await expect.poll(() => desktop.page.textContent('h1')).toBe('aiworkflow');
  });

  it('says that the engine stopped, and starts it again where a person wants that', async () => {
    const call = (name: string) => desktop.page.evaluate((one) => window.aiworkflow?.call(one, {}), name);
    desktop.tell({ kind: 'answer', what: 'dialog.showMessageBox', value: { response: 0, checkboxChecked: false } });
    expect(await call('doctor.fix')).toMatchObject({ ok: false });
    await expect.poll(() => argsOf('dialog.showMessageBox').length).toBe(1);
    expect(argsOf('dialog.showMessageBox')[0]?.[0]).toMatchObject({
      message: 'The control center stopped unexpectedly.',
      buttons: ['Start it again', 'Quit'],
    });
    await expect.poll(async () => (await call('app.info'))?.ok).toBe(true);
    expect(await desktop.page.textContent('h1')).toBe('aiworkflow');
  });

  it('quits when it is closed', async () => {
    await desktop.page.close();
    expect(await desktop.exited).toBe(0);
  });
});

it('the desktop app says why and quits when the project is held by another process', async () => {
  const quit: unknown = await launchDesktopWithoutPages({
    projectPath: folder,
    home: folder,
    appRoot: app.appRoot,
    env: { FAKE_CONTROL_CENTER_IS_HELD: '1' },
  }).catch((error: unknown) => error);
  expect(quit).toBeInstanceOf(DesktopQuit);
  expect((quit as DesktopQuit).recorded).toContainEqual({
    what: 'dialog.showErrorBox',
    args: ['aiworkflow', 'Another process holds the project.'],
  });
});
