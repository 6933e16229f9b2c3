import { useMemo } from 'react';
import type { RunView } from '../../../shared/contract/index.ts';
import { useLoopTurns } from './loop-turns.ts';
import { useRunChoices } from './run-store.ts';
import { StepList } from './step-list.tsx';
import { rowsOf, type StepRow } from './step-rows.ts';
import type { StepNode } from './step-tree.ts';
import { TimeTools } from './time-tools.tsx';
import { useTimeline } from './use-timeline.ts';

interface StepsPanelProps {
  readonly view: RunView;
  readonly tree: readonly StepNode[];
  /** Told which rows of the list are drawn. */
  readonly onRows: (rows: readonly StepRow[]) => void;
}

/** The steps with their times. */
export function StepsPanel({ view, tree, onRows }: StepsPanelProps) {
  const { selected, openSteps, onlyFailed } = useRunChoices();
  const pages = useLoopTurns((state) => state.pages);
  const rows = useMemo(() => rowsOf(tree, openSteps, { pages, onlyFailed }), [tree, openSteps, pages, onlyFailed]);
  const timeline = useTimeline(view, tree);
  return (
    <>
      <div className="steps-bar">
        <TimeTools rows={rows} selected={selected} timeline={timeline} />
      </div>
      <StepList {...{ view, tree, rows, selected, openSteps, timeline, onRows }} />
    </>
  );
}
