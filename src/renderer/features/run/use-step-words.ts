import { useEffect, useRef, useState } from 'react';
import { getClient } from '../../client/bridge.ts';
import { createRefetcher } from '../../client/refetcher.ts';
import { addEntries, type Block, NO_CONVERSATION } from './conversation.ts';
import { currentBlocks } from './liveness.ts';

/** So many of the newest entries tell what an agent is doing. */
const NEWEST = 300;

interface Wanted {
  readonly runId: string;
  readonly path: string;
  readonly attempt: number;
  /** Entries that the run has by the newest word. */
  readonly total: number;
}

/** The newest words in one attempt of an agent step, for its liveness; empty while nobody has to know. */
export function useStepWords(wanted: Wanted, isLive: boolean): readonly Block[] {
  const [shown, setShown] = useState<{ readonly key: string; readonly blocks: readonly Block[] }>({
    key: '',
    blocks: [],
  });
  const latest = useRef(wanted);
  latest.current = wanted;
  const [load] = useState(() =>
    createRefetcher(async () => {
      const { runId, path, attempt, total } = latest.current;
      try {
        const from = Math.max(1, total - NEWEST + 1);
        const { entries } = await getClient().call('runs.conversation', { runId, from, limit: NEWEST * 2, path });
        const blocks = currentBlocks(addEntries(NO_CONVERSATION, entries), { path, attempt });
        setShown({ key: `${runId} ${path} ${attempt}`, blocks });
      } catch {
        // The line then says what the step itself says; the agent tab shows the error.
      }
    }),
  );
  const { runId, path, attempt, total } = wanted;
  // biome-ignore lint/correctness/useExhaustiveDependencies: any of them asks anew
  useEffect(() => {
    if (isLive) void load();
  }, [load, isLive, runId, path, attempt, total]);
  return isLive && shown.key === `${runId} ${path} ${attempt}` ? shown.blocks : [];
}
