import { ChevronDown, RotateCcw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { plainText } from '../../../shared/ansi.ts';
import type { RunView } from '../../../shared/contract/index.ts';
import type { Json } from '../../../shared/json.ts';
import { act } from '../../client/act.ts';
import { classNames } from '../../ui/class-names.ts';
import { formatClockSeconds, formatCount, formatDuration, formatExact } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { ErrorNote, Note } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { Status } from '../../ui/status.tsx';
import { worded } from '../../ui/worded.ts';
import { RequestDecision, RequestPart, useStepRequest } from './approval-panel.tsx';
import { InDoubtPanel } from './in-doubt-panel.tsx';
import { LoopTools } from './loop-tools.tsx';
import { showFirstError, showReplay } from './run-store.ts';
import { StepAgentFacts, StepAgentLine } from './step-agent.tsx';
import { StepError } from './step-error.tsx';
import { outcomeOf } from './step-marks.tsx';
import { countsOf, stepWordKey } from './step-rows.ts';
import { isLeaf, type StepNode } from './step-tree.ts';
import { useStepDetail } from './use-step-detail.ts';
import { ChildRunFact, WaitFacts } from './waiting.tsx';
import { tookText, useRunNow } from './work-time.ts';

/** Other inputs may help once the run has failed, where it has some. */
const canReplay = ({ run, inputs }: RunView): boolean => run.status === 'failed' && Object.keys(inputs).length > 0;

interface StepPaneProps {
  readonly view: RunView;
  readonly node: StepNode;
}

/** All about one step: what it did, with what, how it ended, and what a person must decide. */
export function StepPane({ view, node }: StepPaneProps) {
  const { t } = useTranslation('run');
  const { runId } = view.run;
  const detail = useStepDetail(runId, node);
  const request = useStepRequest(runId, node);
  const { state } = node;
  const value = detail?.value ?? null;
  const place = node.group?.replace(':', ' ') ?? (node.ordinal === null ? null : t('step.place', { at: node.ordinal }));
  const action = value?.action ?? node.action;
  const neverBegun = node.status === 'pending' && view.run.completedAt !== null;
  return (
    <aside className="step-pane" aria-label={t('step.name', { name: node.name })}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a region without a heading of its own */}
      <div className="d-head" tabIndex={0} role="region" aria-label={t('step.facts')}>
        <div className="row items-start">
          <h2 className="grow">{node.name}</h2>
          <Status
            status={node.status}
            outcome={outcomeOf(node)}
            label={outcomeOf(node) === null ? t(stepWordKey(node.status, view.run.completedAt !== null)) : undefined}
          />
        </div>
        <p className="sm muted">
          {place}
          {place !== null && action !== null ? ' · ' : ''}
          {action === null ? null : <span className="mono">{action}</span>}
        </p>
        <StepFacts view={view} node={node} />
        {node.loop === null ? null : <LoopTools key={node.path} loop={node.loop} isWhile={node.kind === 'while'} />}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a region without a heading of its own */}
      <div className="scroll" tabIndex={0} role="region" aria-label={t('step.contents')}>
        {state?.agent == null ? null : <StepAgentLine view={view} state={state} />}
        {node.status === 'in_doubt' && state !== null ? (
          <div className="block">
            <InDoubtPanel
              {...{ runId, state, action }}
              plan={view.plan}
              isIdle={view.run.status === 'in_doubt' || view.run.rollback === 'in_doubt'}
            />
          </div>
        ) : null}
        {request === null ? null : <RequestPart request={request} />}
        {state?.error == null || node.status === 'in_doubt' ? null : (
          <div className="block">
            <StepError
              error={state.error}
              isOver={node.status === 'failed'}
              isRetrying={state.retryAt !== null}
              onFind={(value?.logLines ?? 0) > 0 ? () => void act(() => showFirstError(runId, node.path)) : undefined}
              onReplay={canReplay(view) ? () => showReplay(true) : undefined}
            />
          </div>
        )}
        {(state?.warnings ?? []).map((warning) => (
          <div className="block" key={`${warning.code}-${warning.message}`}>
            <Note tone="waiting" icon={TriangleAlert}>
              <Said text={warning.message} />
            </Note>
          </div>
        ))}
        {detail?.status === 'error' ? (
          <div className="block">
            <ErrorNote error={detail.error} />
          </div>
        ) : null}
        <Fold title={t('step.input')} count={value?.inputs == null ? null : Object.keys(value.inputs).length || null}>
          {value?.inputs == null ? (
            <p className="sm muted">
              {t(!isLeaf(node) ? 'step.noOwnInput' : neverBegun ? 'step.notBegun' : 'step.noInput')}
            </p>
          ) : (
            <Values value={value.inputs} label={t('step.input')} />
          )}
        </Fold>
        <Fold title={t('step.output')} count={null}>
          {hasOutput(node, value?.output ?? null) ? (
            <Values value={value?.output ?? null} label={t('step.output')} />
          ) : (
            <p className="sm muted">{t(neverBegun ? 'step.notBegun' : outputWord(node))}</p>
          )}
        </Fold>
      </div>
      {request === null ? null : <RequestDecision key={node.path} request={request} />}
    </aside>
  );
}

const hasOutput = (node: StepNode, output: Json): boolean =>
  output !== null || (node.state !== null && node.status === 'completed');
const outputWord = (node: StepNode): string =>
  node.completedAt === null && node.status !== 'skipped' && node.status !== 'in_doubt'
    ? 'step.outputLater'
    : 'step.noOutput';

function Values({ value, label }: { readonly value: Json; readonly label: string }) {
  const { t } = useTranslation('run');
  const isEmpty = value !== null && typeof value === 'object' && Object.keys(value).length === 0;
  return isEmpty ? <p className="sm muted">{t('step.empty')}</p> : <JsonView value={value} label={label} />;
}

function StepFacts({ view, node }: StepPaneProps) {
  const { t } = useTranslation('run');
  const { run } = view;
  const { state, startedAt } = node;
  const now = useRunNow(run);
  const counts = countsOf(node);
  const retryInMs = state?.retryAt == null ? null : state.retryAt - now;
  return (
    <dl className="kv sm">
      {state?.agent == null ? null : <StepAgentFacts runId={run.runId} state={state} />}
      {state !== null && state.attempt > 1 ? (
        <>
          <dt>{t('step.attempt')}</dt>
          <dd>
            {state.attempt} <span className="muted">{lastFailure(node)}</span>
          </dd>
        </>
      ) : null}
      <ChildRunFact node={node} />
      {startedAt === null ? null : (
        <>
          <dt>{t('step.started')}</dt>
          <dd title={formatExact(startedAt)}>{formatClockSeconds(startedAt)}</dd>
          <dt>{t('step.took')}</dt>
          <dd>{tookText(node, now, view.rests) ?? t('step.unknown')}</dd>
        </>
      )}
      {counts === null ? null : (
        <>
          <dt>{t('step.parts')}</dt>
          <dd>
            {t('step.partsOf', {
              done: formatCount(counts.done),
              total: formatCount(counts.total),
              failed: formatCount(counts.failed),
            })}
          </dd>
        </>
      )}
      {node.status === 'skipped' || state?.skipReason === 'carried' ? (
        <>
          <dt>{t('step.why')}</dt>
          <dd>{t(`skip.why.${state?.skipReason ?? 'unknown'}`)}</dd>
        </>
      ) : null}
      <WaitFacts view={view} node={node} />
      {retryInMs === null ? null : (
        <>
          <dt>{t('step.next')}</dt>
          <dd className="st-waiting strong">
            <Icon of={RotateCcw} small />{' '}
            {retryInMs > 0
              ? t('step.retryIn', { duration: formatDuration(Math.ceil(retryInMs / 1000) * 1000) })
              : t('step.retryNow')}
          </dd>
        </>
      )}
      {state?.cachedAt === undefined ? null : (
        <>
          <dt>{t('step.cached')}</dt>
          <dd>{t('step.cachedSince', { when: formatExact(state.cachedAt) })}</dd>
        </>
      )}
      {state?.undone === undefined ? null : (
        <>
          <dt>{t('step.undone')}</dt>
          <dd>{t(`undone.why.${state.undone.gap ?? state.undone.status}`)}</dd>
        </>
      )}
      {state?.fallbackUsed === true ? (
        <>
          <dt>{t('step.fallback')}</dt>
          <dd>{t('step.fallbackUsed')}</dd>
        </>
      ) : null}
    </dl>
  );
}

/** Why the attempt before this one failed, in the words of its error. */
function lastFailure(node: StepNode): string {
  if (node.state?.error != null) return '';
  const failures = node.state?.attempts.filter((each) => each.status === 'failed' && each.error !== null) ?? [];
  return worded(plainText(failures.at(-1)?.error?.message ?? ''));
}

interface FoldProps {
  readonly title: string;
  readonly count: number | null;
  readonly children: ReactNode;
}

/** A part of the pane that folds away. */
function Fold({ title, count, children }: FoldProps) {
  return (
    <details className={classNames('fold')} open>
      <summary>
        <Icon of={ChevronDown} small />
        <h3>{title}</h3>
        {count === null ? null : <span className="n">{count}</span>}
      </summary>
      <div className="in">{children}</div>
    </details>
  );
}
