import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { call } from '../../../client/bridge.ts';
import { useTried } from '../../../client/use-tried.ts';
import { TextField } from '../../../ui/field.tsx';
import { fieldErrors } from '../../../ui/field-errors.ts';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { workflowLink } from '../../../ui/links.ts';
import { showToast } from '../../../ui/toasts.tsx';

const NAME_CHARS = 200;
const CODES = { 'project.exists': 'name' };

interface SaveAsDialogProps {
  readonly workflow: string;
  readonly name: string;
  readonly source: string;
  readonly onClose: () => void;
}

/** Makes a workflow of its own of the text that is edited. */
export function SaveAsDialog({ workflow: ref, name: before, source, onClose }: SaveAsDialogProps) {
  const { t } = useTranslation('workflow');
  const id = useId();
  const navigate = useNavigate();
  const { isBusy, error, attempt } = useTried();
  const [name, setName] = useState(t('saveAs.copyOf', { name: before }));
  const errors = fieldErrors(error, CODES);
  const save = (): Promise<boolean> =>
    attempt(async () => {
      const made = await call('workflows.saveAs', { ref, source, name: name.trim() });
      onClose();
      await navigate(workflowLink(made.ref, 'source'));
      showToast(t('saveAs.done', { name: name.trim() }));
    });
  return (
    <FormDialog
      width="28rem"
      title={t('saveAs.title')}
      description={t('saveAs.text')}
      act={t('saveAs.act')}
      needs="workflows.saveAs"
      isBusy={isBusy}
      refusal={name.trim() === '' ? t('saveAs.needsName') : null}
      error={errors.other}
      onClose={onClose}
      onSend={() => void save()}
    >
      <TextField
        id={`${id}-name`}
        label={t('saveAs.name')}
        value={name}
        maxLength={NAME_CHARS}
        error={errors.at('name')}
        onText={setName}
      />
    </FormDialog>
  );
}
