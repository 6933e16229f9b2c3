import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { RunSummary } from '../../../shared/model/run.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { showToast } from '../../ui/toasts.tsx';

interface DeleteRunDialogProps {
  readonly run: RunSummary;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** A run's log and files cannot be brought back: asks with the name typed. */
export function DeleteRunDialog({ run, isOpen, onClose }: DeleteRunDialogProps) {
  const { t } = useTranslation('run');
  const navigate = useNavigate();
  const inputRef = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const isTyped = typed.trim() === run.workflowName;
  const close = (): void => {
    setTyped('');
    onClose();
  };
  const remove = async (): Promise<void> => {
    if (!isTyped) return;
    await act(async () => {
      await call('runs.delete', { runId: run.runId });
      close();
      showToast(t('delete.done'));
      navigate('/runs');
    });
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      width="26rem"
      initialFocus={inputRef}
      title={t('delete.title')}
      description={t('delete.text')}
      footer={
        <>
          <Button onClick={close}>{t('delete.keep')}</Button>
          <Button
            variant="danger-solid"
            needs="runs.delete"
            {...(isTyped ? {} : { reasonId: 'delete-run-help' })}
            onClick={() => void remove()}
          >
            {t('delete.act')}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void remove();
        }}
      >
        <Field id="delete-run" label={t('delete.type', { name: run.workflowName })} help={t('delete.help')}>
          <TextInput
            id="delete-run"
            ref={inputRef}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            aria-describedby="delete-run-help"
          />
        </Field>
      </form>
    </Dialog>
  );
}
