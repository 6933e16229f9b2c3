import { create } from 'zustand';
import type { InputOf, OutputOf } from '../../../shared/contract/index.ts';
import { type ErrorRecord, toErrorRecord } from '../../../shared/errors.ts';
import type { AuditEvent, AuditMonth } from '../../../shared/model/audit.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';
import { type RowPages, readPages } from '../../client/row-pages.ts';
import { type AuditQuestion, type AuditSince, auditAddress, readAuditAddress } from './audit-address.ts';

const DAY = 86_400_000;

function startOf(since: Exclude<AuditSince, 'all'>, now: number): number {
  if (since === 'today') return new Date(now).setHours(0, 0, 0, 0);
  // A whole minute: pages of one list are one reading.
  return Math.floor((now - (since === '7d' ? 7 : 30) * DAY) / 60_000) * 60_000;
}

/** A question in the words of the contract. */
export function filterOf({ text, type, user, resource, door, onlyBad, since }: AuditQuestion, now: number) {
  const split = resource?.indexOf(':') ?? -1;
  return {
    ...(text.trim() === '' ? {} : { text: text.trim() }),
    ...(type === null ? {} : { eventType: type }),
    ...(user === null ? {} : { userId: user }),
    ...(resource === null ? {} : { resourceType: resource.slice(0, split), resourceId: resource.slice(split + 1) }),
    ...(door === null ? {} : { door }),
    ...(onlyBad ? { success: false } : {}),
    ...(since === 'all' ? {} : { startTime: startOf(since, now) }),
  } satisfies InputOf<'audit.query'>;
}

/** A question as an address, and so as the key of its query. */
export const questionKey = (question: AuditQuestion): string => auditAddress({ ...question, event: null });

interface AuditRows extends RowPages<AuditEvent> {
  /** How many events the question finds in all. */
  readonly total: number;
}

function pagesOf(key: string, onTotal: (total: number) => void = () => undefined) {
  const filter = filterOf(readAuditAddress(new URLSearchParams(key.split('?')[1] ?? '')), Date.now());
  return async (last: AuditEvent | undefined, limit: number): Promise<readonly AuditEvent[]> => {
    const { events, total } = await call('audit.query', {
      ...filter,
      ...(last === undefined ? {} : { before: last.seq }),
      limit,
    });
    onTotal(total);
    return events;
  };
}

/** Events, the newest first, by `questionKey`. */
export const auditRows = createLiveQuery<AuditRows, string>({
  ask: async (key, before) => {
    let total = 0;
    const pages = await readPages(
      pagesOf(key, (told) => {
        total = told;
      }),
      before?.rows.length ?? 0,
    );
    return { ...pages, total };
  },
  dueOn: ({ kind }) => (kind === 'log' || kind === 'conversation' ? null : 'soon'),
  soonMs: 1_000,
});

/** How reading on goes; of one list at a time. */
export const useAuditPaging = create<{ readonly isLoading: boolean; readonly error: ErrorRecord | null }>()(() => ({
  isLoading: false,
  error: null,
}));

/** Reads the page after the last row that is shown. */
export async function loadMoreEvents(): Promise<void> {
  const { key, data } = auditRows.store.getState();
  const value = data.value;
  if (key === null || value === null || value.isWhole || useAuditPaging.getState().isLoading) return;
  useAuditPaging.setState({ isLoading: true, error: null });
  try {
    const pages = await readPages(pagesOf(key), 1, value.rows);
    if (auditRows.store.getState().key === key) auditRows.change((shown) => ({ ...shown, ...pages }));
    useAuditPaging.setState({ isLoading: false });
  } catch (thrown) {
    useAuditPaging.setState({ isLoading: false, error: toErrorRecord(thrown) });
  }
}

/** What a walk along the whole chain has found. */
export type CheckedChain = OutputOf<'audit.verify'>;

/** Years of months fit on no screen: the newest are shown. */
const MOST_MONTHS = 24;

/** The newest months of a chain: whole before the first event at which something is wrong, and not known behind it. */
export function monthMarks({
  months,
  first_bad_seq: bad,
}: Pick<CheckedChain, 'months' | 'first_bad_seq'>): readonly (AuditMonth & {
  readonly mark: 'whole' | 'broken' | 'unknown';
})[] {
  const broken =
    bad === null
      ? months.length
      : Math.max(
          0,
          months.findLastIndex(({ first_seq }) => first_seq <= bad),
        );
  return months
    .map((one, at) => ({ ...one, mark: at < broken ? 'whole' : at === broken ? 'broken' : 'unknown' }) as const)
    .slice(-MOST_MONTHS);
}

interface Checked {
  readonly isBusy: boolean;
  /** What the newest walk along the chain has found, and when; null = nobody has looked. */
  readonly verdict: CheckedChain | null;
  readonly at: number;
  readonly error: ErrorRecord | null;
}

export const useChecked = create<Checked>()(() => ({ isBusy: false, verdict: null, at: 0, error: null }));

/** Walks along the whole chain. */
export async function verifyChain(): Promise<void> {
  if (useChecked.getState().isBusy) return;
  useChecked.setState({ isBusy: true, error: null });
  try {
    const verdict = await call('audit.verify', {});
    useChecked.setState({ isBusy: false, verdict, at: Date.now() });
  } catch (thrown) {
    useChecked.setState({ isBusy: false, error: toErrorRecord(thrown) });
  }
}

/** Id of the event that an act began with, of both of its events; null for an event that stands alone. */
export function actOf({ id, details }: AuditEvent): string | null {
  if (details.phase === 'intent') return id;
  return details.phase === 'outcome' && typeof details.intent === 'string' ? details.intent : null;
}
