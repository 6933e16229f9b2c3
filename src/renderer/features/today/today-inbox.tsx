import { CircleCheck } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { triggerList } from '../../client/trigger-queries.ts';
import { useQuery } from '../../client/use-query.ts';
import { formatCount } from '../../ui/format.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { PaneHead } from '../../ui/page.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import {
  ApprovalItem,
  AskingItem,
  BudgetItem,
  CauseItem,
  InDoubtItem,
  StuckItem,
  TriggerItem,
  UnreadyItem,
  UntrustedItem,
} from './inbox-items.tsx';
import { needsYou, unreadyTriggers } from './today-store.ts';

/** Many requests are decided about on their own screen. */
const MOST_APPROVALS = 8;
/** Where one budget has paused many runs, raising it for good lets all of them go on. */
const MOST_BUDGETS = 8;

/** What needs me? In doubt first, then what failed, what asks, and what does not start any more. */
export function TodayInbox() {
  const { t } = useTranslation('today');
  const data = useQuery(needsYou);
  const triggers = useQuery(triggerList).value?.triggers ?? [];
  const odd = triggers.filter(({ isFailing, status }) => isFailing || status === 'changed');
  useEffect(() => unreadyTriggers.open(null), []);
  const unready = useQuery(unreadyTriggers).value ?? [];
  const value = data.value;
  const count =
    value === null
      ? 0
      : value.inDoubt.length +
        value.budgets.length +
        value.stuck.length +
        value.causes.length +
        value.asking.length +
        value.approvals.length +
        value.untrusted.length +
        unready.length +
        odd.length;
  return (
    <section aria-labelledby="needs-title">
      <PaneHead id="needs-title" title={t('needs.title')} {...(count === 0 ? {} : { count: formatCount(count) })}>
        {count < 2 ? null : <span className="sm muted">{t('needs.order')}</span>}
      </PaneHead>
      {data.status === 'error' ? <ErrorNote error={data.error} onRetry={() => void needsYou.refresh()} /> : null}
      {value === null && data.status !== 'error' ? <SkeletonRows rows={4} columns={[15, 60, 20]} /> : null}
      {value !== null && count === 0 ? (
        <EmptyState icon={CircleCheck} title={t('needs.none')} text={t('needs.noneText')} />
      ) : null}
      {value === null || count === 0 ? null : (
        <ul className="inbox">
          {value.inDoubt.map((run) => (
            <InDoubtItem key={run.runId} run={run} />
          ))}
          {value.budgets.slice(0, MOST_BUDGETS).map((question) => (
            <BudgetItem key={question.runId} question={question} />
          ))}
          {value.stuck.map((run) => (
            <StuckItem key={run.runId} run={run} />
          ))}
          {value.causes.map((cause) => (
            <CauseItem key={cause.fingerprint} cause={cause} />
          ))}
          {value.approvals.slice(0, MOST_APPROVALS).map((approval) => (
            <ApprovalItem key={approval.id} approval={approval} />
          ))}
          {unready.map((one) => (
            <UnreadyItem key={one.triggerKey} unready={one} />
          ))}
          {value.untrusted.map((entry) => (
            <UntrustedItem key={entry.path} entry={entry} />
          ))}
          {value.asking.map((start) => (
            <AskingItem
              key={`${start.triggerKey} ${start.plannedAt}`}
              start={start}
              trigger={triggers.find(({ key }) => key === start.triggerKey)}
            />
          ))}
          {odd.map((trigger) => (
            <TriggerItem key={trigger.key} trigger={trigger} />
          ))}
        </ul>
      )}
      {value === null || value.approvals.length <= MOST_APPROVALS ? null : (
        <p className="mt-2 sm">
          <Link to="/approvals">{t('needs.more', { count: value.approvals.length - MOST_APPROVALS })}</Link>
        </p>
      )}
    </section>
  );
}
