import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { RunView } from '../../../shared/contract/index.ts';
import { isFolded } from '../../../shared/model/run.ts';
import { loopOfTurn, PAGE, TurnLoader, turnsAround, useLoopTurns, type WantedTurns, withTurns } from './loop-turns.ts';
import type { OpenSteps, StepRow } from './step-rows.ts';

/** The view with the turns that are looked at laid into it; `onRows` is to be told which rows of the list are drawn. */
export function useLoopLoading(
  view: RunView,
  selected: string | null,
  openSteps: OpenSteps,
): { readonly shown: RunView; readonly onRows: (rows: readonly StepRow[]) => void } {
  const { runId } = view.run;
  const loader = useRef<TurnLoader | null>(null);
  useEffect(() => {
    const one = new TurnLoader(runId);
    loader.current = one;
    return () => one.close();
  }, [runId]);
  const loaded = useLoopTurns();
  const shown = useMemo(() => withTurns(view, loaded), [view, loaded]);
  const [pages, setPages] = useState<WantedTurns['pages']>([]);
  useEffect(() => {
    const folded = new Set(shown.loops.filter(isFolded).map(({ path }) => path));
    const open = [...openSteps].flatMap(([path, isOpen]) => (isOpen ? [path] : []));
    const turns = [...open, ...(selected === null ? [] : [selected])].flatMap(turnsAround);
    const inside = [...new Set(turns)].filter((turn) => folded.has(loopOfTurn(turn)));
    loader.current?.want({ pages, inside }, shown.loops);
  });
  const onRows = useCallback((rows: readonly StepRow[]) => {
    const wanted = pagesOf(rows);
    setPages((before) => (samePages(before, wanted) ? before : wanted));
  }, []);
  return { shown, onRows };
}

/** The pages that the drawn rows need: of each turn its own, of each loop the first, which tells when its turns ended. */
function pagesOf(rows: readonly StepRow[]): WantedTurns['pages'] {
  const pages = new Map<string, WantedTurns['pages'][number]>();
  for (const { turn, node } of rows) {
    if (turn !== null) {
      const page = Math.floor(turn.at / PAGE);
      pages.set(`${turn.onlyFailed} ${turn.loop} ${page}`, { loop: turn.loop, onlyFailed: turn.onlyFailed, page });
    }
    if (node.loop !== null) pages.set(`false ${node.path} 0`, { loop: node.path, onlyFailed: false, page: 0 });
  }
  return [...pages.values()];
}

const samePages = (one: WantedTurns['pages'], other: WantedTurns['pages']): boolean =>
  one.length === other.length &&
  one.every((page, at) => {
    const also = other[at];
    return also?.loop === page.loop && also.onlyFailed === page.onlyFailed && also.page === page.page;
  });
