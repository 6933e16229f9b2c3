import type {
  Calendar,
  CalendarRow,
  TriggerList,
  TriggerSummary,
  WatchSummary,
  WebhookList,
} from '../../shared/contract/index.ts';
import type { TriggerStatus } from '../../shared/model/trigger.ts';
import { call } from './bridge.ts';
import { createLiveQuery, type LiveQuery } from './live-query.ts';

/** In these a trigger starts something, or would without what stands in its way: a person armed it. */
const ARMED: ReadonlySet<TriggerStatus> = new Set(['armed', 'paused', 'unavailable']);

/** Those that somebody armed first, each group in the order in which they are written. */
async function readTriggers(): Promise<TriggerList> {
  const list = await call('triggers.list', {});
  const isArmed = ({ status }: TriggerSummary): boolean => ARMED.has(status);
  const others = list.triggers.filter((trigger) => !isArmed(trigger));
  return { ...list, triggers: [...list.triggers.filter(isArmed), ...others] };
}

/** All triggers, for every screen that shows them. */
export const triggerList = createLiveQuery<TriggerList>({
  ask: readTriggers,
  dueOn: ({ kind }) => (kind === 'triggers' || kind === 'library' ? 'soon' : null),
  soonMs: 150,
});

/** The file watches that run, with what is to be said of them. */
export const watchList = createLiveQuery<readonly WatchSummary[]>({
  ask: async () => (await call('watches.list', {})).watches,
  dueOn: ({ kind }) => (kind === 'triggers' ? 'soon' : null),
  soonMs: 300,
});

/** The webhooks, with where they are reached. */
export const webhookList = createLiveQuery<WebhookList>({
  ask: () => call('webhooks.list', {}),
  dueOn: ({ kind }) => (kind === 'triggers' || kind === 'library' || kind === 'secrets' ? 'soon' : null),
  soonMs: 300,
});

/** Part of the calendar: a range of time, and which rows of the list of triggers. */
export interface CalendarPart {
  readonly from: number;
  readonly until: number;
  /** The first row; `CALENDAR_ROWS` of them are asked for. */
  readonly offset: number;
}

/** What is known of the rows of a part, by the key of their trigger. */
export interface CalendarView extends Omit<Calendar, 'rows'> {
  readonly rows: ReadonlyMap<string, CalendarRow>;
}

/** The store gives no more of them at once. */
export const CALENDAR_ROWS = 400;

export const partKey = ({ from, until, offset }: CalendarPart): string => `${from} ${until} ${offset}`;

function partOf(key: string): CalendarPart {
  const [from = 0, until = 0, offset = 0] = key.split(' ').map(Number);
  return { from, until, offset };
}

/** Truth and plan of some triggers, by `partKey`. Which triggers those are, the list says that stands on the screen. */
export function createCalendarQuery(): LiveQuery<CalendarView, string> {
  return createLiveQuery<CalendarView, string>({
    ask: async (key) => {
      const { from, until, offset } = partOf(key);
      const listed = triggerList.store.getState().data.value ?? (await readTriggers());
      const triggers = listed.triggers.slice(offset, offset + CALENDAR_ROWS).map((trigger) => trigger.key);
      const calendar = await call('triggers.calendar', {
        from,
        until,
        ...(triggers.length === 0 ? {} : { triggers }),
      });
      return { ...calendar, rows: new Map(calendar.rows.map((row) => [row.key, row])) };
    },
    dueOn: (event) => {
      if (event.kind === 'triggers') return 'soon';
      return event.kind === 'run' && event.run.trigger !== 'manual' ? 'soon' : null;
    },
    soonMs: 1000,
  });
}
