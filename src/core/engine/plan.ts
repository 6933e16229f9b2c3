import type { Json } from '../../shared/json.ts';
import type { Condition, Step, Workflow } from '../../shared/model/workflow.ts';
import { analyzeText } from '../workflow/index.ts';
import { isBlock } from './kinds/index.ts';
import type { PlannedStep } from './ports.ts';
import type { FrameRecord } from './run-state.ts';

/** A version's steps as a tree, with what the engine asks of them again and again. Step ids are unique over the whole tree. */
export interface RunPlanning {
  /** The top steps in file order; the path of a top step is its id. */
  readonly steps: readonly PlannedStep[];
  /** True when the top steps start in the order of their `needs` (SPEC §3.2). */
  readonly hasNeeds: boolean;
  /** The step at a path of a run. */
  at(path: string): PlannedStep | undefined;
  /** The steps that a frame goes through. */
  stepsOf(frame: FrameRecord): readonly PlannedStep[];
  /** Ids of the steps whose end the top step waits for, by SPEC §3.2. */
  neededSteps(id: string): readonly string[];
  /** Names that the step's inputs read without a guard (SPEC §3.2: an upstream failure skips it). */
  neededNames(id: string): readonly string[];
  /** Whether deciding about the step works anything out: a block, a condition, or a text with braces. */
  isTemplated(id: string): boolean;
}

const planned = new WeakMap<Workflow, RunPlanning>();

/** The plan of a workflow, made once. */
export function planWorkflow(workflow: Workflow): RunPlanning {
  const known = planned.get(workflow);
  if (known !== undefined) return known;
  const byId = new Map<string, PlannedStep>();
  const groups = new Map<string, readonly PlannedStep[]>();
  const add = (step: Step): PlannedStep => {
    const one = { step, path: step.id, index: byId.size };
    byId.set(step.id, one);
    for (const group of step.groups) groups.set(`${step.id}:${group.name}`, group.steps.map(add));
    return one;
  };
  const steps = workflow.steps.map(add);
  const needed = new Map<string, readonly string[]>();
  const templated = new Set([...byId.values()].filter(({ step }) => isTemplated(step)).map(({ path }) => path));
  const plan: RunPlanning = {
    steps,
    hasNeeds: steps.some(({ step }) => step.needs !== undefined),
    at: (path) => byId.get(stepIdOf(path)),
    stepsOf: ({ block, group }) => (block === null ? steps : (groups.get(`${stepIdOf(block)}:${group}`) ?? [])),
    neededSteps: (id) => {
      const at = steps.findIndex(({ path }) => path === id);
      const above = steps[at - 1];
      return steps[at]?.step.needs ?? (above === undefined ? [] : [above.path]);
    },
    isTemplated: (id) => templated.has(id),
    neededNames: (id) => {
      let names = needed.get(id);
      if (names === undefined) {
        const one = byId.get(id);
        names = one === undefined ? [] : unguardedNames([one.step.inputs, one.step.action ?? null]);
        needed.set(id, names);
      }
      return names;
    },
  };
  planned.set(workflow, plan);
  return plan;
}

/** Last segment of a path without its iteration index. */
export const stepIdOf = (path: string): string => (path.split('.').at(-1) ?? path).replace(/\[\d+\]$/, '');

const isTemplated = (step: Step): boolean => {
  const { conditions, action, inputs, agentHints, fallback } = step;
  return (
    isBlock(step) ||
    conditions.length > 0 ||
    holdsBrace([action ?? null, inputs, agentHints ?? null, fallback?.action ?? null, fallback?.inputs ?? null])
  );
};

const holdsBrace = (value: Json): boolean =>
  typeof value === 'string'
    ? value.includes('{')
    : value !== null && typeof value === 'object' && Object.values(value).some(holdsBrace);

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
