import { FileInput, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApprovalDetail, RunView, TakePlan } from '../../../../shared/contract/index.ts';
import { call } from '../../../client/bridge.ts';
import { useOwnQuery } from '../../../client/use-query.ts';
import { Button } from '../../../ui/button.tsx';
import { Note } from '../../../ui/notes.tsx';
import { Said } from '../../../ui/said.tsx';
import { TakeSheet } from './take-sheet.tsx';

/** What is offered, and the request by which it is decided. */
export interface TakeOffer {
  readonly plan: TakePlan;
  readonly request: ApprovalDetail | null;
}

/** What the steps of an ended run have changed in their copy, while it is to be decided about. */
export function TakePanel({ view }: { readonly view: RunView }) {
  const { t } = useTranslation('take');
  const { runId, completedAt } = view.run;
  const isHere = completedAt !== null && view.foreign === undefined;
  const { data, refresh } = useOwnQuery<TakeOffer, string>(
    {
      ask: async (id) => {
        const plan = await call('runs.planTake', { runId: id });
        const { approvalId } = plan;
        return { plan, request: approvalId === null ? null : await call('approvals.get', { id: approvalId }) };
      },
      // It is offered a moment after the end of the run, and somebody else may decide.
      dueOn: (event) => (event.kind === 'approvals' ? 'now' : null),
    },
    isHere ? runId : null,
    view.eventCount,
  );
  const [isOpen, setOpen] = useState(false);
  const offer = data.value;
  if (offer === null) return null;
  const { status, changes, problem } = offer.plan;
  return (
    <>
      {status === 'failed' && problem !== null ? (
        <div className="mx-6 my-2 flex-none">
          <Note tone="waiting" icon={TriangleAlert} role="status">
            <b>{t('panel.failed')}</b> <Said text={problem.message} />
          </Note>
        </div>
      ) : null}
      {status === 'offered' ? (
        <div className="mx-6 my-2 flex-none">
          <Note tone="waiting" icon={FileInput} role="status">
            <div className="row">
              <span className="grow">
                <b>{t('panel.title', { count: changes.length })}</b>
                <br />
                <span className="sm">{t('panel.text')}</span>
              </span>
              <Button variant="primary" needs="runs.readTake" onClick={() => setOpen(true)}>
                {t('panel.open')}
              </Button>
            </div>
          </Note>
        </div>
      ) : null}
      {isOpen ? <TakeSheet view={view} offer={offer} onAsk={refresh} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
