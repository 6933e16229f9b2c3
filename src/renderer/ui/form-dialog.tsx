import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorRecord } from '../../shared/errors.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorNote } from './notes.tsx';
import type { Needs } from './rights.ts';

interface FormDialogProps {
  readonly title: string;
  readonly description?: string | undefined;
  /** CSS length; 32rem unless told. */
  readonly width?: string;
  /** What the button does, in words, and at the app. */
  readonly act: string;
  readonly needs: Needs;
  readonly isDanger?: boolean;
  readonly isBusy: boolean;
  /** Why what is written cannot be sent yet; null = it can. */
  readonly refusal: string | null;
  /** What went wrong and is about none of the fields. */
  readonly error: ErrorRecord | null;
  readonly onClose: () => void;
  readonly onSend: () => void;
  readonly children: ReactNode;
}

/** A dialog with a form: one button sends it, Enter too, and nothing is sent before it can be. */
export function FormDialog(props: FormDialogProps) {
  const { t } = useTranslation('everywhere');
  const id = useId();
  const { title, description, width, isBusy, refusal, error, onClose, onSend } = props;
  const footer = (
    <>
      <Button onClick={onClose}>{t('cancel')}</Button>
      <Button
        variant={props.isDanger === true ? 'danger-solid' : 'primary'}
        type="submit"
        form={id}
        needs={props.needs}
        reason={isBusy ? t('busy') : refusal}
      >
        {props.act}
      </Button>
    </>
  );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      description={description}
      {...(width === undefined ? {} : { width })}
      footer={footer}
    >
      <form
        id={id}
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy && refusal === null) onSend();
        }}
      >
        {error === null ? null : <ErrorNote error={error} />}
        {props.children}
      </form>
    </Dialog>
  );
}
