import { useEffect, useRef, useState } from 'react';
import type { StepDetail } from '../../../shared/contract/index.ts';
import { getClient } from '../../client/bridge.ts';
import { failed, type Loadable, loading, ready } from '../../client/loadable.ts';
import type { StepNode } from './step-tree.ts';

/** Arrow keys run through steps faster than it is worth asking. */
const WAIT_MS = 60;

interface Shown {
  readonly path: string;
  readonly detail: Loadable<StepDetail>;
}

/** Input and output of a step, asked for again when its state changes. Null: the step has not begun, there is nothing yet. */
export function useStepDetail(runId: string, node: StepNode): Loadable<StepDetail> | null {
  const { path, state } = node;
  const [shown, setShown] = useState<Shown>({ path, detail: loading() });
  const shownRef = useRef(shown);
  shownRef.current = shown;
  const hasBegun = state !== null && (state.startedAt !== null || state.status !== 'pending');
  useEffect(() => {
    if (!hasBegun || state === null) return;
    let isOpen = true;
    const timer = window.setTimeout(async () => {
      const before = shownRef.current.path === path ? shownRef.current.detail.value : null;
      try {
        const detail = await getClient().call('runs.step', { runId, path });
        if (isOpen) setShown({ path, detail: ready(detail) });
      } catch (thrown) {
        if (isOpen) setShown({ path, detail: failed(thrown, before) });
      }
    }, WAIT_MS);
    return () => {
      isOpen = false;
      window.clearTimeout(timer);
    };
  }, [runId, path, state, hasBegun]);
  if (!hasBegun) return null;
  return shown.path === path ? shown.detail : loading();
}
