import { canonicalJson, type Json } from '../../shared/json.ts';
import type { FactChange } from '../../shared/model/comparison.ts';
import type { Step, Workflow } from '../../shared/model/workflow.ts';

/** Keys of a step that say nothing about what it does. */
const UNSAID: ReadonlySet<string> = new Set(['place', 'groups', 'id']);
const MOST_CHANGES = 20;
const LONGEST = 80;

/** What of two versions of a workflow is another one, step by step: of `step_3 timeoutMs` 30000, then 60000; at most 20. */
export function workflowChanges(before: Workflow, after: Workflow): readonly FactChange[] {
  const older = stepsOf(before.steps);
  const newer = stepsOf(after.steps);
  const gone = [...older.keys()].filter((id) => !newer.has(id)).map((id): FactChange => ({ of: id, is: 'gone' }));
  const changed = [...newer].flatMap(([id, step]): readonly FactChange[] => {
    const earlier = older.get(id);
    return earlier === undefined ? [{ of: id, is: 'new' }] : keyChanges(id, earlier, step);
  });
  const isSameOrder = sameOrder([...older.keys()], [...newer.keys()]);
  const order: readonly FactChange[] = isSameOrder ? [] : [{ of: '', is: 'moved' }];
  const inputs = keyChanges('inputs', byName(before), byName(after));
  const execution = keyChanges('execution', before.execution, after.execution);
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

function keyChanges(part: string, before: object, after: object): readonly FactChange[] {
  const older = new Map(Object.entries(before));
  const newer = new Map(Object.entries(after));
  const keys = new Set([...older.keys(), ...newer.keys()]);
  return [...keys].flatMap((key) => {
    if (UNSAID.has(key)) return [];
    const [one, other] = [written(older.get(key)), written(newer.get(key))];
    return one === other ? [] : [{ of: `${part} ${key}`, is: 'other', before: cut(one), after: cut(other) }];
  });
}

const written = (value: unknown): string | null => (value === undefined ? null : canonicalJson(value as Json));

const cut = (text: string | null): string | null =>
  text !== null && text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
