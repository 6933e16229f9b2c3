import type { ReactNode } from 'react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NOTICE_KINDS, type NoticeKind, type QuietHours } from '../../../shared/model/desktop.ts';
import { Checkbox, Switch } from '../../ui/checkbox.tsx';
import { classNames } from '../../ui/class-names.ts';
import { TextInput } from '../../ui/field.tsx';
import { changeSettings, useDesktopSettings } from './settings-store.ts';

interface RowProps {
  readonly title: string;
  readonly text?: string;
  readonly isChanged?: boolean;
  readonly kept: 'window' | 'computer' | 'policy';
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

/** One setting: its name and what it does, the control, where it is kept. */
export function SettingRow({ title, text, isChanged = false, kept, isWide = false, children }: RowProps) {
  const { t } = useTranslation('settings');
  return (
    <li className={classNames('setting', isWide && 'wide')}>
      <div>
        <div className="strong">
          {title}
          {isChanged ? (
            <span className="sm muted setting-changed" title={t('changedTip')}>
              {t('changed')}
            </span>
          ) : null}
        </div>
        {text === undefined ? null : <p className="sm muted">{text}</p>}
      </div>
      <div className="row">{children}</div>
      <span className={classNames('sm muted setting-kept', kept === 'policy' && 'policy')} title={t(`keptTip.${kept}`)}>
        {t(`kept.${kept}`)}
      </span>
    </li>
  );
}

/** On or off; the words are those of the row. */
export function SettingSwitch({
  label,
  isOn,
  onChange,
}: {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}) {
  return (
    <Switch isOn={isOn} onChange={onChange}>
      <span className="sr">{label}</span>
    </Switch>
  );
}

/** Which kinds of notices are shown, with or without a sound, and what becomes of them in quiet hours. */
export function NoticesTable() {
  const { t } = useTranslation('settings');
  const { settings, locked } = useDesktopSettings();
  if (settings === null) return null;
  const isLocked = locked.includes('notices');
  const { notices, quiet } = settings;
  const set = (kind: NoticeKind, some: Partial<(typeof notices)[NoticeKind]>): void =>
    void changeSettings(t(`notices.${kind}`), { notices: { ...notices, [kind]: { ...notices[kind], ...some } } });
  const inQuiet = (kind: NoticeKind): string => {
    if (kind === 'approval' || kind === 'in_doubt') return t('notices.through');
    return kind === 'budget' ? t('notices.whenFull') : t('notices.held', { until: quiet.until });
  };
  return (
    <table className="inset notice-kinds" aria-label={t('notices.table')}>
      <thead>
        <tr>
          <th scope="col">{t('notices.when')}</th>
          <th scope="col">{t('notices.shows')}</th>
          <th scope="col">{t('notices.sounds')}</th>
          <th scope="col">{t('notices.inQuiet')}</th>
        </tr>
      </thead>
      <tbody>
        {NOTICE_KINDS.map((kind) => (
          <tr key={kind}>
            <th scope="row">{t(`notices.${kind}`)}</th>
            <td>
              <Checkbox
                isChecked={notices[kind].shows}
                isDisabled={isLocked}
                onChange={(shows) => set(kind, { shows })}
              >
                <span className="sr">{t('notices.showsNamed', { kind: t(`notices.${kind}`) })}</span>
              </Checkbox>
            </td>
            <td>
              <Checkbox
                isChecked={notices[kind].sounds}
                isDisabled={isLocked || !notices[kind].shows}
                onChange={(sounds) => set(kind, { sounds })}
              >
                <span className="sr">{t('notices.soundsNamed', { kind: t(`notices.${kind}`) })}</span>
              </Checkbox>
            </td>
            <td className="sm muted">{inQuiet(kind)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const TIME = /^([01]?\d|2[0-3]):[0-5]\d$/;
/** Monday first. */
const DAYS = [1, 2, 3, 4, 5, 6, 0];

/** From when until when it is quiet, and on which days that begins. */
export function QuietHoursControl({ quiet }: { readonly quiet: QuietHours }) {
  const { t, i18n } = useTranslation('settings');
  const set = (some: Partial<QuietHours>): void =>
    void changeSettings(t('notices.quiet'), { quiet: { ...quiet, ...some } });
  const dayName = (day: number): string =>
    // The 1st of January 2023 was a Sunday.
    new Intl.DateTimeFormat(i18n.language, { weekday: 'short' }).format(new Date(2023, 0, 1 + day));
  return (
    <div className="quiet-hours">
      <SettingSwitch label={t('notices.quiet')} isOn={quiet.isOn} onChange={(isOn) => set({ isOn })} />
      <TimeField label={t('notices.from')} value={quiet.from} onChange={(from) => set({ from })} />
      <span className="muted">{t('notices.to')}</span>
      <TimeField label={t('notices.until')} value={quiet.until} onChange={(until) => set({ until })} />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own frame and legend */}
      <div className="seg" role="group" aria-label={t('notices.days')}>
        {DAYS.map((day) => (
          <button
            key={day}
            type="button"
            aria-pressed={quiet.days.includes(day)}
            onClick={() =>
              set({ days: quiet.days.includes(day) ? quiet.days.filter((one) => one !== day) : [...quiet.days, day] })
            }
          >
            {dayName(day)}
          </button>
        ))}
      </div>
    </div>
  );
}

/** A time of the day; one that is none stays in the field, says so, and changes nothing. */
function TimeField({ label, value, onChange }: { label: string; value: string; onChange: (time: string) => void }) {
  const { t } = useTranslation('settings');
  const [typed, setTyped] = useState(value);
  const [seen, setSeen] = useState(value);
  const problemId = useId();
  // Undo, or another window.
  if (seen !== value) {
    setSeen(value);
    setTyped(value);
  }
  const isBad = !TIME.test(typed);
  const commit = (): void => {
    if (isBad) return;
    const time = typed.padStart(5, '0');
    if (time !== value) onChange(time);
  };
  return (
    <span>
      <TextInput
        className="time-field"
        aria-label={label}
        aria-invalid={isBad || undefined}
        aria-describedby={isBad ? problemId : undefined}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
        }}
      />
      {isBad ? (
        <span className="sm time-problem" id={problemId} role="alert">
          {t('notices.badTime')}
        </span>
      ) : null}
    </span>
  );
}
