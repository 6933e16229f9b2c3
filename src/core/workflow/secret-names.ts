import type { Json } from '../../shared/json.ts';
import type { Step, Workflow } from '../../shared/model/workflow.ts';
import { analyzeText } from './expressions/index.ts';
import { allSteps } from './step-actions.ts';

/** Names of the secrets that a workflow asks for, by name. */
export function secretNames(workflow: Workflow): readonly string[] {
  const names = allSteps(workflow).flatMap((step) => [...namesIn(inputsOf(step))]);
  const ofInputs = workflow.inputs.flatMap((input) => [...namesIn(input.default ?? null)]);
  return [...new Set([...names, ...ofInputs])].toSorted();
}

/** The places of a step in which secrets are put in: what is handed to a tool or an agent at its call (SPEC §2.2). */
export const inputsOf = (step: Step): Json => [step.inputs, step.fallback?.inputs ?? null];

/** Names after `secrets.` (or another root) in the templates of a value; `''` where a template says only `secrets`. */
export function namesIn(
  value: Json,
  mode: 'template' | 'condition' = 'template',
  root: 'secrets' | 'inputs' = 'secrets',
): ReadonlySet<string> {
  if (typeof value === 'string') {
    if (!value.includes(root)) return new Set();
    const found = analyzeText(value, mode).references.filter((reference) => reference.root === root);
    return new Set(found.map(({ path }) => path[0] ?? ''));
  }
  if (typeof value !== 'object' || value === null) return new Set();
  return new Set(Object.values(value).flatMap((item: Json) => [...namesIn(item, mode, root)]));
}
