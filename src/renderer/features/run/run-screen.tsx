import { Trash2 } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { RunView } from '../../../shared/contract/index.ts';
import { useApp } from '../../client/app-state.ts';
import { LinkButton } from '../../ui/button.tsx';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import './log.css';
import './run.css';
import './step-pane.css';
import './steps.css';
import { RunHeader } from './run-header.tsx';
import { RunSkeleton } from './run-skeleton.tsx';
import { openRun, refreshRun, useRun } from './run-store.ts';
import { RunTabs } from './run-tabs.tsx';
import { StepList } from './step-list.tsx';
import { StepPane } from './step-pane.tsx';
import { buildStepTree, findStep } from './step-tree.ts';

/** The live run: what is it doing, why did it fail, what must I decide? */
export function RunScreen() {
  const { t } = useTranslation('run');
  const { runId = '' } = useParams();
  const generation = useApp((state) => state.generation);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another project is another run with the same name
  useEffect(() => openRun(runId), [runId, generation]);
  const state = useRun();
  const { view } = state;
  if (state.isDeleted) {
    return (
      <div className="p-6">
        <EmptyState icon={Trash2} title={t('deleted.title')} text={t('deleted.text')}>
          <LinkButton to="/runs">{t('deleted.back')}</LinkButton>
        </EmptyState>
      </div>
    );
  }
  if (state.runId !== runId || (view.value === null && view.status !== 'error')) return <RunSkeleton />;
  if (view.value === null) {
    return (
      <div className="p-6">
        {view.status === 'error' ? <ErrorNote error={view.error} onRetry={() => void refreshRun()} /> : null}
      </div>
    );
  }
  return (
    <>
      {view.status === 'error' ? (
        <ErrorNote error={view.error} onRetry={() => void refreshRun()} className="mx-6 mt-2" />
      ) : null}
      <RunBody key={runId} view={view.value} />
    </>
  );
}

function RunBody({ view }: { readonly view: RunView }) {
  const { t } = useTranslation('run');
  const selected = useRun((state) => state.selected);
  const openSteps = useRun((state) => state.openSteps);
  const logTotal = useRun((state) => state.logTotal);
  const tree = useMemo(() => buildStepTree(view.plan, view.steps), [view.plan, view.steps]);
  const node = useMemo(() => (selected === null ? null : findStep(tree, selected)), [tree, selected]);
  return (
    <>
      <RunHeader view={view} />
      <div className="run-cols">
        <div className="run-left">
          <StepList view={view} tree={tree} selected={selected} openSteps={openSteps} />
          <RunTabs view={view} logTotal={logTotal} />
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
