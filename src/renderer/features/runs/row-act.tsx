import { RotateCcw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { needsPerson, type RunSummary } from '../../../shared/model/run.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { approvalOfRunLink, runLink } from '../../ui/links.ts';
import { showToast } from '../../ui/toasts.tsx';

/** What a person does next about a run that needs one: decide where it stands, begin again what failed. */
export function RowAct({ run }: { readonly run: RunSummary }) {
  const { t } = useTranslation('runs');
  const navigate = useNavigate();
  if (needsPerson(run))
    return (
      <LinkButton to={run.status === 'in_doubt' ? runLink(run.runId) : approvalOfRunLink(run.runId)}>
        {t('decide')}
      </LinkButton>
    );
  if (run.status !== 'failed') return null;
  const retry = (): Promise<void> =>
    act(async () => {
      const { runId } = await call('runs.retry', { runId: run.runId });
      const open = { label: t('open'), onPress: () => void navigate(runLink(runId)) };
      showToast(t('bulk.retryDone', { count: 1 }), open);
    });
  return (
    <Button icon={RotateCcw} aria-label={t('retryNamed', { name: run.workflowName })} onClick={() => void retry()}>
      {t('retry')}
    </Button>
  );
}
