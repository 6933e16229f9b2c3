import { useTranslation } from 'react-i18next';
import type { ApprovalDetail } from '../../../shared/contract/index.ts';
import { Markdown } from '../markdown.tsx';
import type { ReadDraft } from '../trust/use-consent.ts';
import './approval.css';
import { ActView } from './act-view.tsx';
import { ChangesView } from './changes-view.tsx';
import { EffectList } from './effect-list.tsx';
import { ProposalView } from './proposal-view.tsx';
import { WhoDecides } from './who-decides.tsx';

interface RequestBodyProps {
  readonly detail: ApprovalDetail;
  /** Absent = nothing is to be ticked before the decision. */
  readonly reading?: ReadDraft;
}

/** All that somebody must see before they decide: what has changed, what would be done, what is proposed, who decides. */
export function RequestBody({ detail, reading }: RequestBodyProps) {
  const { t } = useTranslation('approvals');
  return (
    <div className="request">
      <div className="eff">
        {detail.description === '' ? null : <Markdown text={detail.description} />}
        <ChangesView detail={detail} />
        <section aria-label={t('effect.title')}>
          <h2>{t('effect.title')}</h2>
          {detail.act === null ? (
            <EffectList steps={detail.steps} />
          ) : (
            <ActView detail={detail} act={detail.act} {...(reading && { reading })} />
          )}
        </section>
        {detail.proposal === null ? null : <ProposalView key={detail.id} proposal={detail.proposal} />}
      </div>
      <WhoDecides detail={detail} />
    </div>
  );
}
