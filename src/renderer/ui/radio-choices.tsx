import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';

interface RadioChoicesProps<T extends string> {
  readonly label: string;
  readonly value: T | null;
  readonly choices: readonly { readonly value: T; readonly label: string; readonly help: string }[];
  readonly onChoose: (value: T) => void;
}

/** One of a few, each with a sentence on what it means. */
export function RadioChoices<T extends string>({ label, value, choices, onChoose }: RadioChoicesProps<T>) {
  return (
    <RadioGroup
      className="radio-choices"
      aria-label={label}
      value={value}
      onValueChange={(next) => onChoose(next as T)}
    >
      {choices.map((choice) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: Base UI renders the input inside
        <label key={choice.value} className="check">
          <Radio.Root value={choice.value} className="radio">
            <Radio.Indicator className="dot" />
          </Radio.Root>
          <span className="grow">
            <span className={choice.value === value ? 'strong' : undefined}>{choice.label}</span>
            <span className="sm muted block">{choice.help}</span>
          </span>
        </label>
      ))}
    </RadioGroup>
  );
}
