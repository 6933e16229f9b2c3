import { Checkbox as Base } from '@base-ui/react/checkbox';
import { Switch as BaseSwitch } from '@base-ui/react/switch';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import { type Needs, useWhyNot } from './rights.ts';

interface CheckboxProps {
  readonly id?: string;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
  readonly describedBy?: string | undefined;
  readonly isDisabled?: boolean;
  /** What it does at once: without the permission for it, it does nothing and says which one is missing. */
  readonly needs?: Needs;
  /** The words beside the box; they are its name. */
  readonly children: ReactNode;
}

/** A box with its words; pressing the words works too. */
export function Checkbox({ id, isChecked, onChange, describedBy, isDisabled = false, needs, children }: CheckboxProps) {
  const whyNot = useWhyNot(needs);
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: Base UI renders the input inside
    <label className="check" title={whyNot ?? undefined}>
      <Base.Root
        id={id}
        className="box"
        checked={isChecked}
        onCheckedChange={onChange}
        disabled={isDisabled || whyNot !== null}
        aria-describedby={describedBy}
      >
        <Base.Indicator className="grid place-items-center">
          <Icon of={Check} />
        </Base.Indicator>
      </Base.Root>
      <span className="grow">{children}</span>
    </label>
  );
}

interface SwitchProps {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly children: ReactNode;
}

/** Something that is on or off at once, such as Follow. */
export function Switch({ isOn, onChange, children }: SwitchProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: Base UI renders the input inside
    <label className="check">
      <BaseSwitch.Root className="switch" checked={isOn} onCheckedChange={onChange} />
      <span>{children}</span>
    </label>
  );
}
