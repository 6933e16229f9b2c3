import { useTranslation } from 'react-i18next';
import { useCutOff } from './cut-off.ts';
import { Note } from './notes.tsx';
import { Said } from './said.tsx';

/** Signs in beside this page: what was typed here stays, and the page goes on by itself. */
export function SignInLink({ to }: { readonly to: string }) {
  const { t } = useTranslation('everywhere');
  return (
    <a className="link" href={to} target="_blank" rel="noopener">
      {t('signIn.act')}
    </a>
  );
}

/** For what lies over the screen and its banner: why nothing can be sent, and the way in again. */
export function CutOffNote() {
  const { t } = useTranslation('everywhere');
  const cutOff = useCutOff();
  if (cutOff === null) return null;
  return (
    <Note tone="waiting" role="status" className="mb-3">
      <b className="strong">
        <Said text={cutOff.reason} />
      </b>{' '}
      {t('signIn.keeps')} {cutOff.signIn === null ? null : <SignInLink to={cutOff.signIn} />}
    </Note>
  );
}
