import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../../shared/contract/index.ts';
import { CASSETTE_NAME } from '../../../../shared/model/cassette.ts';
import { call } from '../../../client/bridge.ts';
import { useTried } from '../../../client/use-tried.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { TextField } from '../../../ui/field.tsx';
import { fieldErrors } from '../../../ui/field-errors.ts';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { showToast } from '../../../ui/toasts.tsx';

interface SaveTestDialogProps {
  readonly view: RunView;
  readonly onClose: () => void;
}

/** Keeps what the run was answered as a test of its workflow. */
export function SaveTestDialog({ view, onClose }: SaveTestDialogProps) {
  const { t } = useTranslation('tests');
  const id = useId();
  const [name, setName] = useState('');
  const [replace, setReplace] = useState(false);
  const { isBusy, error, attempt } = useTried();
  const errors = fieldErrors(error, { 'cassette.exists': 'name' });
  const save = (): Promise<boolean> =>
    attempt(async () => {
      const saved = await call('cassettes.save', { runId: view.run.runId, name, replace });
      onClose();
      showToast(t(saved.isBundleChanged ? 'save.doneNew' : 'save.done', { name, path: saved.path }));
    });
  return (
    <FormDialog
      width="30rem"
      title={t('save.title')}
      description={t('save.text')}
      act={t('save.act')}
      needs="cassettes.save"
      isBusy={isBusy}
      refusal={CASSETTE_NAME.test(name) ? null : t('save.help')}
      error={errors.other}
      onClose={onClose}
      onSend={() => void save()}
    >
      <TextField
        id={`${id}-name`}
        label={t('save.name')}
        help={t('save.help')}
        error={errors.at('name')}
        value={name}
        onText={setName}
        autoComplete="off"
        spellCheck={false}
      />
      <Checkbox isChecked={replace} onChange={setReplace}>
        {t('save.replace')}
      </Checkbox>
    </FormDialog>
  );
}
