import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { AppTray } from '../shared/contract/index.ts';
import { DEFAULT_DESKTOP_SETTINGS, readDesktopSettings } from '../shared/model/desktop.ts';
import { quitWords } from './ask-to-quit.ts';
import type { Glance } from './glance.ts';
import { quietUntil } from './notices/quiet-hours.ts';
import { screenOfLink } from './opened/deep-link.ts';
import { targetsOf } from './opened/open-targets.ts';
import { appMenu, type MenuActs } from './shell/app-menu.ts';
import { goesOn } from './shell/closing.ts';
import { staysAwake } from './shell/power.ts';
import { autostartText } from './shell/start-at-login.ts';
import { placeOn } from './shell/window-place.ts';
import { type TrayActs, trayIcon, trayMenu, trayTip } from './tray/tray-menu.ts';
import { whyNoTray } from './tray/tray-served.ts';

vi.mock('electron', () => ({}));

const NOW = new Date(2026, 10, 17, 14, 0).getTime();
const MINUTE = 60_000;
const trayOf = (some: Partial<AppTray> = {}): AppTray => ({
  ...{ next: [], armed: 0, running: [], runningCount: 0, pausedAll: null, failing: [], isHosting: true },
  waiting: { approvals: 0, inDoubt: 0, starts: 0 },
  ...some,
});
const open = (some: Partial<AppTray> = {}, approvals: unknown[] = []): Glance =>
  ({ is: 'open', project: 'Finance & co', tray: trayOf(some), approvals }) as Glance;
const labels = (glance: Glance): readonly string[] =>
  trayMenu(glance, {} as TrayActs, NOW).map(({ label, type }) => label ?? type ?? '');
const run = (workflowName: string) => ({ runId: 'r', workflowName, startedAt: NOW - 5 * MINUTE });

describe('the icon beside the clock', () => {
  it('lists what waits, runs and comes, as much as a menu can hold', () => {
    const busy = open(
      {
        ...{ runningCount: 7, running: ['a', 'b', 'c', 'd', 'e', 'f'].map(run) },
        next: [{ key: 'x/y', workflowName: 'Invoice & triage', at: NOW + 45 * MINUTE }],
        waiting: { approvals: 3, inDoubt: 1, starts: 0 },
      },
      [{ id: '1', title: `Refund ${'x'.repeat(80)}`, expiresAt: null }],
    );
    expect(labels(busy)).toEqual([
      'Waiting for you: 4',
      expect.stringMatching(/^Refund x+…$/),
      '2 more approvals',
      '1 run in doubt',
      'separator',
      'Running',
      ...['a', 'b', 'c', 'd', 'e'].map((name) => expect.stringMatching(`^${name}, since `)),
      '2 more runs',
      'separator',
      'Next',
      expect.stringMatching(/Invoice && triage$/),
      'separator',
      'Pause all triggers',
      'separator',
      'Open Finance && co',
      'Quit…',
    ]);
    expect([trayIcon(busy), trayTip(busy, NOW)]).toEqual(['for-4', 'Finance & co: 4 waiting for you, 7 running']);
  });

  it('says who paused all, that the engine stopped, and nothing where there is nothing to say', () => {
    const pausedAll = { at: NOW, until: null, by: 'operations', reason: 'ledger closed' };
    expect(labels(open({ pausedAll })).slice(0, 2)).toEqual([
      'All triggers paused',
      expect.stringMatching(/^Since .+ by operations: “ledger closed”$/),
    ]);
    const forAnHour = open({ pausedAll: { ...pausedAll, until: NOW + 60 * MINUTE } });
    expect(labels(forAnHour)[0]).toMatch(/^All triggers paused until .+$/);
    expect(trayTip(forAnHour, NOW)).toMatch(/^Finance & co: all triggers paused until .+$/);
    expect(labels({ is: 'stopped', at: NOW })).toEqual([
      'Nothing starts now',
      expect.stringMatching(/^The engine stopped at /),
      'separator',
      'Start the engine',
      'Why it stopped…',
      'separator',
      'Quit…',
    ]);
    const icons = [open(), open({ pausedAll }), open({ waiting: { approvals: 12, inDoubt: 0, starts: 0 } })];
    expect([...icons.map(trayIcon), trayIcon({ is: 'stopped', at: NOW })]).toEqual([
      ...['idle', 'paused', 'for-more', 'stopped'],
    ]);
  });

  it('is only there where something shows it', async () => {
    expect(await whyNoTray('darwin', {})).toBeNull();
    expect(await whyNoTray('linux', {})).toBe('no_bus');
  });
});

it('closing keeps the app only where something would end with it', () => {
  const armed = open({ armed: 1 });
  expect([goesOn(armed, true), goesOn(open({ runningCount: 1 }), true)]).toEqual([true, true]);
  const goes = [goesOn(armed, false), goesOn(open(), true), goesOn(open({ armed: 1, isHosting: false }), true)];
  expect([...goes, goesOn(null, true), goesOn({ is: 'stopped', at: NOW }, true)]).toEqual(Array(5).fill(false));
});

it('quitting names what runs and what would be missed', () => {
  const running = { running: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(run), runningCount: 8 };
  expect(quitWords({ leftOut: null, running }).split('\n')).toEqual([
    expect.stringMatching(/^Running now: 8\. Steps get 10 s/),
    ...['a', 'b', 'c', 'd', 'e', 'f', 'and 2 more'],
  ]);
});

it('the computer stays awake for what runs or comes at once, on mains power, where a person wants that', () => {
  const at = { keepsAwake: true, isOnBattery: false, now: NOW };
  const soon = open({ next: [{ key: 'k', workflowName: 'w', at: NOW + MINUTE }] });
  const later = open({ next: [{ key: 'k', workflowName: 'w', at: NOW + 2 * MINUTE }] });
  expect([staysAwake(open({ runningCount: 1 }), at), staysAwake(soon, at)]).toEqual([true, true]);
  const not = [staysAwake(later, at), staysAwake(soon, { ...at, isOnBattery: true }), staysAwake(null, at)];
  expect([...not, staysAwake(soon, { ...at, keepsAwake: false })]).toEqual(Array(4).fill(false));
});

it('the window is put where a person can take hold of it', () => {
  const main = { x: 0, y: 25, width: 1920, height: 1055 };
  const second = { x: 1920, y: 0, width: 1280, height: 720 };
  const kept = { x: 2000, y: 10, width: 1200, height: 700, isMaximized: false };
  expect(placeOn(null, [main])).toEqual({ width: 1440, height: 900 });
  expect(placeOn(kept, [main, second])).toEqual({ x: 2000, y: 10, width: 1200, height: 700 });
  expect(placeOn(kept, [main])).toEqual({ width: 1200, height: 700 });
  expect(placeOn({ ...kept, x: 100, y: 5, height: 5000 }, [main])).toEqual({
    x: 100,
    y: 25,
    width: 1200,
    height: 1055,
  });
  expect(placeOn(kept, [])).toEqual({ width: 1200, height: 700 });
});

it('quiet hours go over midnight, over weekends and over each other', () => {
  const quiet = { ...DEFAULT_DESKTOP_SETTINGS.quiet, isOn: true };
  const at = (day: number, hours: number, minutes = 0): number => new Date(2026, 10, day, hours, minutes).getTime();
  // The 16th is a Monday.
  expect(quietUntil(at(16, 18, 29), quiet)).toBeNull();
  expect(quietUntil(at(16, 18, 30), quiet)).toBe(at(17, 7, 30));
  expect(quietUntil(at(17, 7, 29), quiet)).toBe(at(17, 7, 30));
  expect(quietUntil(at(16, 6), quiet)).toBeNull();
  expect(quietUntil(at(20, 20), quiet)).toBe(at(21, 7, 30));
  expect(quietUntil(at(20, 20), { ...quiet, weekend: true })).toBe(at(23, 0));
  expect(quietUntil(at(21, 12), { ...quiet, isOn: false, weekend: true })).toBe(at(23, 0));
  const always = { ...quiet, from: '00:00', until: '00:00', days: [0, 1, 2, 3, 4, 5, 6] };
  expect(quietUntil(at(16, 12), always)).toBeGreaterThan(at(20, 0));
});

it('settings that nobody could have set are the default', () => {
  const { closing, keepsAwake, quiet } = readDesktopSettings({ closing: 'x', keepsAwake: true, quiet: { isOn: true } });
  expect({ closing, keepsAwake, quiet }).toEqual({
    ...{ closing: 'keep_running', keepsAwake: true, quiet: DEFAULT_DESKTOP_SETTINGS.quiet },
  });
  expect([null, 7, []].map(readDesktopSettings)).toEqual(Array(3).fill(DEFAULT_DESKTOP_SETTINGS));
});

it('the entry of the sign-in quotes what it starts', () => {
  expect(autostartText({ program: '/opt/a "b"/app', arguments: ['/home/$x/100%', '--hidden'] })).toContain(
    'Exec="/opt/a \\\\"b\\\\"/app" "/home/\\\\$x/100%%" "--hidden"\n',
  );
});

it('the menu has the places of each system', () => {
  const view = { recent: [{ path: '/p/office', name: 'office' }], isPackaged: true, isSafeMode: true, keys: {} };
  const of = (platform: string) => appMenu({ ...view, platform }, {} as MenuActs);
  const top = (platform: string) => of(platform).map(({ label, role }) => role ?? label);
  expect(top('linux')).toEqual(['fileMenu', 'editMenu', 'View', 'Go', 'help']);
  expect(top('darwin')).toEqual(['aiworkflow', 'fileMenu', 'editMenu', 'View', 'Go', 'windowMenu', 'help']);
  const text = JSON.stringify(of('darwin'));
  for (const role of ['services', 'hideOthers', 'quit', 'close']) expect(text).toContain(`"role":"${role}"`);
  expect(text).not.toContain('toggleDevTools');
  expect(JSON.stringify(of('win32'))).toContain('"label":"office"');
  const keys = { palette: 'Mod+Shift+E', openFolder: 'F2' };
  const chosen = JSON.stringify(appMenu({ ...view, platform: 'linux', keys }, {} as MenuActs));
  for (const accelerator of ['F2', 'CmdOrCtrl+,', 'CmdOrCtrl+Shift+E'])
    expect(chosen).toContain(`"accelerator":"${accelerator}"`);
  for (const gone of ['CmdOrCtrl+O"', 'CmdOrCtrl+K"']) expect(chosen).not.toContain(gone);
});

describe('what the app is asked to open', () => {
  it('by a link only navigates: every part is known, checked and written anew', () => {
    expect(screenOfLink('aiworkflow://runs/2026-11-17%2Fa?step=2&tab=log')).toBe('/runs/2026-11-17%2Fa?step=2&tab=log');
    expect(screenOfLink('aiworkflow://approvals?id=ab')).toBe('/approvals?id=ab');
    expect(screenOfLink('aiworkflow://today')).toBe('/today');
    const refused = [
      'https://runs/1',
      'aiworkflow:runs',
      'aiworkflow://runs/1/2',
      'aiworkflow://runs/1?replay=1',
      'aiworkflow://delete/1',
      'aiworkflow://constructor',
      'aiworkflow://user@runs/1',
      'aiworkflow://today/x',
      'aiworkflow://runs/%00',
      'aiworkflow://runs/%E0%A4',
      `aiworkflow://runs/${'x'.repeat(3000)}`,
    ];
    expect(refused.filter((link) => screenOfLink(link) !== null)).toEqual([]);
    const SAFE = /^\/[a-z]+(?:\/[A-Za-z0-9\-_.!~*'()%]+)?(?:\?[A-Za-z0-9\-_.*+%=&]+)?$/;
    const pieces = fc.array(fc.constantFrom(...'aiworkflow://runs/?step=&#%2F..\\\0@:<é '.split(''), 'runs/', 'tab='));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((some) => some.join('')),
        ),
        (rest) => {
          for (const link of [rest, `aiworkflow://${rest}`, `aiworkflow://runs/${rest}`]) {
            const screen = screenOfLink(link);
            if (screen !== null) expect(screen).toMatch(SAFE);
          }
        },
      ),
      { numRuns: 1700 },
    );
  });

  it('on a command line is a link, an archive, or what is named to be imported', () => {
    const line = [
      '.',
      '--hidden',
      '--project=/x.awb',
      'aiworkflow://runs',
      'a.awb',
      '--import=folder',
      '--import=',
      'other',
      'file:///home/me/my%20bundle.awb',
      'file:///home/me/notes.txt',
      'file://elsewhere/share/b.awb',
      'file:///home/me/%zz.awb',
      '--import=file:///home/me/a%20folder',
      '-z.awb',
    ];
    expect(targetsOf(line, '/home/me')).toEqual([
      { kind: 'link', link: 'aiworkflow://runs' },
      { kind: 'file', path: '/home/me/a.awb' },
      { kind: 'file', path: '/home/me/folder' },
      { kind: 'file', path: '/home/me/my bundle.awb' },
      { kind: 'file', path: '/home/me/a folder' },
    ]);
  });
});
