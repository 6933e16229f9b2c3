import { join } from 'node:path';
import { AppError } from '../shared/errors.ts';
import { type DesktopSettings, desktopSettingsChange, readDesktopSettings } from '../shared/model/desktop.ts';
import { keepJson } from './kept-json.ts';

/** The settings of the desktop app on this computer: read once, written with each change, obeyed by whoever follows. */
export interface SettingsKeeper {
  readonly now: () => DesktopSettings;
  /** Changes some; what they are now. Throws `contract.invalid_input` for what is no setting. */
  change(some: unknown): DesktopSettings;
  /** Calls back now and with every change. */
  follow(listener: (settings: DesktopSettings) => void): void;
}

/** Opens the settings that lie in `folder`. */
export function openSettings(folder: string): SettingsKeeper {
  const file = keepJson(join(folder, 'settings.json'), readDesktopSettings);
  const listeners: ((settings: DesktopSettings) => void)[] = [];
  let current = file.read();
  return {
    now: () => current,
    change: (some) => {
      const parsed = desktopSettingsChange.safeParse(some);
      if (!parsed.success) throw new AppError('contract.invalid_input', 'This is no setting of the desktop app.');
      current = { ...current, ...parsed.data } as DesktopSettings;
      file.write(current);
      for (const listener of listeners) listener(current);
      return current;
    },
    follow: (listener) => {
      listeners.push(listener);
      listener(current);
    },
  };
}
