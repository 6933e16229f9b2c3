import { Bell, Keyboard, type LucideIcon, Monitor, RefreshCw } from 'lucide-react';
import { type ChangeEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DEFAULT_DESKTOP_SETTINGS } from '../../../shared/model/desktop.ts';
import { act } from '../../client/act.ts';
import { getHost } from '../../client/bridge.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { exportSettings, importSettings } from './settings-file.ts';
import { type Setting, type SettingsSection, useSettings } from './settings-list.tsx';
import { SettingRow } from './settings-rows.tsx';
import { changeSettings, readSettings } from './settings-store.ts';
import './settings.css';

const SECTIONS: readonly { readonly name: SettingsSection; readonly icon: LucideIcon }[] = [
  { name: 'general', icon: Monitor },
  { name: 'shortcuts', icon: Keyboard },
  { name: 'notices', icon: Bell },
  { name: 'updates', icon: RefreshCw },
];

/** What a person has set for himself, on this computer: a change counts at once and can be undone. */
export function SettingsTab() {
  const { t } = useTranslation('settings');
  const [text, setText] = useState('');
  const [isOnlyChanged, setOnlyChanged] = useState(false);
  const settings = useSettings();
  useEffect(() => void act(readSettings), []);
  const changed = settings.filter((setting) => setting.isChanged);
  const wanted = text.trim().toLowerCase();
  const shown = (isOnlyChanged ? changed : settings).filter((setting) =>
    `${setting.title} ${setting.text ?? ''} ${t(`${setting.section}.title`)}`.toLowerCase().includes(wanted),
  );
  const sections = SECTIONS.filter(({ name }) => shown.some(({ section }) => section === name));
  return (
    <div className="settings-cols">
      <aside className="settings-side">
        <SearchField
          className="settings-search"
          label={t('search')}
          placeholder={t('search')}
          text={text}
          onText={setText}
        />
        <nav aria-label={t('sections')}>
          <ul>
            {sections.map(({ name, icon }) => (
              <li key={name}>
                <button type="button" className="settings-section" onClick={() => goTo(name)}>
                  <Icon of={icon} />
                  {t(`${name}.title`)}
                </button>
              </li>
            ))}
          </ul>
        </nav>
        <div className="settings-note sm muted">
          <p>{t('counts')}</p>
          {changed.length === 0 ? null : (
            <p>
              {t('differ', { count: changed.length })}{' '}
              <button type="button" className="link" onClick={() => setOnlyChanged(!isOnlyChanged)}>
                {isOnlyChanged ? t('showAll') : t('show')}
              </button>
            </p>
          )}
        </div>
      </aside>
      <div className="settings-body">
        {wanted === '' ? null : (
          <p className="settings-found" role="status">
            {shown.length === 0 ? t('none') : t('found', { count: shown.length, text: text.trim() })}
          </p>
        )}
        {sections.map(({ name }) => (
          <Section key={name} name={name} settings={shown.filter(({ section }) => section === name)} />
        ))}
        {getHost() === null ? <p className="settings-found muted">{t('inDesktop')}</p> : null}
        <ul className="settings-group">
          <TakeAlong />
          {getHost() === null ? null : <Reset />}
        </ul>
      </div>
    </div>
  );
}

const goTo = (name: SettingsSection): void => {
  const heading = document.getElementById(`settings-${name}`);
  heading?.scrollIntoView({ block: 'start' });
  heading?.focus();
};

function Section({ name, settings }: { readonly name: SettingsSection; readonly settings: readonly Setting[] }) {
  const { t } = useTranslation('settings');
  return (
    <section aria-labelledby={`settings-${name}`} className="settings-group">
      <div className="settings-head">
        <h2 id={`settings-${name}`} tabIndex={-1}>
          {t(`${name}.title`)}
        </h2>
        <p className="sm muted">{t(`${name}.text`)}</p>
      </div>
      <ul>
        {settings.map(({ key, layout, control, ...row }) =>
          layout === 'whole' ? (
            <li key={key}>
              {control}
              {row.kept === 'policy' ? <p className="sm muted">{t('keptTip.policy')}</p> : null}
            </li>
          ) : (
            <SettingRow key={key} {...row} isWide={layout === 'wide'}>
              {control}
            </SettingRow>
          ),
        )}
      </ul>
    </section>
  );
}

function Reset() {
  const { t } = useTranslation('settings');
  return (
    <SettingRow title={t('reset.title')} text={t('reset.text')} kept="computer">
      <Button variant="danger" acts={false} onClick={() => void changeSettings(t('title'), DEFAULT_DESKTOP_SETTINGS)}>
        {t('reset.act')}
      </Button>
    </SettingRow>
  );
}

/** All settings as a file, and those of a file here. */
function TakeAlong() {
  const { t } = useTranslation('settings');
  const picker = useRef<HTMLInputElement>(null);
  const take = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const [file] = event.target.files ?? [];
    const text = await file?.text();
    // The same file once more is a new wish.
    if (picker.current !== null) picker.current.value = '';
    if (text !== undefined) await importSettings(text);
  };
  return (
    <SettingRow title={t('file.title')} text={t('file.text')} kept={getHost() === null ? 'window' : 'computer'}>
      <Button acts={false} onClick={exportSettings}>
        {t('file.export')}
      </Button>
      <Button acts={false} onClick={() => picker.current?.click()}>
        {t('file.import')}
      </Button>
      <input
        ref={picker}
        hidden
        type="file"
        accept=".json"
        aria-label={t('file.pick')}
        onChange={(event) => void take(event)}
      />
    </SettingRow>
  );
}
