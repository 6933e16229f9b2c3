import type { InputOf, OutputOf, RunView } from '../../shared/contract/index.ts';
import {
  RUN_STATUSES,
  type RunResult,
  type RunSummary,
  type StepResult,
  type StepStatus,
} from '../../shared/model/run.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { INTERRUPTED, resumeTip, spentText, turnText } from '../live/run-report.ts';
import { print } from '../print.ts';
import { conditionLines } from '../text/condition-text.ts';
import { oneLine } from '../text/plain-text.ts';
import { rollbackLines } from '../text/rollback-text.ts';
import { shownStatus, statusText } from '../text/status-text.ts';
import { type GivingColumn, table } from '../text/table.ts';
import { durationText, isoTime, localTime } from '../text/time-text.ts';
import { choiceOption, integerOption, runIdArgument, sinceOption } from '../values/option-values.ts';

interface ListFlags {
  readonly workflow?: string;
  readonly status?: readonly string[];
  readonly since?: string;
  readonly limit: string;
}

const MAX_PAGE = 1000;

/** `runs list`. */
export async function listRuns(context: CliContext, flags: ListFlags): Promise<ExitCode> {
  const filter = await listFilter(flags);
  const limit = integerOption('--limit', flags.limit, { min: 1, max: 100_000 });
  const runs = await withClient(context, async (client) => {
    const found: ListedRun[] = [];
    let cursor: string | null = null;
    do {
      const page: OutputOf<'runs.list'> = await client.call('runs.list', {
        ...filter,
        limit: Math.min(MAX_PAGE, limit - found.length),
        ...(cursor === null ? {} : { cursor }),
      });
      found.push(...page.runs.map((run) => ({ ...run, interrupted: page.interrupted.includes(run.runId) })));
      cursor = page.nextCursor;
    } while (cursor !== null && found.length < limit);
    return found;
  });
  const isFiltered = flags.workflow !== undefined || flags.status !== undefined || flags.since !== undefined;
  print(context, { runs: runs.map(summaryJson), count: runs.length }, () => listText(runs, isFiltered, context));
  return EXIT.ok;
}

async function listFilter(flags: ListFlags): Promise<Omit<InputOf<'runs.list'>, 'limit' | 'cursor'>> {
  const words = (flags.status ?? []).flatMap((text) => text.split(',')).filter((text) => text !== '');
  return {
    ...(flags.workflow === undefined ? {} : { workflow: flags.workflow }),
    ...(words.length === 0 ? {} : { status: words.map((text) => choiceOption('--status', text, RUN_STATUSES)) }),
    ...(flags.since === undefined ? {} : { since: await sinceOption(flags.since, Date.now()) }),
  };
}

/** A run of the list; `interrupted` = nobody drives it, whatever its status says. */
type ListedRun = RunSummary & { readonly interrupted: boolean };

/** A row of the list in the words of SPEC §3.3. */
function summaryJson(run: ListedRun): Readonly<Record<string, unknown>> {
  return {
    run_id: run.runId,
    workflow_id: run.workflowId,
    workflow_name: run.workflowName,
    version_hash: run.versionHash,
    status: run.status,
    ...(run.interrupted ? { interrupted: true } : {}),
    outcome: run.outcome,
    trigger: run.trigger,
    agent_name: run.agent,
    created_at: isoTime(run.createdAt),
    started_at: isoTime(run.startedAt),
    completed_at: isoTime(run.completedAt),
    duration_seconds: run.completedAt === null ? null : run.workedMs / 1000,
    steps_total: run.stepsTotal,
    steps_succeeded: run.stepsSucceeded,
    steps_failed: run.stepsFailed,
    steps_skipped: run.stepsSkipped,
    error: run.error,
    parent_run_id: run.parentRunId,
    linked_run_id: run.linkedRunId,
  };
}

/** In 80 columns: first the name gives way, which the id begins with too, then the beginning of the id. */
const GIVING: readonly GivingColumn[] = [
  { column: 1, least: 10 },
  { column: 0, least: 18, keepsEnd: true },
  { column: 4, least: 10 },
];

function listText(runs: readonly ListedRun[], isFiltered: boolean, { colors, terminal }: CliContext): string {
  if (runs.length === 0 && isFiltered) return "No run is like that. Look at all of them with 'aiworkflow runs list'.";
  if (runs.length === 0) return "No runs found. Start one with 'aiworkflow run WORKFLOW'.";
  // Colours come after the columns are measured: an escape sequence has no width.
  const rows = runs.map((run) => [
    run.runId,
    run.workflowName,
    statusText(shownStatus(run), { ...colors.out, ...PLAIN }),
    `${run.stepsSucceeded}/${run.stepsTotal}`,
    localTime(run.createdAt).slice(0, TO_THE_MINUTE),
    run.completedAt === null ? '' : durationText(run.workedMs),
  ]);
  const rest = runs.some((run) => run.interrupted)
    ? `\nInterrupted: the program that drove the run has ended before it. ${resumeTip('RUN')}\n`
    : '';
  const fit = { width: terminal.outWidth, giving: GIVING };
  return `${table(['RUN', 'WORKFLOW', 'STATUS', 'STEPS', 'STARTED', 'TOOK'], rows, fit)}${rest}`;
}

const TO_THE_MINUTE = '2026-01-22 09:00'.length;
const same = (text: string | number | null | undefined): string => String(text ?? '');
const PLAIN = { red: same, green: same, yellow: same, cyan: same, magenta: same, dim: same };

/** `runs show RUN`. */
export async function showRun(context: CliContext, run: string): Promise<ExitCode> {
  const runId = runIdArgument(run);
  const { result, view } = await withClient(context, async (client) => ({
    view: await client.call('runs.get', { runId }),
    result: await client.call('runs.result', { runId }),
  }));
  const { turn } = view;
  const why = turn === undefined ? {} : { waits: { ...turn, text: turnText(turn) } };
  print(context, { ...result, ...why }, () => resultText(view, result, context));
  return EXIT.ok;
}

function resultText({ run, steps, rollback, turn }: RunView, result: RunResult, { colors }: CliContext): string {
  const states = new Map(steps.map((step) => [step.path, step]));
  const paint = colors.out;
  const took = run.completedAt === null ? '' : ` in ${durationText(run.workedMs)}`;
  const lines = [
    `${statusText(shownStatus(result), paint)}${took}  ${oneLine(run.workflowName)}  ${spentText(run, paint)}${paint.dim(run.runId)}`,
    ...result.step_results.flatMap((step) => [
      `  ${stepText(step, { status: shownStep(step, result), took: durationOrNone(step.duration_seconds), name: states.get(step.path)?.name ?? '' }, paint)}`,
      ...stepWarnings(step).map((warning) => `      ${paint.yellow('Warning:')} ${oneLine(warning)}`),
    ]),
    ...(turn === undefined ? [] : [`  ${paint.yellow('Waits:')} ${turnText(turn)}.`]),
    ...conditionLines(result.success_conditions, paint),
    ...rollbackLines(rollback, paint).map((line) => `  ${line}`),
    ...result.warnings.map((warning) => `${paint.yellow('Warning:')} ${oneLine(warning)}`),
    ...(result.error === null ? [] : [`${paint.red('Error:')} ${oneLine(result.error.message)}`]),
    ...(result.interrupted === true
      ? [`${paint.red('Error:')} ${INTERRUPTED}`, `${paint.cyan('Tip:')} ${resumeTip(run.runId)}`]
      : []),
    ...(result.error?.hint === undefined ? [] : [`${paint.cyan('Tip:')} ${oneLine(result.error.hint)}`]),
  ];
  return lines.join('\n');
}

/** What the step did otherwise than it was asked, or the author should know (SPEC §3.3 `metadata.warnings`). */
const stepWarnings = ({ metadata: { warnings } }: StepResult): readonly string[] =>
  Array.isArray(warnings) ? warnings.filter((one) => typeof one === 'string') : [];

/** `not_begun`: its run has ended before it. */
type ShownStep = StepStatus | 'interrupted' | 'not_begun';

/** A step that had begun when its run was interrupted is not running either, as far as anybody knows. */
const shownStep = ({ status }: StepResult, run: RunResult): ShownStep => {
  if (status === 'running' && run.interrupted === true) return 'interrupted';
  return status === 'pending' && run.completed_at !== null ? 'not_begun' : status;
};

const durationOrNone = (seconds: number | null): string => (seconds === null ? '' : durationText(seconds * 1000));

function stepText(
  step: StepResult,
  { status, name, took }: { readonly status: ShownStep; readonly name: string; readonly took: string },
  paint: CliContext['colors']['out'],
): string {
  const error = step.error === null ? '' : paint.red(oneLine(step.error.message));
  return [statusText(status, paint), step.path, oneLine(name), took === '' ? '' : paint.dim(took), error]
    .filter((part) => part !== '')
    .join('  ');
}
