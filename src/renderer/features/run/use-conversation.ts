import { useEffect, useRef, useState } from 'react';
import type { ErrorRecord } from '../../../shared/errors.ts';
import { call } from '../../client/bridge.ts';
import { useReading } from '../../client/use-reading.ts';
import { addEntries, type Conversation, NO_CONVERSATION } from './conversation.ts';

const PAGE = 2000;

interface ConversationHandle {
  readonly conversation: Conversation;
  readonly error: ErrorRecord | null;
  /** True while entries that are known to be there have not come yet. */
  readonly isReading: boolean;
  readonly retry: () => void;
}

/**
 * What the agents of a run said and did: page by page from the first entry on, because a text is the sum of its pieces; then
 * what is new. A store that has less than it announced is asked again at the next word about it.
 */
export function useConversation(runId: string, total: number): ConversationHandle {
  const [conversation, setConversation] = useState(NO_CONVERSATION);
  const live = useRef({ conversation, total, isOpen: true });
  live.current.total = total;
  const { error, read } = useReading(async () => {
    const state = live.current;
    while (state.isOpen && state.conversation.read < state.total) {
      const from = state.conversation.read + 1;
      const { entries } = await call('runs.conversation', { runId, from, limit: PAGE });
      const next = addEntries(state.conversation, entries);
      if (!state.isOpen || next === state.conversation) break;
      state.conversation = next;
      setConversation(next);
    }
  });
  useEffect(() => {
    live.current.isOpen = true;
    return () => {
      live.current.isOpen = false;
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: more is there to be read
  useEffect(read, [read, total]);
  return { conversation, error, isReading: error === null && conversation.read < total, retry: read };
}
