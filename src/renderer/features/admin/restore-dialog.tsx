import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupInfo } from '../../../shared/model/backup.ts';
import { call } from '../../client/bridge.ts';
import { useTried } from '../../client/use-tried.ts';
import { Field, TextInput } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { formatMoment } from '../../ui/format.ts';
import { showToast } from '../../ui/toasts.tsx';
import { useNow } from '../../ui/use-now.ts';

interface RestoreDialogProps {
  readonly backup: BackupInfo;
  readonly onClose: () => void;
}

/** Brings a backup back as a project of its own; the one that is open stays as it is. */
export function RestoreDialog({ backup, onClose }: RestoreDialogProps) {
  const { t } = useTranslation('storage');
  const now = useNow(60_000);
  const { isBusy, error, attempt } = useTried();
  const [path, setPath] = useState('');
  const restore = async (): Promise<void> => {
    const isDone = await attempt(async () => {
      const restored = await call('storage.restore', { path: path.trim(), backup: backup.name });
      showToast(t('restore.done', { path: restored.path }));
    });
    if (isDone) onClose();
  };
  return (
    <FormDialog
      title={t('restore.title', { when: formatMoment(backup.at, now) })}
      description={t('restore.text')}
      act={t('restore.act')}
      needs="storage.restore"
      isBusy={isBusy}
      refusal={path.trim() === '' ? t('restore.needsFolder') : null}
      error={error}
      onClose={onClose}
      onSend={() => void restore()}
    >
      <Field id="restore-path" label={t('restore.folder')} help={t('restore.folderHelp')}>
        <TextInput
          id="restore-path"
          className="mono"
          value={path}
          maxLength={4096}
          aria-describedby="restore-path-help"
          onChange={(event) => setPath(event.target.value)}
        />
      </Field>
    </FormDialog>
  );
}
