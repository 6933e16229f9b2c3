import { useTranslation } from 'react-i18next';
import type { RepeatedStep } from '../../shared/contract/index.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/notes.tsx';
import { Repeats } from '../ui/repeats.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { planRetries, type RepeatedStepOfRuns } from './bulk-act.ts';
import { useOwnQuery } from './use-query.ts';

interface BulkRetryDialogProps {
  readonly runs: readonly RunSummary[];
  readonly onClose: () => void;
  readonly onRetry: () => void;
}

/** Before many runs begin again: which steps of them would have their effects once more. */
export function BulkRetryDialog({ runs, onClose, onRetry }: BulkRetryDialogProps) {
  const { t } = useTranslation('runs');
  const { data: plan, refresh } = useOwnQuery({ ask: () => planRetries(runs) }, 'once');
  const named = ({ step, workflow, runs: count }: RepeatedStepOfRuns): RepeatedStep => ({
    ...step,
    name: t(runs.length === 1 ? 'bulk.inWorkflow' : 'bulk.inRuns', { step: step.name, workflow, count, value: count }),
  });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      width="32rem"
      title={t('bulk.retryTitle', { count: runs.length })}
      description={t('bulk.retryText')}
      footer={
        <>
          <Button onClick={onClose}>{t('bulk.keep')}</Button>
          <Button
            variant="primary"
            needs="runs.retry"
            reason={plan.value === null ? t('bulk.retryLooking') : null}
            onClick={() => {
              onClose();
              onRetry();
            }}
          >
            {t('bulk.retry', { count: runs.length })}
          </Button>
        </>
      }
    >
      {plan.status === 'error' ? <ErrorNote error={plan.error} onRetry={refresh} /> : null}
      {plan.value === null && plan.status !== 'error' ? <SkeletonRows rows={3} /> : null}
      {plan.value === null ? null : <Repeats steps={plan.value.repeats.map(named)} />}
      {plan.value?.firstError == null ? null : (
        <>
          <p className="mt-3">{t('bulk.retryUnknown', { count: plan.value.unknown })}</p>
          <ErrorNote className="mt-1" error={plan.value.firstError} />
        </>
      )}
    </Dialog>
  );
}
