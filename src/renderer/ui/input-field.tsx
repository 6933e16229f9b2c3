import type { TFunction } from 'i18next';
import { Lock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { InputDefinition } from '../../shared/model/workflow.ts';
import { Checkbox } from './checkbox.tsx';
import { classNames } from './class-names.ts';
import { Field, FieldHelp, TextArea, TextInput } from './field.tsx';
import { isLong, isTemplate, isTick, labelOf, placeholderOf } from './form-values.ts';
import { Icon } from './icon.tsx';
import { Select } from './select.tsx';

interface InputFieldProps {
  readonly id: string;
  readonly definition: InputDefinition;
  readonly value: string | boolean;
  readonly error: string | null;
  readonly onChange: (value: string | boolean) => void;
  readonly onBlur: () => void;
}

/** The help of a field: what its author wrote, and what is accepted where that is not evident. */
function useHelp(definition: InputDefinition): string {
  const { t } = useTranslation('form');
  const { type, min, max } = definition;
  const hasRange = min !== undefined && max !== undefined;
  const hints = [definition.description];
  if (isTemplate(definition.default)) hints.push(t('template'));
  if (type === 'array') hints.push(t('hintArray'));
  if (type === 'object') hints.push(t('hintObject'));
  if (type === 'integer' && hasRange) hints.push(t('hintWholeRange', { min, max }));
  else if (type === 'integer' && definition.description === '') hints.push(t('hintWhole'));
  if ((type === 'number' || type === 'float') && hasRange) hints.push(t('hintNumberRange', { min, max }));
  return hints.filter((hint) => hint !== '').join('. ');
}

/** A value of more lines is scrolled. */
const MOST_ROWS = 8;

/** What can be chosen, as JSON; null = it is typed. */
function choicesOf({ enum: values, type }: InputDefinition, t: TFunction) {
  if (values !== undefined) return values.map((one) => ({ value: JSON.stringify(one), label: String(one) }));
  return type === 'boolean' ? [true, false].map((is) => ({ value: String(is), label: t(is ? 'yes' : 'no') })) : null;
}

function Control({ id, definition, value, error, onChange, onBlur }: InputFieldProps & { readonly value: string }) {
  const { t } = useTranslation('form');
  const describedBy = `${id}-help`;
  const isBad = error !== null;
  const choices = choicesOf(definition, t);
  if (choices !== null) {
    const { required, secret } = definition;
    const none = required ? [] : [{ value: '', label: t(secret ? 'leftEmpty' : 'noChoice') }];
    return (
      <Select
        id={id}
        value={value}
        choices={[...none, ...choices]}
        placeholder={t(secret && !required ? 'leftEmpty' : 'choose')}
        isBad={isBad}
        describedBy={describedBy}
        onChange={onChange}
        onBlur={onBlur}
      />
    );
  }
  const shared = {
    id,
    value,
    isBad,
    onBlur,
    placeholder: placeholderOf(definition),
    'aria-describedby': describedBy,
    'aria-required': definition.required,
  };
  if (definition.type === 'object' || definition.type === 'array' || isLong(definition)) {
    const isCode = definition.type === 'object' || value.trim().startsWith('[');
    const lines = Math.min(MOST_ROWS, value.split('\n').length);
    return (
      <TextArea
        {...shared}
        rows={Math.max(definition.type === 'array' ? 1 : 3, lines)}
        className={classNames(
          definition.type === 'array' && lines === 1 && '[&>textarea]:min-h-0',
          isCode && (definition.type === 'object' || lines > 1) && 'font-mono text-sm',
        )}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  const isNumber = definition.type !== 'string';
  return (
    <TextInput
      {...shared}
      type={definition.secret ? 'password' : 'text'}
      {...(isNumber ? { inputMode: definition.type === 'integer' ? ('numeric' as const) : ('decimal' as const) } : {})}
      {...(definition.secret ? { before: <Icon of={Lock} />, autoComplete: 'new-password' } : {})}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** One input of a workflow as a field, by its type. */
export function InputField(props: InputFieldProps) {
  const { t } = useTranslation('form');
  const { id, definition, value, error, onChange } = props;
  const help = useHelp(definition);
  const label = labelOf(definition.name);
  if (isTick(definition))
    return (
      <div className="field">
        <Checkbox id={id} isChecked={value === true} onChange={onChange} describedBy={`${id}-help`}>
          <span title={definition.name}>{label}</span>
        </Checkbox>
        <FieldHelp id={id} help={help} error={error} />
      </div>
    );
  const notes = [definition.required ? '' : t('everywhere:optional'), definition.secret ? t('secret') : ''].filter(
    (note) => note !== '',
  );
  return (
    <Field
      id={id}
      label={<span title={definition.name}>{label}</span>}
      note={notes.join(', ')}
      help={help}
      error={error}
    >
      <Control {...props} value={String(value)} />
    </Field>
  );
}
