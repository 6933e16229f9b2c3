import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, TextInput } from '../../ui/field.tsx';

/** What is typed into a field and read once. */
export interface TakenOnce {
  readonly ref: React.RefObject<HTMLInputElement | null>;
  readonly length: number;
  readonly onLength: (length: number) => void;
  /** The text, which is out of the field from then on. */
  readonly take: () => string;
  /** Whether two fields hold the same; neither is read. */
  readonly isAs: (other: TakenOnce) => boolean;
}

/** The text of a password field: it is in the field alone, in no state of the screen, and gone from there when it is sent. */
export function useTakenOnce(): TakenOnce {
  const ref = useRef<HTMLInputElement>(null);
  const [length, onLength] = useState(0);
  return {
    ref,
    length,
    onLength,
    take: () => {
      const text = ref.current?.value ?? '';
      if (ref.current !== null) ref.current.value = '';
      onLength(0);
      return text;
    },
    isAs: (other) => ref.current?.value === other.ref.current?.value,
  };
}

interface SecretFieldProps {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly error: string | null;
  readonly text: TakenOnce;
  readonly maxLength: number;
}

/** A field for what is written and never shown. After a refusal it is empty and says so. */
export function SecretField({ id, label, help, error, text, maxLength }: SecretFieldProps) {
  const { t } = useTranslation('secrets');
  return (
    <Field id={id} label={label} help={help} error={error === null ? null : `${error} ${t('again')}`}>
      <TextInput
        id={id}
        ref={text.ref}
        type="password"
        autoComplete="new-password"
        isBad={error !== null}
        maxLength={maxLength}
        aria-describedby={`${id}-help`}
        onChange={(event) => text.onLength(event.target.value.length)}
      />
    </Field>
  );
}
