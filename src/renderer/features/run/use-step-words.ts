import { useRef } from 'react';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
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

/**
 * The newest words in one attempt of an agent step, for its liveness; empty while nobody has to know. Where they cannot be read,
 * the line says what the step itself says, and the agent tab shows the error.
 */
export function useStepWords(wanted: Wanted, isLive: boolean): readonly Block[] {
  const latest = useRef(wanted);
  latest.current = wanted;
  const ask = async (): Promise<readonly Block[]> => {
    const { runId, path, attempt, total } = latest.current;
    const from = Math.max(1, total - NEWEST + 1);
    const { entries } = await call('runs.conversation', { runId, from, limit: NEWEST * 2, path });
    return currentBlocks(addEntries(NO_CONVERSATION, entries), { path, attempt });
  };
  const { runId, path, attempt, total } = wanted;
  const { data } = useOwnQuery({ ask }, isLive ? `${runId} ${path} ${attempt}` : null, total);
  return (isLive ? data.value : null) ?? NO_BLOCKS;
}

const NO_BLOCKS: readonly Block[] = [];
