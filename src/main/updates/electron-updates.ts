import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import type { AppUpdater } from 'electron-updater';
import { appLog } from '../../core/app-log/index.ts';
import type { UpdateSource } from './updater.ts';

/** The releases of this product; null where it is not installed, or was built without an address of releases: then nothing is ever asked for. */
export async function openElectronUpdates(): Promise<UpdateSource | null> {
  if (!app.isPackaged || !existsSync(join(process.resourcesPath, 'app-update.yml'))) return null;
  const autoUpdater = await loadUpdater();
  if (autoUpdater === null) return null;
  autoUpdater.autoDownload = false;
  autoUpdater.autoInstallOnAppQuit = false;
  autoUpdater.logger = null;
  return {
    look: async (channel) => {
      autoUpdater.channel = channel;
      // Whoever goes back to the stable channel waits until it has caught up.
      autoUpdater.allowDowngrade = false;
      const found = await autoUpdater.checkForUpdates();
      return found?.isUpdateAvailable === true ? found.updateInfo.version : null;
    },
    fetch: async () => void (await autoUpdater.downloadUpdate()),
    install: () => autoUpdater.quitAndInstall(true, true),
  };
}

/** Loaded only here: it asks the system for its updater when it is loaded. One that does not load is not worth the app. */
async function loadUpdater(): Promise<AppUpdater | null> {
  try {
    return (await import('electron-updater')).default.autoUpdater;
  } catch (error) {
    appLog.error('updates are not looked for', error);
    return null;
  }
}
