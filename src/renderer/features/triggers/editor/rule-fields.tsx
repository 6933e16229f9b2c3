import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Foreseen } from '../../../../shared/contract/index.ts';
import { durationText } from '../../../../shared/parse-duration.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Field, TextArea, TextInput } from '../../../ui/field.tsx';
import { RadioChoices } from '../../../ui/radio-choices.tsx';
import { useNow } from '../../../ui/use-now.ts';
import type { CatchUp, Overlap, ScheduleDraft } from './schedule-draft.ts';

export interface RuleFieldsProps {
  readonly draft: ScheduleDraft;
  readonly onChange: (change: Partial<ScheduleDraft>) => void;
  /** What counts where nothing is chosen; null = not known yet. */
  readonly rules: Foreseen['rules'] | null;
  /** The field of a key of the file, and what is wrong with it. */
  readonly fieldId: (key: string) => string;
  readonly errorOf: (key: string) => string | null;
}

const OVERLAPS: readonly Overlap[] = ['skip', 'allow', 'queue', 'cancel_previous', 'queue_all'];
const CATCH_UPS: readonly CatchUp[] = ['none', 'last', 'all', 'ask'];

/** What becomes of a start that comes in the way of another one, or while nobody was here. */
export function RuleFields({ draft, onChange, rules, ...fields }: RuleFieldsProps) {
  const { t } = useTranslation('schedule');
  const windowMs = rules?.catchUpWindowMs;
  return (
    <>
      <Part title={t('overlap.title')}>
        <RadioChoices
          label={t('overlap.title')}
          value={draft.overlap ?? rules?.overlap ?? null}
          choices={OVERLAPS.map((value) => ({
            value,
            label: t(`overlap.${value}.label`),
            help: t(`overlap.${value}.help`),
          }))}
          onChoose={(overlap) => onChange({ overlap })}
        />
      </Part>
      <Part title={t('catchUp.title')}>
        <RadioChoices
          label={t('catchUp.title')}
          value={draft.catchUp ?? rules?.catchUp ?? null}
          choices={CATCH_UPS.map((value) => ({
            value,
            label: t(`catchUp.${value}.label`),
            help: t(`catchUp.${value}.help`),
          }))}
          onChoose={(catchUp) => onChange({ catchUp })}
        />
        <TextField
          {...fields}
          name="catch_up_window"
          value={draft.catchUpWindow}
          placeholder={windowMs === undefined ? '' : durationText(windowMs)}
          onChange={(catchUpWindow) => onChange({ catchUpWindow })}
        />
      </Part>
    </>
  );
}

/** From when to when, which days are left out, and what else can be said about a schedule. */
export function MoreFields({ draft, onChange, ...fields }: Omit<RuleFieldsProps, 'rules'>) {
  const { t } = useTranslation('schedule');
  const excludeId = fields.fieldId('exclude');
  const excludeError = fields.errorOf('exclude');
  const year = new Date(useNow(60_000)).getFullYear();
  const lines = draft.exclude.split('\n').length;
  return (
    <Part title={t('more.title')}>
      <div className="half">
        <DayField
          {...fields}
          name="starts_at"
          end=""
          value={draft.startsAt}
          onChange={(startsAt) => onChange({ startsAt })}
        />
        <DayField
          {...fields}
          name="ends_at"
          end="T23:59:59"
          value={draft.endsAt}
          onChange={(endsAt) => onChange({ endsAt })}
        />
      </div>
      <Field
        id={excludeId}
        label={t('field.exclude.label')}
        note={t('everywhere:optional')}
        help={t('field.exclude.help', { days: `${year}-12-24..${year + 1}-01-01` })}
        error={excludeError}
      >
        <TextArea
          id={excludeId}
          className="[&>textarea]:min-h-0"
          rows={Math.min(6, Math.max(1, lines))}
          isBad={excludeError !== null}
          aria-describedby={`${excludeId}-help`}
          value={draft.exclude}
          onChange={(event) => onChange({ exclude: event.target.value })}
        />
      </Field>
      <TextField
        {...fields}
        name="jitter"
        placeholder="0s"
        value={draft.jitter}
        onChange={(jitter) => onChange({ jitter })}
      />
      <TextField
        {...fields}
        name="description"
        value={draft.description}
        onChange={(description) => onChange({ description })}
      />
      <Checkbox isChecked={draft.isOff} onChange={(isOff) => onChange({ isOff })}>
        {t('more.isOff')}
        <span className="sm muted block">{t('more.isOffHelp')}</span>
      </Checkbox>
    </Part>
  );
}

/** A part of the form with its heading. */
export function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  const id = useId();
  return (
    <section className="editor-part" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

interface OneFieldProps extends Pick<RuleFieldsProps, 'fieldId' | 'errorOf'> {
  /** As the key of the file is called. */
  readonly name: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly type?: 'text' | 'date';
  readonly onChange: (value: string) => void;
}

/** A line of text that may be left empty. */
function TextField({ name, value, placeholder, type = 'text', fieldId, errorOf, onChange }: OneFieldProps) {
  const { t } = useTranslation('schedule');
  const id = fieldId(name);
  const error = errorOf(name);
  return (
    <Field
      id={id}
      label={t(`field.${name}.label`)}
      note={t('everywhere:optional')}
      help={t(`field.${name}.help`)}
      error={error}
    >
      <TextInput
        id={id}
        type={type}
        isBad={error !== null}
        placeholder={placeholder}
        aria-describedby={`${id}-help`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

/** A day, whole; what says more than a day stands there as it is written. `end` follows the day in the file. */
function DayField({ end, ...field }: OneFieldProps & { readonly end: string }) {
  const { value, onChange } = field;
  const day = value.slice(0, 10);
  const isDay = value === '' || (value === `${day}${end}` && /^\d{4}-\d{2}-\d{2}$/.test(day));
  if (!isDay) return <TextField {...field} />;
  return (
    <TextField {...field} type="date" value={day} onChange={(next) => onChange(next === '' ? '' : `${next}${end}`)} />
  );
}
