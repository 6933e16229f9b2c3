import { canonicalJson, type Json } from '../../shared/json.ts';
import type { ComparedStep, StepDifference, StepTrail } from '../../shared/model/comparison.ts';
import type { FullTrail } from './run-trail.ts';
import { valueChanges } from './value-changes.ts';

const MOST_STEPS = 2_000;

type Trails = ReadonlyMap<string, FullTrail>;

/** The steps of two runs side by side, in the order of the later one. */
export function compareTrails(
  before: Trails,
  after: Trails,
): { readonly steps: readonly ComparedStep[]; readonly first: string | null; readonly isCut: boolean } {
  const paths = orderOf([...before.keys()], [...after.keys()]);
  const steps = paths.slice(0, MOST_STEPS).map((path) => compareStep(path, before.get(path), after.get(path)));
  const first = steps.find(({ differs }) => differs.length > 0)?.path ?? null;
  return { steps, first, isCut: paths.length > MOST_STEPS };
}

/** The later order, with what only the earlier run came to behind the step that it came behind there. */
function orderOf(before: readonly string[], after: readonly string[]): readonly string[] {
  const order = [...after];
  const known = new Set(after);
  before.forEach((path, at) => {
    if (known.has(path)) return;
    const behind = before.slice(0, at).findLast((one) => known.has(one));
    order.splice(behind === undefined ? 0 : order.indexOf(behind) + 1, 0, path);
    known.add(path);
  });
  return order;
}

function compareStep(path: string, before: FullTrail | undefined, after: FullTrail | undefined): ComparedStep {
  const sides = { path, before: shown(before), after: shown(after) };
  if (before === undefined || after === undefined) return { ...sides, differs: ['reached'], inputs: [], output: [] };
  const inputs = valueChanges(before.inputs, after.inputs);
  const output = valueChanges(before.output, after.output);
  const found: readonly (readonly [StepDifference, boolean])[] = [
    ['status', before.status !== after.status],
    ['action', before.action !== after.action],
    ['agent', !isSame(before.agent, after.agent)],
    ['inputs', inputs.length > 0],
    ['output', output.length > 0],
    ['error', before.error?.code !== after.error?.code || before.error?.message !== after.error?.message],
  ];
  return { ...sides, differs: found.flatMap(([what, differs]) => (differs ? [what] : [])), inputs, output };
}

const isSame = (one: StepTrail['agent'], other: StepTrail['agent']): boolean =>
  canonicalJson(one as Json) === canonicalJson(other as Json);

const shown = (trail: FullTrail | undefined): StepTrail | null => {
  if (trail === undefined) return null;
  const { name, action, status, agent, error, durationMs } = trail;
  return { name, action, status, agent, error, durationMs };
};
