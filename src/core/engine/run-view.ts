import type { Availability, RunActions, RunView, StepDetail } from '../../shared/contract/index.ts';
import { fromE10 } from '../../shared/decimal.ts';
import { AppError } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { StepAgent } from '../../shared/model/agent.ts';
import type { Rest, RunResult, StepResult, StepState } from '../../shared/model/run.ts';
import { undoneBy } from '../../shared/model/undo.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import { isEndUnseen, stepWorkedMs } from '../../shared/step-time.ts';
import { outputsOf } from './finish.ts';
import { openRollback } from './fold-rollback.ts';
import { foldedAround, shownOf } from './loops.ts';
import { planWorkflow } from './plan.ts';
import { resultOfRollback, viewRollback } from './plan-rollback.ts';
import { pendingStepState, projectRun, projectStepState, stepAgent } from './projection.ts';
import { isRollingBack, stepsToUndo, wasRolledBack } from './rollbacks.ts';
import { isEnded, ROOT, type RunState, type StepRecord, timesTried } from './run-state.ts';
import { restsOf } from './worked-time.ts';

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
/**
 * Every top step of the version in order, started or not, each followed by what has begun inside of it, in the order of its beginning;
 * of folded loops only the counts. Without the version only what has begun.
 */
function shownSteps(state: RunState, workflow: Workflow | null): Pick<RunView, 'steps' | 'loops'> {
  const { steps: shown, loops } = shownOf(state, state.steps.values());
  if (workflow === null) return { steps: shown, loops };
  const inner = new Map<string, StepState[]>();
  for (const one of shown) {
    const top = one.path.slice(0, one.path.search(/[.[]|$/));
    const known = inner.get(top);
    if (known === undefined) inner.set(top, [one]);
    else if (one.path === top) known.unshift(one);
    else known.push(one);
  }
  const steps = planWorkflow(workflow).steps.flatMap(
    ({ step, path, index }) => inner.get(path) ?? [pendingStepState(step, path, index)],
  );
  return { steps, loops };
}

/** Of what is inside folded loops: the first step that a person has to look at, and what agents did. */
function aboutFolded(state: RunState): Pick<RunView, 'attention' | 'folded'> {
  let attention: string | null = null;
  let tokens = 0;
  const agents = new Set<string>();
  for (const record of state.steps.values()) {
    const needsLook = record.status === 'in_doubt' || (record.status === 'failed' && record.block === null);
    const agent = stepAgent(record);
    if ((agent === null && !(needsLook && attention === null)) || foldedAround(state, record) === null) continue;
    if (needsLook && (!record.isCall || (record.status === 'in_doubt' && undoneBy(record.path) !== null)))
      attention ??= record.path;
    if (agent === null) continue;
    agents.add(agent.agentUsed);
    tokens += agent.usage.inputTokens + agent.usage.outputTokens;
  }
  return { attention, folded: { agents: [...agents], tokens } };
}

/** It is answered from a recording from its begin to its end: it has nothing of its own to go on with. */
const isReplay = ({ created }: RunState): boolean => created.trigger.type === 'replay';

const yes: Availability = { enabled: true };
const no = (reason: string): Availability => ({ enabled: false, reason });

/**
 * Which buttons work now, and why the others do not. `isLive` = an engine drives the run at this moment, `isLeft` = nobody will, though it
 * could go on by itself.
 */
export function runActions(state: RunState, { isLive, isLeft }: Pick<ViewExtras, 'isLive' | 'isLeft'>): RunActions {
  const { status } = state;
  const hasEnded = isEnded(status);
  const isOpen = !hasEnded && (isLive || status !== 'running');
  return {
    cancel: hasEnded ? no('The run has ended.') : state.cancelRequested ? no('The run is being cancelled.') : yes,
    pause:
      status === 'waiting'
        ? yes
        : !isLive
          ? no('Only a running run can be paused.')
          : state.pauseRequested
            ? no('It pauses when the running step ends.')
            : yes,
    resume: isLive
      ? no('The run is running.')
      : hasEnded && isReplay(state)
        ? no('It is a replay.')
        : status === 'completed'
          ? no('The run has completed.')
          : hasEnded && isRollingBack(state)
            ? no('It is being rolled back.')
            : hasEnded && wasRolledBack(state)
              ? no('It was rolled back: retry it.')
              : status === 'in_doubt'
                ? no('Decide first.')
                : status === 'waiting' && !isLeft
                  ? no(state.waitsFor === 'approval' ? 'Decide first.' : 'It goes on by itself.')
                  : yes,
    retry: isReplay(state)
      ? no('It is a replay.')
      : isRollingBack(state)
        ? no('It is being rolled back.')
        : hasEnded || isOpen === false
          ? hasEnded
            ? yes
            : no('Resume the run instead.')
          : no('Not ended yet.'),
    rollback: rollbackAction(state, isLive),
    undo: !hasEnded ? no('Not ended yet.') : isRollingBack(state) ? no('It is being rolled back.') : yes,
    remove: hasEnded ? yes : no('Not ended yet.'),
  };
}

function rollbackAction(state: RunState, isLive: boolean): Availability {
  if (!isEnded(state.status)) return no('Not ended yet.');
  const open = openRollback(state, ROOT);
  if (open?.isInDoubt === true) return no('Decide first.');
  if (open !== null) return isLive ? no('It is being rolled back.') : yes;
  return stepsToUndo(state, { inside: null, behind: 0 }).length > 0 ? yes : no('Its steps left nothing to undo.');
}

function replayOf({ replay }: RunState['created']): Pick<RunView, 'replay'> {
  return replay === undefined ? {} : { replay: { name: replay.name, from: replay.from } };
}

/** What stands only in the version of a run cannot be begun without it. */
function withoutVersion(actions: RunActions): RunActions {
  const kept = (action: Availability): Availability =>
    action.enabled ? no('The version that it ran from cannot be read now.') : action;
  const { resume, retry, rollback } = actions;
  return { ...actions, resume: kept(resume), retry: kept(retry), rollback: kept(rollback) };
}

/** What only the caller knows about a run's surroundings. */
export interface ViewExtras {
  readonly position: number;
  readonly isLive: boolean;
  readonly isLeft: boolean;
  readonly average: RunView['average'];
  readonly needsPerson: boolean;
  readonly usualSteps: RunView['usualSteps'];
  readonly logLines: number;
  readonly conversationEntries: number;
  readonly eventCount: number;
}

/** The snapshot that the run screen opens with; `workflow` null = its version cannot be read now. */
export function viewRun(state: RunState, workflow: Workflow | null, extras: ViewExtras): RunView {
  const actions = runActions(state, extras);
  return {
    position: extras.position,
    run: projectRun(state),
    ...shownSteps(state, workflow),
    ...aboutFolded(state),
    rests: restsOf(state),
    plan: workflow === null ? [] : planWorkflow(workflow).steps.map(({ step }) => step),
    inputs: state.created.inputs,
    outputs: isEnded(state.status) ? state.outputs : outputsOf(state),
    successConditions: state.successConditions,
    warnings: state.warnings,
    average: extras.average,
    usualSteps: extras.usualSteps,
    outputDefinitions: workflow?.outputs ?? [],
    actions: workflow === null ? withoutVersion(actions) : actions,
    ...(workflow === null ? { isVersionAway: true as const } : {}),
    rollback: viewRollback(state),
    ...replayOf(state.created),
    needsPerson: extras.needsPerson,
    logLines: extras.logLines,
    conversationEntries: extras.conversationEntries,
    eventCount: extras.eventCount,
  };
}

/** One step with its values; `workflow` null = the version of the run cannot be read now. `step.not_found`. */
export function viewStep(
  state: RunState,
  workflow: Workflow | null,
  path: string,
  more: { readonly inputs: JsonMap | null; readonly action: string | null; readonly logLines: number },
): StepDetail {
  const record = state.steps.get(path);
  const plan = workflow === null ? null : planWorkflow(workflow);
  const planned = plan?.at(path);
  const top = plan?.steps.find((one) => one.path === path);
  const found =
    record !== undefined
      ? projectStepState(record)
      : top === undefined
        ? null
        : pendingStepState(top.step, path, top.index);
  if (found === null) {
    throw new AppError('step.not_found', `This run has no step '${path}'.`, {
      hint: 'Look at the run for the names of its steps.',
    });
  }
  const output = record?.output ?? null;
  return {
    state: found,
    action: planned?.step.action ?? more.action ?? planned?.step.kind ?? '',
    inputs: more.inputs,
    output,
    logLines: more.logLines,
  };
}

/** The ids of the top steps of the version, in order; without it those that have begun. A top step's path is its id. */
function topSteps(state: RunState, workflow: Workflow | null): readonly string[] {
  if (workflow !== null) return planWorkflow(workflow).steps.map(({ step }) => step.id);
  const begun = [...state.steps.values()].filter(({ path }) => !/[.[]/.test(path));
  return begun.sort((a, b) => a.index - b.index).map(({ path }) => path);
}

/** SPEC §3.3 "run result"; `workflow` null = the version of the run cannot be read now. */
export function resultOf(state: RunState, workflow: Workflow | null): RunResult {
  const rests = restsOf(state);
  const steps = topSteps(state, workflow).map((id) => stepResult(state, { path: id, id }, rests));
  const last = steps.findLast((one) => one.status === 'completed');
  return {
    run_id: state.runId,
    workflow_id: state.created.workflowId,
    version_hash: state.created.versionHash,
    agent_name: state.created.agent,
    status: state.status,
    outcome: state.outcome,
    step_results: steps,
    final_output: isEnded(state.status)
      ? Object.keys(state.outputs).length > 0
        ? state.outputs
        : (last?.output ?? null)
      : null,
    error: state.error,
    warnings: state.warnings,
    started_at: iso(state.startedAt),
    completed_at: iso(state.completedAt),
    duration_seconds: state.completedAt === null ? null : state.workedMs / 1000,
    steps_succeeded: state.succeeded,
    steps_failed: state.failed,
    steps_skipped: state.skipped,
    success_conditions: state.successConditions,
    cost: Number(fromE10(state.costE10)),
    failovers: state.failovers,
    ...rolledBack(state),
    parent_run_id: state.created.parentRunId,
  };
}

const rolledBack = (state: RunState): Pick<RunResult, 'rollback'> => {
  const rollback = resultOfRollback(state);
  return rollback === null ? {} : { rollback };
};

/** How long a step that has ended worked, as its screen says; null = nobody knows, or it did nothing. */
function workedSeconds(record: StepRecord | undefined, rests: readonly Rest[]): number | null {
  if (record === undefined || record.status === 'skipped' || record.completedAt === null) return null;
  const shown = projectStepState(record);
  const worked = isEndUnseen(shown) ? null : stepWorkedMs(shown, rests, record.completedAt);
  return worked === null ? null : worked / 1000;
}

function stepResult(
  state: RunState,
  { path, id: stepId }: { readonly path: string; readonly id: string },
  rests: readonly Rest[],
): StepResult {
  const record = state.steps.get(path);
  const metadata: Record<string, Json> = {};
  if (record?.fallbackUsed) metadata.fallback_used = true;
  if (record?.metadata != null) Object.assign(metadata, record.metadata);
  const agent = record === undefined ? null : stepAgent(record);
  if (agent !== null) Object.assign(metadata, agentMetadata(agent));
  if (record?.skipReason != null) metadata.skip_reason = record.skipReason;
  if (record !== undefined && record.warnings.length > 0) metadata.warnings = record.warnings.map((one) => one.message);
  const isSkipped = record?.status === 'skipped';
  return {
    step_id: stepId,
    path,
    status: record?.status ?? 'pending',
    output: record?.output ?? null,
    error: record?.error ?? null,
    started_at: isSkipped ? null : iso(record?.startedAt ?? null),
    completed_at: iso(record?.completedAt ?? null),
    duration_seconds: workedSeconds(record, rests),
    retries: record === undefined ? 0 : Math.max(0, timesTried(record) - 1),
    success: record?.status === 'completed' || record?.fallbackUsed === true,
    metadata,
  };
}

/** SPEC §3.3 `metadata` of an agent step. */
const agentMetadata = (agent: StepAgent): Record<string, Json> => ({
  agent_used: agent.agentUsed,
  agents_tried: agent.agentsTried,
  model: agent.model,
  usage: {
    input_tokens: agent.usage.inputTokens,
    output_tokens: agent.usage.outputTokens,
    cached_tokens: agent.usage.cachedTokens,
    reasoning_tokens: agent.usage.reasoningTokens,
    total_tokens: agent.usage.inputTokens + agent.usage.outputTokens,
    estimated: agent.usage.isEstimated,
  },
  cost: agent.calls > 0 && agent.unpricedCalls === agent.calls ? null : agent.cost,
  unpriced_calls: agent.unpricedCalls,
});
