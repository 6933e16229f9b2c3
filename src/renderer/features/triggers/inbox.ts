import type { DeliveryDetail } from '../../../shared/contract/index.ts';
import type { DeliveryState, DeliverySummary, Occurrence, OccurrenceState } from '../../../shared/model/trigger.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery, type LiveQuery } from '../../client/live-query.ts';
import { type RowPages, readPages } from '../../client/row-pages.ts';
import { type DeliverySince, readTriggersAddress, type TriggersAddress, triggersAddress } from './triggers-address.ts';

/** A schedule that fell due, as a row of the inbox. */
export interface FiredStart {
  readonly kind: 'schedule';
  /** `{plannedAt} {triggerKey}`. */
  readonly id: string;
  readonly start: Occurrence;
}

/** Whatever wanted to start something: a delivery, or a schedule that fell due. */
export type InboxRow = DeliverySummary | FiredStart;

/** Which rows the inbox shows. */
export type InboxQuery = Pick<TriggersAddress, 'text' | 'state' | 'trigger' | 'since'>;

/** The filter of the inbox as an address, and so as the key of its query. */
export const inboxKey = (query: InboxQuery): string =>
  triggersAddress({ tab: 'deliveries', week: null, asTable: false, show: 'odd', id: null, ...query });

/** A start that fell due has one of the states of a delivery. */
const STARTS_OF: Readonly<Record<DeliveryState, readonly OccurrenceState[]>> = {
  received: ['planned', 'claimed'],
  started: ['started', 'caught_up'],
  ignored: ['skipped_overlap', 'skipped_paused'],
  rejected: [],
  duplicate: [],
  failed: ['missed', 'failed_to_start'],
};

const DAY = 86_400_000;
function sinceOf(since: DeliverySince, now: number): number {
  if (since === 'today') return new Date(now).setHours(0, 0, 0, 0);
  return now - (since === '7d' ? 7 : 30) * DAY;
}

type Counts = Readonly<Partial<Record<DeliveryState, number>>>;

interface Inbox extends RowPages<InboxRow> {
  /** Of everything since then, whatever the rest of the filter. */
  readonly counts: Counts;
}

const isStart = (row: InboxRow): row is FiredStart => row.kind === 'schedule';
const isDelivery = (row: InboxRow): row is DeliverySummary => row.kind !== 'schedule';
const timeOf = (row: InboxRow): number => (isStart(row) ? row.start.plannedAt : row.receivedAt);
const toRow = (start: Occurrence): FiredStart => ({
  kind: 'schedule',
  id: `${start.plannedAt} ${start.triggerKey}`,
  start,
});

/** Two lists of their own, the newest first, laid into one: each is read on from its own last row. */
function inboxPages(key: string, known: readonly InboxRow[], onCounts: (counts: Counts) => void = () => undefined) {
  const { text, state, trigger, since } = readTriggersAddress(new URLSearchParams(key.split('?')[1] ?? ''));
  const search = text.trim();
  const shared = { from: sinceOf(since, Date.now()), ...(trigger === null ? {} : { trigger }) };
  let lastDelivery = known.findLast(isDelivery);
  let lastStart = known.findLast(isStart)?.start;
  const deliveries = async (limit: number): Promise<readonly DeliverySummary[]> => {
    const answer = await call('deliveries.list', {
      ...shared,
      ...(state === null ? {} : { states: [state] }),
      ...(search === '' ? {} : { search }),
      ...(lastDelivery === undefined ? {} : { after: lastDelivery.id }),
      limit,
    });
    onCounts(answer.counts);
    return answer.deliveries;
  };
  const starts = async (limit: number): Promise<readonly FiredStart[]> => {
    const states = state === null ? null : STARTS_OF[state];
    if (states?.length === 0) return [];
    const { occurrences } = await call('occurrences.list', {
      ...shared,
      ...(states === null ? {} : { states: [...states] }),
      ...(search === '' ? {} : { search }),
      ...(lastStart === undefined
        ? {}
        : { after: { triggerKey: lastStart.triggerKey, plannedAt: lastStart.plannedAt } }),
      limit,
    });
    return occurrences.map(toRow);
  };
  return async (_last: InboxRow | undefined, limit: number): Promise<readonly InboxRow[]> => {
    const both = await Promise.all([deliveries(limit), starts(limit)]);
    const rows = both
      .flat()
      .toSorted((a, b) => timeOf(b) - timeOf(a))
      .slice(0, limit);
    lastDelivery = rows.findLast(isDelivery) ?? lastDelivery;
    lastStart = rows.findLast(isStart)?.start ?? lastStart;
    return rows;
  };
}

function withStarts(counts: Counts, starts: Readonly<Partial<Record<OccurrenceState, number>>>): Counts {
  const of = (state: DeliveryState): number =>
    STARTS_OF[state].reduce((sum, each) => sum + (starts[each] ?? 0), counts[state] ?? 0);
  const states = Object.keys(STARTS_OF) as DeliveryState[];
  return Object.fromEntries(states.map((state) => [state, of(state)]));
}

const isAboutTriggers = ({ kind }: { readonly kind: string }): 'soon' | null => (kind === 'triggers' ? 'soon' : null);

/** Everything that wanted to start something, the newest first, by `inboxKey`. */
export const inbox = createLiveQuery<Inbox, string>({
  ask: async (key, before) => {
    let counts: Counts = {};
    const { since } = readTriggersAddress(new URLSearchParams(key.split('?')[1] ?? ''));
    const [pages, starts] = await Promise.all([
      readPages(
        inboxPages(key, [], (told) => {
          counts = told;
        }),
        before?.rows.length ?? 0,
      ),
      call('occurrences.counts', { from: sinceOf(since, Date.now()) }),
    ]);
    return { ...pages, counts: withStarts(counts, starts) };
  },
  dueOn: isAboutTriggers,
  soonMs: 300,
});

/** The older rows behind those that are known. */
export const olderRows = (key: string, rows: readonly InboxRow[], atLeast: number): Promise<RowPages<InboxRow>> =>
  readPages(inboxPages(key, rows), atLeast, rows);

/** One delivery with all that came, by its id. */
export const shownDelivery: LiveQuery<DeliveryDetail, string> = createLiveQuery<DeliveryDetail, string>({
  ask: (id) => call('deliveries.get', { id }),
  dueOn: (event) => {
    const run = shownDelivery.store.getState().data.value?.runId;
    return event.kind === 'run' && event.run.runId === run ? 'soon' : isAboutTriggers(event);
  },
  soonMs: 100,
  settleMs: 40,
});

/** The trigger and the planned time that the id of a row names; null = it is the id of a delivery. */
export function startOfId(id: string): { readonly trigger: string; readonly plannedAt: number } | null {
  const [, plannedAt, trigger] = /^(\d+) (.+)$/.exec(id) ?? [];
  return plannedAt === undefined || trigger === undefined ? null : { trigger, plannedAt: Number(plannedAt) };
}

/** What is known of one start; null = there is none of that time. */
interface ShownStart {
  readonly start: Occurrence | null;
}

/** One start, by the id of its row. */
export const shownStart: LiveQuery<ShownStart, string> = createLiveQuery<ShownStart, string>({
  ask: async (id) => {
    const named = startOfId(id);
    if (named === null) return { start: null };
    const { trigger, plannedAt } = named;
    // A blank stands before every key: the row itself is the first after it.
    const place = { from: plannedAt, after: { triggerKey: ' ', plannedAt }, limit: 1 };
    return { start: (await call('occurrences.list', { trigger, ...place })).occurrences[0] ?? null };
  },
  dueOn: isAboutTriggers,
  soonMs: 100,
  settleMs: 40,
});
