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
export const useDesktopSettings = create<{ readonly settings: DesktopSettings | null }>()(() => ({ settings: null }));

/** Reads them; what another window has changed is seen then. */
export async function readSettings(): Promise<void> {
  const host = getHost();
  if (host !== null) useDesktopSettings.setState({ settings: await host.settings() });
}

/** Changes some at once, and offers to take that back. `what` = the name of the setting. */
export async function changeSettings(what: string, some: DesktopSettingsChange): Promise<void> {
  const host = getHost();
  const before = useDesktopSettings.getState().settings;
  if (host === null || before === null) return;
  const apply = (next: DesktopSettingsChange): Promise<void> =>
    act(async () => useDesktopSettings.setState({ settings: await host.changeSettings(next) }));
  await apply(some);
  const old = Object.fromEntries(
    Object.keys(some).map((key) => [key, before[key as keyof DesktopSettings]]),
  ) as DesktopSettingsChange;
  showToast(i18next.t('settings:saved', { what }), {
    label: i18next.t('settings:undo'),
    onPress: () => void apply(old),
  });
}

/** Whether a setting is not what it is for somebody who has set nothing. */
export const isChanged = (settings: DesktopSettings, key: keyof DesktopSettings): boolean =>
  JSON.stringify(settings[key]) !== JSON.stringify(DEFAULT_DESKTOP_SETTINGS[key]);
