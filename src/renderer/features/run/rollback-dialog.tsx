import { CircleCheck, CircleMinus, TriangleAlert, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlannedUndo, RollbackPlan, RunView } from '../../../shared/contract/index.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ErrorNote, Note } from '../../ui/notes.tsx';
import { Select } from '../../ui/select.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { shownRun } from './run-store.ts';

/** No id of a step. */
const ALL = '.';

/** More of them say no more. */
const SHOWN = 12;

/** What a rollback of a run that has ended would undo, before anything of it is. */
export function RollbackDialog({ view, onClose }: { readonly view: RunView; readonly onClose: () => void }) {
  const { t } = useTranslation('run');
  const { runId } = view.run;
  const [to, setTo] = useState(ALL);
  const { data: plan, refresh } = useOwnQuery(
    { ask: (step: string) => call('runs.planRollback', { runId, ...(step === ALL ? {} : { to: step }) }) },
    to,
  );
  const count = plan.value?.steps.filter(isUndone).length ?? 0;
  const begin = (): Promise<void> =>
    act(async () => {
      await call('runs.rollback', { runId, ...(to === ALL ? {} : { to }) });
      void shownRun.refresh();
    });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      width="34rem"
      title={t('rollback.title')}
      description={t('rollback.text')}
      footer={
        <>
          <Button onClick={onClose}>{t('rollback.keep')}</Button>
          <Button
            variant="danger"
            icon={Undo2}
            needs="runs.rollback"
            reason={plan.value === null ? t('rollback.looking') : count === 0 ? t('rollback.nothing') : null}
            onClick={() => {
              onClose();
              void begin();
            }}
          >
            {t('rollback.act')}
          </Button>
        </>
      }
    >
      <Field id="rollback-to" label={t('rollback.to')} help={t('rollback.toHelp')}>
        <Select
          id="rollback-to"
          value={to}
          choices={[
            { value: ALL, label: t('rollback.all') },
            ...view.plan.map((step, at) => ({ value: step.id, label: `${at + 1} ${step.name}` })),
          ]}
          onChange={setTo}
          describedBy="rollback-to-help"
        />
      </Field>
      {plan.status === 'error' ? <ErrorNote error={plan.error} onRetry={refresh} className="mt-3" /> : null}
      {plan.value === null && plan.status !== 'error' ? <SkeletonRows rows={3} /> : null}
      {plan.value === null ? null : <Planned plan={plan.value} />}
    </Dialog>
  );
}

const isUndone = ({ gap, strategy }: PlannedUndo): boolean => gap === null && strategy !== 'none';

function Planned({ plan: { steps } }: { readonly plan: RollbackPlan }) {
  const { t } = useTranslation('run');
  const hasGap = steps.some(({ gap }) => gap !== null);
  return (
    <Note tone={hasGap ? 'waiting' : 'plain'} icon={hasGap ? TriangleAlert : Undo2} className="mt-3">
      <b>{t(steps.length === 0 ? 'rollback.nothing' : 'rollback.order')}</b>
      <ul className="mt-1 grid gap-1" aria-label={t('rollback.order')}>
        {steps.slice(0, SHOWN).map((step) => (
          <li key={step.path} className="row">
            <Icon of={step.gap !== null ? TriangleAlert : isUndone(step) ? CircleCheck : CircleMinus} small />
            <span className="cut">{step.name}</span>
            <span className="grow" />
            <span className="sm muted cut" title={howOf(t, step)}>
              {howOf(t, step)}
            </span>
          </li>
        ))}
        {steps.length > SHOWN ? <li>{t('retry.more', { count: steps.length - SHOWN })}</li> : null}
      </ul>
    </Note>
  );
}

/** What is called to undo a step, or why it is not. */
function howOf(t: ReturnType<typeof useTranslation<'run'>>['t'], { gap, strategy, actions }: PlannedUndo): string {
  if (gap !== null) return t(`undone.why.${gap}`);
  if (strategy === 'none') return t('undone.skipped');
  return actions.length === 0 ? t('rollback.nothingToDo') : actions.map(({ action }) => action).join(', ');
}
