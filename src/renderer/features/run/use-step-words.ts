import { useEffect, useRef, useState } from 'react';
import { getClient } from '../../app/bridge.ts';
import { addEntries, type Block, NO_CONVERSATION } from './conversation.ts';
import { currentBlocks } from './liveness.ts';

/** So many of the newest entries tell what an agent is doing. */
const NEWEST = 300;

/** The newest words in one attempt of an agent step, for its liveness; empty while nobody has to know. */
export function useStepWords(
  runId: string,
  { path, attempt, isLive, total }: { readonly path: string; readonly attempt: number; readonly isLive: boolean; readonly total: number },
): readonly Block[] {
  const [blocks, setBlocks] = useState<readonly Block[]>([]);
  const state = useRef({ isBusy: false, isDue: false });
  useEffect(() => {
    if (!isLive) return;
    let isOpen = true;
    const load = async (): Promise<void> => {
      if (state.current.isBusy) {
        state.current.isDue = true;
        return;
      }
      state.current.isBusy = true;
      try {
        const from = Math.max(1, total - NEWEST + 1);
        const { entries } = await getClient().call('runs.conversation', { runId, from, limit: NEWEST * 2, path });
        if (isOpen) setBlocks(currentBlocks(addEntries(NO_CONVERSATION, entries), { path, attempt }));
      } catch {
        // The liveness line then says what the step itself says; the agent tab shows the error.
      } finally {
        state.current.isBusy = false;
        if (isOpen && state.current.isDue) {
          state.current.isDue = false;
          void load();
        }
      }
    };
    void load();
    return () => {
      isOpen = false;
    };
  }, [runId, path, attempt, isLive, total]);
  return isLive ? blocks : [];
}
