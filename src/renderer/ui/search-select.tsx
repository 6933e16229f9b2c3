import { Combobox } from '@base-ui/react/combobox';
import { Check, ChevronDown } from 'lucide-react';
import { classNames } from './class-names.ts';
import { Icon } from './icon.tsx';
import type { Choice } from './select.tsx';

interface SearchSelectProps {
  readonly id?: string;
  readonly describedBy?: string;
  readonly className?: string;
  /** Where nothing is chosen. */
  readonly placeholder?: string;
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
  /** Stands in the empty search field. */
  readonly search: string;
  /** Where no choice holds the text. */
  readonly none: string;
}

/** As many choices stand in the menu at once; the search finds the others. */
const SHOWN = 200;

/** One of a list that may be long, found by typing. */
export function SearchSelect({
  id,
  describedBy,
  className,
  placeholder = '',
  label,
  value,
  choices,
  onChange,
  search,
  none,
}: SearchSelectProps) {
  const chosen = choices.find((choice) => choice.value === value) ?? null;
  return (
    <Combobox.Root
      items={choices}
      value={chosen}
      onValueChange={(choice: Choice | null) => onChange(choice?.value ?? value)}
      isItemEqualToValue={(one: Choice, other: Choice) => one.value === other.value}
      limit={SHOWN}
      autoHighlight
    >
      <Combobox.Trigger
        id={id}
        className={classNames('select', className)}
        aria-label={`${label}: ${chosen?.label ?? placeholder}`}
        aria-describedby={describedBy}
      >
        <span className={classNames('cut text-left', chosen === null && 'muted')}>{chosen?.label ?? placeholder}</span>
        <Icon of={ChevronDown} />
      </Combobox.Trigger>
      <Combobox.Portal>
        <Combobox.Positioner sideOffset={4} align="start" className="z-50 outline-none">
          <Combobox.Popup className="float menu" aria-label={label}>
            <div className="input mb-1">
              <Combobox.Input aria-label={search} placeholder={search} spellCheck={false} />
            </div>
            <Combobox.Empty className="empty-choice">{none}</Combobox.Empty>
            <Combobox.List>
              {(choice: Choice) => (
                <Combobox.Item key={choice.value} value={choice} className="item">
                  <span className="grow cut" title={choice.label}>
                    {choice.label}
                  </span>
                  <Combobox.ItemIndicator>
                    <Icon of={Check} />
                  </Combobox.ItemIndicator>
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}
