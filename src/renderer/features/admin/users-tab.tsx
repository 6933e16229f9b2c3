import { useEffect } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useQuery } from '../../client/use-query.ts';
import { classNames } from '../../ui/class-names.ts';
import { adminRoleLink, adminUserLink } from '../../ui/links.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { accessNow } from './access-store.ts';
import { readAccessAddress } from './admin-address.ts';
import { RoleMatrix } from './role-matrix.tsx';
import { RolePane } from './role-pane.tsx';
import { UserPane } from './user-pane.tsx';
import { UserSide } from './user-side.tsx';

/** Who is there, what each role may do, and all about the user or role that was chosen. */
export function UsersTab() {
  const navigate = useNavigate();
  const [params] = useSearchParams();
  useEffect(() => accessNow.open(null), []);
  const data = useQuery(accessNow);
  const now = data.value;
  if (now === null)
    return data.status === 'error' ? (
      <ErrorNote className="m-6" error={data.error} onRetry={() => void accessNow.refresh()} />
    ) : (
      <SkeletonRows />
    );
  const address = readAccessAddress(params);
  const user = now.users.find(({ id }) => id === address.user) ?? null;
  const role = user === null ? (now.roles.find(({ name }) => name === address.role) ?? null) : null;
  const go = (to: string): void => void navigate(to, { replace: true });
  const close = (): void => go('/admin');
  return (
    <div className={classNames('access-cols', (user !== null || role !== null) && 'open')}>
      <UserSide now={now} chosen={user?.id ?? null} onChoose={(id) => go(adminUserLink(id))} />
      <RoleMatrix now={now} chosen={role?.name ?? null} onChoose={(name) => go(adminRoleLink(name))} />
      {user === null ? null : <UserPane key={user.id} user={user} now={now} onClose={close} />}
      {role === null ? null : <RolePane key={role.name} role={role} now={now} onClose={close} />}
    </div>
  );
}
