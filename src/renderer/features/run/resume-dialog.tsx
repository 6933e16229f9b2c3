import { useTranslation } from 'react-i18next';
import type { RepeatedStep, RunView } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/notes.tsx';
import { Repeats } from '../../ui/repeats.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';

interface ResumeDialogProps {
  readonly view: RunView;
  readonly onClose: () => void;
  readonly onResume: () => void;
}

/** A run that has ended does its stopped steps again when it goes on: which, and what that may change, is said before. */
export function ResumeDialog({ view, onClose, onResume }: ResumeDialogProps) {
  const { t } = useTranslation('run');
  const { data: plan, refresh } = useOwnQuery(
    { ask: (runId: string) => call('runs.planRetry', { runId }) },
    view.run.runId,
  );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      width="30rem"
      title={t('resume.title')}
      description={t('resume.text')}
      footer={
        <>
          <Button onClick={onClose}>{t('resume.keep')}</Button>
          <Button
            variant="primary"
            needs="runs.resume"
            reason={plan.value === null ? t('resume.looking') : null}
            onClick={() => {
              onClose();
              onResume();
            }}
          >
            {t('resume.act')}
          </Button>
        </>
      }
    >
      {plan.status === 'error' ? <ErrorNote error={plan.error} onRetry={refresh} /> : null}
      {plan.value === null && plan.status !== 'error' ? <SkeletonRows rows={2} /> : null}
      {plan.value === null ? null : <Repeats steps={openAmong(view, plan.value.repeats)} />}
    </Dialog>
  );
}

/** Of the steps from the stopped one on, those that a run that goes on does again: what has completed is never repeated in it. */
export function openAmong(
  { steps }: Pick<RunView, 'steps'>,
  repeats: readonly RepeatedStep[],
): readonly RepeatedStep[] {
  const settled = new Set(
    steps.filter(({ status }) => status === 'completed' || status === 'skipped').map(({ path }) => path),
  );
  return repeats.filter(({ path }) => !settled.has(path));
}
