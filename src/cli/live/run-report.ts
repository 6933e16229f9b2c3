import type { RunView } from '../../shared/contract/index.ts';
import type { RunResult, RunSummary, TurnWait } from '../../shared/model/run.ts';
import type { CliContext } from '../context.ts';
import { conditionLines } from '../text/condition-text.ts';
import { costText } from '../text/cost-text.ts';
import { oneLine, plainText } from '../text/plain-text.ts';
import { rollbackLines } from '../text/rollback-text.ts';
import { shownStatus, statusText } from '../text/status-text.ts';
import { durationText } from '../text/time-text.ts';

/** What `run --json` prints (SPEC §13). */
export type RunReport = Readonly<Record<string, unknown>>;

/** The outcome of a run for `run`: the shape of a success, or that of a failure. */
export function runReport(view: RunView, result: RunResult, allowPartial: boolean): RunReport {
  const { run } = view;
  const isSuccess =
    run.status === 'completed' && (run.outcome === 'success' || (run.outcome === 'partial' && allowPartial));
  const steps = { steps_succeeded: result.steps_succeeded, steps_total: run.stepsTotal };
  if (isSuccess) {
    return {
      success: true,
      run_id: run.runId,
      status: run.status,
      outcome: run.outcome,
      outputs: view.outputs,
      duration_seconds: result.duration_seconds,
      ...steps,
      cost: result.cost,
      ...(result.unpriced_requests === undefined ? {} : { unpriced_requests: result.unpriced_requests }),
    };
  }
  const suggestion = suggestionFor(run);
  return {
    success: false,
    error: failureText(run),
    ...(run.error === null ? {} : { code: run.error.code }),
    ...(suggestion === null ? {} : { suggestion }),
    ...(run.error?.details === undefined ? {} : { details: run.error.details }),
    run_id: run.runId,
    status: run.status,
    ...(result.interrupted === undefined ? {} : { interrupted: result.interrupted }),
    outcome: run.outcome,
    ...steps,
  };
}

/** Of a run that nobody drives although its status says that it goes on. */
export const INTERRUPTED = 'The program that drove this run has ended before it';
export const resumeTip = (runId: string): string => `Go on with 'aiworkflow runs resume ${runId}'.`;

const WAITING = {
  approval: 'The run waits for a decision: somebody has to approve',
  child: 'The run waits for another one that it has started, and that needs a person',
  queue: 'The run waits for its turn',
  event: 'The run waits for what comes at the webhook',
  time: 'The run is waiting',
} as const;

/** Why a run waits for its turn, in words. */
export function turnText(turn: TurnWait): string {
  switch (turn.kind) {
    case 'alone':
      return 'another run of the workflow is not over, and they run one after the other';
    case 'lanes':
      return `${turn.busy} of ${turn.of} runs of the project are at work (workflows.max_concurrent)`;
    case 'workflow':
      return `${turn.busy} of ${turn.of} runs of the workflow are at work (workflows.limits)`;
    case 'tag':
      return `${turn.busy} of ${turn.of} runs with tag ${turn.tag} are at work (workflows.limits)`;
  }
}

/** Why a run is no success, in one sentence. */
export function failureText(run: RunSummary): string {
  if (run.error !== null) return run.error.message;
  if (run.status === 'cancelled') return 'The run was cancelled';
  if (run.status === 'in_doubt') return 'The run waits for a decision: nobody knows how a step ended';
  if (run.status === 'paused') return 'The run is paused';
  if (run.status === 'waiting')
    return run.waitsFor === 'event' ? `${WAITING.event} ${run.hears}` : WAITING[run.waitsFor ?? 'time'];
  if (run.status === 'running' || run.status === 'pending') return INTERRUPTED;
  if (run.outcome === 'partial')
    return run.stepsFailed === 0
      ? 'The run completed in part: items or branches inside a step failed'
      : `The run completed in part: ${run.stepsFailed} of ${run.stepsTotal} steps failed`;
  return 'The run failed';
}

function suggestionFor(run: RunSummary): string | null {
  if (run.status === 'in_doubt' || run.rollback === 'in_doubt')
    return `Decide with 'aiworkflow runs resolve ${run.runId} --step STEP --as completed|failed|rerun'.`;
  if (run.waitsFor === 'approval' || run.waitsFor === 'child')
    return "See 'aiworkflow approvals list', then 'aiworkflow approvals approve ID' or 'aiworkflow approvals reject ID --reason TEXT'.";
  if (run.waitsFor === 'event')
    return "It goes on when that comes while the app is open, or 'aiworkflow webhook start' runs: what came is in 'aiworkflow webhook deliveries'.";
  if (['paused', 'running', 'pending'].includes(run.status)) return resumeTip(run.runId);
  if (run.error?.hint !== undefined) return run.error.hint;
  if (run.rollback !== undefined) return `Do it once more with 'aiworkflow runs retry ${run.runId}'.`;
  if (run.status === 'failed')
    return `See 'aiworkflow runs log ${run.runId}'; go on with 'aiworkflow runs resume ${run.runId}'.`;
  return run.outcome === 'partial' ? `See 'aiworkflow runs show ${run.runId}'; --allow-partial accepts this.` : null;
}

/** The same for people. */
export function runReportText(view: RunView, result: RunResult, { colors }: Pick<CliContext, 'colors'>): string {
  const { run } = view;
  const paint = colors.out;
  const took = result.duration_seconds === null ? '' : paint.dim(` in ${durationText(result.duration_seconds * 1000)}`);
  const lines = [
    `${statusText(shownStatus(result), paint)}${took}  ${run.stepsSucceeded}/${run.stepsTotal} steps  ${spentText(run, paint)}${paint.dim(run.runId)}`,
    ...Object.entries(view.outputs).map(([name, value]) => `  ${oneLine(name)}: ${valueText(value)}`),
    ...conditionLines(result.success_conditions, paint),
    ...result.warnings.map((warning) => `${paint.yellow('Warning:')} ${oneLine(warning)}`),
    ...rollbackLines(view.rollback, paint),
  ];
  const isGood = run.status === 'completed' && run.outcome === 'success';
  if (!isGood) lines.push(`${paint.red('Error:')} ${plainText(failureText(run))}`);
  const suggestion = isGood ? null : suggestionFor(run);
  if (suggestion !== null) lines.push(`${paint.cyan('Tip:')} ${suggestion}`);
  if (run.error !== null) lines.push(paint.dim(`Code: ${codesOf(run.error)}`));
  return lines.join('\n');
}

/** What it cost, before what comes next on the line; nothing where no model was called. */
export function spentText({ cost }: RunSummary, paint: CliContext['colors']['out']): string {
  if (cost.calls === 0) return '';
  const text = costText(cost);
  return `${cost.unpricedCalls === 0 ? text : paint.yellow(text)}  `;
}

/** `step.failed (tool.timed_out)`: the run's code and that of what failed in it. */
function codesOf({ code, details }: NonNullable<RunSummary['error']>): string {
  return typeof details?.code === 'string' ? `${code} (${details.code})` : code;
}

const valueText = (value: unknown): string =>
  plainText(typeof value === 'string' ? value : JSON.stringify(value, null, 2)).replaceAll('\n', '\n    ');
