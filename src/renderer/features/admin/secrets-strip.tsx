import { KeyRound, Lock, LockOpen, type LucideIcon, RotateCw, ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecretStoreInfo } from '../../../shared/model/secret.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { Button } from '../../ui/button.tsx';
import { Said } from '../../ui/said.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { PassphraseDialog } from './passphrase-dialog.tsx';
import { secretsNow } from './secrets-store.ts';
import { StateStrip } from './state-strip.tsx';

interface Look {
  readonly tone: 'success' | 'waiting' | 'failed' | 'pending';
  readonly icon: LucideIcon;
  /** Key of its word and of its sentence below `vault.state`. */
  readonly word: string;
}

const NOT_YET = { keychain: 'noKey', desktop: 'noDesktopKey', vault: 'vaultToBe', file: 'unprotected' } as const;
const IN_USE = { keychain: 'keychain', desktop: 'desktop', vault: 'vaultOpen', file: 'unprotected' } as const;

/** How the key of the secrets lies, at a glance; what is open to whoever reads files is never said mildly. */
function lookOf({ keeper, state, needsPassphrase, isUnprotected }: SecretStoreInfo): Look {
  if (isUnprotected) return { tone: 'failed', icon: ShieldAlert, word: 'unprotected' };
  if (state === 'unreachable') return { tone: 'failed', icon: ShieldAlert, word: 'unreachable' };
  const isVault = keeper === 'vault';
  if (state === 'locked') return { tone: 'waiting', icon: Lock, word: isVault ? 'vaultLocked' : 'keychainLocked' };
  if (needsPassphrase) return { tone: 'pending', icon: KeyRound, word: 'noVault' };
  if (state === 'none') return { tone: 'pending', icon: KeyRound, word: NOT_YET[keeper] };
  return { tone: 'success', icon: isVault ? LockOpen : KeyRound, word: IN_USE[keeper] };
}

/** What keeps the key of all secrets, whether they can be used now, and what can be done about it. */
export function SecretsStrip({ store }: { readonly store: SecretStoreInfo }) {
  const { t } = useTranslation('secrets');
  const [isAsking, setIsAsking] = useState(false);
  const { keeper, state, problem, needsPassphrase } = store;
  const { tone, icon, word } = lookOf(store);
  const isVault = keeper === 'vault' && !store.isUnprotected;
  const lock = (): Promise<void> =>
    act(async () => {
      await call('secrets.lock', {});
      showToast(t('vault.locked'));
    });
  return (
    <>
      <StateStrip
        tone={tone}
        icon={icon}
        word={t(`vault.state.${word}`)}
        acts={
          <>
            {isVault && state === 'open' ? (
              <Button icon={Lock} needs="secrets.lock" onClick={() => void lock()}>
                {t('vault.lock')}
              </Button>
            ) : null}
            {isVault && (state === 'locked' || needsPassphrase) ? (
              <Button icon={LockOpen} needs="secrets.unlock" onClick={() => setIsAsking(true)}>
                {t(needsPassphrase ? 'vault.make' : 'vault.unlockAsk')}
              </Button>
            ) : null}
            {!isVault && (state === 'locked' || state === 'unreachable') ? (
              <Button icon={RotateCw} needs="secrets.list" onClick={() => void secretsNow.refresh()}>
                {t('vault.look')}
              </Button>
            ) : null}
          </>
        }
      >
        <span className="secrets-why">
          {problem === null ? null : <Said text={`${problem} `} />}
          <span className="muted">{t(`vault.text.${word}`)}</span>
        </span>
      </StateStrip>
      {isAsking ? <PassphraseDialog isNew={needsPassphrase} onClose={() => setIsAsking(false)} /> : null}
    </>
  );
}
