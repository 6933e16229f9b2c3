import type { AppTray, MissedWhileClosed, WireAnswer } from '../shared/contract/index.ts';
import type { Caller } from '../shared/model/access.ts';
import { nextMorning } from '../shared/next-morning.ts';

/** What a project's triggers would miss if this process ended now. */
export interface LeftOut {
  readonly missed: MissedWhileClosed;
  /** So far ahead it was counted; UTC ms. */
  readonly until: number;
}

type Call = (name: string, input: unknown, caller: Caller) => Promise<WireAnswer>;

/** What quitting would leave out until the next morning; null where nothing starts by itself here, or nobody can say. */
export async function findLeftOut(call: Call, caller: Caller): Promise<LeftOut | null> {
  const tray = await call('app.tray', {}, caller);
  if (!tray.ok || !(tray.value as AppTray).isHosting) return null;
  const until = nextMorning(Date.now());
  const answer = await call('triggers.missed', { until }, caller);
  if (!answer.ok) return null;
  const missed = answer.value as MissedWhileClosed;
  return missed.count === 0 && missed.unheard.length === 0 ? null : { missed, until };
}

/** The words of one language for what is left out; `until` and `first` are instants as a clock shows them. */
export interface LeftOutWords {
  readonly title: (until: string, count: number) => string;
  readonly starts: (count: number, first: string) => string;
  readonly caughtUp: Readonly<Record<MissedWhileClosed['starts'][number]['catchUp'], string>>;
  readonly kinds: Readonly<Record<MissedWhileClosed['unheard'][number]['kind'], string>>;
  readonly notHeard: Readonly<Record<MissedWhileClosed['unheard'][number]['kind'], string>>;
  readonly more: (count: number) => string;
}

/** Those of the command line, which speaks English. */
export const TERMINAL_WORDS: LeftOutWords = {
  title: (until, count) => `Would be missed until ${until}: ${count === 1 ? '1 start' : `${count} starts`}`,
  starts: (count, first) => `${count === 1 ? '1 start' : `${count} starts, next`} ${first}`,
  caughtUp: {
    none: 'stay missed, catch-up is off',
    last: 'caught up once when it is opened again',
    all: 'caught up one by one when it is opened again',
    ask: 'you are asked when it is opened again',
  },
  kinds: { webhook: 'webhook', file: 'file', event: 'event', schedule: 'schedule' },
  notHeard: {
    webhook: 'callers get no answer, most do not try again',
    file: 'new files are found when it is opened again',
    event: 'nothing happens here meanwhile',
    schedule: 'nothing is started',
  },
  more: (count) => `and ${count} more triggers`,
};

/** So many lines are said; a dialog of the system does not scroll. */
const MOST_LINES = 12;

/** The same in words for a terminal or a dialog of the system: a heading, and a line for each trigger. */
export function leftOutWords(
  { missed: { starts, count, unheard }, until }: LeftOut,
  words: LeftOutWords,
): { readonly title: string; readonly lines: readonly string[] } {
  const lines = [
    ...starts.map(
      (row) => `${row.workflowName}: ${words.starts(row.count, moment(row.first))}; ${words.caughtUp[row.catchUp]}`,
    ),
    ...unheard.map((row) => `${row.workflowName} (${words.kinds[row.kind]}): ${words.notHeard[row.kind]}`),
  ];
  const more = lines.length - MOST_LINES;
  return {
    title: words.title(moment(until), count),
    lines: more <= 0 ? lines : [...lines.slice(0, MOST_LINES), words.more(more)],
  };
}

/** All of it as lines for a terminal. */
export function leftOutText(leftOut: LeftOut): string {
  const { title, lines } = leftOutWords(leftOut, TERMINAL_WORDS);
  return [`${title}.`, ...lines.map((line) => `  ${line}`), ''].join('\n');
}

const moment = (at: number): string => {
  const day = new Date(at);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())} ${two(day.getHours())}:${two(day.getMinutes())}`;
};
