import { Ban, Columns2, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { RunSummary } from '../../../shared/model/run.ts';
import { actOnRuns, type BulkAct, canAct } from '../../client/bulk-act.ts';
import { BulkRetryDialog } from '../../client/bulk-retry-dialog.tsx';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { compareLink } from '../../ui/links.ts';
import { showError, showToast } from '../../ui/toasts.tsx';
import { runList, selectAllRuns, useRuns } from './runs-store.ts';

const ICONS = { cancel: Ban, retry: RotateCcw } as const;

/** What can be done with the chosen runs; a button names how many it concerns. */
export function BulkBar() {
  const { t } = useTranslation('runs');
  const selected = useRuns((state) => state.selected);
  const rows = useQuery(runList).value?.list.rows ?? [];
  const navigate = useNavigate();
  const [busy, setBusy] = useState<BulkAct | null>(null);
  const [asked, setAsked] = useState<readonly RunSummary[] | null>(null);
  if (selected.size === 0) return null;
  const chosen = rows.filter((run) => selected.has(run.runId));
  const actOn = async (name: BulkAct, runs: readonly RunSummary[]): Promise<void> => {
    setBusy(name);
    const result = await actOnRuns(name, runs);
    setBusy(null);
    selectAllRuns(false);
    if (result.done > 0)
      showToast(
        t(`bulk.${name}Done`, { count: result.done }) +
          (result.failed > 0 ? ` ${t('bulk.notDone', { count: result.failed })}` : ''),
      );
    if (result.firstError !== null) showError(result.firstError);
  };
  const button = (name: BulkAct) => {
    const runs = chosen.filter((run) => canAct(name, run));
    const count = runs.length;
    const reason = busy === name ? t('bulk.busy') : count === 0 ? t(`bulk.${name}None`) : null;
    return (
      <Button
        needs={`runs.${name}`}
        icon={ICONS[name]}
        variant={name === 'cancel' ? 'danger' : 'default'}
        reason={reason}
        onClick={() => (name === 'retry' ? setAsked(runs) : void actOn(name, runs))}
      >
        {t(`bulk.${name}`, { count })}
      </Button>
    );
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a bar of buttons, not a form part
    <div className="bulk" role="group" aria-label={t('bulk.name')}>
      <b role="status">{t('bulk.chosen', { count: selected.size })}</b>
      {button('retry')}
      {button('cancel')}
      {chosen.length === 2 ? (
        <Button
          needs="runs.compare"
          icon={Columns2}
          onClick={() => void navigate(compareLink(chosen[0]?.runId ?? '', chosen[1]?.runId))}
        >
          {t('compare:two')}
        </Button>
      ) : null}
      <span className="grow" />
      <Button variant="ghost" onClick={() => selectAllRuns(false)}>
        {t('bulk.none')}
      </Button>
      {asked === null ? null : (
        <BulkRetryDialog runs={asked} onClose={() => setAsked(null)} onRetry={() => void actOn('retry', asked)} />
      )}
    </div>
  );
}
