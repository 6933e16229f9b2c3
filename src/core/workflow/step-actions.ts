import type { Json, JsonMap } from '../../shared/json.ts';
import type { InputDefinition, Spellings, Step, Workflow } from '../../shared/model/workflow.ts';
import { isTemplatedAction } from './action-name.ts';
import { analyzeText, renderText, scopeOf } from './expressions/index.ts';

/** Most names that one templated action is expanded to. */
const MAX_EXPANSION = 64;

/** Every step, nested ones too, depth first in file order. */
export function allSteps(workflow: Workflow): readonly Step[] {
  return flattenSteps(workflow.steps);
}

function flattenSteps(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => [step, ...step.groups.flatMap((group) => flattenSteps(group.steps))]);
}

/** One action that a step may run: its own, its fallback or what undoes it. */
export interface StepAction {
  readonly action: string;
  readonly inputs: JsonMap;
  readonly spellings?: Spellings | undefined;
  readonly use: 'action' | 'fallback' | 'compensate';
}

/** The actions of one step, without its nested steps. */
export function actionsOf(step: Step): readonly StepAction[] {
  const actions: StepAction[] = [];
  if (step.kind === 'action' && step.action !== undefined && step.action !== '') {
    actions.push({ action: step.action, inputs: step.inputs, spellings: step.spellings, use: 'action' });
  }
  if (step.fallback !== undefined) actions.push({ ...step.fallback, use: 'fallback' });
  const undo: Json = step.compensate ?? null;
  for (const [at, item] of (Array.isArray(undo) ? undo : [undo]).entries()) {
    const action = readAction(item);
    if (action !== undefined) actions.push({ ...action, spellings: step.compensateSpellings?.[at] ?? undefined });
  }
  return actions;
}

function readAction(value: Json): StepAction | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { action, inputs } = value as JsonMap;
  if (typeof action !== 'string' || action === '') return undefined;
  const isMap = typeof inputs === 'object' && inputs !== null && !Array.isArray(inputs);
  return { action, inputs: isMap ? (inputs as JsonMap) : {}, use: 'compensate' };
}

/**
 * The names that an action may have: itself, or for a templated one every value of the inputs' enums, else their
 * defaults (SPEC §1.10). Undefined when only a run can tell.
 */
export function expandAction(action: string, inputs: readonly InputDefinition[]): readonly string[] | undefined {
  if (!isTemplatedAction(action)) return [action];
  const analysis = analyzeText(action, 'template');
  if (analysis.problems.length > 0 || analysis.references.length === 0) return undefined;
  let scopes: readonly JsonMap[] = [{}];
  for (const name of new Set(
    analysis.references.map((reference) => (reference.root === 'inputs' ? reference.path[0] : undefined)),
  )) {
    const definition = inputs.find((input) => input.name === name);
    const values = definition?.enum ?? (definition?.default === undefined ? undefined : [definition.default]);
    if (name === undefined || values === undefined) return undefined;
    scopes = scopes.flatMap((scope) => values.map((value) => ({ ...scope, [name]: value })));
    if (scopes.length > MAX_EXPANSION) return undefined;
  }
  return renderNames(action, scopes);
}

/** The name that an action has for these inputs; undefined when it depends on anything else. */
export function renderAction(action: string, inputs: JsonMap): string | undefined {
  if (!isTemplatedAction(action)) return action;
  const { problems, references } = analyzeText(action, 'template');
  if (problems.length > 0 || references.some(({ root }) => root !== 'inputs')) return undefined;
  return renderNames(action, [inputs])?.[0];
}

/** A name follows from the inputs alone. */
const NO_TIME = { now: 0 };

function renderNames(action: string, scopes: readonly JsonMap[]): readonly string[] | undefined {
  const names = new Set<string>();
  for (const inputs of scopes) {
    try {
      names.add(renderText(action, scopeOf({ inputs }), NO_TIME).text.trim());
    } catch {
      return undefined;
    }
  }
  return [...names].some((name) => isTemplatedAction(name)) ? undefined : [...names];
}
