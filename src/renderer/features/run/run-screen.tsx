import { Trash2 } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useStore } from 'zustand';
import { LinkButton } from '../../ui/button.tsx';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import './log.css';
import './run.css';
import './step-pane.css';
import './steps.css';
import { RunHeader } from './run-header.tsx';
import { RunSkeleton } from './run-skeleton.tsx';
import { openRun, type ShownRun, shownRun, useRunChoices } from './run-store.ts';
import { RunTabs } from './run-tabs.tsx';
import { StepList } from './step-list.tsx';
import { StepPane } from './step-pane.tsx';
import { buildStepTree, findStep } from './step-tree.ts';

/** The live run: what is it doing, why did it fail, what must I decide? */
export function RunScreen() {
  const { t } = useTranslation('run');
  const { runId = '' } = useParams();
  useEffect(() => openRun(runId), [runId]);
  const { key, data } = useStore(shownRun.store);
  const error = data.status === 'error' ? data.error : null;
  if (data.value?.isDeleted === true) {
    return (
      <div className="p-6">
        <EmptyState icon={Trash2} title={t('deleted.title')} text={t('deleted.text')}>
          <LinkButton to="/runs">{t('deleted.back')}</LinkButton>
        </EmptyState>
      </div>
    );
  }
  if (key !== runId || (data.value === null && error === null)) return <RunSkeleton />;
  const again = (): void => void shownRun.refresh();
  if (data.value === null)
    return <div className="p-6">{error === null ? null : <ErrorNote error={error} onRetry={again} />}</div>;
  return (
    <>
      {error === null ? null : <ErrorNote error={error} onRetry={again} className="mx-6 mt-2" />}
      <RunBody key={runId} shown={data.value} />
    </>
  );
}

function RunBody({ shown: { view, logTotal, logRevision } }: { readonly shown: ShownRun }) {
  const { t } = useTranslation('run');
  const { selected, openSteps } = useRunChoices();
  const tree = useMemo(() => buildStepTree(view.plan, view.steps), [view.plan, view.steps]);
  const node = useMemo(() => (selected === null ? null : findStep(tree, selected)), [tree, selected]);
  return (
    <>
      <RunHeader view={view} />
      <div className="run-cols">
        <div className="run-left">
          <StepList view={view} tree={tree} selected={selected} openSteps={openSteps} />
          <RunTabs view={view} logTotal={logTotal} logRevision={logRevision} />
        </div>
        {node === null ? (
          <aside className="step-pane" aria-label={t('step.none')}>
            <p className="d-head muted sm">{t('step.none')}</p>
          </aside>
        ) : (
          <StepPane view={view} node={node} />
        )}
      </div>
    </>
  );
}
