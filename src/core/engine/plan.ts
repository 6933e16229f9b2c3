import type { Json } from '../../shared/json.ts';
import type { Condition, Step, Workflow } from '../../shared/model/workflow.ts';
import { analyzeText } from '../workflow/index.ts';
import type { PlannedStep } from './ports.ts';

/** A version's steps in order, with what the engine asks of them again and again. */
export interface RunPlanning {
  readonly steps: readonly PlannedStep[];
  /** Step path -> names that its inputs read without a guard (SPEC §3.2: an upstream failure skips it). */
  neededNames(path: string): readonly string[];
  /** Whether deciding about the step works anything out: a condition, or a text with braces. */
  isTemplated(path: string): boolean;
}

const planned = new WeakMap<Workflow, RunPlanning>();

/** The plan of a workflow, made once. Top-level steps run in file order; the path of a top-level step is its id. */
export function planWorkflow(workflow: Workflow): RunPlanning {
  const known = planned.get(workflow);
  if (known !== undefined) return known;
  const steps = workflow.steps.map((step, index) => ({ step, path: step.id, index }));
  const byPath = new Map(steps.map((one) => [one.path, one]));
  const needed = new Map<string, readonly string[]>();
  const templated = new Set(steps.filter(({ step }) => isTemplated(step)).map(({ path }) => path));
  const plan: RunPlanning = {
    steps,
    isTemplated: (path) => templated.has(path),
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

const isTemplated = ({ conditions, action, inputs, agentHints, fallback }: Step): boolean =>
  conditions.length > 0 ||
  holdsBrace([action ?? null, inputs, agentHints ?? null, fallback?.action ?? null, fallback?.inputs ?? null]);

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
