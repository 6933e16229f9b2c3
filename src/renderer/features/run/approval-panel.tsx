import { CircleSlash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { ApprovalDetail } from '../../../shared/contract/index.ts';
import { useDeciding } from '../../client/approval-actions.ts';
import { call } from '../../client/bridge.ts';
import type { Loadable } from '../../client/loadable.ts';
import { useDraft } from '../../client/use-draft.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { ApprovalStatusMark, Countdown } from '../../ui/approval/approval-words.tsx';
import { DecisionBar, mayAnswer } from '../../ui/approval/decision-bar.tsx';
import { RequestBody } from '../../ui/approval/request-body.tsx';
import { approvalLink } from '../../ui/links.ts';
import { ErrorNote, Note } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import type { StepNode } from './step-tree.ts';

interface StepRequest {
  readonly data: Loadable<ApprovalDetail | null>;
  readonly refresh: () => void;
}

/** The newest request of an approval step; null while it has not asked, or is none. */
export function useStepRequest(runId: string, { kind, path, state }: StepNode): StepRequest | null {
  const hasAsked = kind === 'approval' && state !== null && state.startedAt !== null;
  const { data, refresh } = useOwnQuery(
    {
      ask: async (step: string) => {
        const { approvals } = await call('approvals.list', { runId, limit: 1000 });
        const ofStep = approvals.filter(({ stepPath }) => stepPath === step);
        const newest = ofStep.find(({ status }) => status === 'pending') ?? ofStep[0];
        return newest === undefined ? null : call('approvals.get', { id: newest.id });
      },
    },
    hasAsked ? path : null,
    state,
  );
  return hasAsked ? { data, refresh } : null;
}

/** The same as on the screen of approvals, in the pane of the step that asks. */
export function RequestPart({ request }: { readonly request: StepRequest }) {
  const { t } = useTranslation('approvals');
  const { data, refresh } = request;
  const detail = data.value;
  if (detail === null)
    return data.status === 'error' ? (
      <div className="block">
        <ErrorNote error={data.error} onRetry={refresh} />
      </div>
    ) : data.status === 'loading' ? (
      <SkeletonRows rows={3} columns={[70]} />
    ) : null;
  return (
    <section aria-label={detail.title}>
      <div className="block">
        <div className="row items-start">
          <h3 className="grow">
            <Link className="plain" to={approvalLink(detail.id)}>
              {detail.title}
            </Link>
          </h3>
          {detail.status === 'pending' ? null : (
            <ApprovalStatusMark status={detail.status} isAskedAgain={detail.isAskedAgain} />
          )}
        </div>
        {detail.status !== 'pending' || detail.expiresAt === null ? null : (
          <p className="sm muted">
            {t('head.expires')} <Countdown until={detail.expiresAt} />, {t(`head.after.${detail.onExpire}`)}
          </p>
        )}
      </div>
      <RequestBody detail={detail} />
    </section>
  );
}

/** The decision about the request of this step; nothing once it is decided. */
export function RequestDecision({ request }: { readonly request: StepRequest }) {
  const { t } = useTranslation('approvals');
  const navigate = useNavigate();
  const detail = request.data.value;
  const [draft, setDraft] = useDraft<string>(`decision ${detail?.id}`);
  const { isBusy, overtaken, decide } = useDeciding((address) => void navigate(address), request.refresh);
  if (detail === null) return null;
  return (
    <>
      {overtaken === null ? null : (
        <Note tone="waiting" icon={CircleSlash2} role="alert" className="m-2">
          {t(`overtaken.${overtaken}`)}
        </Note>
      )}
      {mayAnswer(detail) ? (
        <DecisionBar
          actions={detail.actions}
          isBusy={isBusy}
          comment={draft ?? ''}
          onComment={setDraft}
          onDecide={(what) =>
            void decide(detail, { what, words: draft ?? '' }).then((how) =>
              how === 'taken' ? setDraft(null) : undefined,
            )
          }
        />
      ) : detail.status === 'pending' && !detail.actions.decide.enabled ? (
        <p className="sm muted m-2" role="status">
          <Said text={detail.actions.decide.reason} />
        </p>
      ) : null}
    </>
  );
}
