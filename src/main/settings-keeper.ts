import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../shared/errors.ts';
import {
  type DesktopSettings,
  type DesktopSettingsChange,
  desktopSettingsChange,
  readDesktopSettings,
} from '../shared/model/desktop.ts';
import { keepJson } from './kept-json.ts';

/** The settings of the desktop app on this computer: read once, written with each change, obeyed by whoever follows. */
export interface SettingsKeeper {
  readonly now: () => DesktopSettings;
  /** Those that an administrator has set: nobody changes them here. */
  readonly locked: readonly string[];
  /** Changes some; what they are now. Throws `contract.invalid_input` for what is no setting, `access.denied` for what an administrator has set. */
  change(some: unknown): DesktopSettings;
  /** Calls back now and with every change. */
  follow(listener: (settings: DesktopSettings) => void): void;
}

/** Opens the settings that lie in `folder`; `policy` stands over them. */
export function openSettings(folder: string, policy: DesktopSettingsChange = {}): SettingsKeeper {
  const file = keepJson(join(folder, 'settings.json'), readDesktopSettings);
  const listeners: ((settings: DesktopSettings) => void)[] = [];
  // What a person had set before stands again when the policy goes.
  let own = file.read();
  const now = (): DesktopSettings => ({ ...own, ...policy }) as DesktopSettings;
  return {
    now,
    locked: Object.keys(policy),
    change: (some) => {
      const parsed = desktopSettingsChange.safeParse(some);
      if (!parsed.success) throw new AppError('contract.invalid_input', 'This is no setting of the desktop app.');
      requireUnlocked(policy, parsed.data);
      own = { ...own, ...parsed.data } as DesktopSettings;
      file.write(own);
      const settings = now();
      for (const listener of listeners) listener(settings);
      return settings;
    },
    follow: (listener) => {
      listeners.push(listener);
      listener(now());
    },
  };
}

function requireUnlocked(policy: DesktopSettingsChange, some: DesktopSettingsChange): void {
  const key = Object.keys(policy).find((name) => {
    const wanted = some[name as keyof DesktopSettings];
    return wanted !== undefined && !isDeepStrictEqual(wanted, policy[name as keyof DesktopSettings]);
  });
  if (key !== undefined)
    throw new AppError('access.denied', 'An administrator has set this for this computer.', {
      hint: 'Ask whoever looks after this computer.',
      details: { setting: key },
    });
}
