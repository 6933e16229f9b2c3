import { Copy, Play } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { JsonMap } from '../../../shared/json.ts';
import type { RunPlan } from '../../../shared/model/plan.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { copyText } from '../../client/copy-text.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { runLink } from '../../ui/links.ts';
import { ErrorNote, Note } from '../../ui/notes.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { PlanFacts } from './plan-facts.tsx';
import { PlanTable } from './plan-table.tsx';

interface PlanDialogProps {
  readonly workflow: string;
  readonly name: string;
  /** Of the form, as they stand. */
  readonly inputs: JsonMap;
  /** Why it cannot be started; null = it can. */
  readonly whyNot: string | null;
  readonly onClose: () => void;
}

/** What a run would do with these inputs, before anything is called: its whole tree, what it touches, whom it asks, what it may cost. */
export function PlanDialog({ workflow, name, inputs, whyNot, onClose }: PlanDialogProps) {
  const { t } = useTranslation('workflow');
  const navigate = useNavigate();
  const { data, refresh } = useOwnQuery<RunPlan, string>(
    {
      ask: (ref) => call('runs.plan', { workflow: ref, inputs }),
      dueOn: ({ kind }) => (kind === 'library' ? 'soon' : null),
      soonMs: 500,
    },
    workflow,
  );
  const plan = data.value;
  const start = (): Promise<void> =>
    act(async () => {
      if (plan === null) return;
      const { runId } = await call('runs.start', { workflow, inputs, plan: plan.hash });
      onClose();
      await navigate(runLink(runId));
    });
  return (
    <Dialog
      isOpen
      isSheet
      onClose={onClose}
      width="64rem"
      title={t('plan.title', { name })}
      description={t('plan.text')}
      footer={
        <>
          {plan === null ? null : (
            <span className="grow sm muted">
              {t('plan.hash')} <span className="mono">{plan.hash.slice(0, 12)}</span>{' '}
              <Button
                icon={Copy}
                variant="ghost"
                label={t('plan.copy')}
                onClick={() => void copyText(plan.hash, t('plan.copied'))}
              />
            </span>
          )}
          <Button onClick={onClose}>{t('plan.close')}</Button>
          <Button
            variant="primary"
            icon={Play}
            needs="runs.start"
            reason={whyNot ?? (plan === null ? t('plan.looking') : null)}
            onClick={() => void start()}
          >
            {t('plan.run')}
          </Button>
        </>
      }
    >
      {data.status === 'error' ? <ErrorNote error={data.error} onRetry={refresh} /> : null}
      {plan === null && data.status !== 'error' ? <SkeletonRows rows={6} columns={[60, 80, 40]} /> : null}
      {plan === null ? null : (
        <div className="plan-view">
          <div className="plan-steps">
            {plan.is_cut ? <Note tone="waiting">{t('plan.cut')}</Note> : null}
            <PlanTable rows={plan.plan} />
          </div>
          <PlanFacts plan={plan} />
        </div>
      )}
    </Dialog>
  );
}
