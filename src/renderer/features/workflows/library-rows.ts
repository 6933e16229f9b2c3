import i18next from 'i18next';
import type { LibraryEntry } from '../../../shared/contract/index.ts';
import type { RunStatus, RunSummary } from '../../../shared/model/run.ts';

export const SORT_KEYS = ['name', 'result', 'average'] as const;
export type SortKey = (typeof SORT_KEYS)[number];
export const isSortKey = (key: string): key is SortKey => SORT_KEYS.some((each) => each === key);
export interface Sort {
  readonly key: SortKey;
  readonly isDescending: boolean;
}
export interface LibraryFilter {
  readonly text: string;
  readonly tags: readonly string[];
  readonly needsAttention: boolean;
}

export const NO_FILTER: LibraryFilter = { text: '', tags: [], needsAttention: false };

/** How much a last result asks for a person: the higher, the further up. */
const URGENCY: Readonly<Record<RunStatus, number>> = {
  failed: 7,
  in_doubt: 6,
  waiting: 5,
  paused: 4,
  running: 3,
  pending: 2,
  cancelled: 1,
  completed: 0,
};

/** Something about this workflow waits for a person: it cannot run, or its last run did not end well. */
export function needsAttention(entry: LibraryEntry): boolean {
  if (entry.error !== null || entry.trust === 'untrusted' || entry.trust === 'changed') return true;
  const last = entry.lastRun;
  if (last === null) return false;
  return ['failed', 'in_doubt', 'waiting'].includes(last.status) || last.outcome === 'partial';
}

/** The searched text of each entry, made once: a library may have 10,000 of them and every key asks. */
const searchTexts = new WeakMap<LibraryEntry, string>();
function searchTextOf(entry: LibraryEntry): string {
  const known = searchTexts.get(entry);
  if (known !== undefined) return known;
  const text = [entry.name, entry.id, entry.description, ...entry.tags].join('\n').toLowerCase();
  searchTexts.set(entry, text);
  return text;
}

const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');

export const isFiltered = (filter: LibraryFilter): boolean =>
  filter.text.trim() !== '' || filter.tags.length > 0 || filter.needsAttention;

/** The entries that hold every word of the text in name, id, description or tags, and pass the other filters. */
export function filterEntries(entries: readonly LibraryEntry[], filter: LibraryFilter): readonly LibraryEntry[] {
  const words = wordsOf(filter.text);
  return entries.filter(
    (entry) =>
      (words.length === 0 || words.every((word) => searchTextOf(entry).includes(word))) &&
      filter.tags.every((tag) => entry.tags.includes(tag)) &&
      (!filter.needsAttention || needsAttention(entry)),
  );
}

const compareResults = (a: LibraryEntry, b: LibraryEntry): number => {
  const urgency = (entry: LibraryEntry): number => (entry.lastRun === null ? -1 : URGENCY[entry.lastRun.status]);
  return urgency(a) - urgency(b) || (a.lastRun?.createdAt ?? 0) - (b.lastRun?.createdAt ?? 0);
};

/** Sorted copy; equal rows stand in the order of their names. */
export function sortEntries(entries: readonly LibraryEntry[], sort: Sort): readonly LibraryEntry[] {
  const sign = sort.isDescending ? -1 : 1;
  const byName = new Intl.Collator(i18next.language, { numeric: true, sensitivity: 'base' });
  return [...entries].sort((a, b) => {
    const names = byName.compare(a.name, b.name);
    if (sort.key === 'name') return names * sign;
    if (sort.key === 'average') return ((a.averageMs ?? -1) - (b.averageMs ?? -1)) * sign || names;
    return compareResults(a, b) * sign || names;
  });
}

/** Tags with how many entries carry them, most frequent first. */
export function countTags(
  entries: readonly LibraryEntry[],
): readonly { readonly tag: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const entry of entries) for (const tag of entry.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .map(([tag, count]) => ({ tag, count }))
    .sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag));
}

/** A live change of a run laid over its workflow's row; the very same list when no row is concerned. */
export function applyRun(entries: readonly LibraryEntry[], run: RunSummary): readonly LibraryEntry[] {
  // A replay has done nothing: how the workflow stands does not change.
  if (run.trigger === 'replay') return entries;
  const candidates = entries.filter((entry) => entry.id === run.workflowId);
  const target = candidates.find((entry) => `${run.workflowPath}/`.indexOf(`${entry.path}/`) === 0) ?? candidates[0];
  if (target === undefined) return entries;
  const isKnown = target.recentStatuses.some((recent) => recent.runId === run.runId);
  const bar = { runId: run.runId, status: run.status, outcome: run.outcome };
  const last = target.lastRun;
  const isNewest = last === null || last.runId === run.runId || run.createdAt >= last.createdAt;
  if (!isKnown && !isNewest) return entries;
  const next: LibraryEntry = {
    ...target,
    lastRun: isNewest ? run : last,
    recentStatuses: isKnown
      ? target.recentStatuses.map((recent) => (recent.runId === run.runId ? bar : recent))
      : [bar, ...target.recentStatuses].slice(0, 12),
    runsTotal: isKnown ? target.runsTotal : target.runsTotal + 1,
  };
  return entries.map((entry) => (entry === target ? next : entry));
}

/** Whether two libraries hold the same rows, whatever their runs did: then the order on screen stays. */
export const hasSameRefs = (a: readonly LibraryEntry[], b: readonly LibraryEntry[]): boolean =>
  a.length === b.length && a.every((entry, index) => entry.ref === b[index]?.ref);
