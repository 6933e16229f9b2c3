import { Footprints } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../../shared/model/run.ts';
import { actOnRun } from '../../client/run-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Note } from '../../ui/notes.tsx';
import { worded } from '../../ui/worded.ts';

/** An agent was stopped that got no further: what it spent, and whether its step is to begin anew. */
export function StuckPanel({ run: { runId, status, error } }: { readonly run: RunSummary }) {
  const { t } = useTranslation('run');
  if (status !== 'paused' || error?.code !== 'agent.no_progress') return null;
  return (
    <div className="mx-6 my-2 flex-none">
      <Note tone="waiting" icon={Footprints}>
        <div className="row">
          <span className="grow">
            {worded(error.message)} {t('stuck.text')}
          </span>
          <Button needs="runs.cancel" onClick={() => void actOnRun('cancel', runId)}>
            {t('stuck.stop')}
          </Button>
          <Button needs="runs.resume" onClick={() => void actOnRun('resume', runId)}>
            {t('stuck.again')}
          </Button>
        </div>
      </Note>
    </div>
  );
}
