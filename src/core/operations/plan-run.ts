import type { RunPlan } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { Step } from '../../shared/model/workflow.ts';
import { planWorkflow, type RunnableVersion } from '../engine/index.ts';
import type { Tool } from '../tools/index.ts';
import { analyzeText, evaluateCondition, requiredTools, type Scope, scopeOf, splitAction } from '../workflow/index.ts';

type PlannedRow = RunPlan['plan'][number];

/** `run --dry-run`: what would happen, without any effect; conditions as far as the inputs decide them (SPEC §13). */
export function planRun(
  version: RunnableVersion,
  builtIns: Tool,
  known: { readonly inputs: JsonMap; readonly averageMs: number | null; readonly now: number },
): RunPlan {
  const { inputs, averageMs, now } = known;
  const { workflow } = version;
  const scope = scopeOf({ inputs });
  return {
    dry_run: true,
    workflow: { id: workflow.id, name: workflow.name, steps: planWorkflow(workflow).steps.length },
    required_tools: requiredTools(workflow).tools,
    plan: planWorkflow(workflow).steps.map(({ step }) => planStep(step, { version, builtIns, scope, now })),
    estimate: {
      duration_seconds: averageMs === null ? null : averageMs / 1000,
      cost: mayAskAgent(workflow.steps) ? null : 0,
    },
  };
}

/** What an agent will ask, and so what it costs, nobody knows before. */
const mayAskAgent = (steps: readonly Step[]): boolean =>
  steps.some(({ action = '', groups }) => {
    const { tool } = splitAction(action);
    return tool === 'agent' || tool.includes('{') || groups.some((group) => mayAskAgent(group.steps));
  });

interface PlanContext {
  readonly version: RunnableVersion;
  readonly builtIns: Tool;
  readonly scope: Scope;
  /** UTC ms. */
  readonly now: number;
}

function planStep(step: Step, context: PlanContext): PlannedRow {
  return {
    step_id: step.id,
    name: step.name,
    action: step.action ?? step.kind,
    condition: step.enabled ? conditionState(step, context) : 'unmet',
    effect: effectOf(step, context),
    inputs: step.inputs as Json,
  };
}

/** A condition that reads only inputs is known before the run; any other is not. */
function conditionState(step: Step, { scope, now }: PlanContext): PlannedRow['condition'] {
  if (step.conditions.length === 0) return 'none';
  let state: PlannedRow['condition'] = 'met';
  for (const condition of step.conditions) {
    const isKnown =
      typeof condition === 'boolean' ||
      analyzeText(condition, 'condition').references.every((one) => one.root === 'inputs');
    if (!isKnown) {
      state = 'unknown';
      continue;
    }
    try {
      if (!evaluateCondition(condition, scope, { now }).value) return 'unmet';
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      state = 'unknown';
    }
  }
  return state;
}

function effectOf(step: Step, { version, builtIns }: PlanContext): PlannedRow['effect'] {
  if (step.action === undefined || step.action.includes('{')) return 'unknown';
  const { tool: name, operation } = splitAction(step.action);
  const tool = name === 'workflow' ? builtIns : version.tools.get(name);
  try {
    const effect = tool?.traits(operation).effect ?? 'unknown';
    return effect === 'effect' && step.idempotent === true ? 'idempotent' : effect;
  } catch (error) {
    if (error instanceof AppError) return 'unknown';
    throw error;
  }
}
