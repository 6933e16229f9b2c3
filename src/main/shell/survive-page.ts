import { type BrowserWindow, dialog } from 'electron';
import { appLog } from '../../core/app-log/index.ts';
import type { PageCommands } from '../page-commands.ts';
import { words } from '../words/index.ts';

/** A page that goes so often within this time goes again: a person is asked. */
const MOST_IN_A_ROW = 3;
const ROW_MS = 60_000;
const AGAIN = 0;

/** A page whose process is gone is loaded anew, which is said; runs know nothing of it. One that hangs is asked about. */
export function surviveGonePages(window: BrowserWindow, commands: PageCommands, quit: () => void): void {
  const contents = window.webContents;
  let gone: number[] = [];
  const reload = (): void => {
    if (!window.isDestroyed()) contents.reload();
  };
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    commands.lost();
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const now = Date.now();
    gone = [...gone.filter((at) => now - at < ROW_MS), now];
    appLog.warning('the process of the page ended', { reason, exitCode });
    if (gone.length >= MOST_IN_A_ROW) {
      void ask(window, words().failing.windowFails, [words().failing.tryAgain, words().quit]).then((choice) =>
        choice === AGAIN ? reload() : quit(),
      );
      return;
    }
    commands.send({
      name: 'problem',
      message: 'The window failed and was loaded anew.',
      hint: 'Runs went on meanwhile.',
    });
    reload();
  });
  let isAsking = false;
  window.on('unresponsive', () => {
    if (isAsking) return;
    isAsking = true;
    void ask(window, words().failing.windowHangs, [words().failing.loadAnew, words().failing.wait]).then((choice) => {
      isAsking = false;
      if (choice !== AGAIN || window.isDestroyed()) return;
      // It would not hear of a reload: its process has to go first.
      contents.forcefullyCrashRenderer();
    });
  });
}

async function ask(window: BrowserWindow, message: string, buttons: readonly [string, string]): Promise<number> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    title: 'aiworkflow',
    message,
    detail: words().failing.runsGoOn,
    buttons: [...buttons],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  return response;
}
