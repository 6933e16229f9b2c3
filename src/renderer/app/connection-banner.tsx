import { LogIn, WifiOff } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { getHost } from '../client/bridge.ts';
import { useConnection } from '../client/connection.ts';
import type { CutOff } from '../ui/cut-off.ts';
import { formatExact } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { SignInLink } from '../ui/sign-in-link.tsx';
import { freezeClocks } from '../ui/use-now.ts';

/** Why nobody can tell how things stand now; null while it is heard, and in the desktop app, which hears by itself. */
export function useIsBlind(): 'lost' | 'signed_out' | null {
  const state = useConnection((connection) => connection.state);
  return getHost() === null && (state === 'lost' || state === 'signed_out') ? state : null;
}

const BANNER_ID = 'connection-banner';
const SIGN_IN = '/sign-in';

/** What the buttons say while acts would not reach the app. */
export function useWhyCutOff(): CutOff | null {
  const { t } = useTranslation('shell');
  const why = useIsBlind();
  const reason = why === null ? null : t(`connection.${why}`);
  const signIn = why === 'signed_out' ? SIGN_IN : null;
  return useMemo(() => (reason === null ? null : { reasonId: BANNER_ID, reason, signIn }), [reason, signIn]);
}

/** Says of when the screen is, while nothing is heard. Until then every clock stands: nothing seems to go on that may have ended. */
export function ConnectionBanner() {
  const { t } = useTranslation('shell');
  const why = useIsBlind();
  const heardUntil = useConnection((connection) => connection.heardUntil);
  useEffect(() => freezeClocks(why !== null), [why]);
  if (why === null) return null;
  const asOf = t('connection.asOf', { time: formatExact(heardUntil ?? Date.now()) });
  return (
    <div className="banner" role="alert">
      <Icon of={why === 'lost' ? WifiOff : LogIn} />
      <span id={BANNER_ID}>
        <b className="strong">{t(`connection.${why}`)}</b> {t(`connection.${why}Detail`)} {asOf}
      </span>
      {why === 'signed_out' ? <SignInLink to={SIGN_IN} /> : null}
    </div>
  );
}
