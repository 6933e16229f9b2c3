import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../shared/contract/index.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { useLoopTurns } from './loop-turns.ts';
import { STEP_SHAPES, showShape, useRunChoices } from './run-store.ts';
import { StepList } from './step-list.tsx';
import { rowsOf, type StepRow } from './step-rows.ts';
import type { StepNode } from './step-tree.ts';
import { TimeTools } from './time-tools.tsx';
import { useTimeline } from './use-timeline.ts';

/** Loaded when somebody looks at it. */
const StepGraph = lazy(() => import('./graph/step-graph.tsx'));

interface StepsPanelProps {
  readonly view: RunView;
  readonly tree: readonly StepNode[];
  /** Told which rows of the list are drawn. */
  readonly onRows: (rows: readonly StepRow[]) => void;
}

/** The steps, as a list with their times or as a graph; both show the same tree and the same choice. */
export function StepsPanel({ view, tree, onRows }: StepsPanelProps) {
  const { t } = useTranslation('run');
  const { selected, openSteps, shape, onlyFailed } = useRunChoices();
  const pages = useLoopTurns((state) => state.pages);
  const rows = useMemo(() => rowsOf(tree, openSteps, { pages, onlyFailed }), [tree, openSteps, pages, onlyFailed]);
  const timeline = useTimeline(view, tree);
  return (
    <>
      <div className="steps-bar">
        <Segmented
          label={t('shape.name')}
          value={shape}
          choices={STEP_SHAPES.map((value) => ({ value, label: t(`shape.${value}`) }))}
          onChoose={showShape}
        />
        {shape === 'list' ? <TimeTools rows={rows} selected={selected} timeline={timeline} /> : null}
      </div>
      {shape === 'list' ? (
        <StepList {...{ view, tree, rows, selected, timeline, onRows }} />
      ) : (
        <Suspense fallback={<div className="step-graph" aria-busy="true" />}>
          <StepGraph {...{ view, tree, rows, selected, openSteps }} nowAt={timeline.nowAt} />
        </Suspense>
      )}
    </>
  );
}
