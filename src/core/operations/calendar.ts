import type { Calendar, CalendarRow, CalendarSpan, ParsedInputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { HostPeriod } from '../../shared/model/trigger.ts';
import { excludedUntil, type KnownTrigger, nextPlanned } from '../triggers/index.ts';
import type { ProjectSession } from './project-session.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 400;
const MOST_ROWS = 500;
/** How many groups a row has from one end of the calendar to the other. */
const SLOTS = 400;
/** So many planned times are looked at for one calendar, and of each trigger at least so many. */
const MOST_PLANNED = 200_000;
const LEAST_PLANNED = 100;
const MOST_GROUPS = 40_000;

/** What became of the starts of every trigger, and what is planned, beside when the app was there. Errors: `contract.invalid_input`. */
export function readCalendar(session: ProjectSession, input: ParsedInputOf<'triggers.calendar'>): Calendar {
  const { from, until } = input;
  if (until <= from || until - from > MOST_DAYS * DAY_MS)
    throw new AppError('contract.invalid_input', `A calendar has 1 to ${MOST_DAYS} days.`);
  const { store, clock, triggers } = session;
  const now = clock.now();
  const wanted = input.triggers === undefined ? triggers.registry.list() : triggers.registry.findAll(input.triggers);
  const shown = wanted.slice(0, MOST_ROWS);
  const slotMs = (until - from) / SLOTS;
  const past = new Map<string, CalendarSpan[]>();
  for (const { triggerKey, ...span } of store.calendar.read({ from, until, slotMs, limit: MOST_GROUPS })) {
    const spans = past.get(triggerKey);
    if (spans === undefined) past.set(triggerKey, [span]);
    else spans.push(span);
  }
  const most = Math.max(LEAST_PLANNED, Math.floor(MOST_PLANNED / Math.max(1, shown.length)));
  // What is written down of it ends at the last look at the clock.
  const onSince = triggers.scheduler?.onSince ?? null;
  const isGoingOn = (period: HostPeriod): boolean => period.kind === 'on' && period.from === onSince;
  const row = (known: KnownTrigger): CalendarRow => {
    const plan = planOf(session, known, { from: Math.max(now, from - 1), until, slotMs, most });
    const { key, kind } = known.trigger;
    return { key, kind, spans: [...(past.get(key) ?? []), ...plan.spans], isCut: plan.isCut };
  };
  return {
    ...{ from, until, now },
    rows: shown.map(row),
    isCut: wanted.length > shown.length,
    periods: store.hostPeriods
      .list(from, until)
      .map((period) => (isGoingOn(period) ? { ...period, until: null } : period)),
  };
}

interface PlanSpan {
  readonly from: number;
  readonly until: number;
  readonly slotMs: number;
  readonly most: number;
}

/** The planned times of an armed schedule after `from`, grouped like what was. */
function planOf(
  session: ProjectSession,
  known: KnownTrigger,
  { from, until, slotMs, most }: PlanSpan,
): Pick<CalendarRow, 'spans' | 'isCut'> {
  const job = known.status === 'armed' ? session.triggers.jobOf(known) : null;
  const spans: CalendarSpan[] = [];
  if (job === null) return { spans, isCut: false };
  let seen = 0;
  let at = nextPlanned(job.timing, from);
  for (; at !== null && at < until && seen < most; at = nextPlanned(job.timing, at), seen += 1) {
    if (excludedUntil(job.exclusions, at) !== null) continue;
    const last = spans.at(-1);
    if (last === undefined || Math.floor((at - from) / slotMs) !== Math.floor((last.from - from) / slotMs))
      spans.push({ mark: 'planned', from: at, until: at, count: 1 });
    else spans[spans.length - 1] = { ...last, until: at, count: last.count + 1 };
  }
  return { spans, isCut: at !== null && at < until };
}
