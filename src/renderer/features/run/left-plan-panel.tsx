import { ListChecks } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../../shared/model/run.ts';
import { actOnRun } from '../../client/run-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Note } from '../../ui/notes.tsx';
import { worded } from '../../ui/worded.ts';

/** A step would leave the plan that the run follows: how, and whether it goes on all the same. */
export function LeftPlanPanel({ run: { runId, status, error } }: { readonly run: RunSummary }) {
  const { t } = useTranslation('run');
  if (status !== 'paused' || error?.code !== 'run.left_plan') return null;
  return (
    <div className="mx-6 my-2 flex-none">
      <Note tone="waiting" icon={ListChecks}>
        <div className="row">
          <span className="grow">
            {worded(error.message)} {t('leftPlan.text')}
          </span>
          <Button needs="runs.cancel" onClick={() => void actOnRun('cancel', runId)}>
            {t('leftPlan.stop')}
          </Button>
          <Button needs="runs.resume" onClick={() => void actOnRun('resume', runId)}>
            {t('leftPlan.goOn')}
          </Button>
        </div>
      </Note>
    </div>
  );
}
