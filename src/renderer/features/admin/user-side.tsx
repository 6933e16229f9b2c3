import { Ban, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { User } from '../../../shared/model/access.ts';
import { myRights } from '../../client/rights.ts';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount, formatRelative } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { adminRoleLink, adminUserLink } from '../../ui/links.ts';
import { OptionList } from '../../ui/option-list.tsx';
import { PaneHead } from '../../ui/page.tsx';
import { useNow } from '../../ui/use-now.ts';
import { type AccessNow, lastSeen } from './access-store.ts';
import { RoleDialog } from './role-dialog.tsx';
import { UserDialog } from './user-dialog.tsx';

const ROW_PX = 52;
const FIT_ROWS = 200;

interface UserSideProps {
  readonly now: AccessNow;
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}

/** The users, one below the other, and the roles of the project's own. */
export function UserSide({ now, chosen, onChoose }: UserSideProps) {
  const { t } = useTranslation('admin');
  const navigate = useNavigate();
  const [isAdding, setIsAdding] = useState(false);
  return (
    <section className="user-side" aria-labelledby="admin-users">
      <div className="admin-head">
        <PaneHead id="admin-users" title={t('users.title')} count={formatCount(now.users.length)}>
          <Button variant="primary" icon={Plus} needs="users.create" onClick={() => setIsAdding(true)}>
            {t('users.add')}
          </Button>
        </PaneHead>
      </div>
      <OptionList
        className="user-list"
        label={t('users.title')}
        options={now.users}
        keyOf={({ id }) => id}
        chosen={chosen ?? ''}
        rowHeight={ROW_PX}
        fitRows={FIT_ROWS}
        onChoose={onChoose}
      >
        {(user) => <UserRow user={user} now={now} />}
      </OptionList>
      <OwnRoles now={now} />
      {isAdding ? (
        <UserDialog
          roles={now.roles}
          onClose={() => setIsAdding(false)}
          onMade={({ id }) => void navigate(adminUserLink(id), { replace: true })}
        />
      ) : null}
    </section>
  );
}

/** What stands below the name: whether it is oneself, when he was here last, how many sessions are open. */
function useSeenWords(user: User, now: AccessNow): string {
  const { t } = useTranslation('admin');
  const clock = useNow(60_000);
  const me = useQuery(myRights).value?.user.id;
  const seen = lastSeen(user, now);
  const sessions = now.sessions?.filter(({ userId }) => userId === user.id).length ?? null;
  const words = [
    user.id === me ? t('users.you') : null,
    seen === null ? (user.id === me ? null : t('users.neverSeen')) : formatRelative(seen, Math.max(seen, clock)),
    sessions === null || sessions === 0 ? null : t('users.sessions', { count: sessions }),
  ];
  return words.filter((word) => word !== null).join(' · ');
}

function UserRow({ user, now }: { readonly user: User; readonly now: AccessNow }) {
  const { t } = useTranslation('admin');
  const words = useSeenWords(user, now);
  const roles = user.roles.length === 0 ? t('users.noRole') : user.roles.join(', ');
  return (
    <>
      <span className="avatar" aria-hidden="true">
        {user.username.slice(0, 2).toUpperCase()}
      </span>
      <div className="grow">
        <div className="row">
          <span className={user.isActive ? 'strong grow cut' : 'strong grow cut muted'} title={user.username}>
            {user.username}
          </span>
          {user.isActive ? (
            <span className="sm cut roles" title={roles}>
              {roles}
            </span>
          ) : (
            <OffMark />
          )}
        </div>
        <p className="sm muted cut">{words}</p>
      </div>
    </>
  );
}

/** A user who is switched off. */
export function OffMark({ pill = false }: { readonly pill?: boolean }) {
  const { t } = useTranslation('admin');
  return (
    <span className={pill ? 'status pill st-cancelled' : 'status sm st-cancelled'}>
      <Icon of={Ban} />
      {t('users.off')}
    </span>
  );
}

function OwnRoles({ now }: { readonly now: AccessNow }) {
  const { t } = useTranslation('admin');
  const navigate = useNavigate();
  const [isMaking, setIsMaking] = useState(false);
  const own = now.roles.filter(({ isPredefined }) => !isPredefined);
  const open = (name: string): void => void navigate(adminRoleLink(name), { replace: true });
  return (
    <div className="own-roles">
      <h3>{t('roles.own')}</h3>
      {own.length === 0 ? <p className="sm muted">{t('roles.noOwn')}</p> : null}
      <ul className="sm">
        {own.map((role) => (
          <li key={role.name}>
            <button type="button" className="link cut" onClick={() => open(role.name)}>
              {role.name}
            </button>
            <span className="muted cut" title={[...role.inherits, ...role.permissions].join(' + ')}>
              {[...role.inherits, ...role.permissions].join(' + ')}
            </span>
          </li>
        ))}
      </ul>
      <Button icon={Plus} needs="roles.create" onClick={() => setIsMaking(true)}>
        {t('roles.add')}
      </Button>
      {isMaking ? (
        <RoleDialog edited={null} roles={now.roles} onClose={() => setIsMaking(false)} onSaved={open} />
      ) : null}
    </div>
  );
}
