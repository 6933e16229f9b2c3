import type { MenuItemConstructorOptions } from 'electron';
import type { AppTray } from '../../shared/contract/index.ts';
import type { Glance } from '../glance.ts';

/** What the entries of the menu do. */
export interface TrayActs {
  readonly open: (path?: string) => void;
  readonly pauseAll: () => void;
  readonly resumeAll: () => void;
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
export function trayTip(glance: Glance): string {
  if (glance.is === 'stopped') return 'aiworkflow: the engine stopped, nothing starts now';
  const { tray, project } = glance;
  const parts = [
    tray.pausedAll === null ? null : 'all triggers paused',
    waitingFor(tray) === 0 ? null : `${waitingFor(tray)} waiting for you`,
    tray.runningCount === 0 ? null : `${tray.runningCount} running`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? project : `${project}: ${parts.join(', ')}`;
}

/** The menu of the icon, in the order that the design has: what waits for a person, what runs, what comes, then the acts. */
export function trayMenu(glance: Glance, acts: TrayActs, now: number): readonly Item[] {
  const quit: Item = { label: 'Quit…', click: acts.quit };
  if (glance.is === 'stopped')
    return [
      ...group('Nothing starts now', [{ label: `The engine stopped at ${clock(glance.at, now)}`, enabled: false }]),
      quit,
    ];
  const { tray, project } = glance;
  const lines = [
    ...(tray.pausedAll === null ? [] : group('All triggers paused', [pausedLine(tray.pausedAll, now)])),
    ...group(`Waiting for you: ${waitingFor(tray)}`, waitingLines(glance, acts, now)),
    ...group('Running', runningLines(tray, acts, now)),
    ...group(
      'Next',
      tray.next.map(({ workflowName, at, key }) => ({
        label: cut(`${clock(at, now)}  ${workflowName}`),
        click: () => acts.open(`/triggers/${encodeURIComponent(key)}`),
      })),
    ),
  ];
  const isBusy = tray.runningCount > 0 || waitingFor(tray) > 0;
  return [
    ...lines,
    ...(isBusy ? [] : [{ label: 'Run a workflow…', click: () => acts.open('/workflows') }]),
    tray.pausedAll === null
      ? { label: 'Pause all triggers', click: acts.pauseAll }
      : { label: 'Resume all triggers', click: acts.resumeAll },
    SEPARATOR,
    { label: `Open ${cut(project)}`, click: () => acts.open() },
    quit,
  ];
}

/** Lines below a heading that nobody can choose; nothing where there are none. */
function group(title: string, lines: readonly Item[]): readonly Item[] {
  return lines.length === 0 ? [] : [{ label: title, enabled: false }, ...lines, SEPARATOR];
}

function pausedLine({ at, by, reason }: NonNullable<AppTray['pausedAll']>, now: number): Item {
  const words = `Since ${clock(at, now)} by ${by}`;
  return { label: cut(reason === '' ? words : `${words}: “${reason}”`), enabled: false };
}

function waitingLines({ approvals, tray }: Extract<Glance, { is: 'open' }>, acts: TrayActs, now: number): Item[] {
  const { inDoubt, starts } = tray.waiting;
  const asked = approvals.slice(0, MOST_LINES).map(({ id, title, expiresAt }) => ({
    label: cut(expiresAt === null ? title : `${title}  (until ${clock(expiresAt, now)})`),
    click: () => acts.open(`/approvals?id=${encodeURIComponent(id)}`),
  }));
  const more = tray.waiting.approvals - asked.length;
  return [
    ...asked,
    ...(more <= 0 ? [] : [{ label: `${more} more approvals`, click: () => acts.open('/approvals') }]),
    ...(inDoubt === 0
      ? []
      : [{ label: inDoubt === 1 ? '1 run in doubt' : `${inDoubt} runs in doubt`, click: () => acts.open('/today') }]),
    ...(starts === 0
      ? []
      : [{ label: starts === 1 ? '1 missed start' : `${starts} missed starts`, click: () => acts.open('/today') }]),
  ];
}

function runningLines({ running, runningCount }: AppTray, acts: TrayActs, now: number): Item[] {
  const shown = running.slice(0, MOST_LINES);
  const more = runningCount - shown.length;
  return [
    ...shown.map(({ runId, workflowName, startedAt }) => ({
      label: cut(startedAt === null ? workflowName : `${workflowName}, since ${clock(startedAt, now)}`),
      click: () => acts.open(`/runs/${encodeURIComponent(runId)}`),
    })),
    ...(more <= 0 ? [] : [{ label: `${more} more runs`, click: () => acts.open('/runs?status=running') }]),
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
  return date.toLocaleString([], isToday ? time : { ...time, weekday: 'short', day: 'numeric', month: 'short' });
}
