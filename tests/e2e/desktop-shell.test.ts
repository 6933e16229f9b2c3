import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IPC_CHANNELS } from '../../src/main/ipc-channels.ts';
import { launchDesktopWithoutPages } from '../support/doors/launch-desktop.ts';
import type { LaunchedMain } from '../support/electron-stand-in/launch-main.ts';
import type { ShownItem } from '../support/electron-stand-in/menu.ts';
import { GatedProject, workStep } from '../support/gated-project.ts';
import { type SessionBus, startSessionBus } from '../support/session-bus.ts';

/** The real main process with its real control center; windows show nothing, the test is the system and its user. */
const toldBy = (main: LaunchedMain, what: string): readonly unknown[] =>
  main.recorded.filter((entry) => entry.what === what).map(({ args }) => args[0]);
const labelsOf = (items: unknown): readonly string[] =>
  ((items ?? []) as readonly ShownItem[]).map(({ label, type, role }) => label ?? role ?? type ?? '');

let project: GatedProject;
let bus: SessionBus;
let config: string;
let environment: Record<string, string>;
beforeAll(async () => {
  project = new GatedProject();
  project.addBundle('report', {
    name: 'Hourly report',
    frontmatter: ['triggers:', '  - {type: schedule, id: hourly, schedule: "0 * * * *"}'],
    steps: [workStep('done')],
  });
  config = mkdtempSync(join(tmpdir(), 'shell-config-'));
  bus = await startSessionBus('org.kde.StatusNotifierWatcher');
  environment = { DBUS_SESSION_BUS_ADDRESS: bus.address, XDG_CONFIG_HOME: config };
});
afterAll(async () => {
  for (const main of launched) await main.close();
  await bus.close();
  rmSync(config, { recursive: true, force: true });
  project.remove();
});

const desktopDir = (): string => join(project.home, 'user-data', 'desktop');
const launched: LaunchedMain[] = [];
async function launch(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<LaunchedMain> {
  const main = await launchDesktopWithoutPages({
    ...{ projectPath: project.path, home: project.home, args },
    env: { ...environment, ...env },
  });
  launched.push(main);
  return main;
}

describe('the shell of the desktop app', () => {
  let main: LaunchedMain;
  let runId = '';
  const told = (what: string): readonly unknown[] => toldBy(main, what);
  const tray = (): readonly string[] => labelsOf(told('menu.tray').at(-1));
  const commands = (): readonly unknown[] =>
    main.recorded
      .filter(({ what, args }) => what === 'webContents.send' && args[0] === IPC_CHANNELS.command)
      .map(({ args }) => args[1]);
  const settingsFile = (): Record<string, unknown> =>
    JSON.parse(readFileSync(join(desktopDir(), 'settings.json'), 'utf8')) as Record<string, unknown>;
  beforeAll(async () => {
    mkdirSync(desktopDir(), { recursive: true });
    // What was kept by hands that nobody trusts: the window of a screen that is gone, settings that are none.
    writeFileSync(
      join(desktopDir(), 'window.json'),
      JSON.stringify({ x: 5000, y: 100, width: 1200, height: 5000, isMaximized: false }),
    );
    writeFileSync(join(desktopDir(), 'settings.json'), '{"keepsAwake": true, "closing": "explode"}');
    main = await launch();
  });

  it('keeps dumps of crashes on this computer, and its window on a screen that is there', () => {
    expect(told('crashReporter.start')).toEqual([{ uploadToServer: false }]);
    expect(told('window.new')).toEqual([
      expect.objectContaining({ x: 0, y: 0, width: 1200, height: 1080, minWidth: 800, minHeight: 560 }),
    ]);
    expect(told('window.show')).toHaveLength(1);
  });

  it('has the menu of a desktop app, with roles', async () => {
    await expect.poll(() => labelsOf(told('menu.app')[0])).toEqual(['File', 'editMenu', 'View', 'Go', 'help']);
    const menu = told('menu.app')[0] as readonly ShownItem[];
    expect(labelsOf(menu[3]?.submenu)).toEqual(expect.arrayContaining(['Find or run…', 'Today', 'Admin']));
    expect(labelsOf(menu[4]?.submenu)).toContain('Show crash reports');
    main.tell({ kind: 'emit', event: 'click-menu', args: ['app', 'Go', 'Triggers'] });
    await expect.poll(() => told('webContents.load').at(-1)).toBe('app://aiworkflow/#/triggers');
    main.tell({ kind: 'emit', event: 'click-menu', args: ['app', 'help', 'Show the logs'] });
    await expect.poll(() => told('shell.openPath')).toEqual([join(project.home, 'user-data', 'logs')]);
  });

  it('tells beside the clock what runs and what comes, and starts runs from nowhere', async () => {
    await expect.poll(() => told('app.setBadgeCount').at(-1)).toBe(0);
    const idle = ['Run a workflow…', 'Pause all triggers', 'separator', 'Open office', 'Quit…'];
    await expect.poll(tray).toEqual(idle);
    const client = await project.connect();
    const { key, definitionHash, contentHash } = await client.call('triggers.get', { trigger: 'report/hourly' });
    await client.call('triggers.arm', { trigger: key, definitionHash, contentHash: contentHash ?? '' });
    await expect.poll(tray).toEqual(['Next', expect.stringMatching(/Hourly report$/), 'separator', ...idle]);
    ({ runId } = await client.call('runs.start', { workflow: 'report' }));
    client.close();
    await expect
      .poll(tray)
      .toEqual(expect.arrayContaining(['Running', expect.stringMatching(/^Hourly report, since/)]));
    expect(told('tray.setToolTip').at(-1)).toBe('office: 1 running');
  });

  it('keeps the computer awake while work goes on, on mains power only', async () => {
    await expect.poll(() => told('powerSaveBlocker.start')).toEqual(['prevent-app-suspension']);
    main.tell({ kind: 'emit', event: 'power', args: ['on-battery'] });
    await expect.poll(() => told('powerSaveBlocker.stop')).toEqual([true]);
    main.tell({ kind: 'emit', event: 'power', args: ['on-ac'] });
    await expect.poll(() => told('powerSaveBlocker.start')).toHaveLength(2);
    // The scheduler looks at once after a sleep; whether that starts something is the scheduler's own test.
    main.tell({ kind: 'emit', event: 'power', args: ['resume'] });
  });

  it('hides when its window is closed, explained once, and comes back', async () => {
    main.tell({ kind: 'answer', what: 'dialog.showMessageBox', value: { response: 0, checkboxChecked: true } });
    main.tell({ kind: 'emit', event: 'close' });
    await expect.poll(() => told('window.hide')).toHaveLength(1);
    expect(told('dialog.showMessageBox')).toEqual([
      expect.objectContaining({
        message: 'Still running, in the tray',
        detail: expect.stringMatching(
          /^You closed the window\. Runs and triggers go on; 1 runs now, the next starts at /,
        ),
        buttons: ['Keep it running', 'Quit instead'],
        checkboxChecked: true,
      }),
    ]);
    main.tell({ kind: 'emit', event: 'click-menu', args: ['tray', 'Open office'] });
    await expect.poll(() => told('window.show')).toHaveLength(2);
    main.tell({ kind: 'emit', event: 'close' });
    await expect.poll(() => told('window.hide')).toHaveLength(2);
    expect(told('dialog.showMessageBox')).toHaveLength(1);
    await expect.poll(() => settingsFile().isClosingExplained).toBe(true);
  });

  it('is opened again by links, archives and a second start, which only navigate or take in', async () => {
    const archive = join(project.root, 'quote.awb');
    writeFileSync(archive, 'no archive at all');
    main.tell({
      kind: 'emit',
      event: 'second-instance',
      args: [['--flag', 'aiworkflow://runs/r%201?step=2', archive]],
    });
    await expect.poll(() => told('webContents.load').at(-1)).toBe('app://aiworkflow/#/runs/r%201?step=2');
    main.tell({ kind: 'emit', event: 'open-url', args: ['aiworkflow://runs/x/../../delete?all=1'] });
    main.tell({ kind: 'emit', event: 'open-file', args: [join(project.root, 'gone.awb')] });
    // The page listens by its first script, which does not run here: what it is to show waits for it.
    expect(commands()).toEqual([]);
    expect(told('webContents.load').at(-1)).toBe('app://aiworkflow/#/runs/r%201?step=2');
  });

  it('outlives its page', async () => {
    main.tell({ kind: 'emit', event: 'page-gone', args: ['oom'] });
    await expect.poll(() => told('webContents.reload')).toHaveLength(1);
    main.tell({ kind: 'answer', what: 'dialog.showMessageBox', value: { response: 0, checkboxChecked: false } });
    main.tell({ kind: 'emit', event: 'page-hangs' });
    await expect.poll(() => told('webContents.reload')).toHaveLength(2);
    expect(told('dialog.showMessageBox').at(-1)).toMatchObject({ message: 'The window does not answer' });
    const client = await project.connect();
    expect((await client.call('runs.get', { runId })).run.status).toBe('running');
    client.close();
  });

  it('pauses all triggers from beside the clock', async () => {
    main.tell({ kind: 'emit', event: 'click-menu', args: ['tray', 'Pause all triggers', 'Pause for 1 hour'] });
    await expect
      .poll(tray)
      .toEqual(expect.arrayContaining([expect.stringMatching(/^All triggers paused until /), 'Resume all triggers']));
    expect(told('tray.setImage').at(-1)).toMatch(/paused\.png$/);
    main.tell({ kind: 'emit', event: 'click-menu', args: ['tray', 'Resume all triggers'] });
    await expect.poll(tray).toContain('Pause all triggers');
  });

  it('lists what quitting stops and leaves out, and keeps where its window stood and that it starts at login', async () => {
    main.tell({ kind: 'emit', event: 'place', args: [{ x: 40, y: 50, width: 1000, height: 700 }] });
    main.tell({ kind: 'answer', what: 'dialog.showMessageBox', value: { response: 0, checkboxChecked: true } });
    project.openGates(1);
    main.tell({ kind: 'emit', event: 'click-menu', args: ['tray', 'Quit…'] });
    expect(await main.exited).toBe(0);
    expect(told('dialog.showMessageBox').at(-1)).toMatchObject({
      message: 'Quit aiworkflow?',
      detail: expect.stringContaining('Would be missed until'),
      checkboxLabel: 'Start again when I sign in',
    });
    expect(settingsFile()).toMatchObject({ startsAtLogin: true, keepsAwake: true, closing: 'keep_running' });
    const entry = readFileSync(join(config, 'autostart', 'aiworkflow.desktop'), 'utf8');
    expect(entry).toMatch(/^\[Desktop Entry\]\n[\s\S]*Exec="[^"]*" "[^"]*electron-main[^"]*" "--hidden"\n/);
  });
});

describe('a start of the desktop app', () => {
  it('at the sign-in is hidden, and its window stands where it was left', async () => {
    const main = await launch(['--hidden']);
    expect(toldBy(main, 'window.new')).toEqual([expect.objectContaining({ x: 40, y: 50, width: 1000, height: 700 })]);
    expect(toldBy(main, 'window.show')).toEqual([]);
    // Nobody sees an icon where nothing shows icons: then the window is minimised, and says why.
    await expect.poll(() => toldBy(main, 'tray.new')).toHaveLength(1);
    expect(await main.close()).toBe(0);
    expect(existsSync(join(config, 'autostart', 'aiworkflow.desktop'))).toBe(true);
  });

  it('beside another process that holds the project attaches to it, and leaves it alone when it goes', async () => {
    const holder = await launch();
    const home = join(project.root, 'other-home');
    const main = await launchDesktopWithoutPages({ projectPath: project.path, home, env: environment });
    launched.push(main);
    await expect.poll(() => labelsOf(toldBy(main, 'menu.tray').at(-1))).toContain('Pause all triggers');
    // Nothing would end with this one: closing it ends it, and asks nothing.
    main.tell({ kind: 'emit', event: 'close' });
    expect(await main.exited).toBe(0);
    expect(toldBy(main, 'dialog.showMessageBox')).toEqual([]);
    expect(holder.child.exitCode).toBeNull();
    await holder.close();
  });

  it('in safe mode starts nothing by itself; without an icon closing minimises and says why', async () => {
    writeFileSync(join(desktopDir(), 'settings.json'), '{}');
    // Nor does the system show notices: what they would tell stands on Today.
    const main = await launch(['--safe-mode'], {
      ...{ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere', STAND_IN_WITHOUT_NOTICES: '1' },
    });
    const client = await project.connect();
    expect(await client.call('app.tray', {})).toMatchObject({ isHosting: false });
    project.closeGates(1);
    await client.call('runs.start', { workflow: 'report' });
    client.close();
    expect(toldBy(main, 'app.disableHardwareAcceleration')).toHaveLength(1);
    expect(toldBy(main, 'tray.new')).toEqual([]);
    main.tell({ kind: 'answer', what: 'dialog.showMessageBox', value: { response: 0, checkboxChecked: false } });
    main.tell({ kind: 'emit', event: 'close' });
    await expect.poll(() => toldBy(main, 'window.minimize')).toHaveLength(1);
    expect(toldBy(main, 'dialog.showMessageBox')).toEqual([
      expect.objectContaining({ message: 'Still running, minimised', detail: expect.stringContaining('session bus') }),
    ]);
    project.openGates(1);
    expect(await main.close()).toBe(0);
    expect(existsSync(join(config, 'autostart', 'aiworkflow.desktop'))).toBe(false);
  });
});
