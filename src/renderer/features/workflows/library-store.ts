import { create } from 'zustand';
import type { DraftMark, LibraryEntry, LiveEvent } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';
import { applyRun, hasSameRefs } from './library-rows.ts';

export type LibraryLook = 'list' | 'cards';

interface Library {
  readonly entries: readonly LibraryEntry[];
  /** Who has a draft of what, newest first, by the entry's path. */
  readonly drafts: ReadonlyMap<string, readonly DraftMark[]>;
  /** Counts up when rows came or went, or somebody comes back: only then, or when somebody sorts or filters, rows may move. */
  readonly orderKey: number;
}

const ENDED = new Set(['completed', 'failed', 'cancelled']);
const applyEvent = (entries: readonly LibraryEntry[], event: LiveEvent): readonly LibraryEntry[] =>
  event.kind === 'run' ? applyRun(entries, event.run) : entries;

/** Somebody comes to the list: nothing lies under his pointer yet. */
let isNewVisit = false;

export const library = createLiveQuery<Library>({
  ask: async (_key, before) => {
    const [{ workflows }, { drafts }] = await Promise.all([call('workflows.list', {}), call('drafts.list', {})]);
    const isSame = before !== null && hasSameRefs(before.entries, workflows);
    const isStill = isSame && !isNewVisit;
    isNewVisit = false;
    return {
      entries: workflows,
      drafts: Map.groupBy(drafts, ({ path }) => path),
      orderKey: (before?.orderKey ?? 0) + (isStill ? 0 : 1),
    };
  },
  // Averages come from the server: asked again once for a burst of ended runs.
  dueOn: (event) => {
    if (event.kind === 'library') return 'now';
    return event.kind === 'run_deleted' || (event.kind === 'run' && ENDED.has(event.run.status)) ? 'soon' : null;
  },
  soonMs: 1500,
  apply: (shown, events) => {
    const entries = events.reduce(applyEvent, shown.entries);
    return entries === shown.entries ? shown : { ...shown, entries };
  },
});

/** Follows the library from now on, in the order of this moment. Returns the way to stop. */
export function openLibrary(): () => void {
  isNewVisit = true;
  return library.open(null);
}

/** Rows or cards: a habit, no place. */
export const useLook = create<{ readonly look: LibraryLook }>()(() => ({ look: 'list' }));
