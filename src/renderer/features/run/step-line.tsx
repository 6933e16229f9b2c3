import {
  Bot,
  ChevronDown,
  ChevronRight,
  CircleQuestionMark,
  type LucideIcon,
  RotateCcw,
  Undo2,
  Wrench,
} from 'lucide-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { LoopTurns } from '../../../shared/contract/index.ts';
import { classNames } from '../../ui/class-names.ts';
import { formatDuration, formatMoment } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Status } from '../../ui/status.tsx';
import { isAgentAction, isDemoStep } from './run-agents.ts';
import { selectStep, setStepOpen } from './run-store.ts';
import { outcomeOf, stepIcon, turnsText, undoneText } from './step-marks.tsx';
import { countsOf, type StepCounts, type StepRow, stepWordKey } from './step-rows.ts';
import { isLeaf, type StepNode } from './step-tree.ts';
import { type Bar, barsOf, type IdleTimes, percentOf, type TimeScale } from './timeline.ts';
import { isEndUnseen, type Span, tookText } from './work-time.ts';

interface StepLineProps {
  readonly id: string;
  readonly index: number;
  readonly row: StepRow;
  readonly isSelected: boolean;
  readonly scale: TimeScale;
  /** Where bars end, and what durations are counted to. */
  readonly nowAt: number;
  readonly idle: IdleTimes;
  /** When the turns of a loop ended. */
  readonly spread: LoopTurns['spread'];
  /** When it would run as it usually does; null = it has ended, or nobody knows. */
  readonly expected: Span | null;
  /** The run has ended: what has not begun never will. */
  readonly isEnded: boolean;
}

/** One step: who and how long at the left, when at the right. */
export function StepLine(props: StepLineProps) {
  const { id, index, row, isSelected, scale, nowAt, expected, spread, isEnded } = props;
  const { t } = useTranslation('run');
  const { node, level, isOpen } = row;
  const attempts = node.state?.attempt ?? 0;
  const counts = countsOf(node);
  const bars = barsOf(scale, row, nowAt, props.idle);
  const density = isOpen === false ? spread : null;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus, aria-activedescendant names the row
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the grid's
    // biome-ignore lint/a11y/useSemanticElements: a table row cannot be a tree
    <div
      id={id}
      className="step"
      role="row"
      aria-rowindex={index + 1}
      aria-level={level}
      aria-posinset={row.posInSet}
      aria-setsize={row.setSize}
      aria-selected={isSelected}
      aria-expanded={isOpen ?? undefined}
      onClick={() => selectStep(node.path)}
      onDoubleClick={() => (isOpen === null ? undefined : setStepOpen(node.path, !isOpen))}
    >
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid holds the focus */}
      {/* biome-ignore lint/a11y/useSemanticElements: a table cell cannot be in a tree */}
      <div className="who" role="gridcell" style={{ '--lv': Math.min(level - 1, 8) } as React.CSSProperties}>
        {isOpen === null ? (
          <span className="tw" />
        ) : (
          // A mouse target; by keyboard the arrow keys open and close.
          <span
            className="tw"
            aria-hidden="true"
            onClick={(event) => {
              event.stopPropagation();
              setStepOpen(node.path, !isOpen);
            }}
          >
            <Icon of={isOpen ? ChevronDown : ChevronRight} small />
          </span>
        )}
        <Status
          status={node.status}
          outcome={outcomeOf(node)}
          label={outcomeOf(node) === null ? t(stepWordKey(node.status, isEnded)) : undefined}
          iconOnly
        />
        <span className="nm cut" title={node.name}>
          {node.ordinal === null ? node.name : `${node.ordinal} ${node.name}`}
        </span>
        <Kind node={node} />
        <span className="grow" />
        {counts !== null && counts.total > 4 && counts.running > 0 && counts.failed === 0 ? (
          <Mini counts={counts} />
        ) : null}
        {attempts > 1 ? (
          <span className="att" title={t('steps.attempt', { count: attempts })}>
            <Icon of={RotateCcw} />
            <span aria-hidden="true">{attempts}</span>
            <span className="sr">{t('steps.attempt', { count: attempts })}</span>
          </span>
        ) : null}
        <span className="dur">
          {tookText(node, nowAt, props.idle.rests) ??
            t(isEndUnseen(node) ? 'step.unknown' : stepWordKey(node.status, isEnded))}
        </span>
      </div>
      <div className="lane" aria-hidden="true">
        {expected === null ? null : <Ghost scale={scale} span={expected} />}
        {bars.map((bar, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bars of a step only ever grow at the end
          <BarView key={at} bar={bar} isThin={density !== null} />
        ))}
        {density === null ? null : <Density scale={scale} spread={density} />}
        <LaneNote node={node} bars={bars} nowAt={nowAt} />
      </div>
    </div>
  );
}

function Kind({ node }: { readonly node: StepNode }) {
  const { t } = useTranslation('run');
  const { kind, status, state } = node;
  if (status === 'skipped' || state?.skipReason === 'carried') {
    return (
      <span className="kd keep">
        <span className="cut">{t(`skip.${state?.skipReason ?? 'unknown'}`)}</span>
      </span>
    );
  }
  if (kind === 'call') return <KindText icon={Wrench} text={t('steps.call')} />;
  if (kind === 'undo') return <KindText icon={Undo2} text={t('steps.undo')} isKept />;
  if (state?.undone !== undefined) return <KindText icon={Undo2} text={undoneText(t, state.undone)} isKept />;
  if (isDemoStep(state)) return <Status status="demo" className="demo-word" />;
  if (state?.agent != null) return <KindText icon={Bot} text={state.agent.agentUsed} isKept={kind !== 'item'} />;
  if (kind === 'action' && isAgentAction(node.action)) return <KindText icon={Bot} text={node.action ?? ''} />;
  if (kind === 'item') return null;
  const counts = countsOf(node);
  const hasTurns = node.loop !== null;
  const text =
    hasTurns && counts !== null
      ? turnsText(t, node.loop, counts)
      : kind === 'action'
        ? (node.action ?? '')
        : t(`kind.${kind}`);
  if (text === '') return null;
  return <KindText icon={stepIcon(node)} text={text} isKept={hasTurns} />;
}

interface KindTextProps {
  readonly icon: LucideIcon | undefined;
  readonly text: string;
  /** Stays where there is little room. */
  readonly isKept?: boolean;
}

const KindText = ({ icon, text, isKept = false }: KindTextProps) => (
  <span className={classNames('kd', isKept && 'keep')} title={text}>
    {icon === undefined ? null : <Icon of={icon} />}
    <span className="cut">{text}</span>
  </span>
);

function Mini({ counts }: { readonly counts: StepCounts }) {
  const rest = counts.total - counts.done - counts.running - counts.failed;
  return (
    <span className="mini" aria-hidden="true">
      {counts.done > 0 ? <i className="f-success" style={{ flex: counts.done }} /> : null}
      {counts.running > 0 ? <i className="f-running" style={{ flex: counts.running }} /> : null}
      {counts.failed > 0 ? <i className="f-failed" style={{ flex: counts.failed }} /> : null}
      {rest > 0 ? <i style={{ flex: rest }} /> : null}
    </span>
  );
}

const OUTLINED: readonly Bar['kind'][] = ['retry', 'waiting', 'queued', 'asleep', 'group'];

function BarView({ bar, isThin }: { readonly bar: Bar; readonly isThin: boolean }) {
  const look = OUTLINED.includes(bar.kind)
    ? bar.kind
    : classNames(`f-${bar.kind}`, bar.kind === 'skipped' && 'skipped');
  return (
    <i
      className={classNames('bar', look, isThin && 'thin')}
      style={{ left: `${bar.left}%`, ...(bar.kind === 'skipped' ? {} : { width: `${bar.width}%` }) }}
    />
  );
}

/** How many turns ended when: the higher, the more; those that failed stand below the line. */
function Density({ scale, spread }: { readonly scale: TimeScale; readonly spread: NonNullable<LoopTurns['spread']> }) {
  const most = Math.max(1, ...spread.ended);
  const mostFailed = Math.max(1, ...spread.failed);
  const partMs = (spread.untilAt - spread.fromAt) / spread.ended.length;
  return (
    <>
      {spread.ended.map((count, at) => {
        const failed = spread.failed[at] ?? 0;
        const left = percentOf(scale, spread.fromAt + partMs * at);
        const width = percentOf(scale, spread.fromAt + partMs * (at + 1)) - left;
        if (width <= 0 || count === 0) return null;
        const place = { left: `${left}%`, width: `${width}%` };
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of the time keep their places
          <Fragment key={at}>
            {count === failed ? null : (
              <i className="dens f-success" style={{ ...place, height: `${10 + (35 * (count - failed)) / most}%` }} />
            )}
            {failed === 0 ? null : (
              <i className="dens below f-failed" style={{ ...place, height: `${14 + (20 * failed) / mostFailed}%` }} />
            )}
          </Fragment>
        );
      })}
    </>
  );
}

/** Where the step would stand by earlier runs: an outline, never a colour of what happened. */
function Ghost({ scale, span }: { readonly scale: TimeScale; readonly span: Span }) {
  const left = percentOf(scale, span.fromAt);
  return (
    <i className="bar expected" style={{ left: `${left}%`, width: `${percentOf(scale, span.untilAt) - left}%` }} />
  );
}

interface LaneNoteProps {
  readonly node: StepNode;
  readonly bars: readonly Bar[];
  readonly nowAt: number;
}

/** What cannot be seen from a bar: doubt, and when it is tried again. Left of the bars where there is no room behind them. */
function LaneNote({ node, bars, nowAt }: LaneNoteProps) {
  const { t } = useTranslation('run');
  const retryAt = node.state?.retryAt ?? null;
  const end = bars.reduce((max, bar) => Math.max(max, bar.left + bar.width), 0);
  const start = bars[0]?.left ?? end;
  const isDoubt = node.status === 'in_doubt';
  const isLate = end > 70;
  const says = isDoubt || retryAt !== null || node.status === 'waiting';
  if (!isLeaf(node) || !says || (isLate && start < 30)) return null;
  const inMs = retryAt === null ? 0 : retryAt - nowAt;
  const dueAt = node.kind === 'wait' ? (node.state?.dueAt ?? null) : null;
  const awaits = node.state?.awaits ?? null;
  const rests =
    node.kind === 'approval'
      ? t('steps.waitsForYou')
      : awaits !== null
        ? t('steps.waitsForEvent', { path: awaits })
        : dueAt === null
          ? t('steps.waits')
          : t('steps.until', { time: formatMoment(dueAt, nowAt) });
  const waits = inMs > 0 ? t('steps.again', { duration: formatDuration(Math.ceil(inMs / 1000) * 1000) }) : rests;
  return (
    <b
      className={classNames('bar-mark', isDoubt ? 'st-in-doubt' : 'st-waiting', isLate && 'left')}
      style={{ left: `${isLate ? start : end}%` }}
    >
      {isDoubt ? <Icon of={CircleQuestionMark} /> : null}
      {isDoubt ? t('steps.decide') : waits}
    </b>
  );
}
