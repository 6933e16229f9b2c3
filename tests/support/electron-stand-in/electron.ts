/**
 * Stands in for the `electron` module (STACK, "Electron"): the real `src/main` and `src/preload` run in Node against it, and
 * its windows are pages of a real Chromium. Only what the app uses is here; each part is typed by `electron.d.ts`.
 */
export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { protocol } from './custom-schemes.ts';
export { clipboard, dialog, shell } from './desktop-parts.ts';
export { ipcMain } from './ipc-main.ts';
export { autoUpdater, crashReporter, screen } from './machine-parts.ts';
export { Menu } from './menu.ts';
export { nativeImage } from './native-image.ts';
export { Notification } from './notification.ts';
export { powerMonitor, powerSaveBlocker } from './power.ts';
export { safeStorage } from './safe-storage.ts';
export { Tray } from './tray.ts';
