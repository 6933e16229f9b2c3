import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES } from '../../../shared/languages.ts';
import type { DesktopSettings } from '../../../shared/model/desktop.ts';
import { appInfo } from '../../client/app-state.ts';
import { usePreferences } from '../../client/preferences.ts';
import { useQuery } from '../../client/use-query.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { NoticesTable, QuietHoursControl, SettingSwitch } from './settings-rows.tsx';
import { changeSettings, isChanged, useDesktopSettings } from './settings-store.ts';
import { ShortcutsTable } from './shortcuts-setting.tsx';
import { useWake, WakeControl } from './wake-setting.tsx';

export type SettingsSection = 'general' | 'shortcuts' | 'notices' | 'updates';

/** A setting as a list shows it and a search finds it. */
export interface Setting {
  readonly key: string;
  readonly section: SettingsSection;
  readonly title: string;
  readonly text?: string;
  readonly kept: 'window' | 'computer' | 'policy';
  readonly isChanged: boolean;
  /** Takes the whole width, or more of it than others. */
  readonly layout?: 'wide' | 'whole';
  readonly control: ReactNode;
}

/** Every setting that is there: those of the look everywhere, those of the desktop app in it. */
export function useSettings(): readonly Setting[] {
  const desktop = useDesktopSettings((state) => state.settings);
  const look = useLookSettings();
  const own = useDesktopRows(desktop);
  const wake = useWakeRows();
  return [...look, ...own, ...wake];
}

/** Whoever may not see the timer has no row of it. */
function useWakeRows(): readonly Setting[] {
  const { t } = useTranslation('settings');
  const { data, refresh } = useWake();
  const wake = data.value;
  if (wake === null) return [];
  return [
    {
      ...{ section: 'general', key: 'wake', kept: 'computer', layout: 'wide', isChanged: wake.state !== 'off' },
      ...{ title: t('wake.title'), text: t('wake.text') },
      control: <WakeControl wake={wake} onChanged={refresh} />,
    },
  ];
}

function useLookSettings(): readonly Setting[] {
  const { t } = useTranslation('settings');
  const { theme, density, language, keys } = usePreferences();
  const themes = (['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`shell:help.${value}`) }));
  const densities = (['comfortable', 'compact'] as const).map((value) => ({
    value,
    label: t(`shell:help.${value}`),
  }));
  const languages = (['system', ...LANGUAGES] as const).map((value) => ({
    value,
    label: value === 'system' ? t('shell:help.system') : t(`general.language_${value}`),
  }));
  const row = { section: 'general', kept: 'window' } as const;
  return [
    {
      ...{ ...row, key: 'language', title: t('general.language'), text: t('general.languageText') },
      isChanged: language !== 'system',
      control: (
        <Select
          label={t('general.language')}
          value={language}
          choices={languages}
          onChange={(next) => usePreferences.setState({ language: next as typeof language })}
        />
      ),
    },
    {
      ...{ ...row, key: 'theme', title: t('general.theme'), text: t('general.themeText') },
      isChanged: theme !== 'system',
      control: (
        <Segmented
          label={t('general.theme')}
          value={theme}
          choices={themes}
          onChoose={(next) => usePreferences.setState({ theme: next })}
        />
      ),
    },
    {
      ...{ ...row, key: 'density', title: t('general.density'), text: t('general.densityText') },
      isChanged: density !== 'comfortable',
      control: (
        <Segmented
          label={t('general.density')}
          value={density}
          choices={densities}
          onChoose={(next) => usePreferences.setState({ density: next })}
        />
      ),
    },
    {
      ...{ section: 'shortcuts', kept: 'window', key: 'shortcuts', layout: 'whole', title: t('shortcuts.table') },
      isChanged: Object.keys(keys).length > 0,
      control: <ShortcutsTable />,
    },
  ];
}

function useDesktopRows(settings: DesktopSettings | null): readonly Setting[] {
  const { t } = useTranslation('settings');
  const locked = useDesktopSettings((state) => state.locked);
  const version = useQuery(appInfo).value?.version ?? '';
  if (settings === null) return [];
  const keptOf = (key: keyof DesktopSettings) => (locked.includes(key) ? ('policy' as const) : ('computer' as const));
  const rowOf = (section: SettingsSection, key: keyof DesktopSettings, name: string = key) => ({
    ...{ section, key, kept: keptOf(key), isChanged: isChanged(settings, key) },
    ...{ title: t(`${section}.${name}`), text: t(`${section}.${name}Text`) },
  });
  const onOff = (isOn: boolean): string => t(isOn ? 'isOn' : 'isOff');
  const switchOf = (key: 'startsAtLogin' | 'keepsAwake'): Setting => {
    const row = rowOf('general', key);
    const change = (isOn: boolean): void => void changeSettings(row.title, { [key]: isOn });
    const control = <SettingSwitch label={row.title} isOn={settings[key]} onChange={change} />;
    return { ...row, control: locked.includes(key) ? onOff(settings[key]) : control };
  };
  const choiceOf = (
    section: SettingsSection,
    key: 'closing' | 'updates' | 'channel',
    values: readonly string[],
  ): Setting => {
    const row = rowOf(section, key);
    const choices = values.map((value) => ({ value, label: t(`${section}.${key}_${value}`) }));
    const change = (value: string): void => void changeSettings(row.title, { [key]: value });
    const control = <Select label={row.title} value={settings[key]} choices={choices} onChange={change} />;
    return { ...row, control: locked.includes(key) ? t(`${section}.${key}_${settings[key]}`) : control };
  };
  const { quiet } = settings;
  const quietWords = quiet.isOn ? `${quiet.from} ${t('notices.to')} ${quiet.until}` : onOff(false);
  return [
    switchOf('startsAtLogin'),
    choiceOf('general', 'closing', ['keep_running', 'quit']),
    switchOf('keepsAwake'),
    {
      ...{ section: 'notices', key: 'notices', kept: keptOf('notices'), layout: 'whole' },
      ...{ title: t('notices.table'), isChanged: isChanged(settings, 'notices'), control: <NoticesTable /> },
    },
    {
      ...rowOf('notices', 'quiet'),
      layout: 'wide',
      control: locked.includes('quiet') ? quietWords : <QuietHoursControl quiet={quiet} />,
    },
    {
      ...{ ...rowOf('notices', 'quiet', 'weekend'), key: 'weekend', isChanged: quiet.weekend },
      control: locked.includes('quiet') ? (
        onOff(quiet.weekend)
      ) : (
        <SettingSwitch
          label={t('notices.weekend')}
          isOn={quiet.weekend}
          onChange={(weekend) => void changeSettings(t('notices.weekend'), { quiet: { ...quiet, weekend } })}
        />
      ),
    },
    {
      ...{ section: 'updates', key: 'version', kept: 'computer', isChanged: false },
      ...{ title: t('updates.version'), control: <span>{version}</span> },
    },
    choiceOf('updates', 'updates', ['off', 'daily']),
    choiceOf('updates', 'channel', ['latest', 'beta']),
  ];
}
