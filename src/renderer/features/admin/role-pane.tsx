import { Check, Eye, Minus, Pencil, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { OperationName } from '../../../shared/contract/index.ts';
import { BASE_PERMISSIONS, type EffectiveRole, type Permission } from '../../../shared/model/access.ts';
import { call } from '../../client/bridge.ts';
import { beginPreview, myRights } from '../../client/rights.ts';
import { useQuery } from '../../client/use-query.ts';
import { useTried } from '../../client/use-tried.ts';
import { Button } from '../../ui/button.tsx';
import { errorText } from '../../ui/error-hint.ts';
import { FieldHelp } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { showToast } from '../../ui/toasts.tsx';
import type { AccessNow } from './access-store.ts';
import { countBase } from './permission-rows.ts';
import { RoleDialog } from './role-dialog.tsx';

interface RolePaneProps {
  readonly role: EffectiveRole;
  readonly now: AccessNow;
  readonly onClose: () => void;
}

/** What is asked for to see a part of the app, by the key of its name. */
const PLACES: Readonly<Record<string, OperationName>> = {
  'shell:nav.today': 'runs.list',
  'shell:nav.workflows': 'workflows.list',
  'shell:nav.runs': 'runs.list',
  'shell:nav.approvals': 'approvals.list',
  'shell:nav.triggers': 'triggers.list',
  'shell:nav.agents': 'tools.list',
  'admin:tab.users': 'users.list',
  'admin:tab.audit': 'audit.query',
  'admin:tab.secrets': 'secrets.list',
};

/** Buttons that people ask about, by the key of their words. */
const BUTTONS: Readonly<Record<string, OperationName>> = {
  run: 'runs.start',
  import: 'bundles.import',
  remove: 'workflows.remove',
  schedule: 'schedules.save',
  pauseAll: 'triggers.pauseAll',
  tool: 'tools.call',
  approve: 'approvals.approve',
  user: 'users.create',
};

/** All about one role: what it sees, what it finds switched off, and the way to look around as it. */
export function RolePane({ role, now, onClose }: RolePaneProps) {
  const { t } = useTranslation('admin');
  const navigate = useNavigate();
  const [isEditing, setIsEditing] = useState(false);
  const needs = useQuery(myRights).value?.needs ?? {};
  const missing = (operation: OperationName): Permission | null => {
    const permission = needs[operation]?.permission ?? null;
    return permission === null || role.effective.includes(permission) ? null : permission;
  };
  const holders = now.users.filter(({ roles }) => roles.includes(role.name));
  const off = Object.entries(BUTTONS).filter(([, operation]) => missing(operation) !== null);
  const lookAround = (): void => {
    beginPreview(role);
    void navigate('/today');
  };
  return (
    <aside className="access-pane" aria-label={t('roles.pane', { name: role.name })}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className="scroll" aria-label={t('roles.pane', { name: role.name })} tabIndex={0}>
        <div className="admin-block">
          <div className="row">
            <h2 className="grow cut" title={role.name}>
              {role.name}
            </h2>
            <Button variant="ghost" icon={X} label={t('close')} onClick={onClose} />
          </div>
          {role.description === '' ? null : <p>{role.description}</p>}
          <p className="sm muted">
            {t('roles.count', { count: countBase(role), all: BASE_PERMISSIONS.length })}{' '}
            {holders.length === 0
              ? t('roles.nobody')
              : t('roles.holders', { count: holders.length, names: holders.map((user) => user.username).join(', ') })}
          </p>
        </div>
        <div className="admin-block sep">
          <h3>{t('roles.sees')}</h3>
          <ul className="see sm">
            {Object.entries(PLACES).map(([key, operation]) => (
              <li key={key} className={missing(operation) === null ? undefined : 'muted'}>
                <Icon of={missing(operation) === null ? Check : Minus} />
                <span className="sr">{t(missing(operation) === null ? 'roles.allowed' : 'roles.not')}</span>
                {t(key)}
              </li>
            ))}
          </ul>
        </div>
        <div className="admin-block sep">
          <h3>{t('roles.off')}</h3>
          {off.length === 0 ? <p className="sm muted">{t('roles.nothingOff')}</p> : null}
          <dl className="kv sm">
            {off.map(([key, operation]) => (
              <div key={key} className="contents">
                <dt>{t(`button.${key}`)}</dt>
                <dd>{t('everywhere:needs', { permission: missing(operation) })}</dd>
              </div>
            ))}
          </dl>
        </div>
        <div className="admin-block sep">
          <Button icon={Eye} onClick={lookAround}>
            {t('roles.lookAround', { name: role.name })}
          </Button>
          <p className="sm muted mt-1">{t('roles.lookAroundText')}</p>
        </div>
      </section>
      {role.isPredefined ? null : <OwnRoleFoot role={role} onEdit={() => setIsEditing(true)} onGone={onClose} />}
      {isEditing ? (
        <RoleDialog edited={role} roles={now.roles} onClose={() => setIsEditing(false)} onSaved={() => undefined} />
      ) : null}
    </aside>
  );
}

interface OwnRoleFootProps {
  readonly role: EffectiveRole;
  readonly onEdit: () => void;
  readonly onGone: () => void;
}

/** A role that nobody has can be made anew just as it was: it goes at once. */
function OwnRoleFoot({ role: { name }, onEdit, onGone }: OwnRoleFootProps) {
  const { t } = useTranslation('admin');
  const { error, attempt } = useTried();
  const remove = (): Promise<boolean> =>
    attempt(async () => {
      await call('roles.delete', { name });
      onGone();
      showToast(t('roles.removed', { name }));
    });
  const problem = error === null ? null : errorText(error);
  return (
    <footer className="access-foot">
      <div className="grow" role="alert">
        <FieldHelp id="role-gone" error={problem} />
      </div>
      <Button icon={Pencil} needs="roles.edit" onClick={onEdit}>
        {t('roles.edit')}
      </Button>
      <Button variant="danger" icon={Trash2} needs="roles.delete" onClick={() => void remove()}>
        {t('roles.remove')}
      </Button>
    </footer>
  );
}
