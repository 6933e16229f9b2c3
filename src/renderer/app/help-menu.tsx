import { CircleQuestionMark, FileArchive, Keyboard, Settings, Sparkles, Stethoscope } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { appInfo } from '../client/app-state.ts';
import { type Density, type Theme, usePreferences } from '../client/preferences.ts';
import { useQuery } from '../client/use-query.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../ui/menu.tsx';

export interface HelpMenuProps {
  readonly onShortcuts: () => void;
  readonly onDoctor: () => void;
  readonly onDiagnostics: () => void;
}

/** Help, the look, and what version this is. */
export function HelpMenu({ onShortcuts, onDoctor, onDiagnostics }: HelpMenuProps) {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const { theme, density } = usePreferences();
  const version = useQuery(appInfo).value?.version;
  const themes: readonly { value: Theme; label: string }[] = [
    { value: 'light', label: t('help.light') },
    { value: 'dark', label: t('help.dark') },
    { value: 'system', label: t('help.system') },
  ];
  const densities: readonly { value: Density; label: string }[] = [
    { value: 'comfortable', label: t('help.comfortable') },
    { value: 'compact', label: t('help.compact') },
  ];
  return (
    <Menu align="end" trigger={<Button variant="ghost" icon={CircleQuestionMark} label={t('help.label')} />}>
      <MenuItem icon={Keyboard} shortcut="?" onSelect={onShortcuts}>
        {t('help.shortcuts')}
      </MenuItem>
      <MenuItem icon={Settings} onSelect={() => void navigate('/admin?tab=settings')}>
        {t('help.settings')}
      </MenuItem>
      <MenuItem icon={Stethoscope} onSelect={onDoctor}>
        {t('help.doctor')}
      </MenuItem>
      <MenuItem icon={FileArchive} needs="app.planDiagnostics" onSelect={onDiagnostics}>
        {t('help.diagnostics')}
      </MenuItem>
      <MenuItem icon={Sparkles} onSelect={() => void navigate('/welcome')}>
        {t('nav.welcome')}
      </MenuItem>
      <MenuSeparator />
      <MenuChoice
        label={t('help.theme')}
        value={theme}
        choices={themes}
        onChoose={(next) => usePreferences.setState({ theme: next })}
      />
      <MenuSeparator />
      <MenuChoice
        label={t('help.density')}
        value={density}
        choices={densities}
        onChoose={(next) => usePreferences.setState({ density: next })}
      />
      {version === undefined ? null : <div className="group">{t('help.version', { version })}</div>}
    </Menu>
  );
}
