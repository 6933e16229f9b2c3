import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type ActivationArguments, Notification, type NotificationConstructorOptions } from 'electron';
import { z } from 'zod';
import { appLog } from '../../core/app-log/index.ts';
import { keepJson } from '../kept-json.ts';
import type { SettingsKeeper } from '../settings-keeper.ts';
import { words } from '../words/index.ts';
import type { DesktopEvent } from './desktop-event.ts';
import { quietUntil } from './quiet-hours.ts';

/** What a button of a notice asks for. It carries what was shown: another hash is refused. */
export interface NoticeDecision {
  readonly approvalId: string;
  readonly hash: string;
  readonly approves: boolean;
  /** The project in which it was asked, and what was asked. */
  readonly project: string;
  readonly title: string;
}

export interface NoticeBoardOptions {
  readonly settings: SettingsKeeper;
  /** What was shown is remembered here, for buttons that are pressed after the app was closed. */
  readonly folder: string;
  readonly platform: string;
  readonly project: () => string;
  readonly open: (path: string) => void;
  readonly decide: (decision: NoticeDecision) => void;
  readonly now: () => number;
}

/** Shows notices on the desktop, as a person has set it. */
export interface NoticeBoard {
  tell(event: DesktopEvent): void;
  settled(path: string): void;
  close(): void;
}

const HOUR_MS = 3_600_000;
const MOST_REMEMBERED = 100;
const recordSchema = z.object({
  id: z.string(),
  path: z.string(),
  project: z.string(),
  title: z.string(),
  decide: z.object({ approvalId: z.string(), hash: z.string() }).nullable(),
});
type NoticeRecord = z.output<typeof recordSchema>;
const recordsSchema = z.array(recordSchema).catch([]);

/** Deciding first: their places are what a press tells of. Where nothing can be decided in the notice, it can only be opened. */
const buttons = (decides: boolean): readonly string[] => {
  const { approve, reject, open } = words().notices;
  return decides ? [approve, reject, open] : [open];
};

export function openNoticeBoard(options: NoticeBoardOptions): NoticeBoard {
  const { settings, folder, platform, open, now } = options;
  const file = keepJson<readonly NoticeRecord[]>(join(folder, 'notices.json'), (stored) => recordsSchema.parse(stored));
  let records = file.read();
  // What nobody refers to is collected, and its click goes nowhere.
  const shown = new Map<string, Notification>();
  const toldAt = new Map<string, number>();
  let held: DesktopEvent[] = [];
  let timer: NodeJS.Timeout | undefined;

  /** Windows tells of clicks and buttons also when the notice has left, or the app was not running; elsewhere only of a click meanwhile. */
  const decides = platform === 'win32';
  /** Linux draws none; a click on the notice opens it there. */
  const drawsButtons = platform !== 'linux';
  const activate = ({
    type,
    arguments: told,
    actionIndex,
  }: Pick<ActivationArguments, 'type' | 'arguments' | 'actionIndex'>): void => {
    const record = records.find(({ id }) => told.includes(id));
    const decision = record?.decide;
    const isButton = type === 'action' && (actionIndex === 0 || actionIndex === 1);
    if (record === undefined || !isButton || decision === null || decision === undefined)
      open(record?.path ?? '/today');
    else options.decide({ ...decision, approves: actionIndex === 0, project: record.project, title: record.title });
  };
  if (decides) Notification.handleActivation(activate);

  const show = (event: DesktopEvent): void => {
    const { path, title, text, kind } = event;
    shown.get(path)?.close();
    const id = randomBytes(16).toString('hex');
    const decide = decides ? event.decide : null;
    const labels = drawsButtons ? buttons(decide !== null) : [];
    const words: NotificationConstructorOptions = {
      ...{ id, title, body: text, silent: !settings.now().notices[kind].sounds },
      ...(labels.length === 0 ? {} : { actions: labels.map((label) => ({ type: 'button', text: label })) }),
    };
    records = [...records, { id, path, title, project: options.project(), decide }].slice(-MOST_REMEMBERED);
    file.write(records);
    const notice = new Notification(words);
    shown.set(path, notice);
    notice.on('close', () => shown.get(path) === notice && shown.delete(path));
    notice.on('failed', (_event, error) => appLog.error('a notice was not shown', error));
    const follow = (): void => {
      shown.delete(path);
      open(path);
    };
    if (!decides) {
      notice.on('click', follow);
      notice.on('action', follow);
    }
    notice.show();
  };
  const release = (): void => {
    const waiting = held;
    held = [];
    const [first, ...more] = waiting;
    if (first === undefined) return;
    if (more.length === 0) show(first);
    else
      show({
        ...first,
        title: words().notices.quiet(waiting.length),
        text: waiting
          .map(({ title }) => title)
          .slice(0, 3)
          .join('; '),
        path: '/today',
      });
  };
  return {
    tell: (event) => {
      const { notices, quiet } = settings.now();
      if (!notices[event.kind].shows || !Notification.isSupported()) return;
      if (event.cause !== null) {
        if (now() - (toldAt.get(event.cause) ?? -HOUR_MS) < HOUR_MS) return;
        toldAt.set(event.cause, now());
      }
      const until = event.isUrgent ? null : quietUntil(now(), quiet);
      if (until === null) return show(event);
      held = [...held.filter(({ path }) => path !== event.path), event];
      clearTimeout(timer);
      timer = setTimeout(release, Math.min(until - now(), HOUR_MS * 24 * 7));
    },
    settled: (path) => {
      shown.get(path)?.close();
      held = held.filter((event) => event.path !== path);
    },
    close: () => clearTimeout(timer),
  };
}
