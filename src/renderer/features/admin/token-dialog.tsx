import { Copy } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Permission, User } from '../../../shared/model/access.ts';
import { call } from '../../client/bridge.ts';
import { copyText } from '../../client/copy-text.ts';
import { useTried } from '../../client/use-tried.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextField, TextInput } from '../../ui/field.tsx';
import { fieldErrors } from '../../ui/field-errors.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Note } from '../../ui/notes.tsx';
import { PermissionChoices } from './permission-choices.tsx';

interface TokenDialogProps {
  readonly user: User;
  readonly onClose: () => void;
}

/** A new key for programs. Its secret is shown this once. */
export function TokenDialog({ user, onClose }: TokenDialogProps) {
  const [secret, setSecret] = useState<string | null>(null);
  return secret === null ? (
    <NewToken user={user} onClose={onClose} onMade={setSecret} />
  ) : (
    <MadeToken secret={secret} onClose={onClose} />
  );
}

function NewToken({
  user: { username },
  onClose,
  onMade,
}: TokenDialogProps & { readonly onMade: (secret: string) => void }) {
  const { t } = useTranslation('admin');
  const id = useId();
  const { isBusy, error, attempt } = useTried();
  const [name, setName] = useState('');
  const [permissions, setPermissions] = useState<readonly Permission[]>(['workflow:read']);
  const errors = fieldErrors(error, { 'role.unknown_permission': 'permissions' });
  const reason =
    name.trim() === '' ? t('tokens.needsName') : permissions.length === 0 ? t('tokens.needsPermission') : null;
  const make = (): Promise<boolean> =>
    attempt(async () => {
      const { secret } = await call('tokens.create', { username, name: name.trim(), permissions: [...permissions] });
      onMade(secret);
    });
  return (
    <FormDialog
      title={t('tokens.addTitle', { name: username })}
      description={t('tokens.text')}
      act={t('tokens.act')}
      needs="tokens.create"
      isBusy={isBusy}
      refusal={reason}
      error={errors.other}
      onClose={onClose}
      onSend={() => void make()}
    >
      <TextField
        id={id}
        label={t('tokens.name')}
        help={t('tokens.nameHelp')}
        error={errors.at('name')}
        value={name}
        maxLength={64}
        onText={setName}
      />
      <fieldset>
        <legend>{t('tokens.may')}</legend>
        <PermissionChoices chosen={permissions} onChange={setPermissions} />
      </fieldset>
    </FormDialog>
  );
}

function MadeToken({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const { t } = useTranslation('admin');
  const id = useId();
  const copy = (): Promise<void> => copyText(secret, t('tokens.copied'));
  const footer = (
    <Button variant="primary" acts={false} onClick={onClose}>
      {t('tokens.kept')}
    </Button>
  );
  return (
    <Dialog isOpen onClose={onClose} title={t('tokens.madeTitle')} footer={footer}>
      <div className="form">
        <Note tone="waiting">{t('tokens.once')}</Note>
        <Field id={id} label={t('tokens.secret')}>
          <TextInput
            id={id}
            className="mono"
            readOnly
            value={secret}
            onFocus={(event) => event.target.select()}
            after={<Button variant="ghost" icon={Copy} label={t('tokens.copy')} onClick={() => void copy()} />}
          />
        </Field>
      </div>
    </Dialog>
  );
}
