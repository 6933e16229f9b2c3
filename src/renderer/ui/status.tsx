import {
  Ban,
  CircleCheck,
  CircleDashed,
  CirclePause,
  CircleQuestionMark,
  CircleX,
  Clock,
  FlaskConical,
  LoaderCircle,
  type LucideIcon,
  StepForward,
  TriangleAlert,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Outcome, RunStatus, StepStatus } from '../../shared/model/run.ts';
import { classNames } from './class-names.ts';
import { Icon } from './icon.tsx';

export type StatusWord = RunStatus | StepStatus | 'demo';
export type StatusTone =
  | 'success'
  | 'running'
  | 'waiting'
  | 'failed'
  | 'in-doubt'
  | 'skipped'
  | 'cancelled'
  | 'pending'
  | 'paused'
  | 'demo';

const MARKS: Readonly<Record<StatusWord, { readonly tone: StatusTone; readonly icon: LucideIcon }>> = {
  completed: { tone: 'success', icon: CircleCheck },
  running: { tone: 'running', icon: LoaderCircle },
  waiting: { tone: 'waiting', icon: Clock },
  failed: { tone: 'failed', icon: CircleX },
  in_doubt: { tone: 'in-doubt', icon: CircleQuestionMark },
  skipped: { tone: 'skipped', icon: StepForward },
  cancelled: { tone: 'cancelled', icon: Ban },
  pending: { tone: 'pending', icon: CircleDashed },
  paused: { tone: 'paused', icon: CirclePause },
  demo: { tone: 'demo', icon: FlaskConical },
};

/** Partial is never shown as success: a mark and a word of its own (SPEC §3.3). */
const PARTIAL: (typeof MARKS)[StatusWord] = { tone: 'waiting', icon: TriangleAlert };
const isPartial = (status: StatusWord, outcome: Outcome | null): boolean =>
  status === 'completed' && outcome === 'partial';
const markOf = (status: StatusWord, outcome: Outcome | null): (typeof MARKS)[StatusWord] =>
  isPartial(status, outcome) ? PARTIAL : MARKS[status];

/** The colour role of a status. */
export const statusTone = (status: StatusWord, outcome: Outcome | null = null): StatusTone =>
  markOf(status, outcome).tone;

/** The i18n key of a status' word. */
export const statusKey = (status: StatusWord, outcome: Outcome | null = null): string =>
  isPartial(status, outcome) ? 'everywhere:status.partial' : `everywhere:status.${status}`;

interface StatusProps {
  readonly status: StatusWord;
  readonly outcome?: Outcome | null;
  /** Once a header: on a tinted ground. */
  readonly pill?: boolean;
  /** Only the icon, the word is its name; for rows under 32 px where the word or the duration stands beside. */
  readonly iconOnly?: boolean;
  /** In place of the bare word, such as "12 failed". */
  readonly label?: string | undefined;
  readonly className?: string;
}

/** Status = icon + word + colour, in the one vocabulary. */
export function Status({ status, outcome = null, pill = false, iconOnly = false, label, className }: StatusProps) {
  const { t } = useTranslation();
  const word = label ?? t(statusKey(status, outcome));
  const names = classNames('status', `st-${statusTone(status, outcome)}`, pill && 'pill', className);
  return (
    <span className={names} {...(iconOnly ? { role: 'img', 'aria-label': word, title: word } : {})}>
      <Icon of={markOf(status, outcome).icon} className={status === 'running' ? 'spin' : undefined} />
      {iconOnly ? null : word}
    </span>
  );
}
