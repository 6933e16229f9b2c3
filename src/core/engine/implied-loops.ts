import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';
import type { ImpliedLoop, Step, StepOf, Workflow } from '../../shared/model/workflow.ts';
import type { Evaluator } from './kinds/block-kind.ts';
import type { FrameRecord } from './run-state.ts';

/** SPEC §1.4: so many items where the steps say nothing. */
const MAX_ITEMS = 100;

/**
 * The top steps as they are run: steps that run once per item of a list stand in a `for_each` that nobody wrote (SPEC §1.4 "Implied
 * iteration"), called after the first of them: `step_3_each[0].step_3`.
 */
export function withImpliedLoops(workflow: Workflow): readonly Step[] {
  const loops = workflow.impliedLoops ?? [];
  if (loops.length === 0) return workflow.steps;
  const taken = new Set<string>();
  const note = (steps: readonly Step[]): void => {
    for (const step of steps) {
      taken.add(step.id);
      for (const group of step.groups) note(group.steps);
    }
  };
  note(workflow.steps);
  const byFirst = new Map(loops.map((loop) => [loop.stepIds[0], loop]));
  return gather(workflow.steps, byFirst, taken);
}

function gather(
  steps: readonly Step[],
  byFirst: ReadonlyMap<string | undefined, ImpliedLoop>,
  taken: Set<string>,
): readonly Step[] {
  const gathered: Step[] = [];
  for (let at = 0; at < steps.length; ) {
    const loop = byFirst.get(steps[at]?.id);
    const count = loop?.stepIds.length ?? 1;
    const inner = steps.slice(at, at + count).map((step): Step => {
      const groups = step.groups.map((group) => ({ ...group, steps: gather(group.steps, byFirst, taken) }));
      return step.groups.length === 0 ? step : ({ ...step, groups } as Step);
    });
    if (loop === undefined) gathered.push(...inner);
    else gathered.push(loopOf(loop, inner, taken));
    at += count;
  }
  return gathered;
}

function loopOf(implied: ImpliedLoop, steps: readonly Step[], taken: Set<string>): StepOf<'for_each'> {
  const first = steps[0] as Step;
  let id = `${first.id}_each`;
  while (taken.has(id)) id += '_';
  taken.add(id);
  const limits = steps.flatMap((step) =>
    step.kind === 'action' && step.detail.max_items !== undefined ? [step.detail.max_items] : [],
  );
  return {
    kind: 'for_each',
    id,
    name: `Once per ${implied.item} of ${implied.list}`,
    description: '',
    place: first.place,
    enabled: true,
    inputs: {},
    conditions: [],
    onError: [],
    ...(first.needs === undefined ? {} : { needs: first.needs }),
    groups: [{ name: 'body', steps }],
    detail: {
      for_each: implied.list,
      as: implied.item,
      concurrency: 1,
      max_items: limits.length === 0 ? MAX_ITEMS : Math.max(...limits),
      on_item_error: 'stop',
      implied,
    },
  };
}

/**
 * The items of the latest variable that holds a list. Fields that an item lacks come from the items of the earlier ones that have the
 * same `id` or `<item>_id`. What holds no list is handed back as it is.
 */
export function impliedList({ item, lists }: ImpliedLoop, evaluate: Evaluator): Json {
  const values = lists.map((name) => evaluate.value(`{{ ${name} | default(none) }}`));
  const [items, ...earlier] = values.map(listIn).filter((one) => one !== null);
  if (items === undefined) return values[0] ?? null;
  const keys = ['id', `${item}_id`];
  const known = earlier.map((others) => byIds(others, keys));
  return items.map((one) => {
    if (!isJsonMap(one)) return one;
    let whole = one;
    for (const others of known) {
      const id = idsOf(whole, keys).find((id) => others.has(id));
      if (id !== undefined) whole = { ...others.get(id), ...whole };
    }
    return whole;
  });
}

/** A list, or the one list of a map, or what it calls `items` or `results`. */
function listIn(value: Json): readonly Json[] | null {
  if (Array.isArray(value)) return value;
  if (!isJsonMap(value)) return null;
  const lists = Object.values(value).filter((one) => Array.isArray(one));
  const found = lists.length === 1 ? lists[0] : [value.items, value.results].find((one) => Array.isArray(one));
  return (found as readonly Json[] | undefined) ?? null;
}

const idsOf = (item: JsonMap, keys: readonly string[]): readonly string[] =>
  keys.flatMap((key) => {
    const id = Object.hasOwn(item, key) ? item[key] : null;
    return typeof id === 'string' || typeof id === 'number' ? [String(id)] : [];
  });

/** The first item of each id. */
function byIds(items: readonly Json[], keys: readonly string[]): ReadonlyMap<string, JsonMap> {
  const known = new Map<string, JsonMap>();
  for (const item of items.filter(isJsonMap))
    for (const id of idsOf(item, keys)) if (!known.has(id)) known.set(id, item);
  return known;
}

/** After the loop each variable that its steps set is the list of what the items set, `null` where one set nothing. */
export function impliedVariables(
  { groups }: StepOf<'for_each'>,
  frames: readonly (FrameRecord | undefined)[],
): JsonMap {
  const names = groups.flatMap((group) => group.steps.flatMap(namesSetBy));
  return Object.fromEntries(
    [...new Set(names)].map((name) => [name, frames.map((frame) => frame?.variables?.get(name) ?? null)]),
  );
}

/** Names that a step and those in it leave behind. */
const namesSetBy = (step: Step): readonly string[] => [
  ...(step.outputVariable === undefined ? [] : [step.outputVariable]),
  ...(step.action === 'workflow.set' ? Object.keys(step.inputs) : []),
  ...(step.kind === 'for_each' && step.detail.errors_variable !== undefined ? [step.detail.errors_variable] : []),
  ...(step.kind === 'for_each' && step.detail.implied === undefined
    ? []
    : step.groups.flatMap((group) => group.steps.flatMap(namesSetBy))),
];
