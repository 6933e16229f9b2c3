import type { MenuItemConstructorOptions } from 'electron';
import { acceleratorFor, type ChosenKeys } from '../../shared/model/shortcuts.ts';
import type { PageCommand } from '../page-commands.ts';
import { words } from '../words/index.ts';

/** What the menu of the app does. */
export interface MenuActs {
  readonly open: (path: string) => void;
  readonly command: (command: PageCommand) => void;
  readonly importFrom: (kind: 'folder' | 'archive') => void;
  readonly about: () => void;
  readonly showLogs: () => void;
  readonly showCrashReports: () => void;
  readonly restartSafely: () => void;
  readonly installCommand: () => void;
  readonly lookForUpdates: () => void;
}

export interface MenuView {
  readonly platform: string;
  /** Other projects, the newest first. */
  readonly recent: readonly { readonly path: string; readonly name: string }[];
  readonly isPackaged: boolean;
  readonly isSafeMode: boolean;
  /** What a person has chosen in place of the keys of the app. */
  readonly keys: ChosenKeys;
}

type Item = MenuItemConstructorOptions;
const SEPARATOR: Item = { type: 'separator' };
const MOST_RECENT = 10;

/**
 * The menu of the app. Keys that the page obeys itself are only shown (`registerAccelerator`): it knows when somebody is typing. Roles
 * bring words, keys and places of the system.
 */
export function appMenu(view: MenuView, acts: MenuActs): readonly Item[] {
  const isMac = view.platform === 'darwin';
  const said = words().menu;
  // In the order of the rail, each at its number.
  const screens = Object.entries(said.screens);
  const settings: Item = {
    label: said.settings,
    accelerator: acceleratorFor('settings', view.keys),
    click: () => acts.open('/admin?tab=settings'),
  };
  const about: Item = { label: said.about, click: acts.about };
  return [
    ...(isMac ? [macMenu(about, settings)] : []),
    fileMenu(view, acts, isMac ? [] : [SEPARATOR, settings]),
    { role: 'editMenu' },
    viewMenu(view),
    {
      label: said.go,
      submenu: [
        {
          ...shown(acceleratorFor('palette', view.keys)),
          label: said.find,
          click: () => acts.command({ name: 'palette' }),
        },
        SEPARATOR,
        ...screens.map(([path, label], at) => ({
          ...shown(`CmdOrCtrl+${at + 1}`),
          label,
          click: () => acts.open(`/${path}`),
        })),
      ],
    },
    ...(isMac ? [{ role: 'windowMenu' } satisfies Item] : []),
    helpMenu(view, acts, isMac ? [] : [SEPARATOR, about]),
  ];
}

const shown = (accelerator: string): Pick<Item, 'accelerator' | 'registerAccelerator'> => ({
  accelerator,
  registerAccelerator: false,
});

const macMenu = (about: Item, settings: Item): Item => ({
  label: 'aiworkflow',
  submenu: [
    about,
    SEPARATOR,
    settings,
    SEPARATOR,
    { role: 'services' },
    SEPARATOR,
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    SEPARATOR,
    { role: 'quit' },
  ],
});

function fileMenu({ recent, platform, keys }: MenuView, acts: MenuActs, more: readonly Item[]): Item {
  const said = words().menu;
  const projects = recent.slice(0, MOST_RECENT).map(({ path, name }) => ({
    label: name,
    sublabel: path,
    toolTip: path,
    click: () => acts.command({ name: 'open-project', path }),
  }));
  return {
    role: 'fileMenu',
    label: platform === 'win32' ? `&${said.file}` : said.file,
    submenu: [
      {
        label: said.openFolder,
        accelerator: acceleratorFor('openFolder', keys),
        click: () => acts.command({ name: 'open-folder' }),
      },
      {
        label: said.openRecent,
        enabled: projects.length > 0,
        submenu: projects,
      },
      SEPARATOR,
      { label: said.importFolder, click: () => acts.importFrom('folder') },
      { label: said.importArchive, click: () => acts.importFrom('archive') },
      ...more,
      SEPARATOR,
      { role: 'close' },
      ...(platform === 'darwin' ? [] : [{ role: 'quit' } satisfies Item]),
    ],
  };
}

const viewMenu = ({ isPackaged }: MenuView): Item => ({
  label: words().menu.view,
  submenu: [
    { role: 'reload' },
    ...(isPackaged ? [] : [{ role: 'toggleDevTools' } satisfies Item]),
    SEPARATOR,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    SEPARATOR,
    { role: 'togglefullscreen' },
  ],
});

const helpMenu = ({ isSafeMode }: MenuView, acts: MenuActs, more: readonly Item[]): Item => ({
  role: 'help',
  submenu: [
    { label: words().menu.shortcuts, click: () => acts.command({ name: 'shortcuts' }) },
    { label: words().menu.welcome, click: () => acts.open('/welcome') },
    { label: words().menu.doctor, click: () => acts.command({ name: 'doctor' }) },
    SEPARATOR,
    { label: words().menu.showLogs, click: acts.showLogs },
    { label: words().menu.showCrashReports, click: acts.showCrashReports },
    { label: words().menu.safeMode, enabled: !isSafeMode, click: acts.restartSafely },
    SEPARATOR,
    { label: words().menu.installCommand, click: acts.installCommand },
    { label: words().menu.lookForUpdates, click: acts.lookForUpdates },
    ...more,
  ],
});
