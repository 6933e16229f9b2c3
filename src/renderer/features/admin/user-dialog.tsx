import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EffectiveRole, User } from '../../../shared/model/access.ts';
import { call } from '../../client/bridge.ts';
import { PASSWORD_MIN } from '../../client/one-field-dialog.tsx';
import { useTried } from '../../client/use-tried.ts';
import { TextField } from '../../ui/field.tsx';
import { fieldErrors } from '../../ui/field-errors.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { RoleChoices } from './role-choices.tsx';

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
  const text = (key: 'username' | 'email' | 'password', value: string, onText: (value: string) => void) => ({
    ...{ id: `${id}-${key}`, error: errors.at(key), value, onText },
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
      <TextField
        {...text('username', username, setUsername)}
        label={t('users.name')}
        help={t('users.nameHelp')}
        maxLength={64}
      />
      <TextField
        {...text('email', email, setEmail)}
        label={t('users.email')}
        note={t('everywhere:optional')}
        help={t('users.emailHelp')}
        type="email"
        maxLength={254}
      />
      <TextField
        {...text('password', password, setPassword)}
        label={t('password.title')}
        note={t('everywhere:optional')}
        help={t('password.help', { count: PASSWORD_MIN })}
        type="password"
        autoComplete="new-password"
        maxLength={1024}
      />
      <RoleChoices
        legend={t('roles.word')}
        help={t('roles.several')}
        error={errors.at('roles')}
        roles={roles}
        chosen={chosen}
        onChange={setChosen}
        needs="roles.assign"
      />
    </FormDialog>
  );
}
