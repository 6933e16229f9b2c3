import { useId } from 'react';
import type { EffectiveRole } from '../../../shared/model/access.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { FieldHelp } from '../../ui/field.tsx';
import type { Needs } from '../../ui/rights.ts';

interface RoleChoicesProps {
  readonly legend: string;
  readonly help: string;
  readonly error: string | null;
  readonly roles: readonly EffectiveRole[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  /** What it takes to choose; absent = what the form takes. */
  readonly needs?: Needs;
}

/** Some of the roles of the project, by their names. */
export function RoleChoices({ legend, help, error, roles, chosen, onChange, needs }: RoleChoicesProps) {
  const id = useId();
  const toggle = (name: string, isOn: boolean): void =>
    onChange(isOn ? [...chosen, name] : chosen.filter((one) => one !== name));
  return (
    <fieldset aria-describedby={`${id}-help`}>
      <legend>{legend}</legend>
      <div className="choice-grid">
        {roles.map(({ name }) => (
          <Checkbox
            key={name}
            isChecked={chosen.includes(name)}
            onChange={(isOn) => toggle(name, isOn)}
            {...(needs && { needs })}
          >
            {name}
          </Checkbox>
        ))}
      </div>
      <FieldHelp id={id} error={error} help={help} />
    </fieldset>
  );
}
