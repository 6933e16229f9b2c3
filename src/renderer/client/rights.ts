import i18next from 'i18next';
import { create } from 'zustand';
import type { Me, OperationName, Permission } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { EffectiveRole } from '../../shared/model/access.ts';
import { call, setRefusal } from './bridge.ts';
import { createLiveQuery } from './live-query.ts';
import type { Loadable } from './loadable.ts';

/** Who looks, what he may do, and what each operation needs. */
export const myRights = createLiveQuery<Me>({
  ask: () => call('access.me', {}),
  dueOn: ({ kind }) => (kind === 'access' ? 'now' : null),
});

/** The role as which somebody looks around; null = as himself. */
export const usePreview = create<{ readonly role: EffectiveRole | null }>()(() => ({ role: null }));

/** The permission that an operation needs and that is not held; null = it is held, or nobody knows. */
export function missingOf(
  rights: Loadable<Me>,
  role: EffectiveRole | null,
  operation: OperationName,
): Permission | null {
  // Whoever may not even ask what he may do has no right at all.
  if (rights.status === 'error' && rights.error.code === 'access.denied') return 'workflow:read';
  if (rights.value === null) return null;
  const permission = rights.value.needs[operation]?.permission ?? null;
  const held = role?.effective ?? rights.value.permissions;
  return permission === null || held.includes(permission) ? null : permission;
}

/** As `missingOf`, for whoever looks now. */
export const missingNow = (operation: OperationName): Permission | null =>
  missingOf(myRights.store.getState().data, usePreview.getState().role, operation);

/** Looks around as a role: what is shown is shown as it would be to that role, and nothing is done. */
export const beginPreview = (role: EffectiveRole): void => usePreview.setState({ role });

export const leavePreview = (): void => usePreview.setState({ role: null });

/** In a preview nothing leaves this window that the role could not ask for, or that would change anything. */
function refusalOf(operation: OperationName): AppError | null {
  const { role } = usePreview.getState();
  if (role === null || operation === 'access.me') return null;
  const permission = missingNow(operation);
  if (permission !== null)
    return new AppError('access.denied', i18next.t('everywhere:preview.denied', { role: role.name, permission }));
  const changes = myRights.store.getState().data.value?.needs[operation]?.changes ?? true;
  if (!changes) return null;
  return new AppError('access.preview', i18next.t('everywhere:preview.nothing'), {
    hint: i18next.t('everywhere:preview.leaveFirst'),
  });
}

setRefusal(refusalOf);
