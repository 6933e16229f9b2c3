import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { plainText } from '../../../shared/ansi.ts';
import { type RunSummary, workedMs } from '../../../shared/model/run.ts';
import { useQuery } from '../../client/use-query.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { costWords } from '../../ui/cost-words.ts';
import type { Column } from '../../ui/data-table.tsx';
import { isDemoAgent } from '../../ui/demo.ts';
import { formatCount, formatDuration, formatMoment, wholeSeconds } from '../../ui/format.ts';
import { runLink } from '../../ui/links.ts';
import { saidPlainly, shortReason } from '../../ui/said.tsx';
import { Status } from '../../ui/status.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';
import { RowAct, RowMenu } from './row-act.tsx';
import { runList, selectAllRuns, selectRun, useRuns } from './runs-store.ts';

interface CellProps {
  readonly run: RunSummary;
}

/** A run in two lines. The link tells a keyboard and a screen reader that it can be opened. */
export const RUN_COLUMNS: readonly Column<RunSummary>[] = [
  {
    key: 'box',
    title: 'runs:selectAll',
    head: <SelectAll />,
    className: 'c-box',
    cell: (run) => <SelectBox run={run} />,
  },
  { key: 'workflow', title: 'runs:column.workflow', className: 'c-name', cell: (run) => <NameCell run={run} /> },
  { key: 'status', title: 'runs:column.status', className: 'c-status', cell: (run) => <StatusCell run={run} /> },
  {
    key: 'started',
    title: 'runs:column.started',
    className: 'c-started',
    cell: (run) => <StartedCell run={run} />,
  },
  { key: 'took', title: 'runs:column.took', className: 'c-took num', cell: (run) => <TookCell run={run} /> },
  { key: 'steps', title: 'runs:column.steps', className: 'c-steps num', cell: (run) => <StepsCell run={run} /> },
  { key: 'cost', title: 'runs:column.cost', className: 'c-cost num', cell: (run) => <Cost run={run} /> },
  { key: 'agent', title: 'runs:column.agent', className: 'c-agent cut', cell: (run) => <Agent run={run} /> },
  { key: 'trigger', title: 'runs:column.trigger', className: 'c-trigger', cell: (run) => <TriggerCell run={run} /> },
  {
    key: 'act',
    title: 'runs:column.act',
    head: <ActHead />,
    className: 'c-act num',
    cell: (run) => (
      <span className="acts">
        <RowAct run={run} />
        <RowMenu run={run} />
      </span>
    ),
  },
];

function SelectAll() {
  const { t } = useTranslation('runs');
  const rows = useQuery(runList).value?.list.rows ?? [];
  const count = useRuns((state) => state.selected.size);
  return (
    <Checkbox isChecked={rows.length > 0 && count >= rows.length} onChange={selectAllRuns}>
      <span className="sr">{t('selectAll')}</span>
    </Checkbox>
  );
}

function SelectBox({ run }: CellProps) {
  const { t } = useTranslation('runs');
  const isSelected = useRuns((state) => state.selected.has(run.runId));
  return (
    <Checkbox isChecked={isSelected} onChange={(isOn) => selectRun(run.runId, isOn)}>
      <span className="sr">{t('select', { name: run.workflowName, id: run.runId })}</span>
    </Checkbox>
  );
}

const NameCell = ({ run }: CellProps) => (
  <>
    <Link className="plain strong cut block" to={runLink(run.runId)} title={run.workflowName}>
      {run.workflowName}
    </Link>
    <RunId run={run} />
  </>
);

/** What tells a run from others of its workflow is the id's end: where there is no room, its begin is cut. */
function RunId({ run: { runId, workflowId } }: CellProps) {
  const own = runId.startsWith(`${workflowId}-`) ? runId.slice(workflowId.length + 1) : runId;
  const end = own.lastIndexOf('-') + 1;
  return (
    <span className="run-id mono muted sm" title={runId}>
      <span className="cut">{own.slice(0, end)}</span>
      <span>{own.slice(end)}</span>
    </span>
  );
}

/** The reason has its room first: what the columns say for which there is none stands in second lines. */
function StartedCell({ run }: CellProps) {
  const { t } = useTranslation('runs');
  return (
    <>
      <TimeAgo at={run.startedAt ?? run.createdAt} />
      <span className="muted sm cut only-middle" title={run.actor}>
        {t(`trigger.${run.trigger}`)}
      </span>
      <span className="muted sm cut only-narrow">
        <Took run={run} /> · <StepsCell run={run} />
        {run.cost.calls === 0 ? null : ` · ${costWords(run.cost).amount}`}
      </span>
    </>
  );
}

const StatusCell = ({ run }: CellProps) => (
  <>
    <Status status={run.status} outcome={run.outcome} />
    <StatusLine run={run} />
  </>
);

function StepsCell({ run }: CellProps) {
  const { t } = useTranslation('runs');
  return (
    <span title={t('stepsTip', { succeeded: run.stepsSucceeded, failed: run.stepsFailed, skipped: run.stepsSkipped })}>
      {t('stepsOf', { done: formatCount(run.stepsSucceeded), total: formatCount(run.stepsTotal) })}
    </span>
  );
}

/** What it cost so far; a dash where no model was called. */
function Cost({ run }: CellProps) {
  const { cost } = run;
  const { amount, besides } = costWords(cost);
  return (
    <>
      {cost.calls === 0 ? <span className="muted">{amount}</span> : amount}
      {besides === null ? null : <span className="muted sm cut block">{besides}</span>}
      {besides !== null || run.agent === null || run.cost.calls === 0 ? null : (
        <span className="muted sm cut only-middle">
          <Agent run={run} />
        </span>
      )}
    </>
  );
}

/** The primary agent stands in every run; only one that was called worked on it. */
function Agent({ run }: CellProps) {
  if (run.agent === null || run.cost.calls === 0) return <span className="muted">–</span>;
  return isDemoAgent(run.agent) ? <Status status="demo" /> : <span title={run.agent}>{run.agent}</span>;
}

function TriggerCell({ run }: CellProps) {
  const { t } = useTranslation('runs');
  return (
    <>
      {t(`trigger.${run.trigger}`)}
      <span className="muted sm cut block" title={run.actor}>
        {run.actor}
      </span>
    </>
  );
}

/** What a run waits for, before the step at which it stands. */
function waitsText(t: TFunction<'runs'>, { waitsFor, wakeAt, hears }: RunSummary): string | null {
  if (waitsFor === 'approval') return t('waitsForDecision');
  if (waitsFor === 'child') return t('waitsForRun');
  if (waitsFor === 'queue') return t('waitsForTurn');
  if (waitsFor === 'event') return t('waitsForEvent', { path: hears ?? '' });
  return waitsFor === 'time' && wakeAt !== null ? t('waitsUntil', { time: formatMoment(wakeAt, Date.now()) }) : null;
}

/** Why it failed, or where it is. */
function StatusLine({ run }: CellProps) {
  const { t } = useTranslation('runs');
  const at = run.currentStep === null ? null : t('at', { step: run.currentStep });
  const waits = waitsText(t, run);
  const text =
    (run.error === null ? null : saidPlainly(shortReason(plainText(run.error.message)))) ??
    (run.cancelRequested && run.completedAt === null
      ? t('cancelling')
      : run.pauseRequested && run.status === 'running'
        ? t('pausing')
        : run.completedAt === null
          ? [waits, at].filter((part) => part !== null).join(' ') || null
          : null);
  if (text === null) return null;
  return (
    <span className="muted sm cut block" title={text}>
      {text}
    </span>
  );
}

function TookCell({ run }: CellProps) {
  return (
    <>
      <Took run={run} />
      <span className="muted sm cut only-tight">
        <StepsCell run={run} />
      </span>
    </>
  );
}

function Took({ run }: CellProps) {
  const now = useNow(run.workingSince === null ? 3_600_000 : 1000);
  if (run.startedAt === null) return <span className="muted">–</span>;
  return (run.workingSince === null ? formatDuration : wholeSeconds)(workedMs(run, now));
}

function ActHead() {
  const { t } = useTranslation('runs');
  return <span className="sr">{t('column.act')}</span>;
}
