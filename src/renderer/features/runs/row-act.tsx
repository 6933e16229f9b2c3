import { CopyPlus, Ellipsis, RotateCcw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { needsPerson, type RunSummary } from '../../../shared/model/run.ts';
import { PinItem } from '../../client/pinned-runs.tsx';
import { askAct } from '../../client/run-actions.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { approvalOfRunLink, replayLink, runLink } from '../../ui/links.ts';
import { Menu, MenuItem } from '../../ui/menu.tsx';

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
      <PinItem runId={run.runId} />
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
  const retry = (): void => {
    askAct('retry', run.runId);
    void navigate(runLink(run.runId));
  };
  return (
    <Button
      needs="runs.retry"
      icon={RotateCcw}
      aria-label={t('retryNamed', { name: run.workflowName })}
      onClick={retry}
    >
      {t('retry')}
    </Button>
  );
}
