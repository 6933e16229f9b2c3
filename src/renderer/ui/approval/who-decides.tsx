import { ArrowRight, CircleCheck, CircleDashed, CircleX, TriangleAlert, User } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ApprovalDetail } from '../../../shared/contract/index.ts';
import { costLine } from '../cost-words.ts';
import { Icon } from '../icon.tsx';
import { Note } from '../notes.tsx';
import { Said } from '../said.tsx';
import { TimeAgo } from '../time.tsx';

/** Who decides and has decided, what either answer does, and what the decision is bound to. */
export function WhoDecides({ detail }: { readonly detail: ApprovalDetail }) {
  const { t } = useTranslation('approvals');
  const { approvals, minApprovals, requiredApprovers, status, hash, cost, expiresAt } = detail;
  return (
    <aside className="who" aria-label={t('who.title')}>
      <h2>{t('who.title')}</h2>
      <p className="sm muted">
        {requiredApprovers.length === 0
          ? t('who.anybody', { count: minApprovals })
          : t('who.ofThese', { count: minApprovals, names: requiredApprovers.join(', ') })}{' '}
        {t('who.rejectionIsFinal')}
      </p>
      <p className="strong given">{t('who.given', { given: approvals.length, needed: minApprovals })}</p>
      <Words detail={detail} />
      {detail.unmet === null ? null : (
        <Note icon={TriangleAlert} tone="waiting" className="sm own">
          <Said text={detail.unmet} />
        </Note>
      )}
      {detail.isOwn && status === 'pending' ? (
        <Note icon={User} className="sm own">
          {t('who.isOwn')}
        </Note>
      ) : null}
      <h2>{t('follows.title')}</h2>
      <dl className="then sm">
        <dt>{t('follows.reject')}</dt>
        <dd>{t(`follows.onReject.${detail.onReject}`)}</dd>
        <dt>{t('follows.nobody')}</dt>
        <dd>{t(expiresAt === null ? 'follows.never' : `follows.onExpire.${detail.onExpire}`)}</dd>
        {detail.act === null ? (
          <>
            <dt>{t('follows.cost')}</dt>
            <dd>{cost.calls === 0 ? t('follows.noCost') : costLine(cost)}</dd>
          </>
        ) : null}
      </dl>
      <h2>{t('hash.title')}</h2>
      <p className="sm muted">
        {t('hash.exactly')}{' '}
        <code title={hash}>
          {hash.slice(0, 4)} {hash.slice(4, 8)}
        </code>
        . {t(detail.act === null ? 'hash.asksAgain' : 'hash.closes')}
      </p>
    </aside>
  );
}

/** Who decides in whose place. */
function HandedOver({ detail: { handedOver } }: { readonly detail: ApprovalDetail }) {
  const { t } = useTranslation('approvals');
  return handedOver.map(({ delegator_id, delegate_id, comment, timestamp }) => (
    <li key={`${delegator_id} ${timestamp}`}>
      <span className="row">
        <span className="strong grow cut">{t('who.handedOver', { from: delegator_id, to: delegate_id })}</span>
        <span className="status sm st-pending">
          <Icon of={ArrowRight} />
          {t('status.handedOver')}
        </span>
      </span>
      <span className="sm muted">
        <TimeAgo at={Date.parse(timestamp)} /> {comment === '' ? null : <span className="value-text">“{comment}”</span>}
      </span>
    </li>
  ));
}

const SHOWN_DECIDERS = 6;

function Words({ detail }: { readonly detail: ApprovalDetail }) {
  const { t } = useTranslation('approvals');
  const { approvals, rejections, status } = detail;
  const words = [
    ...approvals.map((one) => ({ who: one.approver_id, text: one.comment, at: one.timestamp, isYes: true })),
    ...rejections.map((one) => ({ who: one.rejector_id, text: one.reason, at: one.timestamp, isYes: false })),
  ];
  const left = detail.deciders;
  if (words.length === 0 && detail.handedOver.length === 0 && status !== 'pending') return null;
  return (
    <ul className="words">
      <HandedOver detail={detail} />
      {words.map(({ who, text, at, isYes }) => (
        <li key={`${who} ${at}`}>
          <span className="row">
            <span className="strong grow cut" title={who}>
              {who}
            </span>
            <span className={isYes ? 'status sm st-success' : 'status sm st-failed'}>
              <Icon of={isYes ? CircleCheck : CircleX} />
              {t(isYes ? 'status.approved' : 'status.rejected')}
            </span>
          </span>
          <span className="sm muted">
            <TimeAgo at={Date.parse(at)} /> {text === '' ? null : <span className="value-text">“{text}”</span>}
          </span>
        </li>
      ))}
      {left.slice(0, SHOWN_DECIDERS).map((name) => (
        <li key={`open ${name}`}>
          <span className="row">
            <span className="grow cut" title={name}>
              {name}
            </span>
            <span className="status sm st-pending">
              <Icon of={CircleDashed} />
              {t('who.open')}
            </span>
          </span>
        </li>
      ))}
      {left.length > SHOWN_DECIDERS ? (
        <li className="sm muted">{t('who.more', { count: left.length - SHOWN_DECIDERS })}</li>
      ) : null}
      {words.length + left.length > 0 ? null : (
        <li>
          <span className="status sm st-pending">
            <Icon of={CircleDashed} />
            {t('who.nobodyYet')}
          </span>
        </li>
      )}
    </ul>
  );
}
