import { canonicalJson, type Json } from '../../shared/json.ts';
import type { Step, Workflow } from '../../shared/model/workflow.ts';

/** Keys of a step that say nothing about what it does. */
const UNSAID: ReadonlySet<string> = new Set(['place', 'groups', 'id']);
const MOST_CHANGES = 20;
const LONGEST = 80;

/** What of two versions of a workflow is another one, step by step: `step_3: timeoutMs 30000, then 60000`; at most 20. */
export function workflowChanges(before: Workflow, after: Workflow): readonly string[] {
  const older = stepsOf(before.steps);
  const newer = stepsOf(after.steps);
  const gone = [...older.keys()].filter((id) => !newer.has(id)).map((id) => `${id}: is gone`);
  const changed = [...newer].flatMap(([id, step]) => {
    const earlier = older.get(id);
    return earlier === undefined ? [`${id}: is new`] : keyChanges(earlier, step).map((one) => `${id}: ${one}`);
  });
  const order = sameOrder([...older.keys()], [...newer.keys()]) ? [] : ['the steps stand in another order'];
  const inputs = keyChanges(byName(before), byName(after)).map((one) => `inputs: ${one}`);
  const execution = keyChanges(before.execution, after.execution).map((one) => `execution: ${one}`);
  return [...inputs, ...execution, ...gone, ...changed, ...order].slice(0, MOST_CHANGES);
}

const byName = ({ inputs }: Workflow): Readonly<Record<string, unknown>> =>
  Object.fromEntries(inputs.map((one) => [one.name, one]));

function stepsOf(steps: readonly Step[]): ReadonlyMap<string, Step> {
  const found = new Map<string, Step>();
  const add = (step: Step): void => {
    found.set(step.id, step);
    for (const group of step.groups) group.steps.forEach(add);
  };
  steps.forEach(add);
  return found;
}

const sameOrder = (before: readonly string[], after: readonly string[]): boolean => {
  const both = before.filter((id) => after.includes(id));
  return after.filter((id) => before.includes(id)).every((id, at) => id === both[at]);
};

function keyChanges(before: object, after: object): readonly string[] {
  const older = new Map(Object.entries(before));
  const newer = new Map(Object.entries(after));
  const keys = new Set([...older.keys(), ...newer.keys()]);
  return [...keys].flatMap((key) => {
    if (UNSAID.has(key)) return [];
    const [one, other] = [written(older.get(key)), written(newer.get(key))];
    return one === other ? [] : [`${key} ${cut(one)}, then ${cut(other)}`];
  });
}

const written = (value: unknown): string => (value === undefined ? 'nothing' : canonicalJson(value as Json));

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
