import { CircleX } from 'lucide-react';
import type { InputHTMLAttributes, ReactNode, Ref, TextareaHTMLAttributes } from 'react';
import { classNames } from './class-names.ts';
import { Icon } from './icon.tsx';
import { Said } from './said.tsx';

interface FieldProps {
  /** The control's id; help and error are `${id}-help`. */
  readonly id: string;
  readonly label: ReactNode;
  /** A word beside the label: "optional", "secret". */
  readonly note?: string | undefined;
  readonly help?: ReactNode;
  /** Stands in the help's place. */
  readonly error?: string | null;
  readonly children: ReactNode;
}

/** Label above, help below, the error in the help's place with its icon. */
export function Field({ id, label, note, help, error = null, children }: FieldProps) {
  return (
    <div className="field">
      <label htmlFor={id} id={`${id}-label`}>
        {label}
        {note === undefined ? null : <span className="opt">{note}</span>}
      </label>
      {children}
      <FieldHelp id={id} help={help} error={error} />
    </div>
  );
}

/** The line under a control; it is there whenever `describedBy` says so. */
export function FieldHelp({
  id,
  help,
  error,
}: {
  readonly id: string;
  readonly help?: ReactNode;
  readonly error: string | null;
}) {
  if (error !== null)
    return (
      <p className="err" id={`${id}-help`}>
        <Icon of={CircleX} small />
        <Said text={error} />
      </p>
    );
  if (help === undefined || help === null || help === '') return null;
  return (
    <p className="help" id={`${id}-help`}>
      {help}
    </p>
  );
}

interface TextInputProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly isBad?: boolean;
  readonly before?: ReactNode;
  /** A unit or key hint inside at the right. */
  readonly after?: ReactNode;
  readonly ref?: Ref<HTMLInputElement>;
}
export function TextInput({ isBad = false, before, after, className, ...rest }: TextInputProps) {
  return (
    <div className={classNames('input', isBad && 'bad', className)}>
      {before}
      <input
        type="text"
        autoComplete="off"
        spellCheck={false}
        {...rest}
        aria-invalid={isBad || undefined}
        aria-describedby={rest['aria-describedby']}
      />
      {after}
    </div>
  );
}

interface TextFieldProps extends Omit<FieldProps, 'children'>, Omit<TextInputProps, 'id' | 'isBad' | 'onChange'> {
  readonly value: string;
  readonly onText: (text: string) => void;
}

/** A line of text with its label, its help and what is wrong with it. */
export function TextField({ id, label, note, help, error = null, onText, ...input }: TextFieldProps) {
  return (
    <Field id={id} label={label} note={note} help={help} error={error}>
      <TextInput
        {...input}
        id={id}
        isBad={error !== null}
        aria-describedby={error === null && (help === undefined || help === '') ? undefined : `${id}-help`}
        onChange={(event) => onText(event.target.value)}
      />
    </Field>
  );
}

interface TextAreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  readonly isBad?: boolean;
}
export function TextArea({ isBad = false, className, ...rest }: TextAreaProps) {
  return (
    <div className={classNames('input area', isBad && 'bad', className)}>
      <textarea spellCheck={false} {...rest} aria-invalid={isBad || undefined} />
    </div>
  );
}
