import { useTranslation } from 'react-i18next';
import type { Permission } from '../../../shared/model/access.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { BASE_GROUPS, NARROW_GROUP } from './permission-rows.ts';

interface PermissionChoicesProps {
  readonly chosen: readonly Permission[];
  readonly onChange: (chosen: readonly Permission[]) => void;
  /** Only these stand there; all of them where it is left out. */
  readonly among?: readonly Permission[];
}

/** Permissions, each on or off, by what they are about. */
export function PermissionChoices({ chosen, onChange, among }: PermissionChoicesProps) {
  const { t } = useTranslation('admin');
  const isThere = (permission: Permission): boolean => among === undefined || among.includes(permission);
  const toggle = (permission: Permission, isOn: boolean): void =>
    onChange(isOn ? [...chosen, permission] : chosen.filter((one) => one !== permission));
  return (
    <div className="permission-choices">
      {[...BASE_GROUPS, NARROW_GROUP].map(({ name, permissions }) => {
        const shown = permissions.filter(isThere);
        return shown.length === 0 ? null : (
          <div key={name}>
            <h3 className="sm muted">{t(`group.${name}`)}</h3>
            {shown.map((permission) => (
              <Checkbox
                key={permission}
                isChecked={chosen.includes(permission)}
                onChange={(isOn) => toggle(permission, isOn)}
              >
                {t(`permission.${permission.replace(':', '_')}`)} <span className="mono sm muted">{permission}</span>
              </Checkbox>
            ))}
          </div>
        );
      })}
    </div>
  );
}
