import type { LiveEvent } from '../../../shared/contract/index.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import { matchesRun, type RunFilter } from './run-filter.ts';

/**
 * The rows of the list and what arrived since.
 * Invariants: 1. No run stands twice, neither in `rows` nor in `fresh`. 2. A row never goes back to an older position.
 * 3. Live events change rows in their place; they add a row only at the top and only when `canGrow` says so.
 */
export interface RunList {
  readonly rows: readonly RunSummary[];
  /** New runs that wait behind the button, newest first. */
  readonly fresh: readonly RunSummary[];
  readonly nextCursor: string | null;
  /** Position of the snapshot; each row's own one when a delta has changed it. */
  readonly position: number;
  readonly positions: ReadonlyMap<string, number>;
}

export interface RunPage {
  readonly runs: readonly RunSummary[];
  readonly nextCursor: string | null;
  readonly position: number;
}

export const EMPTY_LIST: RunList = { rows: [], fresh: [], nextCursor: null, position: 0, positions: new Map() };

/** A fresh first page. What was newer on screen already stays newer. */
export function startList(page: RunPage, before: RunList = EMPTY_LIST): RunList {
  const known = new Map(before.rows.map((run) => [run.runId, run]));
  const positions = new Map([...before.positions].filter(([, position]) => position > page.position));
  const rows = page.runs.map((run) => (positions.has(run.runId) ? (known.get(run.runId) ?? run) : run));
  return { rows, fresh: [], nextCursor: page.nextCursor, position: page.position, positions };
}

/** The next page below; runs that stand above already are left out. */
export function addPage(list: RunList, page: RunPage): RunList {
  const known = new Set([...list.rows, ...list.fresh].map((run) => run.runId));
  return {
    ...list,
    rows: [...list.rows, ...page.runs.filter((run) => !known.has(run.runId))],
    nextCursor: page.nextCursor,
  };
}

export interface ListContext {
  readonly filter: RunFilter;
  readonly now: number;
  /** True at the top of the list with no pointer over it: new runs may be put on top. */
  readonly canGrow: boolean;
}

type RunChange = Extract<LiveEvent, { readonly kind: 'run' | 'run_deleted' }>;

/** Takes live changes in. The very same list comes back when nothing changed. */
export function applyChanges(list: RunList, changes: readonly RunChange[], context: ListContext): RunList {
  const places = new Map(list.rows.map((run, at) => [run.runId, at]));
  const positions = new Map(list.positions);
  let rows: RunSummary[] | null = null;
  let fresh = list.fresh;
  const gone = new Set<string>();
  for (const change of changes) {
    const runId = change.kind === 'run' ? change.run.runId : change.runId;
    if (change.position <= (positions.get(runId) ?? list.position)) continue;
    positions.set(runId, change.position);
    if (change.kind === 'run_deleted') {
      gone.add(runId);
      continue;
    }
    const at = places.get(runId);
    if (at !== undefined) {
      rows ??= [...list.rows];
      rows[at] = change.run;
    } else fresh = withFresh(fresh, change.run, context, list);
  }
  if (rows === null && fresh === list.fresh && gone.size === 0) return list;
  const kept = (runs: readonly RunSummary[]): readonly RunSummary[] =>
    gone.size === 0 ? runs : runs.filter((run) => !gone.has(run.runId));
  const next = { ...list, rows: kept(rows ?? list.rows), fresh: kept(fresh), positions };
  return context.canGrow ? showFresh(next) : next;
}

/** A run that is not on screen: new at the top, or older and not our business until its page is fetched. */
function withFresh(
  fresh: readonly RunSummary[],
  run: RunSummary,
  { filter, now }: ListContext,
  list: RunList,
): readonly RunSummary[] {
  const others = fresh.filter((each) => each.runId !== run.runId);
  const newest = list.rows[0]?.createdAt ?? Number.NEGATIVE_INFINITY;
  const belongs = matchesRun(filter, run, now) && run.createdAt >= newest;
  if (!belongs) return others.length === fresh.length ? fresh : others;
  return [...others, run].sort((a, b) => b.createdAt - a.createdAt);
}

/** Puts what waits behind the button on top. */
export const showFresh = (list: RunList): RunList =>
  list.fresh.length === 0 ? list : { ...list, rows: [...list.fresh, ...list.rows], fresh: [] };
