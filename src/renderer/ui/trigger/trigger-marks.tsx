import {
  Ban,
  CalendarDays,
  CircleCheck,
  CircleOff,
  CirclePause,
  CircleQuestionMark,
  CircleX,
  Clock,
  Copy,
  Filter,
  Folder,
  History,
  Hourglass,
  Inbox,
  LoaderCircle,
  type LucideIcon,
  Radio,
  ShieldX,
  SquareDashed,
  StepForward,
  TriangleAlert,
  Webhook,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RunStatus } from '../../../shared/model/run.ts';
import type { DeliveryState, Occurrence, TriggerKind } from '../../../shared/model/trigger.ts';
import { classNames } from '../class-names.ts';
import { Icon } from '../icon.tsx';
import type { StatusTone } from '../status.tsx';

export const KIND_ICONS: Readonly<Record<TriggerKind, LucideIcon>> = {
  schedule: CalendarDays,
  webhook: Webhook,
  file: Folder,
  event: Radio,
};

/** What became of a start, or will: its icon, its colour and its word (`triggers:look.…`). */
export const START_LOOKS = [
  'ran',
  'late',
  'running',
  'waiting',
  'failed',
  'in_doubt',
  'cancelled',
  'skipped',
  'paused',
  'missed',
  'refused',
  'open',
  'planned',
] as const;
export type StartLook = (typeof START_LOOKS)[number];

export interface Look {
  readonly icon: LucideIcon;
  readonly tone: StatusTone;
}

export const LOOKS: Readonly<Record<StartLook, Look>> = {
  ran: { icon: CircleCheck, tone: 'success' },
  late: { icon: History, tone: 'success' },
  running: { icon: LoaderCircle, tone: 'running' },
  waiting: { icon: Clock, tone: 'waiting' },
  failed: { icon: CircleX, tone: 'failed' },
  in_doubt: { icon: CircleQuestionMark, tone: 'in-doubt' },
  cancelled: { icon: Ban, tone: 'cancelled' },
  skipped: { icon: StepForward, tone: 'skipped' },
  paused: { icon: CirclePause, tone: 'paused' },
  missed: { icon: CircleOff, tone: 'skipped' },
  refused: { icon: ShieldX, tone: 'failed' },
  open: { icon: Hourglass, tone: 'waiting' },
  planned: { icon: SquareDashed, tone: 'pending' },
};

const OF_STATE: Readonly<Record<Occurrence['state'], StartLook>> = {
  planned: 'planned',
  claimed: 'open',
  started: 'ran',
  caught_up: 'late',
  skipped_overlap: 'skipped',
  skipped_paused: 'paused',
  missed: 'missed',
  failed_to_start: 'failed',
};

const OF_RUN: Readonly<Partial<Record<RunStatus, StartLook>>> = {
  running: 'running',
  waiting: 'waiting',
  paused: 'waiting',
  failed: 'failed',
  in_doubt: 'in_doubt',
  cancelled: 'cancelled',
};

/** How a run looks that a trigger started; one that went well looks as its start did. */
export const lookOfRun = (status: RunStatus, otherwise: StartLook): StartLook => OF_RUN[status] ?? otherwise;

/** How a planned start looks by what the ledger says of it. */
export const lookOfStart = ({ state, reason }: Pick<Occurrence, 'state' | 'reason'>): StartLook =>
  state === 'started' && reason === 'late' ? 'late' : OF_STATE[state];

interface StartMarkProps {
  readonly look: StartLook;
  /** In place of the bare word. */
  readonly label?: string;
  readonly iconOnly?: boolean;
  readonly className?: string;
}

/** What became of a start = icon + word + colour. */
export function StartMark({ look, label, iconOnly = false, className }: StartMarkProps) {
  const { t } = useTranslation('triggers');
  const { icon, tone } = LOOKS[look];
  const word = label ?? t(`look.${look}`);
  return (
    <span
      className={classNames('status', `st-${tone}`, className)}
      {...(iconOnly ? { role: 'img', 'aria-label': word, title: word } : {})}
    >
      <Icon of={icon} className={look === 'running' ? 'spin' : undefined} />
      {iconOnly ? null : word}
    </span>
  );
}

const DELIVERY_LOOKS: Readonly<Record<DeliveryState, Look>> = {
  received: { icon: Inbox, tone: 'running' },
  started: { icon: CircleCheck, tone: 'success' },
  ignored: { icon: Filter, tone: 'skipped' },
  rejected: { icon: ShieldX, tone: 'failed' },
  duplicate: { icon: Copy, tone: 'skipped' },
  failed: { icon: CircleX, tone: 'failed' },
};

/** What became of a delivery = icon + word + colour. */
export function DeliveryMark({ state }: { readonly state: DeliveryState }) {
  const { t } = useTranslation('triggers');
  const { icon, tone } = DELIVERY_LOOKS[state];
  return (
    <span className={classNames('status', `st-${tone}`)}>
      <Icon of={icon} />
      {t(`delivery.state.${state}`)}
    </span>
  );
}

/** A trigger whose last starts failed, beside its name. */
export function FailingMark() {
  const { t } = useTranslation('triggers');
  return (
    <span className="status st-failed sm" title={t('row.failing')}>
      <Icon of={TriangleAlert} />
      <span className="sr">{t('row.failing')}</span>
    </span>
  );
}
