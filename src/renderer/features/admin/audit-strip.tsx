import { Copy, ShieldCheck, ShieldQuestionMark, ShieldX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AuditHead } from '../../../shared/model/audit.ts';
import { copyText } from '../../client/copy-text.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount, formatMoment } from '../../ui/format.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { useNow } from '../../ui/use-now.ts';
import { worded } from '../../ui/worded.ts';
import { AuditMonths } from './audit-months.tsx';
import { type CheckedChain, useChecked, verifyChain } from './audit-store.ts';
import { StateStrip } from './state-strip.tsx';

/** Whether the chain is what was written: what the newest check found, and the way to check again. */
export function AuditStrip({ newest }: { readonly newest: AuditHead | null }) {
  const { t } = useTranslation('admin');
  const { verdict, isBusy, error } = useChecked();
  const head = verdict?.head ?? newest;
  const { tone, icon, word } = lookOf(verdict);
  return (
    <StateStrip
      tone={tone}
      icon={icon}
      word={t(`audit.${word}`)}
      acts={
        <>
          {head === null ? null : (
            <>
              <span className="sm muted">{t('audit.head')}</span>
              <span className="mono sm" title={head.hash}>
                {head.hash.slice(0, 4)} {head.hash.slice(4, 8)} … {head.hash.slice(-4)}
              </span>
              <Button
                variant="ghost"
                icon={Copy}
                label={t('audit.copyHead')}
                onClick={() => void copyText(head.hash, t('audit.headCopied'))}
              />
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
        </>
      }
      below={
        <>
          {verdict === null ? null : <AuditMonths chain={verdict} />}
          {error === null ? null : <ErrorNote error={error} className="mt-2" />}
        </>
      }
    >
      <Found verdict={verdict} />
    </StateStrip>
  );
}

/** How the chain was found, at a glance. */
function lookOf(verdict: CheckedChain | null) {
  if (verdict === null) return { tone: 'pending', icon: ShieldQuestionMark, word: 'unchecked' } as const;
  const { valid, state } = verdict;
  return { tone: valid ? 'success' : 'failed', icon: valid ? ShieldCheck : ShieldX, word: `state.${state}` } as const;
}

function Found({ verdict }: { readonly verdict: CheckedChain | null }) {
  const { t } = useTranslation('admin');
  const now = useNow(60_000);
  const at = useChecked((checked) => checked.at);
  if (verdict === null) return <span className="muted cut">{t('audit.uncheckedText')}</span>;
  const { valid, message, checked, first_bad_seq } = verdict;
  return (
    <span className="cut" title={worded(message)}>
      <span className="strong">{t('audit.links', { count: checked })}</span>{' '}
      <span className="muted">{t('audit.checkedAt', { when: formatMoment(at, now) })}</span>{' '}
      {valid ? null : (
        <span>
          {worded(message)} {first_bad_seq === null ? null : t('audit.firstBad', { seq: formatCount(first_bad_seq) })}
        </span>
      )}
    </span>
  );
}
