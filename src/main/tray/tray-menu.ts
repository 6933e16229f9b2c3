import type { MenuItemConstructorOptions } from 'electron';
import type { AppTray } from '../../shared/contract/index.ts';
import { nextMorning } from '../../shared/next-morning.ts';
import type { Glance } from '../glance.ts';
import { language, words } from '../words/index.ts';

/** What the entries of the menu do. */
export interface TrayActs {
  readonly open: (path?: string) => void;
  /** `until` in UTC ms; null = until somebody resumes. */
  readonly pauseAll: (until: number | null) => void;
  readonly resumeAll: () => void;
  /** The engine of this app stopped: it is started again. */
  readonly startEngine: () => void;
  readonly quit: () => void;
}

type Item = MenuItemConstructorOptions;
const SEPARATOR: Item = { type: 'separator' };
/** A menu of the system does not scroll well. */
const MOST_LINES = 5;
const MOST_CHARACTERS = 60;

/** What waits for a person: approvals, runs in doubt, starts that were missed and are asked about. */
export const waitingFor = ({ waiting }: AppTray): number => waiting.approvals + waiting.inDoubt + waiting.starts;

/** The icon that fits, by the name of its file under `resources/tray`. */
export function trayIcon(glance: Glance): string {
  if (glance.is === 'stopped') return 'stopped';
  const count = waitingFor(glance.tray);
  if (count > 0) return count > 9 ? 'for-more' : `for-${count}`;
  return glance.tray.pausedAll === null ? 'idle' : 'paused';
}

/** What is read when the mouse rests on the icon. */
export function trayTip(glance: Glance, now: number): string {
  if (glance.is === 'stopped') return words().tray.engineStopped;
  const { tray, project } = glance;
  const parts = [
    tray.pausedAll === null ? null : pausedTip(tray.pausedAll, now),
    waitingFor(tray) === 0 ? null : words().tray.tipWaiting(waitingFor(tray)),
    tray.runningCount === 0 ? null : words().tray.tipRunning(tray.runningCount),
  ].filter((part) => part !== null);
  return parts.length === 0 ? project : `${project}: ${parts.join(', ')}`;
}

/** The menu of the icon, in the order that the design has: what waits for a person, what runs, what comes, then the acts. */
export function trayMenu(glance: Glance, acts: TrayActs, now: number): readonly Item[] {
  const said = words().tray;
  const quit: Item = { label: said.quit, click: acts.quit };
  if (glance.is === 'stopped')
    return [
      ...group(said.nothingStarts, [{ label: said.stoppedAt(clock(glance.at, now)), enabled: false }]),
      { label: said.startEngine, click: acts.startEngine },
      { label: said.whyStopped, click: () => acts.open() },
      SEPARATOR,
      quit,
    ];
  const { tray, project } = glance;
  const lines = [
    ...(tray.pausedAll === null ? [] : group(pausedHead(tray.pausedAll, now), [pausedLine(tray.pausedAll, now)])),
    ...group(said.waiting(waitingFor(tray)), waitingLines(glance, acts, now)),
    ...group(said.running, runningLines(tray, acts, now)),
    ...group(
      said.next,
      tray.next.map(({ workflowName, at, key }) => ({
        label: cut(`${clock(at, now)}  ${workflowName}`),
        click: () => acts.open(`/triggers/${encodeURIComponent(key)}`),
      })),
    ),
  ];
  const isBusy = tray.runningCount > 0 || waitingFor(tray) > 0;
  return [
    ...lines,
    ...(isBusy ? [] : [{ label: said.run, click: () => acts.open('/workflows') }]),
    tray.pausedAll === null
      ? { label: said.pauseAll, submenu: [...pauseItems(acts, now)] }
      : { label: said.resumeAll, click: acts.resumeAll },
    SEPARATOR,
    { label: said.open(cut(project)), click: () => acts.open() },
    quit,
  ];
}

/** Lines below a heading that nobody can choose; nothing where there are none. */
function group(title: string, lines: readonly Item[]): readonly Item[] {
  return lines.length === 0 ? [] : [{ label: title, enabled: false }, ...lines, SEPARATOR];
}

const HOUR_MS = 3_600_000;

/** How long the pause is to last; what is counted from now is counted from the click. */
function pauseItems({ pauseAll }: TrayActs, now: number): readonly Item[] {
  const said = words().tray;
  return [
    { label: said.pauseHour, click: () => pauseAll(Date.now() + HOUR_MS) },
    {
      label: said.pauseMorning(clock(nextMorning(now), now)),
      click: () => pauseAll(nextMorning(Date.now())),
    },
    { label: said.pauseOpen, click: () => pauseAll(null) },
  ];
}

const pausedHead = ({ until }: NonNullable<AppTray['pausedAll']>, now: number): string =>
  until === null ? words().tray.paused : words().tray.pausedUntil(clock(until, now));

const pausedTip = ({ until }: NonNullable<AppTray['pausedAll']>, now: number): string =>
  until === null ? words().tray.tipPaused : words().tray.tipPausedUntil(clock(until, now));

function pausedLine({ at, by, reason }: NonNullable<AppTray['pausedAll']>, now: number): Item {
  const since = words().tray.pausedSince(clock(at, now), by);
  return { label: cut(reason === '' ? since : `${since}: ${words().tray.quoted(reason)}`), enabled: false };
}

function waitingLines({ approvals, tray }: Extract<Glance, { is: 'open' }>, acts: TrayActs, now: number): Item[] {
  const { inDoubt, starts } = tray.waiting;
  const asked = approvals.slice(0, MOST_LINES).map(({ id, title, expiresAt }) => ({
    label: cut(expiresAt === null ? title : words().tray.until(title, clock(expiresAt, now))),
    click: () => acts.open(`/approvals?id=${encodeURIComponent(id)}`),
  }));
  const more = tray.waiting.approvals - asked.length;
  return [
    ...asked,
    ...(more <= 0 ? [] : [{ label: words().tray.moreApprovals(more), click: () => acts.open('/approvals') }]),
    ...(inDoubt === 0 ? [] : [{ label: words().tray.inDoubt(inDoubt), click: () => acts.open('/today') }]),
    ...(starts === 0 ? [] : [{ label: words().tray.missed(starts), click: () => acts.open('/today') }]),
  ];
}

function runningLines({ running, runningCount }: AppTray, acts: TrayActs, now: number): Item[] {
  const shown = running.slice(0, MOST_LINES);
  const more = runningCount - shown.length;
  return [
    ...shown.map(({ runId, workflowName, startedAt }) => ({
      label: cut(startedAt === null ? workflowName : words().tray.since(workflowName, clock(startedAt, now))),
      click: () => acts.open(`/runs/${encodeURIComponent(runId)}`),
    })),
    ...(more <= 0 ? [] : [{ label: words().tray.moreRuns(more), click: () => acts.open('/runs?status=running') }]),
  ];
}

/** `&` begins a key of the menu on two systems. */
const cut = (text: string): string =>
  (text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text).replaceAll('&', '&&');

/** The time of the day, and the day where it is another one. */
export function clock(at: number, now: number): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(now).toDateString();
  const time: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };
  return date.toLocaleString(
    language(),
    isToday ? time : { ...time, weekday: 'short', day: 'numeric', month: 'short' },
  );
}
