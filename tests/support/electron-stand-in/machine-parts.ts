/** Parts of Electron that tell of the machine, or keep something on it. */
import { EventEmitter } from 'node:events';
import type { AutoUpdater, CrashReporter, Display, Screen } from 'electron';
import { record } from './test-link.ts';

const displayAt = (x: number, y: number, width: number, height: number): Display =>
  ({ workArea: { x, y, width, height }, bounds: { x, y, width, height } }) as Display;

const SCREEN = displayAt(0, 0, 1920, 1080);

/** One screen is connected. */
export const screen: Pick<Screen, 'getAllDisplays' | 'getPrimaryDisplay'> = {
  getAllDisplays: () => [SCREEN],
  getPrimaryDisplay: () => SCREEN,
};

export const crashReporter: Pick<CrashReporter, 'start'> = {
  start: (options) => record('crashReporter.start', options),
};

/** Recorded; its events come from whoever the test gives for the server of updates. */
class StandInAutoUpdater
  extends EventEmitter
  implements Pick<AutoUpdater, 'setFeedURL' | 'getFeedURL' | 'checkForUpdates' | 'quitAndInstall'>
{
  #url = '';

  setFeedURL({ url }: { url: string }): void {
    this.#url = url;
    record('autoUpdater.setFeedURL', url);
  }

  getFeedURL(): string {
    return this.#url;
  }

  checkForUpdates(): void {
    record('autoUpdater.checkForUpdates');
  }

  quitAndInstall(): void {
    record('autoUpdater.quitAndInstall');
  }
}

export const autoUpdater = new StandInAutoUpdater();
