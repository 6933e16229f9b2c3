import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { RunSummary } from '../../../shared/model/run.ts';
import { plainText } from '../../ui/ansi.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { classNames } from '../../ui/class-names.ts';
import { costWords } from '../../ui/cost-words.ts';
import { isDemoAgent } from '../../ui/demo.ts';
import { formatDuration } from '../../ui/format.ts';
import { runLink } from '../../ui/links.ts';
import { Status } from '../../ui/status.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';
import { selectRun } from './runs-store.ts';

interface RunRowProps {
  readonly run: RunSummary;
  readonly index: number;
  readonly isActive: boolean;
  readonly isSelected: boolean;
}

/** One run in two lines. A press anywhere opens it; the link says so to a keyboard and a screen reader. */
export const RunRow = memo(function RunRow({ run, index, isActive, isSelected }: RunRowProps) {
  const { t } = useTranslation('runs');
  const navigate = useNavigate();
  const open = (event: React.MouseEvent): void => {
    const isOwn =
      event.target instanceof Element && event.target.closest('a, button, input, label, [role="checkbox"]') !== null;
    const isSelecting = (window.getSelection()?.toString() ?? '') !== '';
    if (!isOwn && !isSelecting) navigate(runLink(run.runId));
  };
  // The primary agent stands in every run; only one that was called worked on it.
  const isUsed = run.agent !== null && run.cost.calls > 0;
  return (
    <tr
      id={`run-row-${index}`}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={classNames(isActive && 'active')}
      onClick={open}
    >
      <td className="c-box">
        <Checkbox isChecked={isSelected} onChange={(isOn) => selectRun(run.runId, isOn)}>
          <span className="sr">{t('select', { name: run.workflowName, id: run.runId })}</span>
        </Checkbox>
      </td>
      <td className="c-name">
        <Link className="plain strong cut block" to={runLink(run.runId)} title={run.workflowName}>
          {run.workflowName}
        </Link>
        <span className="mono muted sm cut block" title={run.runId}>
          {run.runId}
        </span>
      </td>
      <td className="c-status">
        <Status status={run.status} outcome={run.outcome} />
        <StatusLine run={run} />
      </td>
      <td className="c-started">
        <TimeAgo at={run.startedAt ?? run.createdAt} />
      </td>
      <td className="c-took num">
        <Took run={run} />
      </td>
      <td className="c-steps num">
        {t('stepsOf', { done: run.stepsSucceeded + run.stepsFailed + run.stepsSkipped, total: run.stepsTotal })}
      </td>
      <td className="c-cost num">
        <Cost run={run} />
      </td>
      <td className="c-agent cut" title={run.agent ?? undefined}>
        {isUsed ? <Agent name={run.agent ?? ''} /> : <span className="muted">–</span>}
      </td>
      <td className="c-trigger">
        {t(`trigger.${run.trigger}`)}
        <span className="muted sm cut block" title={run.actor}>
          {run.actor}
        </span>
      </td>
    </tr>
  );
});

/** What it cost so far; a dash where no model was called. */
function Cost({ run: { cost } }: { readonly run: RunSummary }) {
  const { amount, besides } = costWords(cost);
  return (
    <>
      {cost.calls === 0 ? <span className="muted">{amount}</span> : amount}
      {besides === null ? null : <span className="muted sm cut block">{besides}</span>}
    </>
  );
}

const Agent = ({ name }: { readonly name: string }) =>
  isDemoAgent(name) ? <Status status="demo" /> : <span>{name}</span>;

/** Why it failed, or where it is. */
function StatusLine({ run }: { readonly run: RunSummary }) {
  const { t } = useTranslation('runs');
  const at = run.currentStep === null ? null : t('at', { step: run.currentStep });
  const text =
    (run.error === null ? null : plainText(run.error.message)) ??
    (run.cancelRequested && run.completedAt === null
      ? t('cancelling')
      : run.pauseRequested && run.status === 'running'
        ? t('pausing')
        : run.completedAt === null
          ? at
          : null);
  if (text === null) return null;
  return (
    <span className="muted sm cut block" title={text}>
      {text}
    </span>
  );
}

function Took({ run }: { readonly run: RunSummary }) {
  const isOpen = run.startedAt !== null && run.completedAt === null;
  const now = useNow(isOpen ? 1000 : 3_600_000);
  if (run.startedAt === null) return <span className="muted">–</span>;
  return formatDuration((run.completedAt ?? Math.max(now, run.startedAt)) - run.startedAt);
}
