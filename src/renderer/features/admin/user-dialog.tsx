import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EffectiveRole, User } from '../../../shared/model/access.ts';
import { call } from '../../client/bridge.ts';
import { PASSWORD_MIN } from '../../client/one-field-dialog.tsx';
import { useTried } from '../../client/use-tried.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Field, FieldHelp, TextInput } from '../../ui/field.tsx';
import { fieldErrors } from '../../ui/field-errors.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toasts.tsx';

const CODES = { 'user.exists': 'username', 'role.not_found': 'roles' };

interface UserDialogProps {
  readonly roles: readonly EffectiveRole[];
  readonly onClose: () => void;
  readonly onMade: (user: User) => void;
}

/** Somebody new: a name, what he may do, and, for a browser, a password. */
export function UserDialog({ roles, onClose, onMade }: UserDialogProps) {
  const { t } = useTranslation('admin');
  const id = useId();
  const { isBusy, error, attempt } = useTried();
  const [username, setUsername] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>(['viewer']);
  const errors = fieldErrors(error, CODES);
  const isTooShort = password !== '' && password.length < PASSWORD_MIN;
  const reason =
    username.trim() === '' ? t('users.needsName') : isTooShort ? t('password.short', { count: PASSWORD_MIN }) : null;
  const make = (): Promise<boolean> =>
    attempt(async () => {
      const user = await call('users.create', {
        username: username.trim(),
        email: email.trim() === '' ? null : email.trim(),
        password: password === '' ? null : password,
        roles: [...chosen],
      });
      onClose();
      onMade(user);
      showToast(t('users.made', { name: user.username }));
    });
  const toggle = (name: string, isOn: boolean): void =>
    setChosen((before) => (isOn ? [...before, name] : before.filter((one) => one !== name)));
  const text = (key: 'username' | 'email' | 'password', value: string, set: (value: string) => void) => ({
    id: `${id}-${key}`,
    value,
    isBad: errors.at(key) !== null,
    'aria-describedby': `${id}-${key}-help`,
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => set(event.target.value),
  });
  return (
    <FormDialog
      title={t('users.addTitle')}
      description={t('users.addText')}
      act={t('users.addAct')}
      needs={chosen.length === 0 ? 'users.create' : ['users.create', 'roles.assign']}
      isBusy={isBusy}
      refusal={reason}
      error={errors.other}
      onClose={onClose}
      onSend={() => void make()}
    >
      <Field id={`${id}-username`} label={t('users.name')} error={errors.at('username')} help={t('users.nameHelp')}>
        <TextInput {...text('username', username, setUsername)} maxLength={64} />
      </Field>
      <Field
        id={`${id}-email`}
        label={t('users.email')}
        note={t('everywhere:optional')}
        error={errors.at('email')}
        help={t('users.emailHelp')}
      >
        <TextInput {...text('email', email, setEmail)} type="email" maxLength={254} />
      </Field>
      <Field
        id={`${id}-password`}
        label={t('password.title')}
        note={t('everywhere:optional')}
        error={errors.at('password')}
        help={t('password.help', { count: PASSWORD_MIN })}
      >
        <TextInput
          {...text('password', password, setPassword)}
          type="password"
          autoComplete="new-password"
          maxLength={1024}
        />
      </Field>
      <fieldset aria-describedby={`${id}-roles-help`}>
        <legend>{t('roles.word')}</legend>
        <div className="choice-grid">
          {roles.map(({ name }) => (
            <Checkbox
              key={name}
              isChecked={chosen.includes(name)}
              onChange={(isOn) => toggle(name, isOn)}
              needs="roles.assign"
            >
              {name}
            </Checkbox>
          ))}
        </div>
        <FieldHelp id={`${id}-roles`} error={errors.at('roles')} help={t('roles.several')} />
      </fieldset>
    </FormDialog>
  );
}
