import i18next from 'i18next';
import { create } from 'zustand';
import {
  DEFAULT_DESKTOP_SETTINGS,
  type DesktopSettings,
  type DesktopSettingsChange,
} from '../../../shared/model/desktop.ts';
import { act } from '../../client/act.ts';
import { getHost } from '../../client/bridge.ts';
import { showToast } from '../../ui/toasts.tsx';

/** The settings of the desktop app on this computer; null in a browser, and until they are read. */
export const useDesktopSettings = create<{
  readonly settings: DesktopSettings | null;
  /** Those that an administrator has set. */
  readonly locked: readonly string[];
}>()(() => ({ settings: null, locked: [] }));

/** Reads them; what another window has changed is seen then. */
export async function readSettings(): Promise<void> {
  const host = getHost();
  if (host === null) return;
  const [settings, locked] = await Promise.all([host.settings(), host.lockedSettings()]);
  useDesktopSettings.setState({ settings, locked });
}

/** Changes some at once, but for what an administrator has set, and offers to take that back. `what` = the name of the setting. */
export async function changeSettings(what: string, some: DesktopSettingsChange): Promise<void> {
  const before = await putSettings(some);
  if (before !== null)
    showToast(i18next.t('settings:saved', { what }), {
      label: i18next.t('settings:undo'),
      onPress: () => void putSettings(before),
    });
}

/** The same without a word; what they were before, or null where nothing was changed. */
export async function putSettings(some: DesktopSettingsChange): Promise<DesktopSettingsChange | null> {
  const host = getHost();
  const { settings: before, locked } = useDesktopSettings.getState();
  if (host === null || before === null) return null;
  const free = Object.fromEntries(Object.entries(some).filter(([key]) => !locked.includes(key)));
  const settings = await act(() => host.changeSettings(free));
  if (settings === undefined) return null;
  useDesktopSettings.setState({ settings });
  return Object.fromEntries(Object.keys(free).map((key) => [key, before[key as keyof DesktopSettings]]));
}

/** Whether a setting is not what it is for somebody who has set nothing. */
export const isChanged = (settings: DesktopSettings, key: keyof DesktopSettings): boolean =>
  JSON.stringify(settings[key]) !== JSON.stringify(DEFAULT_DESKTOP_SETTINGS[key]);
