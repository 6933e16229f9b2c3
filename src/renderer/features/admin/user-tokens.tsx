import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiToken, User } from '../../../shared/model/access.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { Button } from '../../ui/button.tsx';
import { useWhyNot } from '../../ui/rights.ts';
import { TimeAgo } from '../../ui/time.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { ListBlock } from './list-block.tsx';
import { TokenDialog } from './token-dialog.tsx';

interface UserTokensProps {
  readonly user: User;
  /** Of everybody; null = they may not be seen. */
  readonly tokens: readonly ApiToken[] | null;
}

/** The keys of a user for programs: made, listed and revoked. */
export function UserTokens({ user, tokens }: UserTokensProps) {
  const { t } = useTranslation('admin');
  const [isMaking, setIsMaking] = useState(false);
  const whyNot = useWhyNot('tokens.list');
  const own = (tokens ?? []).filter(({ userId }) => userId === user.id);
  const revoke = ({ id, name }: ApiToken): Promise<void> =>
    act(async () => {
      await call('tokens.revoke', { id });
      showToast(t('tokens.revoked', { name }));
    });
  return (
    <ListBlock
      isSmall
      title={t('tokens.title')}
      act={
        <Button variant="ghost" icon={Plus} needs="tokens.create" onClick={() => setIsMaking(true)}>
          {t('tokens.add')}
        </Button>
      }
      none={own.length === 0 ? (whyNot ?? t('tokens.none')) : null}
      below={isMaking ? <TokenDialog user={user} onClose={() => setIsMaking(false)} /> : null}
    >
      {own.map((token) => (
        <li key={token.id}>
          <span className="grow">
            <span className="block cut" title={token.name}>
              {token.name}
            </span>
            <span className="muted cut block mono" title={token.permissions.join(', ')}>
              {token.permissions.join(', ')}
            </span>
            <span className="muted">
              {token.lastUsedAt === null ? (
                t('tokens.unused')
              ) : (
                <>
                  {t('sessions.used')} <TimeAgo at={token.lastUsedAt} />
                </>
              )}
            </span>
          </span>
          <Button
            needs="tokens.revoke"
            aria-label={t('tokens.revokeNamed', { name: token.name })}
            onClick={() => void revoke(token)}
          >
            {t('tokens.revoke')}
          </Button>
        </li>
      ))}
    </ListBlock>
  );
}
