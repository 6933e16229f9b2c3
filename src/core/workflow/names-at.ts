import type { NameInText, OutlineStep } from '../../shared/contract/index.ts';
import { isJsonMap, type Json } from '../../shared/json.ts';
import type { Step, Workflow } from '../../shared/model/workflow.ts';
import { splitAction } from './action-name.ts';
import { type ReadOptions, readWorkflow } from './read-workflow.ts';
import { allSteps } from './step-actions.ts';

/** Steps that are offered at most by their ids. */
const MAX_STEPS = 200;

/** The steps of a workflow as they stand in its text, inner ones below their block. */
export function outlineOf({ steps }: Pick<Workflow, 'steps'>, text: string): readonly OutlineStep[] {
  const lines = text.split('\n');
  const below = (inner: readonly Step[], depth: number): readonly OutlineStep[] =>
    inner.flatMap((step) => [
      {
        id: step.id,
        name: step.name === '' ? step.id : step.name,
        kind: step.action ?? step.kind,
        line: depth === 0 ? headingOf(step, lines) : step.place.line,
        depth,
      },
      ...step.groups.flatMap((group) => below(group.steps, depth + 1)),
    ]);
  return below(steps, 0);
}

/** The line of the heading above a step's block, 1-based. */
function headingOf({ place }: Step, lines: readonly string[]): number {
  const at = lines.slice(0, place.line).findLastIndex((line) => /^#{2,4}\s/.test(line));
  return at === -1 ? place.line : at + 1;
}

/**
 * The names that a text may use at a line (1-based): inputs, variables and local names that the reader itself sees there, and the steps above.
 * `schemaOf` gives the form of what an action gives, where somebody wrote it down.
 */
export function namesAt(
  text: string,
  line: number,
  { schemaOf, ...options }: ReadOptions & { readonly schemaOf: (action: string) => Json },
): { readonly workflow: Workflow; readonly step: Step | null; readonly names: readonly NameInText[] } {
  const seen = new Map<Step, readonly string[]>();
  const { workflow } = readWorkflow(text, {
    ...options,
    onNames: (step, names) => seen.set(step, [...new Set(names)]),
  });
  const steps = allSteps(workflow);
  const outline = outlineOf(workflow, text);
  // Both go through the same tree in the same order.
  const step = steps[outline.findLastIndex((one) => one.line <= line)] ?? null;
  const setters = settersOf(steps);
  const visible = step === null ? [] : (seen.get(step) ?? []);
  const above = step === null ? [] : steps.slice(0, steps.indexOf(step)).filter((one) => !isAround(one, step));
  return {
    workflow,
    step,
    names: [
      ...workflow.inputs.map(({ name, type }): NameInText => ({ kind: 'input', name, type, from: null })),
      ...visible.map((name): NameInText => {
        const setter = setters.get(name);
        if (setter === undefined) return { kind: 'local', name, type: name === 'loop' ? 'object' : null, from: null };
        return { kind: 'variable', name, type: typeOf(setter, name, schemaOf), from: setter.id };
      }),
      ...above
        .slice(-MAX_STEPS)
        .map((one): NameInText => ({ kind: 'step', name: one.id, type: typeOf(one, null, schemaOf), from: one.id })),
    ],
  };
}

/** Whether a step stands in a block. */
const isAround = (block: Step, step: Step): boolean =>
  block.groups.some(({ steps }) => steps.some((one) => one === step || isAround(one, step)));

/** The step that sets a variable last in the text. */
function settersOf(steps: readonly Step[]): ReadonlyMap<string, Step> {
  const setters = new Map<string, Step>();
  for (const step of steps) {
    if (step.outputVariable !== undefined) setters.set(step.outputVariable, step);
    if (step.kind === 'for_each' && step.detail.errors_variable !== undefined)
      setters.set(step.detail.errors_variable, step);
    if (step.action === 'workflow.set') for (const name of Object.keys(step.inputs)) setters.set(name, step);
  }
  return setters;
}

/** What a step gives, as far as its text says; `name` = the variable, null = its output. */
function typeOf(step: Step, name: string | null, schemaOf: (action: string) => Json): string | null {
  const { kind, action } = step;
  if (kind === 'for_each') return 'array';
  if (kind === 'parallel' || kind === 'approval' || kind === 'workflow') return 'object';
  if (action === undefined) return null;
  if (action === 'workflow.set') return name === null ? 'object' : writtenType(step.inputs[name] ?? null);
  if (action === 'workflow.timestamp') return 'string';
  const { tool } = splitAction(action);
  const schema = tool === 'agent' ? (step.inputs.output_schema ?? null) : schemaOf(action);
  return isJsonMap(schema) && typeof schema.type === 'string' ? schema.type : null;
}

/** A value that is written without a template has a type. */
function writtenType(value: Json): string | null {
  if (typeof value === 'string') return value.includes('{') ? null : 'string';
  return typeOfValue(value);
}

/** The word for the type of a value; null has none. */
export function typeOfValue(value: Json): string | null {
  if (value === null) return null;
  if (Array.isArray(value)) return 'array';
  return typeof value === 'object' ? 'object' : typeof value;
}
