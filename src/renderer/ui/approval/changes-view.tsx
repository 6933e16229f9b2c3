import { RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ApprovalDetail } from '../../../shared/contract/index.ts';
import { Note } from '../notes.tsx';
import { type Change, stepChanges, valueChange } from './step-changes.ts';

type Rounds = Pick<ApprovalDetail, 'round' | 'reopened' | 'steps' | 'stepsBefore' | 'proposal'>;

/** Why it is asked once more, and what is another than in the round before. Nothing in the first round. */
export function ChangesView({ detail }: { readonly detail: Rounds }) {
  const { t } = useTranslation('approvals');
  const { round, reopened, steps, stepsBefore, proposal } = detail;
  if (round === 1) return null;
  const ofProposal =
    proposal?.before === undefined ? null : valueChange(proposal.name, proposal.before, proposal.output);
  const changes = [...(ofProposal === null ? [] : [ofProposal]), ...stepChanges(stepsBefore ?? [], steps)];
  return (
    <section aria-label={t('changes.title')}>
      <h2>{t('changes.title')}</h2>
      {reopened === null ? null : (
        <Note tone="waiting" icon={RefreshCw}>
          <b>{t(`changes.why.${reopened.reason}`, { count: round })}</b>
          {reopened.comment === '' ? null : <p className="value-text">“{reopened.comment}”</p>}
        </Note>
      )}
      {changes.length === 0 ? <p className="muted">{t('changes.none')}</p> : null}
      {changes.map((change) => (
        <ChangeView key={change.key} change={change} />
      ))}
    </section>
  );
}

const CLASSES = { '+': 'l add', '-': 'l del', ' ': 'l' } as const;

/** What goes and comes at one place, line by line. */
export function ChangeView({ change: { name, kind, lines } }: { readonly change: Change }) {
  const { t } = useTranslation('approvals');
  const count = (sign: '+' | '-'): number => lines.filter((line) => line.sign === sign).length;
  return (
    <figure className="change">
      <figcaption className="row sm">
        <b className="grow">{t(`changes.${kind}`, { name })}</b>
        <span className="st-success strong">+{count('+')}</span>
        <span className="st-failed strong">−{count('-')}</span>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <section className="code" tabIndex={0} aria-label={t('changes.of', { name })}>
        {lines.map(({ sign, text }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a comparison have no other identity
          <div key={at} className={CLASSES[sign]}>
            <span className="sg" aria-hidden="true">
              {sign === '-' ? '−' : sign}
            </span>
            {sign === ' ' ? null : <span className="sr">{t(sign === '+' ? 'changes.comes' : 'changes.goes')}</span>}
            <span className="tx">{text}</span>
          </div>
        ))}
      </section>
    </figure>
  );
}
