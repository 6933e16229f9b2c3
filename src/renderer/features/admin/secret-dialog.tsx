import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecretInfo } from '../../../shared/model/secret.ts';
import { call } from '../../client/bridge.ts';
import { useTried } from '../../client/use-tried.ts';
import { TextField } from '../../ui/field.tsx';
import { fieldErrors } from '../../ui/field-errors.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { SecretField, useTakenOnce } from './secret-field.tsx';
import { dayOf, endOfDay } from './secrets-store.ts';

const VALUE_CHARS = 64 * 1024;
const NAME = /^[A-Z][A-Z0-9_]{0,63}$/;

interface AddSecretDialogProps {
  /** Names that are taken: another value is given to a secret where it stands. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onMade: (secret: SecretInfo) => void;
}

/** A new secret: its name, its value, and who may use it. */
export function AddSecretDialog({ taken, onClose, onMade }: AddSecretDialogProps) {
  const { t } = useTranslation('secrets');
  const id = useId();
  const { isBusy, error, attempt } = useTried();
  const value = useTakenOnce();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [allowed, setAllowed] = useState('');
  const [day, setDay] = useState('');
  const errors = fieldErrors(error, {});
  const nameProblem = taken.includes(name)
    ? t('taken', { name })
    : name === '' || NAME.test(name)
      ? null
      : t('badName');
  const reason = name === '' ? t('needsName') : (nameProblem ?? (value.length === 0 ? t('needsValue') : null));
  const make = (): Promise<boolean> =>
    attempt(async () => {
      const secret = await call('secrets.set', {
        ...{ name, value: value.take(), description: description.trim(), expiresAt: endOfDay(day) },
        allowed: allowed.split(/[\s,]+/).filter((one) => one !== ''),
      });
      onClose();
      onMade(secret);
      showToast(t('stored', { name: secret.name }));
    });
  const text = (key: string, value: string, onText: (value: string) => void) => ({
    ...{ id: `${id}-${key}`, error: errors.at(key), value, onText },
  });
  const nameError = errors.at('name') ?? nameProblem;
  return (
    <FormDialog
      title={t('addTitle')}
      description={t('addText')}
      act={t('addAct')}
      needs="secrets.set"
      isBusy={isBusy}
      refusal={reason}
      error={errors.other}
      onClose={onClose}
      onSend={() => void make()}
    >
      <TextField
        {...text('name', name, setName)}
        label={t('name')}
        help={t('nameHelp')}
        error={nameError}
        className="mono"
        maxLength={64}
      />
      <SecretField
        id={`${id}-value`}
        label={t('value')}
        help={t('valueHelp')}
        error={errors.at('value')}
        text={value}
        maxLength={VALUE_CHARS}
      />
      <TextField
        {...text('description', description, setDescription)}
        label={t('description')}
        note={t('everywhere:optional')}
        maxLength={500}
      />
      <TextField
        {...text('allowed', allowed, setAllowed)}
        label={t('allowed')}
        note={t('everywhere:optional')}
        help={t('allowedHelp')}
        className="mono"
      />
      <DayField id={`${id}-day`} day={day} onDay={setDay} error={errors.at('expiresAt')} />
    </FormDialog>
  );
}

interface ReplaceValueDialogProps {
  readonly secret: SecretInfo;
  readonly onClose: () => void;
}

/** Another value for a secret that is there. */
export function ReplaceValueDialog({ secret: { name, expiresAt }, onClose }: ReplaceValueDialogProps) {
  const { t } = useTranslation('secrets');
  const id = useId();
  const { isBusy, error, attempt } = useTried();
  const value = useTakenOnce();
  const [day, setDay] = useState(dayOf(expiresAt));
  const errors = fieldErrors(error, {});
  const reason = value.length === 0 ? t('needsValue') : null;
  const replace = (): Promise<boolean> =>
    attempt(async () => {
      // An end that was not touched stays to the second.
      const end = day === dayOf(expiresAt) ? {} : { expiresAt: endOfDay(day) };
      await call('secrets.rotate', { name, value: value.take(), ...end });
      onClose();
      showToast(t('replaced', { name }));
    });
  return (
    <FormDialog
      width="28rem"
      title={t('replaceTitle', { name })}
      description={t('replaceText')}
      act={t('replaceAct')}
      needs="secrets.rotate"
      isBusy={isBusy}
      refusal={reason}
      error={errors.other}
      onClose={onClose}
      onSend={() => void replace()}
    >
      <SecretField
        id={`${id}-value`}
        label={t('newValue')}
        help={t('valueHelp')}
        error={errors.at('value')}
        text={value}
        maxLength={VALUE_CHARS}
      />
      <DayField id={`${id}-day`} day={day} onDay={setDay} error={errors.at('expiresAt')} />
    </FormDialog>
  );
}

interface DayFieldProps {
  readonly id: string;
  readonly day: string;
  readonly onDay: (day: string) => void;
  readonly error: string | null;
}

const DayField = ({ id, day, onDay, error }: DayFieldProps) => {
  const { t } = useTranslation('secrets');
  return (
    <TextField
      id={id}
      label={t('expires')}
      note={t('everywhere:optional')}
      help={t('expiresHelp')}
      error={error}
      type="date"
      value={day}
      onText={onDay}
    />
  );
};
