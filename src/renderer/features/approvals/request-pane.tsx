import { CircleSlash2, SquareCheckBig } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { ApprovalDetail } from '../../../shared/contract/index.ts';
import { useDeciding } from '../../client/approval-actions.ts';
import { isMissing } from '../../client/is-missing.ts';
import { useDraft } from '../../client/use-draft.ts';
import { useQueryOf } from '../../client/use-query.ts';
import { ApprovalStatusMark, Countdown } from '../../ui/approval/approval-words.tsx';
import { type Decision, DecisionBar, mayAnswer } from '../../ui/approval/decision-bar.tsx';
import { RequestBody } from '../../ui/approval/request-body.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { formatExact, formatMoment } from '../../ui/format.ts';
import { runLink } from '../../ui/links.ts';
import { EmptyState, ErrorNote, Note } from '../../ui/notes.tsx';
import { usePageTitle } from '../../ui/page-title.ts';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { useRead } from '../../ui/trust/use-consent.ts';
import { worded } from '../../ui/worded.ts';
import { shownRequest } from './approvals-store.ts';
import { RequestMenu } from './request-menu.tsx';

interface RequestPaneProps {
  readonly id: string;
  /** The decision was taken. */
  readonly onTaken: (id: string) => void;
}

/** One request: all that a decision needs, and the decision. */
export function RequestPane({ id, onTaken }: RequestPaneProps) {
  const { t } = useTranslation('approvals');
  const { value, error } = useQueryOf(shownRequest, id);
  if (value !== null) return <Request key={value.id} detail={value} onTaken={onTaken} />;
  if (error === null) return <SkeletonRows rows={8} columns={[60, 30]} />;
  return (
    <div className="p-6">
      {isMissing(error, 'approval.not_found') ? (
        <EmptyState icon={SquareCheckBig} title={t('missing.title')} text={t('missing.text')}>
          <LinkButton to="/approvals">{t('empty.toWaiting')}</LinkButton>
        </EmptyState>
      ) : (
        <ErrorNote error={error} onRetry={() => void shownRequest.refresh()} />
      )}
    </div>
  );
}

interface RequestProps {
  readonly detail: ApprovalDetail;
  readonly onTaken: (id: string) => void;
}

function Request({ detail, onTaken }: RequestProps) {
  const { t } = useTranslation('approvals');
  const navigate = useNavigate();
  const [draft, setDraft] = useDraft<string>(`decision ${detail.id}`);
  const deciding = useDeciding(
    (address) => void navigate(address),
    () => void shownRequest.refresh(),
  );
  const reading = useRead(detail.act?.findings ?? []);
  const { actions } = detail;
  const isToRead = actions.decide.enabled && reading.unread !== null;
  const decide = async (what: Decision | 'cancel'): Promise<void> => {
    if ((await deciding.decide(detail, { what, words: draft ?? '', read: reading.read })) !== 'taken') return;
    setDraft(null);
    onTaken(detail.id);
  };
  return (
    <article className="request-pane" aria-labelledby="request-title">
      <RequestHead detail={detail} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a region without a heading of its own */}
      <div className="scroll" tabIndex={0} role="region" aria-label={t('head.contents')}>
        {deciding.overtaken === null ? null : (
          <Note tone="waiting" icon={CircleSlash2} role="alert" className="m-4">
            {t(`overtaken.${deciding.overtaken}`)}
          </Note>
        )}
        <RequestBody detail={detail} {...(actions.decide.enabled && { reading })} />
      </div>
      {mayAnswer(detail) ? (
        <DecisionBar
          hasKeys
          actions={isToRead ? { ...actions, decide: { enabled: false, reason: `${reading.unread}.` } } : actions}
          isBusy={deciding.isBusy}
          comment={draft ?? ''}
          onComment={setDraft}
          onDecide={(what) => void decide(what)}
        >
          <RequestMenu
            detail={detail}
            onTakeBack={() => void decide('cancel')}
            onHandedOver={() => void shownRequest.refresh()}
          />
        </DecisionBar>
      ) : (
        <Decided detail={detail} />
      )}
    </article>
  );
}

/** What is asked, by which run, and until when. */
function RequestHead({ detail }: { readonly detail: ApprovalDetail }) {
  const { t } = useTranslation('approvals');
  const { title, status, expiresAt, minApprovals, approvals } = detail;
  const windowTitle = useMemo(() => `${title} · ${t('title')}`, [title, t]);
  usePageTitle(t('title'), undefined, windowTitle);
  const now = Date.now();
  return (
    <header className="request-head">
      <div className="row">
        <h2 id="request-title" className="grow cut" title={title}>
          {title}
        </h2>
        <ApprovalStatusMark
          status={status}
          isAskedAgain={detail.isAskedAgain}
          pill
          label={status === 'pending' ? t('head.given', { given: approvals.length, needed: minApprovals }) : undefined}
        />
      </div>
      <p className="sm muted">
        <AskedBy detail={detail} /> ·{' '}
        {expiresAt === null ? (
          t('head.noExpiry')
        ) : status === 'pending' ? (
          <>
            {t('head.expires')} <Countdown until={expiresAt} />,{' '}
            <span title={formatExact(expiresAt)}>
              {t('head.expiresAt', { when: formatMoment(expiresAt, now), what: t(`head.after.${detail.onExpire}`) })}
            </span>
          </>
        ) : (
          formatMoment(expiresAt, now)
        )}
      </p>
    </header>
  );
}

/** The run that asks, or the person. */
function AskedBy({
  detail: { act, runId, workflowName, createdAt, requesterId },
}: {
  readonly detail: ApprovalDetail;
}) {
  const { t } = useTranslation('approvals');
  if (act !== null || runId === null)
    return (
      <>
        {t('head.askedBy', { requester: requesterId })}, <TimeAgo at={createdAt} />
      </>
    );
  return (
    <>
      {t('head.asked')}{' '}
      <Link className="underline" to={runLink(runId)}>
        {workflowName}
      </Link>
      , <TimeAgo at={createdAt} /> · {t('head.startedBy', { requester: requesterId })}
    </>
  );
}

/** What ended a request that nobody answered. */
const endedBy = ({ status, isAskedAgain }: ApprovalDetail): 'askedAgain' | 'expired' | 'cancelled' | null =>
  status === 'cancelled' && isAskedAgain
    ? 'askedAgain'
    : status === 'expired' || status === 'cancelled'
      ? status
      : null;

/** How it ended, or why others decide, in the place of the decision. */
function Decided({ detail }: { readonly detail: ApprovalDetail }) {
  const { t } = useTranslation('approvals');
  const { status, resolvedAt, expiresAt, runId } = detail;
  const at = status === 'pending' ? null : (resolvedAt ?? expiresAt);
  return (
    <div className="request-decided" role="status">
      <ApprovalStatusMark status={status} isAskedAgain={detail.isAskedAgain} />
      <span className="grow muted">
        {status === 'pending' && !detail.actions.decide.enabled ? `${worded(detail.actions.decide.reason)} ` : null}
        {endedBy(detail) === null ? '' : `${t(`decided.${endedBy(detail)}`)} `}
        {detail.act === null || status !== 'approved' ? '' : `${t(`act.outcome.${detail.act.outcome ?? 'doing'}`)} `}
        {at === null ? null : <TimeAgo at={at} />}
      </span>
      {runId === null ? null : <LinkButton to={runLink(runId)}>{t('head.openRun')}</LinkButton>}
    </div>
  );
}
