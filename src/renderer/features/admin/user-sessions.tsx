import { useTranslation } from 'react-i18next';
import type { Session, User } from '../../../shared/model/access.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { Button } from '../../ui/button.tsx';
import { useWhyNot } from '../../ui/rights.ts';
import { TimeAgo } from '../../ui/time.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { ListBlock } from './list-block.tsx';

interface UserSessionsProps {
  readonly user: User;
  /** Of everybody; null = they may not be seen. */
  readonly sessions: readonly Session[] | null;
}

/** The sign-ins of a user that are not over, each with the way to end it. */
export function UserSessions({ user: { id }, sessions }: UserSessionsProps) {
  const { t } = useTranslation('admin');
  const whyNot = useWhyNot('sessions.list');
  const own = (sessions ?? []).filter(({ userId }) => userId === id);
  const end = (ids: readonly string[]): Promise<void> =>
    act(async () => {
      for (const one of ids) await call('sessions.revoke', { id: one });
      showToast(t('sessions.ended', { count: ids.length }));
    });
  return (
    <ListBlock
      isSmall
      title={t('sessions.title')}
      act={
        own.length > 1 ? (
          <Button variant="ghost" needs="sessions.revoke" onClick={() => void end(own.map((session) => session.id))}>
            {t('sessions.endAll')}
          </Button>
        ) : null
      }
      none={own.length === 0 ? (whyNot ?? t('sessions.none')) : null}
    >
      {own.map((session) => (
        <li key={session.id}>
          <span className="grow">
            <span className="block">{t(session.byLink ? 'sessions.byLink' : `door.${session.door}`)}</span>
            {session.from === null ? null : (
              <span className="block cut" title={session.from.userAgent ?? undefined}>
                {t('sessions.from', { place: session.from.sourceIp, program: session.from.userAgent ?? '' })}
              </span>
            )}
            <span className="muted">
              {t('sessions.opened')} <TimeAgo at={session.openedAt} /> · {t('sessions.used')}{' '}
              <TimeAgo at={session.usedAt} />
            </span>
          </span>
          <Button needs="sessions.revoke" onClick={() => void end([session.id])}>
            {t('sessions.end')}
          </Button>
        </li>
      ))}
    </ListBlock>
  );
}
