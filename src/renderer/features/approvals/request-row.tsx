import { useTranslation } from 'react-i18next';
import type { ListedApproval } from '../../../shared/contract/index.ts';
import { ApprovalStatusMark, Countdown, UnmetMark } from '../../ui/approval/approval-words.tsx';
import { TimeAgo } from '../../ui/time.tsx';

/** A request in two lines: what is asked and how long it still waits, or what became of it; whose, and since when. */
export function RequestRow({ request }: { readonly request: ListedApproval }) {
  const { t } = useTranslation('approvals');
  const { title, status, expiresAt, workflowName, requesterId, createdAt, resolvedAt, round, progress } = request;
  const isPending = status === 'pending';
  return (
    <>
      <span className="row">
        <span className="grow cut strong" title={title}>
          {title}
        </span>
        {request.unmet === null ? null : <UnmetMark why={request.unmet} />}
        {isPending ? (
          <span className="sm nowrap muted">
            {expiresAt === null ? t('row.noExpiry') : <Countdown until={expiresAt} />}
          </span>
        ) : (
          <ApprovalStatusMark status={status} isAskedAgain={request.isAskedAgain} />
        )}
      </span>
      <span className="row sm muted">
        <span className="grow cut">
          {workflowName === null ? requesterId : t('row.by', { workflow: workflowName, requester: requesterId })}
          {round > 1 ? ` · ${t('row.round', { round })}` : ''}
        </span>
        {progress === null ? null : <span className="nowrap">{t('row.given', progress)}</span>}
        <TimeAgo at={(isPending ? null : (resolvedAt ?? expiresAt)) ?? createdAt} className="nowrap" />
      </span>
    </>
  );
}
