import type { MenuItemConstructorOptions } from 'electron';
import type { PageCommand } from '../page-commands.ts';

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
}

type Item = MenuItemConstructorOptions;
const SEPARATOR: Item = { type: 'separator' };
const MOST_RECENT = 10;

/** The screens of the rail, in its order. */
const SCREENS = ['Today', 'Workflows', 'Runs', 'Approvals', 'Triggers', 'Agents', 'Costs', 'Admin'] as const;

/**
 * The menu of the app. Keys that the page obeys itself are only shown (`registerAccelerator`): it knows when somebody is typing. Roles
 * bring words, keys and places of the system.
 */
export function appMenu(view: MenuView, acts: MenuActs): readonly Item[] {
  const isMac = view.platform === 'darwin';
  const settings: Item = {
    label: 'Settings…',
    accelerator: 'CmdOrCtrl+,',
    click: () => acts.open('/admin?tab=settings'),
  };
  const about: Item = { label: 'About aiworkflow', click: acts.about };
  return [
    ...(isMac ? [macMenu(about, settings)] : []),
    fileMenu(view, acts, isMac ? [] : [SEPARATOR, settings]),
    { role: 'editMenu' },
    viewMenu(view),
    {
      label: 'Go',
      submenu: [
        { ...shown('CmdOrCtrl+K'), label: 'Find or run…', click: () => acts.command({ name: 'palette' }) },
        SEPARATOR,
        ...SCREENS.map((name, at) => ({
          ...shown(`CmdOrCtrl+${at + 1}`),
          label: name,
          click: () => acts.open(`/${name.toLowerCase()}`),
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

function fileMenu({ recent, platform }: MenuView, acts: MenuActs, more: readonly Item[]): Item {
  const projects = recent.slice(0, MOST_RECENT).map(({ path, name }) => ({
    label: name,
    sublabel: path,
    toolTip: path,
    click: () => acts.command({ name: 'open-project', path }),
  }));
  return {
    role: 'fileMenu',
    label: platform === 'win32' ? '&File' : 'File',
    submenu: [
      {
        label: 'Open project folder…',
        accelerator: 'CmdOrCtrl+O',
        click: () => acts.command({ name: 'open-folder' }),
      },
      {
        label: 'Open recent',
        enabled: projects.length > 0,
        submenu: projects,
      },
      SEPARATOR,
      { label: 'Import a folder…', click: () => acts.importFrom('folder') },
      { label: 'Import an archive or a file…', click: () => acts.importFrom('archive') },
      ...more,
      SEPARATOR,
      { role: 'close' },
      ...(platform === 'darwin' ? [] : [{ role: 'quit' } satisfies Item]),
    ],
  };
}

const viewMenu = ({ isPackaged }: MenuView): Item => ({
  label: 'View',
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
    { label: 'Keyboard shortcuts', click: () => acts.command({ name: 'shortcuts' }) },
    { label: 'Welcome', click: () => acts.open('/welcome') },
    { label: 'Doctor…', click: () => acts.command({ name: 'doctor' }) },
    SEPARATOR,
    { label: 'Show the logs', click: acts.showLogs },
    { label: 'Show crash reports', click: acts.showCrashReports },
    { label: 'Start again in safe mode', enabled: !isSafeMode, click: acts.restartSafely },
    SEPARATOR,
    { label: 'Install the command-line tool…', click: acts.installCommand },
    { label: 'Look for updates…', click: acts.lookForUpdates },
    ...more,
  ],
});
