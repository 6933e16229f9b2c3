import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EffectiveRole, Permission } from '../../../shared/model/access.ts';
import { call } from '../../client/bridge.ts';
import { useTried } from '../../client/use-tried.ts';
import { FieldHelp, TextField } from '../../ui/field.tsx';
import { fieldErrors } from '../../ui/field-errors.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { PermissionChoices } from './permission-choices.tsx';
import { RoleChoices } from './role-choices.tsx';

const CODES = {
  'role.exists': 'name',
  'role.cycle': 'inherits',
  'role.not_found': 'inherits',
  'user.last_admin': 'permissions',
  'role.unknown_permission': 'permissions',
};

interface RoleDialogProps {
  /** The own role that is changed; null = a new one. */
  readonly edited: EffectiveRole | null;
  readonly roles: readonly EffectiveRole[];
  readonly onClose: () => void;
  readonly onSaved: (name: string) => void;
}

/** A role of the project's own: what it grants itself, and which roles it includes. */
export function RoleDialog({ edited: role, roles, onClose, onSaved }: RoleDialogProps) {
  const { t } = useTranslation('admin');
  const id = useId();
  const { isBusy, error, attempt } = useTried();
  const [name, setName] = useState(role?.name ?? '');
  const [description, setDescription] = useState(role?.description ?? '');
  const [inherits, setInherits] = useState<readonly string[]>(role?.inherits ?? []);
  const [permissions, setPermissions] = useState<readonly Permission[]>(role?.permissions ?? []);
  const errors = fieldErrors(error, CODES);
  const save = (): Promise<boolean> =>
    attempt(async () => {
      const shared = { description: description.trim(), inherits: [...inherits] };
      const before = role?.permissions ?? [];
      const saved =
        role === null
          ? await call('roles.create', { ...shared, name: name.trim(), permissions: [...permissions] })
          : await call('roles.edit', {
              ...shared,
              name: role.name,
              add: permissions.filter((one) => !before.includes(one)),
              remove: before.filter((one) => !permissions.includes(one)),
            });
      onClose();
      onSaved(saved.name);
      showToast(t(role === null ? 'roles.made' : 'roles.saved', { name: saved.name }));
    });
  const reason = name.trim() === '' ? t('roles.needsName') : null;
  return (
    <FormDialog
      width="36rem"
      title={role === null ? t('roles.addTitle') : t('roles.editTitle', { name: role.name })}
      description={t('roles.addText')}
      act={t(role === null ? 'roles.act' : 'save')}
      needs={role === null ? 'roles.create' : 'roles.edit'}
      isBusy={isBusy}
      refusal={reason}
      error={errors.other}
      onClose={onClose}
      onSend={() => void save()}
    >
      {role === null ? (
        <TextField
          id={`${id}-name`}
          label={t('roles.name')}
          error={errors.at('name')}
          value={name}
          maxLength={64}
          onText={setName}
        />
      ) : null}
      <TextField
        id={`${id}-description`}
        label={t('roles.description')}
        note={t('everywhere:optional')}
        value={description}
        maxLength={500}
        onText={setDescription}
      />
      <RoleChoices
        legend={t('roles.includes')}
        help={t('roles.includesHelp')}
        error={errors.at('inherits')}
        roles={roles}
        chosen={inherits}
        onChange={setInherits}
      />
      <fieldset>
        <legend>{t('roles.grants')}</legend>
        <FieldHelp id={`${id}-permissions`} error={errors.at('permissions')} />
        <PermissionChoices chosen={permissions} onChange={setPermissions} />
      </fieldset>
    </FormDialog>
  );
}
