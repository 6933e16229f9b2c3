import { useTranslation } from 'react-i18next';
import { TextInput } from '../../../ui/field.tsx';
import { Select } from '../../../ui/select.tsx';
import { hasMinute, scheduleText, WHEN_KINDS, type When, type WhenKind } from './when.ts';

interface WhenFieldsProps {
  /** Of the field that is about the text of the schedule; its help is `${id}-help`. */
  readonly id: string;
  readonly when: When;
  readonly isBad: boolean;
  readonly onChange: (change: Partial<When>) => void;
}

/** Monday first. */
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 0] as const;
const DAY_KEYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const MONTH_DAYS = [...Array.from({ length: 31 }, (_, at) => String(at + 1)), 'L'];

/** When it starts, as a sentence to fill in. */
export function WhenFields(props: WhenFieldsProps) {
  const { t } = useTranslation('schedule');
  const { when, onChange } = props;
  const choose = (kind: string): void =>
    onChange({ kind: kind as WhenKind, ...(kind === 'text' ? { text: scheduleText(when) } : {}) });
  return (
    <div className="say">
      <Select
        className="w-kind"
        label={t('when.kind')}
        value={when.kind}
        choices={WHEN_KINDS.map((kind) => ({ value: kind, label: t(`when.kinds.${kind}`) }))}
        onChange={choose}
      />
      <Rest {...props} />
    </div>
  );
}

function Rest({ id, when, isBad, onChange }: WhenFieldsProps) {
  const { t } = useTranslation('schedule');
  const shared = { id, isBad, 'aria-describedby': `${id}-help` };
  switch (when.kind) {
    case 'minutes':
    case 'hours':
      return (
        <>
          <span>{t('when.every')}</span>
          <TextInput
            {...shared}
            className="w-number"
            inputMode="numeric"
            aria-label={t(`when.every_${when.kind}`)}
            value={when.every}
            onChange={(event) => onChange({ every: event.target.value })}
          />
          <span>{t(`when.unit_${when.kind}`)}</span>
          {when.kind === 'hours' && hasMinute(when) ? (
            <MinuteField when={when} isBad={isBad} onChange={onChange} />
          ) : null}
        </>
      );
    case 'once':
      return (
        <TextInput
          {...shared}
          className="w-moment"
          type="datetime-local"
          aria-label={t('when.once')}
          value={when.once}
          onChange={(event) => onChange({ once: event.target.value })}
        />
      );
    case 'text':
      return (
        <TextInput
          {...shared}
          className="w-cron"
          aria-label={t('when.text')}
          value={when.text}
          onChange={(event) => onChange({ text: event.target.value })}
        />
      );
    case 'days':
      return (
        <>
          <Weekdays id={id} when={when} onChange={onChange} />
          <TimeField id={`${id}-time`} describedBy={`${id}-help`} when={when} isBad={isBad} onChange={onChange} />
        </>
      );
    case 'month':
      return (
        <>
          <Select
            className="w-day"
            label={t('when.day')}
            value={when.day}
            choices={MONTH_DAYS.map((day) => ({
              value: day,
              label: day === 'L' ? t('when.lastDay') : t('when.dayOfMonth', { day }),
            }))}
            onChange={(day) => onChange({ day })}
          />
          <TimeField id={id} describedBy={`${id}-help`} when={when} isBad={isBad} onChange={onChange} />
        </>
      );
    case 'daily':
    case 'weekdays':
      return <TimeField id={id} describedBy={`${id}-help`} when={when} isBad={isBad} onChange={onChange} />;
  }
}

function MinuteField({ when, isBad, onChange }: Omit<WhenFieldsProps, 'id'>) {
  const { t } = useTranslation('schedule');
  return (
    <>
      <span>{t('when.atMinute')}</span>
      <TextInput
        isBad={isBad}
        className="w-number"
        inputMode="numeric"
        aria-label={t('when.minute')}
        value={when.minute}
        onChange={(event) => onChange({ minute: event.target.value })}
      />
    </>
  );
}

interface TimeFieldProps extends WhenFieldsProps {
  readonly describedBy: string;
}

function TimeField({ id, describedBy, when, isBad, onChange }: TimeFieldProps) {
  const { t } = useTranslation('schedule');
  return (
    <span className="row">
      <span>{t('when.at')}</span>
      <TextInput
        id={id}
        isBad={isBad}
        className="w-time"
        type="time"
        aria-label={t('when.time')}
        aria-describedby={describedBy}
        value={when.time}
        onChange={(event) => onChange({ time: event.target.value })}
      />
    </span>
  );
}

function Weekdays({ id, when: { weekdays }, onChange }: Omit<WhenFieldsProps, 'isBad'>) {
  const { t } = useTranslation('schedule');
  const toggle = (day: number): void =>
    onChange({
      weekdays: WEEKDAYS.filter((each) =>
        each === day ? !weekdays.includes(day) : weekdays.includes(each),
      ).toSorted(),
    });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own frame and legend
    <div className="seg" role="group" aria-label={t('when.weekdays')}>
      {WEEKDAYS.map((day, at) => (
        <button
          key={day}
          {...(at === 0 ? { id } : {})}
          type="button"
          aria-pressed={weekdays.includes(day)}
          onClick={() => toggle(day)}
        >
          {t(`workflow:cron.${DAY_KEYS[day]}`)}
        </button>
      ))}
    </div>
  );
}
