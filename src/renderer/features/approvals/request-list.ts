import type { ListedApproval } from '../../../shared/contract/index.ts';
import type { ApprovalSummary } from '../../../shared/model/approval.ts';

export const SHOWS = ['pending', 'decided', 'own'] as const;
export type Show = (typeof SHOWS)[number];

/** What of the screen stands in its address. */
export interface RequestAddress {
  readonly show: Show;
  readonly id: string | null;
  /** The run whose request is asked for. */
  readonly runId: string | null;
}

export const readRequestAddress = (params: URLSearchParams): RequestAddress => ({
  show: SHOWS.find((show) => show === params.get('show')) ?? 'pending',
  id: params.get('id'),
  runId: params.get('run'),
});

export function requestAddress({ show, id }: Pick<RequestAddress, 'show' | 'id'>): string {
  const params = new URLSearchParams();
  if (show !== 'pending') params.set('show', show);
  if (id !== null) params.set('id', id);
  return params.size === 0 ? '/approvals' : `/approvals?${params}`;
}

const FAR = Number.MAX_SAFE_INTEGER;

/** Those that wait first, of them those that the reader may decide: what expires next, then what was asked first, so that a new one moves no other. Then the newest decided. */
export const sortRequests = <T extends ApprovalSummary & Pick<ListedApproval, 'isForReader'>>(
  requests: readonly T[],
): readonly T[] =>
  [...requests].sort((a, b) => {
    const waits = (one: T): number => (one.status !== 'pending' ? 2 : one.isForReader ? 0 : 1);
    if (waits(a) !== waits(b)) return waits(a) - waits(b);
    return a.status === 'pending'
      ? (a.expiresAt ?? FAR) - (b.expiresAt ?? FAR) || a.createdAt - b.createdAt
      : (b.resolvedAt ?? b.expiresAt ?? 0) - (a.resolvedAt ?? a.expiresAt ?? 0);
  });

/** How a list is parted: of what waits whose it is, of one's own whether it waits. */
export function partsOf<T extends ApprovalSummary & Pick<ListedApproval, 'isForReader'>>(
  show: Show,
  rows: readonly T[],
): readonly { readonly part: 'forYou' | 'forOthers' | 'waiting' | 'decided'; readonly size: number }[] {
  if (show === 'decided') return [];
  const isFirst = ({ status, isForReader }: T): boolean => (show === 'own' ? status === 'pending' : isForReader);
  const first = rows.filter(isFirst).length;
  return [
    { part: show === 'own' ? 'waiting' : 'forYou', size: first },
    { part: show === 'own' ? 'decided' : 'forOthers', size: rows.length - first },
  ];
}

/** The one that is shown: the asked one, also when it has left the list; else the run's; else the first. */
export function chosenId({ id, runId }: RequestAddress, rows: readonly ApprovalSummary[]): string | null {
  if (id !== null) return id;
  const ofRun = runId === null ? undefined : rows.find((row) => row.runId === runId);
  return (ofRun ?? rows[0])?.id ?? null;
}

/** The request that comes next when this one is decided: the one below that waits, else the one above; null = none waits. */
export function nextPending(rows: readonly ApprovalSummary[], id: string): string | null {
  const waiting = rows.filter((row) => row.status === 'pending' || row.id === id);
  const at = waiting.findIndex((row) => row.id === id);
  return (waiting[at + 1] ?? waiting[at - 1] ?? null)?.id ?? null;
}
