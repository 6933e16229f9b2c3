import { Trash2 } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useStore } from 'zustand';
import { isMissing } from '../../client/is-missing.ts';
import { useShownAddress } from '../../client/use-address.ts';
import { LinkButton } from '../../ui/button.tsx';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { PageHead } from '../../ui/page.tsx';
import { BudgetPanel } from './budget-panel.tsx';
import './log.css';
import './run.css';
import './step-pane.css';
import './steps.css';
import { LeftPlanPanel } from './left-plan-panel.tsx';
import { turnsAround } from './loop-turns.ts';
import { ReplayPanel } from './recording/replay-panel.tsx';
import { RollbackPanel } from './rollback-panel.tsx';
import { readRunAddress, writeRunAddress } from './run-address.ts';
import { RunHeader } from './run-header.tsx';
import { RunSkeleton } from './run-skeleton.tsx';
import { chooseAsked, openRun, type ShownRun, shownRun, useRunChoices } from './run-store.ts';
import { RunTabs } from './run-tabs.tsx';
import { StepPane } from './step-pane.tsx';
import { buildStepTree, findStep } from './step-tree.ts';
import { StepsPanel } from './steps-panel.tsx';
import { StuckPanel } from './stuck-panel.tsx';
import { TakePanel } from './take/take-panel.tsx';
import { useLoopLoading } from './use-loop-loading.ts';

/** The live run: what is it doing, why did it fail, what must I decide? */
export function RunScreen() {
  const { t } = useTranslation('run');
  const { runId = '' } = useParams();
  useRunAddress(runId);
  const { key, data } = useStore(shownRun.store);
  const error = data.status === 'error' ? data.error : null;
  if (key === runId && (data.value?.isDeleted === true || isMissing(error, 'run.not_found'))) {
    const words = data.value === null ? 'missing' : 'deleted';
    return (
      <>
        <PageHead title={runId.slice(-8)} />
        <EmptyState icon={Trash2} title={t(`${words}.title`)} text={t(`${words}.text`)} className="m-6">
          <LinkButton to="/runs">{t('deleted.back')}</LinkButton>
        </EmptyState>
      </>
    );
  }
  if (key !== runId || (data.value === null && error === null)) return <RunSkeleton />;
  const again = (): void => void shownRun.refresh();
  if (data.value === null)
    return (
      <>
        <PageHead title={runId.slice(-8)} />
        {error === null ? null : <ErrorNote error={error} onRetry={again} className="mx-6" />}
      </>
    );
  return (
    <>
      {error === null ? null : <ErrorNote error={error} onRetry={again} className="mx-6 mt-2" />}
      <RunBody key={runId} shown={data.value} />
    </>
  );
}

/**
 * Opens the run as its address says, and writes into the address what a person chooses: reload and Back find it again. What somebody else
 * writes into the address makes choices; what came from there is not written back, and what was written here is not read again.
 */
function useRunAddress(runId: string): void {
  const { params, location, isOwn, write } = useShownAddress();
  const address = writeRunAddress(useRunChoices()).toString();
  /** Of the choices that came from the address, or are on their way into it. */
  const settled = useRef('');
  const settle = (): void => {
    settled.current = writeRunAddress(useRunChoices.getState()).toString();
  };
  const opened = useRef<object | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is read when a run is opened
  useEffect(() => {
    const close = openRun(runId, readRunAddress(params));
    settle();
    opened.current = location;
    return close;
  }, [runId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each address that somebody else wrote counts, also the same one again
  useEffect(() => {
    if (isOwn || opened.current === location) return;
    chooseAsked(readRunAddress(params));
    settle();
  }, [location]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a choice writes the address
  useEffect(() => {
    const before = settled.current;
    settle();
    if (settled.current !== before) write(settled.current);
  }, [address]);
}

function RunBody({ shown: { view, logTotal, logRevision } }: { readonly shown: ShownRun }) {
  const { t } = useTranslation('run');
  const { selected, openSteps } = useRunChoices();
  const { shown, onRows } = useLoopLoading(view, selected, openSteps);
  const { plan, steps, loops } = shown;
  const tree = useMemo(() => buildStepTree(plan, steps, loops), [plan, steps, loops]);
  const node = useMemo(() => (selected === null ? null : findStep(tree, selected)), [tree, selected]);
  const isComing = node === null && selected !== null && turnsAround(selected).length > 0;
  return (
    <>
      <RunHeader view={view} />
      <BudgetPanel run={view.run} />
      <StuckPanel run={view.run} />
      <LeftPlanPanel run={view.run} />
      <RollbackPanel view={view} />
      <ReplayPanel view={view} />
      <TakePanel view={view} />
      <div className="run-cols">
        <div className="run-left">
          <StepsPanel view={shown} tree={tree} onRows={onRows} />
          <RunTabs view={view} logTotal={logTotal} logRevision={logRevision} />
        </div>
        {node === null ? (
          <aside className="step-pane" aria-label={t('step.none')}>
            <p className="d-head muted sm">{t(isComing ? 'loop.opening' : 'step.none')}</p>
          </aside>
        ) : (
          <StepPane view={shown} node={node} />
        )}
      </div>
    </>
  );
}
