import type { LucideIcon } from 'lucide-react';
import { Icon } from './icon.tsx';

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string; readonly icon?: LucideIcon }[];
  readonly onChoose: (value: T) => void;
}

/** One of two or three, side by side; with icons the words are names and tips. */
export function Segmented<T extends string>({ label, value, choices, onChoose }: SegmentedProps<T>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own frame and legend
    <div className="seg" role="group" aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          onClick={() => onChoose(choice.value)}
          {...(choice.icon === undefined ? {} : { 'aria-label': choice.label, title: choice.label })}
        >
          {choice.icon === undefined ? choice.label : <Icon of={choice.icon} />}
        </button>
      ))}
    </div>
  );
}
