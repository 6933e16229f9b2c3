import { Copy, ShieldCheck, ShieldQuestionMark, ShieldX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AuditHead, AuditVerdict } from '../../../shared/model/audit.ts';
import { act } from '../../client/act.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount, formatMoment } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { ErrorNote } from '../../ui/notes.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useChecked, verifyChain } from './audit-store.ts';

/** Whether the chain is what was written: what the newest check found, and the way to check again. */
export function AuditStrip({ newest }: { readonly newest: AuditHead | null }) {
  const { t } = useTranslation('admin');
  const { verdict, isBusy, error } = useChecked();
  const head = verdict?.head ?? newest;
  const copy = (hash: string): Promise<void> =>
    act(async () => {
      await navigator.clipboard.writeText(hash);
      showToast(t('audit.headCopied'));
    });
  return (
    <div className="audit-strip">
      <div className="row">
        <span className="row grow" role="status">
          <Found verdict={verdict} />
        </span>
        {head === null ? null : (
          <>
            <span className="sm muted">{t('audit.head')}</span>
            <span className="mono sm" title={head.hash}>
              {head.hash.slice(0, 4)} {head.hash.slice(4, 8)} … {head.hash.slice(-4)}
            </span>
            <Button variant="ghost" icon={Copy} label={t('audit.copyHead')} onClick={() => void copy(head.hash)} />
          </>
        )}
        <Button
          icon={ShieldCheck}
          needs="audit.verify"
          reason={isBusy ? t('audit.checking') : null}
          onClick={() => void verifyChain()}
        >
          {t('audit.verify')}
        </Button>
      </div>
      {error === null ? null : <ErrorNote error={error} className="mt-2" />}
    </div>
  );
}

function Found({ verdict }: { readonly verdict: AuditVerdict | null }) {
  const { t } = useTranslation('admin');
  const now = useNow(60_000);
  const at = useChecked((checked) => checked.at);
  if (verdict === null)
    return (
      <>
        <span className="status pill st-pending">
          <Icon of={ShieldQuestionMark} />
          {t('audit.unchecked')}
        </span>
        <span className="muted cut">{t('audit.uncheckedText')}</span>
      </>
    );
  const { valid, state, message, checked, first_bad_seq } = verdict;
  return (
    <>
      <span className={valid ? 'status pill st-success' : 'status pill st-failed'}>
        <Icon of={valid ? ShieldCheck : ShieldX} />
        {t(`audit.state.${state}`)}
      </span>
      <span className="cut" title={message}>
        <span className="strong">{t('audit.links', { count: checked })}</span>{' '}
        <span className="muted">{t('audit.checkedAt', { when: formatMoment(at, now) })}</span>{' '}
        {valid ? null : (
          <span>
            {message} {first_bad_seq === null ? null : t('audit.firstBad', { seq: formatCount(first_bad_seq) })}
          </span>
        )}
      </span>
    </>
  );
}
