import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';
import { classNames } from './class-names.ts';
import { Icon } from './icon.tsx';

export interface Choice {
  readonly value: string;
  readonly label: string;
}
interface SelectProps {
  readonly id?: string;
  /** Name for screen readers where no label points at `id`. */
  readonly label?: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
  readonly onBlur?: () => void;
  readonly isBad?: boolean;
  readonly describedBy?: string | undefined;
  readonly placeholder?: string;
  readonly className?: string;
}

/** One of a list, in a menu. */
export function Select({
  id,
  label,
  value,
  choices,
  onChange,
  onBlur,
  isBad = false,
  describedBy,
  placeholder,
  className,
}: SelectProps) {
  return (
    <Base.Root
      value={value === '' ? null : value}
      items={choices.map((choice) => ({ value: choice.value, label: choice.label }))}
      onValueChange={(next: string | null) => onChange(next ?? '')}
    >
      <Base.Trigger
        id={id}
        className={classNames('select', isBad && 'bad', className)}
        aria-label={label}
        aria-labelledby={label === undefined && id !== undefined ? `${id}-label` : undefined}
        aria-describedby={describedBy}
        aria-invalid={isBad || undefined}
        onBlur={onBlur}
      >
        <Base.Value className="cut text-left">
          {(current: string | null) => choices.find((choice) => choice.value === current)?.label ?? placeholder ?? ''}
        </Base.Value>
        <Icon of={ChevronDown} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <Base.Popup className="float menu">
            {choices.map((choice) => (
              <Base.Item key={choice.value} value={choice.value} className="item">
                <Base.ItemText className="grow cut">{choice.label}</Base.ItemText>
                <Base.ItemIndicator>
                  <Icon of={Check} />
                </Base.ItemIndicator>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
