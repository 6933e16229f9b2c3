import { Ban, CircleCheck, CircleX, Clock, ClockAlert, type LucideIcon, RefreshCw, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ApprovalStatus } from '../../../shared/model/approval.ts';
import { classNames } from '../class-names.ts';
import { formatDuration, formatExact, wholeSeconds } from '../format.ts';
import { Icon } from '../icon.tsx';
import { saidPlainly } from '../said.tsx';
import { useNow } from '../use-now.ts';

const MARKS: Readonly<Record<ApprovalStatus, { readonly icon: LucideIcon; readonly tone: string }>> = {
  pending: { icon: Clock, tone: 'waiting' },
  approved: { icon: CircleCheck, tone: 'success' },
  rejected: { icon: CircleX, tone: 'failed' },
  expired: { icon: ClockAlert, tone: 'cancelled' },
  cancelled: { icon: Ban, tone: 'cancelled' },
};

interface ApprovalStatusMarkProps {
  readonly status: ApprovalStatus;
  readonly isAskedAgain: boolean;
  /** Once a header: on a tinted ground. */
  readonly pill?: boolean;
  /** In place of the bare word, such as "0 of 1 approved". */
  readonly label?: string | undefined;
}

/** What became of a request: icon, word and colour. */
export function ApprovalStatusMark({ status, isAskedAgain, pill = false, label }: ApprovalStatusMarkProps) {
  const { t } = useTranslation('approvals');
  const isReplaced = status === 'cancelled' && isAskedAgain;
  const { icon, tone } = isReplaced ? { icon: RefreshCw, tone: 'cancelled' } : MARKS[status];
  return (
    <span className={classNames('status', `st-${tone}`, pill ? 'pill' : 'sm')}>
      <Icon of={icon} />
      {label ?? t(isReplaced ? 'status.askedAgain' : `status.${status}`)}
    </span>
  );
}

/** On a request that too few people are left to approve. */
export function UnmetMark({ why }: { readonly why: string }) {
  const { t } = useTranslation('approvals');
  return (
    <span className="status sm st-failed nowrap" title={saidPlainly(why)}>
      <Icon of={TriangleAlert} />
      {t('status.unmet')}
    </span>
  );
}

const HOUR = 3_600_000;

/** How long something still waits; the last hour by the second and in the colour of what is due. */
export function Countdown({ until }: { readonly until: number }) {
  const { t } = useTranslation('approvals');
  const coarse = useNow(15_000);
  const isNear = until - coarse < HOUR;
  const now = useNow(isNear ? 1000 : 15_000);
  const left = until - now;
  const words =
    left <= 0 ? t('expiry.now') : isNear ? wholeSeconds(left) : formatDuration(Math.floor(left / 60_000) * 60_000);
  return (
    <time
      dateTime={new Date(until).toISOString()}
      title={formatExact(until)}
      className={classNames('nowrap', isNear && 'st-waiting strong')}
    >
      {words}
    </time>
  );
}
