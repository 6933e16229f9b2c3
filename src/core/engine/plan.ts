import type { Json } from '../../shared/json.ts';
import type { Condition, Step, Workflow } from '../../shared/model/workflow.ts';
import { analyzeText } from '../workflow/index.ts';
import type { PlannedStep } from './ports.ts';

/** A version's steps in order, with what the engine asks of them again and again. */
export interface RunPlanning {
  readonly steps: readonly PlannedStep[];
  /** Step path -> names that its inputs read without a guard (SPEC §3.2: an upstream failure skips it). */
  neededNames(path: string): readonly string[];
}

const planned = new WeakMap<Workflow, RunPlanning>();

/** The plan of a workflow, made once. Top-level steps run in file order; the path of a top-level step is its id. */
export function planWorkflow(workflow: Workflow): RunPlanning {
  const known = planned.get(workflow);
  if (known !== undefined) return known;
  const steps = workflow.steps.map((step, index) => ({ step, path: step.id, index }));
  const byPath = new Map(steps.map((one) => [one.path, one]));
  const needed = new Map<string, readonly string[]>();
  const plan: RunPlanning = {
    steps,
    neededNames: (path) => {
      let names = needed.get(path);
      if (names === undefined) {
        const one = byPath.get(path);
        names = one === undefined ? [] : unguardedNames([one.step.inputs, one.step.action ?? null]);
        needed.set(path, names);
      }
      return names;
    },
  };
  planned.set(workflow, plan);
  return plan;
}

const fieldsWanted = new WeakMap<Step, readonly string[]>();

/** Fields of a step's output variable that later steps read: the inferred schema of SPEC §4.2. Empty when it is used as a whole. */
export function wantedFields(workflow: Workflow, step: Step): readonly string[] {
  const known = fieldsWanted.get(step);
  if (known !== undefined) return known;
  const fields = new Set<string>();
  const { outputVariable } = step;
  const later = workflow.steps.slice(workflow.steps.indexOf(step) + 1);
  if (outputVariable !== undefined && workflow.steps.includes(step)) {
    for (const one of later) {
      const texts: Json = [one.inputs, one.action ?? null, one.outputFile ?? null, one.fallback?.inputs ?? null];
      for (const path of readPaths(texts, 'template', outputVariable)) fields.add(path);
      for (const condition of one.conditions)
        for (const path of readPaths(condition, 'condition', outputVariable)) fields.add(path);
    }
    for (const condition of workflow.successConditions)
      for (const path of readPaths(condition, 'condition', outputVariable)) fields.add(path);
  }
  const found = [...fields];
  fieldsWanted.set(step, found);
  return found;
}

function readPaths(value: Json, mode: 'template' | 'condition', root: string): readonly string[] {
  if (typeof value === 'string') {
    if (mode === 'template' && !value.includes('{')) return [];
    const own = analyzeText(value, mode).references.filter((one) => one.root === root);
    return own.map((one) => one.path[0]).filter((field) => field !== undefined);
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap((one: Json) => readPaths(one, mode, root));
}

function unguardedNames(value: Json): readonly string[] {
  const names = new Set<string>();
  const visit = (part: Json): void => {
    if (typeof part === 'string') {
      if (!part.includes('{')) return;
      for (const reference of analyzeText(part, 'template').references)
        if (!reference.guarded) names.add(reference.root);
    } else if (Array.isArray(part)) for (const one of part) visit(one);
    else if (part !== null && typeof part === 'object') for (const one of Object.values(part)) visit(one);
  };
  visit(value);
  return [...names];
}

/** A condition as one line of text. */
export const conditionText = (condition: Condition): string =>
  typeof condition === 'string' ? condition : String(condition);
