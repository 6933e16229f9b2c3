import type { InputDefinition } from '../../shared/model/workflow.ts';
import { InputField } from '../ui/input-field.tsx';
import type { InputForm } from './use-input-form.ts';

interface InputFieldsProps {
  /** The field of an input has the id `${formId}-${name}`. */
  readonly formId: string;
  readonly definitions: readonly InputDefinition[];
  readonly form: InputForm;
}

/** The inputs of a workflow, each as a field by its type. */
export function InputFields({ formId, definitions, form }: InputFieldsProps) {
  return definitions.map((definition) => (
    <InputField
      key={definition.name}
      id={`${formId}-${definition.name}`}
      definition={definition}
      value={form.values[definition.name] ?? ''}
      error={form.errors[definition.name] ?? null}
      onChange={(value) => form.change(definition.name, value)}
      onBlur={() => form.check(definition.name)}
    />
  ));
}
