import type { WebContents } from 'electron';
import type { ChosenKeys } from '../shared/model/shortcuts.ts';
import { IPC_CHANNELS } from './ipc-channels.ts';

/** What the menu, the system or another start asks the page for; it shows something, and does nothing by itself. */
export type PageCommand =
  | { readonly name: 'palette' | 'shortcuts' | 'doctor' | 'open-folder' }
  /** Opens another project, after asking what that leaves out. */
  | { readonly name: 'open-project'; readonly path: string }
  /** Shows the sheet of what was taken in for an import. */
  | { readonly name: 'staged'; readonly uploadId: string; readonly title: string }
  /** Something was opened that could not be taken in. */
  | { readonly name: 'problem'; readonly message: string; readonly hint: string };

/** The way to the page for commands: those that come before it listens wait until it does. */
export interface PageCommands {
  send(command: PageCommand): void;
  /** The page listens now. */
  ready(contents: WebContents): void;
  /** The page is gone, or loads anew. */
  lost(): void;
  /** The keys that the page obeys, and so does the menu. */
  showKeys(keys: ChosenKeys): void;
  /** Calls back now and with every change. */
  followKeys(listener: (keys: ChosenKeys) => void): void;
}

/** At most so many wait: whoever opens a thousand files wants no thousand sheets. */
const MOST_WAITING = 20;

export function createPageCommands(): PageCommands {
  let contents: WebContents | null = null;
  let waiting: PageCommand[] = [];
  let keys: ChosenKeys = {};
  const keyListeners: ((keys: ChosenKeys) => void)[] = [];
  const send = (command: PageCommand): void => {
    if (contents !== null && !contents.isDestroyed()) contents.send(IPC_CHANNELS.command, command);
    else waiting = [...waiting, command].slice(-MOST_WAITING);
  };
  return {
    send,
    ready: (page) => {
      contents = page;
      const came = waiting;
      waiting = [];
      for (const command of came) send(command);
    },
    lost: () => {
      contents = null;
    },
    showKeys: (chosen) => {
      keys = chosen;
      for (const listener of keyListeners) listener(keys);
    },
    followKeys: (listener) => {
      keyListeners.push(listener);
      listener(keys);
    },
  };
}
