import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { PartlyKnown, PlannedReach, PlannedRow } from '../../shared/model/plan.ts';
import type { Condition, Step } from '../../shared/model/workflow.ts';
import { effectClassOf, resolveAction } from '../engine/index.ts';
import { requireLimits } from '../tool-port/index.ts';
import { evaluateCondition, spellInputs } from '../workflow/index.ts';
import type { PlanNames } from './plan-names.ts';
import type { PlanPorts, PlanSubject } from './plan-subject.ts';
import { conditionKnown, renderKnown, renderKnownAgentInputs, renderKnownInputs } from './render-known.ts';

/** Where a step is planned. */
export interface PlanPlace {
  readonly path: string;
  readonly depth: number;
  readonly group: string | null;
  readonly names: PlanNames;
  readonly reached: PlannedReach;
}

/** What a row says of the step's own work. */
type RowWork = Pick<PlannedRow, 'action' | 'effect' | 'inputs' | 'unknown' | 'agent' | 'problem'>;

/** Whether the step's conditions hold, as far as the inputs decide it. */
export function conditionOf(step: Step, names: PlanNames): PlannedRow['condition'] {
  if (!step.enabled) return 'unmet';
  if (step.conditions.length === 0) return 'none';
  const states = step.conditions.map((one) => stateOf(one, names));
  return states.find((one) => one === 'unmet') ?? states.find((one) => one === 'unknown') ?? 'met';
}

function stateOf(condition: Condition, names: PlanNames): 'met' | 'unmet' | 'unknown' {
  if (!conditionKnown(condition, names)) return 'unknown';
  try {
    return evaluateCondition(condition, names.scope(), { now: 0 }).value ? 'met' : 'unmet';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return 'unknown';
  }
}

/** Whether it is reached, its own condition with it. */
export const reachedOf = (around: PlannedReach, condition: PlannedRow['condition']): PlannedReach => {
  if (around === 'no' || condition === 'unmet') return 'no';
  return around === 'yes' && condition !== 'unknown' ? 'yes' : 'maybe';
};

/** What an action step would do; what it would fail with is said, not thrown. */
export function actionWork(
  step: Step,
  names: PlanNames,
  { version }: PlanSubject,
  { tools, agentOf }: PlanPorts,
): RowWork {
  const none: RowWork = {
    action: step.action ?? step.kind,
    effect: 'unknown',
    inputs: step.inputs,
    unknown: [''],
    agent: null,
    problem: null,
  };
  let found = none;
  try {
    const action = renderKnown(step.action ?? '', names);
    if (action.unknown.length > 0) return { ...none, ...toRow(renderKnownInputs(step.inputs, names)) };
    const name = String(action.value).trim();
    found = { ...none, action: name };
    const { tool, operation } = resolveAction(name, version, tools);
    const isAgent = tool.category === 'agent';
    const agent = isAgent ? agentOf(step, version) : null;
    found = { ...found, agent, effect: effectClassOf(step, tool.traits(operation), isAgent) };
    const rendered =
      agent === null
        ? renderKnownInputs(step.inputs, names)
        : renderKnownAgentInputs(step.inputs, step.agentHints, { agent: agent.name, names });
    const inputs = spellInputs(tool, { operation, inputs: rendered.value, spellings: step.spellings });
    found = { ...found, ...toRow({ ...rendered, value: inputs }) };
    if (!isAgent) requireLimits(tool, operation, step.permissions);
    return isAgent && agent === null ? { ...found, problem: 'No agent adapter configured' } : found;
  } catch (error) {
    return { ...found, problem: sentenceOf(error) };
  }
}

/** What a step that does nothing by itself is given. */
export function plainWork(step: Step, names: PlanNames, written: JsonMap): RowWork {
  const work = { action: step.kind, effect: 'pure', agent: null, problem: null } as const;
  try {
    return { ...work, ...toRow(renderKnownInputs(written, names)) };
  } catch (error) {
    return { ...work, inputs: written, unknown: [''], problem: sentenceOf(error) };
  }
}

const toRow = ({ value, unknown }: PartlyKnown<JsonMap>): Pick<RowWork, 'inputs' | 'unknown'> => ({
  inputs: value,
  unknown,
});

/** What is wrong, in a sentence; everything else is a bug. */
export function sentenceOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  throw error;
}
