import { useId, useState } from 'react';
import { TextField } from '../ui/field.tsx';
import { fieldErrors } from '../ui/field-errors.ts';
import { FormDialog } from '../ui/form-dialog.tsx';
import type { Needs } from '../ui/rights.ts';
import { useTried } from './use-tried.ts';

/** The contract takes no shorter password. */
export const PASSWORD_MIN = 8;

interface OneFieldDialogProps {
  readonly title: string;
  readonly text?: string;
  readonly label: string;
  readonly help: string;
  /** What the button does, in words, and at the app. */
  readonly act: string;
  readonly needs: Needs;
  readonly isDanger?: boolean;
  readonly type?: 'text' | 'password' | 'email';
  readonly initial?: string;
  /** The field of the contract, and the codes of errors that are about it. */
  readonly field: string;
  readonly codes?: readonly string[];
  /** Why what is written cannot be sent yet; null = it can. */
  readonly refusal: (value: string) => string | null;
  readonly onClose: () => void;
  readonly onSend: (value: string) => Promise<unknown>;
}

/** A dialog with one field; what is refused stands beside the field. It closes when the act has worked. */
export function OneFieldDialog(props: OneFieldDialogProps) {
  const id = useId();
  const { isBusy, error, attempt } = useTried();
  const [value, setValue] = useState(props.initial ?? '');
  const codes = Object.fromEntries((props.codes ?? []).map((code) => [code, props.field]));
  const errors = fieldErrors(error, codes);
  const send = async (): Promise<void> => {
    if (await attempt(() => props.onSend(value))) props.onClose();
  };
  return (
    <FormDialog
      width="28rem"
      title={props.title}
      description={props.text}
      act={props.act}
      needs={props.needs}
      isDanger={props.isDanger ?? false}
      isBusy={isBusy}
      refusal={props.refusal(value)}
      error={errors.other}
      onClose={props.onClose}
      onSend={() => void send()}
    >
      <TextField
        id={id}
        label={props.label}
        help={props.help}
        error={errors.at(props.field)}
        type={props.type ?? 'text'}
        autoComplete={props.type === 'password' ? 'new-password' : 'off'}
        value={value}
        maxLength={1024}
        onText={setValue}
      />
    </FormDialog>
  );
}
