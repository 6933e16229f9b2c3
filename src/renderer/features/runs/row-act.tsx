import { CopyPlus, Ellipsis, RotateCcw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { needsPerson, type RunSummary } from '../../../shared/model/run.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { approvalOfRunLink, replayLink, runLink } from '../../ui/links.ts';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { showToast } from '../../ui/toasts.tsx';

/** What can be done with a run wherever it stands. */
export function RowMenu({ run }: { readonly run: RunSummary }) {
  const { t } = useTranslation('runs');
  const navigate = useNavigate();
  const trigger = <Button variant="ghost" icon={Ellipsis} label={t('more', { name: run.workflowName })} />;
  return (
    <Menu align="end" trigger={trigger}>
      <MenuItem icon={CopyPlus} onSelect={() => void navigate(replayLink(run.runId))}>
        {t('replay')}
      </MenuItem>
    </Menu>
  );
}

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
