import { type BrowserWindow, Notification } from 'electron';
import type { ControlCenter } from '../core/control-center.ts';
import { APP_URL } from './app-origin.ts';
import { showWindow } from './main-window.ts';

/**
 * Shows the notices of the center on the desktop; a click brings the window to the front, at the screen that it is about. One that is
 * about the same screen takes the place of the one before: a loop whose items all fail does not fill the desktop.
 */
export function showNotices(center: Pick<ControlCenter, 'onNotice'>, window: BrowserWindow): void {
  // What nobody refers to is collected, and its click goes nowhere.
  const shown = new Map<string, Notification>();
  const stop = center.onNotice(({ title, text, path }) => {
    shown.get(path)?.close();
    const notice = new Notification({ title, body: text });
    shown.set(path, notice);
    notice.on('close', () => shown.get(path) === notice && shown.delete(path));
    notice.on('click', () => {
      shown.delete(path);
      showWindow(window);
      // A window that goes in the midst of it needs no more.
      window.loadURL(`${APP_URL}#${path}`).catch(() => undefined);
    });
    notice.show();
  });
  window.once('closed', stop);
}
