import i18next from 'i18next';
import {
  CalendarX,
  CircleQuestionMark,
  CircleX,
  Footprints,
  Hourglass,
  ListChecks,
  type LucideIcon,
  RefreshCw,
  ShieldQuestionMark,
  SquareCheckBig,
  Wallet,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type {
  FailureCause,
  LibraryEntry,
  ListedApproval,
  TriggerSummary,
  UnreadyTrigger,
} from '../../../shared/contract/index.ts';
import type { BudgetQuestion } from '../../../shared/model/cost-limit.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import type { Occurrence } from '../../../shared/model/trigger.ts';
import { act } from '../../client/act.ts';
import { AskInstead } from '../../client/ask-approval.tsx';
import { call } from '../../client/bridge.ts';
import { actOnRuns } from '../../client/bulk-act.ts';
import { BulkRetryDialog } from '../../client/bulk-retry-dialog.tsx';
import { RaiseDialog } from '../../client/raise-dialog.tsx';
import { actOnRun } from '../../client/run-actions.ts';
import { answerStart } from '../../client/trigger-actions.ts';
import { UnmetMark } from '../../ui/approval/approval-words.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { formatMoney, wholeSeconds } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { approvalLink, runLink, triggerLink, workflowLink } from '../../ui/links.ts';
import { useWhyNot } from '../../ui/rights.ts';
import { Said, saidPlainly, shortReason } from '../../ui/said.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { showError, showToast } from '../../ui/toasts.tsx';
import { startsWords } from '../../ui/trigger/starts-words.ts';
import { useNow } from '../../ui/use-now.ts';
import { worded } from '../../ui/worded.ts';

interface ItemProps {
  readonly icon: LucideIcon;
  readonly tone: string;
  readonly kind: string;
  readonly to: string;
  readonly title: ReactNode;
  readonly text: ReactNode;
  readonly when?: ReactNode;
  readonly children: ReactNode;
}

/** One thing that waits for a person: what it is, what about, since when, and what can be done. */
function Item({ icon, tone, kind, to, title, text, when, children }: ItemProps) {
  return (
    <li className="item">
      <span className={`ty status ${tone}`}>
        <Icon of={icon} />
        {kind}
      </span>
      <div className="grow">
        <p className="strong cut">
          <Link className="plain" to={to}>
            {title}
          </Link>
        </p>
        <p className="sm muted cut">{text}</p>
      </div>
      <span className="wh sm muted">{when}</span>
      <div className="ac">{children}</div>
    </li>
  );
}

export function InDoubtItem({ run }: { readonly run: RunSummary }) {
  const { t } = useTranslation('today');
  const { runId, workflowName, currentStep, completedAt, startedAt, createdAt } = run;
  return (
    <Item
      icon={CircleQuestionMark}
      tone="st-in-doubt"
      kind={t('needs.kind.inDoubt')}
      to={runLink(runId)}
      title={currentStep ?? t('needs.inDoubtTitle', { workflow: workflowName })}
      text={t('needs.inDoubtText', { workflow: workflowName })}
      when={<TimeAgo at={completedAt ?? startedAt ?? createdAt} />}
    >
      <LinkButton to={runLink(runId)}>{t('needs.decide')}</LinkButton>
    </Item>
  );
}

export function ApprovalItem({ approval }: { readonly approval: ListedApproval }) {
  const { t } = useTranslation('today');
  const { id, title, workflowName, requesterId, expiresAt, createdAt, unmet } = approval;
  return (
    <Item
      icon={SquareCheckBig}
      tone="st-waiting"
      kind={t('needs.kind.approval')}
      to={approvalLink(id)}
      title={title}
      text={
        <>
          {unmet === null ? null : <UnmetMark why={unmet} />}{' '}
          {workflowName === null
            ? requesterId
            : t('needs.approvalText', { workflow: workflowName, requester: requesterId })}
        </>
      }
      when={expiresAt === null ? <TimeAgo at={createdAt} /> : <Left until={expiresAt} />}
    >
      <LinkButton to={approvalLink(id)}>{t('needs.review')}</LinkButton>
    </Item>
  );
}

/** A run that a budget has paused. */
export function BudgetItem({ question }: { readonly question: BudgetQuestion }) {
  const { t } = useTranslation('today');
  const [isRaising, setIsRaising] = useState(false);
  const { runId, workflowName, stepName, startedAt, limit, asked } = question;
  return (
    <Item
      icon={Wallet}
      tone="st-waiting"
      kind={t('needs.kind.budget')}
      to={runLink(runId)}
      title={t('needs.budgetTitle', { name: limit.name, workflow: workflowName })}
      text={t(asked === null ? 'needs.budgetTextUnpriced' : 'needs.budgetText', {
        ...{ step: stepName ?? workflowName, spent: formatMoney(limit.spent), max: formatMoney(limit.max_cost) },
        asked: formatMoney(asked ?? '0'),
      })}
      when={<TimeAgo at={startedAt} />}
    >
      <Button needs="runs.cancel" onClick={() => void actOnRun('cancel', runId)}>
        {t('costs:raise.stop')}
      </Button>
      <Button needs="costs.raise" onClick={() => setIsRaising(true)}>
        {t('costs:raise.open')}
      </Button>
      {isRaising ? <RaiseDialog question={question} onClose={() => setIsRaising(false)} /> : null}
    </Item>
  );
}

/** A run whose agent was stopped because it got no further, or a step of which would leave its plan. */
export function StuckItem({ run }: { readonly run: RunSummary }) {
  const { t } = useTranslation('today');
  const { runId, workflowName, currentStep, startedAt, createdAt, error } = run;
  const what = error?.code === 'run.left_plan' ? 'leftPlan' : 'stuck';
  return (
    <Item
      icon={what === 'stuck' ? Footprints : ListChecks}
      tone="st-waiting"
      kind={t(`needs.kind.${what}`)}
      to={runLink(runId)}
      title={t(`needs.${what}Title`, { step: currentStep ?? workflowName, workflow: workflowName })}
      text={worded(error?.message ?? '')}
      when={<TimeAgo at={startedAt ?? createdAt} />}
    >
      <LinkButton to={runLink(runId)}>{t('needs.decide')}</LinkButton>
    </Item>
  );
}

/** An armed trigger that would not run as it stands: its checks lead to where it is mended. */
export function UnreadyItem({ unready: { triggerKey, workflowId, check } }: { readonly unready: UnreadyTrigger }) {
  const { t } = useTranslation('today');
  const to = triggerLink(triggerKey);
  return (
    <Item
      icon={CalendarX}
      tone="st-waiting"
      kind={t('needs.kind.unready')}
      to={to}
      title={t('needs.unreadyTitle', { workflow: workflowId })}
      text={worded(check.detail)}
    >
      <LinkButton to={to}>{t('needs.mend')}</LinkButton>
    </Item>
  );
}

/** What came from outside: it is read on its own page, where it can be trusted. */
export function UntrustedItem({ entry: { ref, name, version, trust } }: { readonly entry: LibraryEntry }) {
  const { t } = useTranslation('today');
  const to = workflowLink(ref);
  return (
    <Item
      icon={ShieldQuestionMark}
      tone="st-waiting"
      kind={t('needs.kind.untrusted')}
      to={to}
      title={t(trust === 'changed' ? 'needs.trustChanged' : 'needs.trustTitle', { workflow: name })}
      text={t('needs.trustText', { version })}
    >
      <AskInstead
        of="trust.give"
        asked={async () => {
          const { contentHash } = await call('trust.show', { ref });
          return { kind: 'bundle_trust', ref, contentHash };
        }}
      />
      <LinkButton to={to}>{t('needs.look')}</LinkButton>
    </Item>
  );
}

const SOON_MS = 2 * 3_600_000;

function Left({ until }: { readonly until: number }) {
  const { t } = useTranslation('today');
  const now = useNow(15_000);
  const left = Math.max(0, until - now);
  return (
    <span className={left < SOON_MS ? 'st-waiting' : undefined}>{t('needs.left', { time: wholeSeconds(left) })}</span>
  );
}

/** They are dealt with in another way: listed no more, a later failure of this cause is. */
const acknowledge = (fingerprint: string, newestAt: number, mayUndo: boolean): Promise<void> =>
  act(async () => {
    await call('failures.acknowledge', { fingerprint, newestAt });
    const undo = {
      label: i18next.t('everywhere:undo'),
      onPress: () => void act(() => call('failures.reopen', { fingerprint })),
    };
    showToast(i18next.t('today:needs.acknowledged'), mayUndo ? undo : undefined);
  });

/** Runs that failed for one reason: seen and begun again together. */
export function CauseItem({
  cause: { fingerprint, message, runs, workflows, newestAt },
}: {
  readonly cause: FailureCause;
}) {
  const { t } = useTranslation('today');
  const [isAsking, setIsAsking] = useState(false);
  const whyNoUndo = useWhyNot('failures.reopen');
  const newest = runs[0];
  if (newest === undefined) return null;
  const count = runs.length;
  const to = count === 1 ? runLink(newest.runId) : `/runs?status=failed&q=${encodeURIComponent(saidPlainly(message))}`;
  const retry = async (): Promise<void> => {
    const { done, failed, firstError } = await actOnRuns('retry', runs);
    if (done > 0)
      showToast(
        t('needs.retried', { count: done }) + (failed > 0 ? ` ${t('needs.notRetried', { count: failed })}` : ''),
      );
    if (firstError !== null) showError(firstError);
  };
  return (
    <Item
      icon={CircleX}
      tone="st-failed"
      kind={t('needs.kind.failed', { count })}
      to={to}
      title={message === '' ? t('needs.noMessage') : <Said text={shortReason(message)} />}
      text={workflows
        .map(({ name, runs: each }) => (count === 1 ? name : t('needs.of', { name, count: each })))
        .join(', ')}
      when={<TimeAgo at={newestAt} />}
    >
      <Button needs="failures.acknowledge" onClick={() => void acknowledge(fingerprint, newestAt, whyNoUndo === null)}>
        {t('needs.acknowledge')}
      </Button>
      <LinkButton to={to}>{t(count === 1 ? 'needs.seeOne' : 'needs.see')}</LinkButton>
      <Button needs="runs.retry" onClick={() => setIsAsking(true)}>
        {t('needs.retry', { count })}
      </Button>
      {isAsking ? (
        <BulkRetryDialog runs={runs} onClose={() => setIsAsking(false)} onRetry={() => void retry()} />
      ) : null}
    </Item>
  );
}

interface AskingItemProps {
  readonly start: Occurrence;
  readonly trigger: TriggerSummary | undefined;
}

export function AskingItem({ start, trigger }: AskingItemProps) {
  const { t } = useTranslation('today');
  const { triggerKey, plannedAt } = start;
  const to = `${triggerLink(triggerKey)}?tab=starts`;
  return (
    <Item
      icon={Hourglass}
      tone="st-waiting"
      kind={t('needs.kind.asks')}
      to={to}
      title={t('needs.asksTitle', { workflow: trigger?.workflowName ?? triggerKey })}
      text={trigger === undefined ? '' : startsWords(trigger)}
      when={<TimeAgo at={plannedAt} />}
    >
      <Button needs="occurrences.answer" onClick={() => void answerStart(start, false)}>
        {t('needs.leave')}
      </Button>
      <Button needs="occurrences.answer" onClick={() => void answerStart(start, true)}>
        {t('needs.catchUp')}
      </Button>
    </Item>
  );
}

/** A trigger whose starts fail, or that is written differently from what was armed. */
export function TriggerItem({ trigger }: { readonly trigger: TriggerSummary }) {
  const { t } = useTranslation('today');
  const { key, workflowName, isFailing, lastRun, armed } = trigger;
  const kind = isFailing ? 'failing' : 'changed';
  const since = isFailing ? lastRun?.at : armed?.at;
  return (
    <Item
      icon={isFailing ? CircleX : RefreshCw}
      tone={isFailing ? 'st-failed' : 'st-waiting'}
      kind={t(`needs.kind.${kind}`)}
      to={triggerLink(key)}
      title={t(`needs.${kind}Title`, { workflow: workflowName })}
      text={t(`needs.${kind}Text`, { when: startsWords(trigger) })}
      when={since === undefined ? null : <TimeAgo at={since} />}
    >
      <LinkButton to={triggerLink(key)}>{t('needs.review')}</LinkButton>
    </Item>
  );
}
