import { Check, Eye } from 'lucide-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { EffectiveRole, Permission } from '../../../shared/model/access.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Icon } from '../../ui/icon.tsx';
import { PaneHead } from '../../ui/page.tsx';
import type { AccessNow } from './access-store.ts';
import { grantOf, matrixGroups } from './permission-rows.ts';

interface RoleMatrixProps {
  readonly now: AccessNow;
  /** Name of the role that stands open. */
  readonly chosen: string | null;
  readonly onChoose: (name: string) => void;
}

/** Every permission beside every role: its own, or from which role it comes. */
export function RoleMatrix({ now: { roles }, chosen, onChoose }: RoleMatrixProps) {
  const { t } = useTranslation('admin');
  const isChosen = (role: EffectiveRole): string | undefined => (role.name === chosen ? 'sel' : undefined);
  return (
    <section className="role-side scroll" aria-labelledby="admin-matrix">
      <div className="admin-head">
        <PaneHead id="admin-matrix" title={t('roles.title')}>
          <span className="sm muted matrix-key">
            <GrantMark kind="own" /> {t('roles.isOwn')} <GrantMark kind="inherited" /> {t('roles.isInherited')}
          </span>
        </PaneHead>
      </div>
      <table
        className="matrix"
        aria-labelledby="admin-matrix"
        style={{ '--roles': roles.length } as React.CSSProperties}
      >
        <thead>
          <tr>
            <th scope="col" className="what">
              {t('roles.permission')}
            </th>
            <th scope="col" className="perm">
              <span className="sr">{t('roles.code')}</span>
            </th>
            {roles.map((role) => (
              <th key={role.name} scope="col" className={isChosen(role)}>
                <RoleHead role={role} isChosen={role.name === chosen} onChoose={() => onChoose(role.name)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrixGroups(roles).map(({ name, permissions }) => (
            <Fragment key={name}>
              <tr className="g">
                <th scope="rowgroup">{t(`group.${name}`)}</th>
                <td className="perm" />
                {roles.map((role) => (
                  <td key={role.name} className={isChosen(role)} />
                ))}
              </tr>
              {permissions.map((permission) => (
                <tr key={permission}>
                  <th scope="row" className="what" title={permission}>
                    {t(`permission.${permission.replace(':', '_')}`)}
                  </th>
                  <td className="perm mono sm muted">{permission}</td>
                  {roles.map((role) => (
                    <td key={role.name} className={isChosen(role)}>
                      <GrantCell role={role} permission={permission} roles={roles} />
                    </td>
                  ))}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
      <p className="sm muted matrix-foot">{t('roles.fixed')}</p>
    </section>
  );
}

interface RoleHeadProps {
  readonly role: EffectiveRole;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function RoleHead({ role: { name, inherits }, isChosen, onChoose }: RoleHeadProps) {
  const { t } = useTranslation('admin');
  const from = inherits.map((one) => `+ ${one}`).join(' ');
  const words = name === 'admin' ? t('roles.all') : from;
  return (
    <>
      <span className="role-name cut" title={name}>
        {name}
      </span>
      <span className="role-from sm cut" title={words}>
        {words}
      </span>
      <Button
        variant={isChosen ? 'default' : 'ghost'}
        icon={Eye}
        label={t('roles.look', { name })}
        aria-pressed={isChosen}
        onClick={onChoose}
      />
    </>
  );
}

interface GrantCellProps {
  readonly role: EffectiveRole;
  readonly permission: Permission;
  readonly roles: readonly EffectiveRole[];
}

function GrantCell({ role, permission, roles }: GrantCellProps) {
  const { t } = useTranslation('admin');
  const grant = grantOf(role, permission, roles);
  if (grant.kind === 'none')
    return (
      <span className="muted">
        <span aria-hidden="true">–</span>
        <span className="sr">{t('roles.not')}</span>
      </span>
    );
  const words = grant.kind === 'own' ? t('roles.allowed') : t('roles.from', { names: grant.from.join(', ') });
  return (
    <span title={words}>
      <GrantMark kind={grant.kind} />
      <span className="sr">{words}</span>
    </span>
  );
}

function GrantMark({ kind }: { readonly kind: 'own' | 'inherited' }) {
  return (
    <span className={classNames('grant', kind)} aria-hidden="true">
      <Icon of={Check} />
    </span>
  );
}
