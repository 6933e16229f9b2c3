import type { Clipboard, Dialog, MessageBoxOptions, MessageBoxReturnValue, Shell } from 'electron';
import { record, takeAnswer } from './test-link.ts';

const canceled = { canceled: true, filePaths: [] as string[] };

/** Dialogs are recorded; what the operator chooses comes from the test, else nothing is chosen. */
export const dialog = {
  showOpenDialog: async (...args: unknown[]) => {
    record('dialog.showOpenDialog', args.at(-1));
    return takeAnswer('dialog.showOpenDialog', canceled);
  },
  showMessageBox: async (...args: unknown[]): Promise<MessageBoxReturnValue> => {
    const { signal: _signal, ...options } = args.at(-1) as MessageBoxOptions;
    record('dialog.showMessageBox', options);
    return takeAnswer('dialog.showMessageBox', { response: options.cancelId ?? 0, checkboxChecked: false });
  },
  showErrorBox: (title: string, content: string) => record('dialog.showErrorBox', title, content),
} satisfies Partial<Record<keyof Dialog, unknown>>;

/** What would leave the app is recorded and goes nowhere. */
export const shell: Pick<Shell, 'openExternal' | 'openPath' | 'showItemInFolder'> = {
  openExternal: async (url) => record('shell.openExternal', url),
  openPath: async (path) => {
    record('shell.openPath', path);
    return takeAnswer('shell.openPath', '');
  },
  showItemInFolder: (path) => record('shell.showItemInFolder', path),
};

export const clipboard: Pick<Clipboard, 'writeText'> = {
  writeText: async (text) => record('clipboard.writeText', text),
};
