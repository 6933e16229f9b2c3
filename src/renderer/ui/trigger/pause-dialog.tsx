import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { Field, TextInput } from '../field.tsx';
import type { Needs } from '../rights.ts';

interface PauseDialogProps {
  readonly title: string;
  readonly text: string;
  /** The pause, at the app. */
  readonly needs: Needs;
  readonly onClose: () => void;
  readonly onPause: (reason: string) => void;
}

/** Before a pause: what it does, and why it is made. The reason stands beside everything that it leaves out. */
export function PauseDialog({ title, text, needs, onClose, onPause }: PauseDialogProps) {
  const { t } = useTranslation('triggers');
  const id = useId();
  const [reason, setReason] = useState('');
  const footer = (
    <>
      <Button onClick={onClose}>{t('pause.keepIt')}</Button>
      <Button variant="primary" needs={needs} type="submit" form={`${id}-form`}>
        {t('pause.act')}
      </Button>
    </>
  );
  return (
    <Dialog isOpen onClose={onClose} title={title} description={text} footer={footer}>
      <form
        id={`${id}-form`}
        onSubmit={(event) => {
          event.preventDefault();
          onPause(reason.trim());
          onClose();
        }}
      >
        <Field id={id} label={t('pause.reason')} note={t('pause.optional')} help={t('pause.reasonHelp')}>
          <TextInput
            id={id}
            value={reason}
            maxLength={1000}
            aria-describedby={`${id}-help`}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  );
}
