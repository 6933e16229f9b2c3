import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import type { WantedAnswer } from '../../../shared/model/agent.ts';
import type { InputDefinition, Step, Workflow } from '../../../shared/model/workflow.ts';
import { SECOND_PHASE_KEYS } from '../words.ts';
import { FLAG, itemOf, type Known, NUMBER, OTHER, placeOf, TEXT } from './known-value.ts';
import { type Kind, kindsOf, newShape, type Shape, schemaOf, settleWith, spreadKinds } from './shape.ts';
import { followCondition, followValue } from './template-uses.ts';
import { innerScope, rootScope, type UseScope } from './use-scope.ts';

const inferred = new WeakMap<Step, WantedAnswer | null>();

/**
 * The form that an agent step without `output_schema` is asked for (SPEC §4.2): types come from every use of its output variable,
 * followed through names. null = nothing uses a part of it: free text. Made once for each step of a workflow.
 */
export function inferAnswer(workflow: Workflow, step: Step): WantedAnswer | null {
  const known = inferred.get(step);
  if (known !== undefined) return known;
  const found = infer(workflow, step);
  inferred.set(step, found);
  return found;
}

function infer(workflow: Workflow, step: Step): WantedAnswer | null {
  const at = workflow.steps.indexOf(step);
  if (at === -1) return null;
  const root = newShape();
  const answer = placeOf(root);
  const scope = rootScope();
  const inputs = new Map(workflow.inputs.map((input) => [input.name, typedInput(input)]));
  for (const [name, value] of inputs) scope.names.set(name, value);
  scope.names.set('inputs', { kind: 'map', entries: inputs });
  scope.names.set('steps', { kind: 'map', entries: new Map([[step.id, mapOf({ output: answer })]]) });
  followOutput(step, answer, scope);
  const { outputVariable } = step;
  if (outputVariable !== undefined) {
    scope.names.set(outputVariable, answer);
    scope.names.set('variables', mapOf({ [outputVariable]: answer }));
  }
  for (const later of workflow.steps.slice(at + 1)) followStep(later, scope);
  for (const condition of workflow.successConditions) followCondition(condition, scope);
  spreadKinds(placesBelow(root));
  for (const rule of step.onError) if (rule.fallback !== undefined) settleWith(root, rule.fallback.value);
  return answerOf(root);
}

const mapOf = (entries: Readonly<Record<string, Known>>): Known => ({
  kind: 'map',
  entries: new Map(Object.entries(entries)),
});

const INPUT_TYPES: Readonly<Record<string, Known>> = {
  string: TEXT,
  integer: NUMBER,
  number: NUMBER,
  float: NUMBER,
  boolean: FLAG,
};

const typedInput = ({ type }: InputDefinition): Known => INPUT_TYPES[type] ?? OTHER;

/** A list or a number cannot be the whole of a structured answer everywhere; whoever asks wraps it. */
function answerOf(root: Shape): WantedAnswer | null {
  const kinds: readonly Kind[] = kindsOf(root);
  const isSure = root.sure.size > 0 || root.fields.size > 0;
  if (root.fields.size > 0) return { kind: 'object', schema: { ...schemaOf(root), type: 'object', ...fieldsOf(root) } };
  if (!isSure || kinds.length !== 1 || (kinds[0] !== 'array' && kinds[0] !== 'number')) return null;
  return { kind: kinds[0], schema: schemaOf(root) };
}

/** Also where the whole is used in other ways, its fields are wanted. */
function fieldsOf(root: Shape): JsonMap {
  const names = [...root.fields];
  const required = names.filter(([, field]) => field.isNeeded).map(([name]) => name);
  return {
    properties: Object.fromEntries(names.map(([name, field]) => [name, schemaOf(field)])),
    ...(required.length === 0 ? {} : { required }),
  };
}

function placesBelow(shape: Shape): readonly Shape[] {
  const inner = [...shape.fields.values(), ...[shape.items, shape.values].filter((one) => one !== null)];
  return [shape, ...inner.flatMap(placesBelow)];
}

/** What the step itself does with its output. */
function followOutput({ outputFile, compensate }: Step, output: Known, scope: UseScope): void {
  const own = innerScope(scope, [['output', output]]);
  if (outputFile !== undefined) followValue(outputFile, own);
  if (compensate !== undefined) followValue(compensate, own);
}

function followStep(step: Step, scope: UseScope): void {
  for (const condition of step.conditions) followCondition(condition, scope);
  if (step.action !== undefined) followValue(step.action, scope);
  const inputs = followInputs(step, scope);
  if (step.fallback !== undefined) followValue(step.fallback.inputs, scope);
  followOutput(step, OTHER, scope);
  followBody(step, scope);
  if (step.action === 'workflow.set') for (const [name, value] of inputs) scope.names.set(name, value);
  // From here on the name is this step's.
  if (step.outputVariable !== undefined) scope.names.set(step.outputVariable, OTHER);
}

/** Templates of an agent see `data`, `context` and the other inputs by name (SPEC §2.4). */
function followInputs(step: Step, scope: UseScope): ReadonlyMap<string, Known> {
  const isAgent = step.action?.startsWith('agent.') === true;
  const written: JsonMap = { ...step.inputs, ...hintsOf(step) };
  const entries = Object.entries(written);
  const first = entries.filter(([key]) => !isAgent || !SECOND_PHASE_KEYS.has(key));
  const values = new Map(first.map(([key, value]): [string, Known] => [key, followValue(value, scope)]));
  if (!isAgent) return values;
  const near = innerScope(
    innerScope(innerScope(scope, values), partsOf(values.get('context'))),
    partsOf(values.get('data')),
  );
  for (const [key, value] of entries) if (SECOND_PHASE_KEYS.has(key)) followValue(value, near);
  return values;
}

const hintsOf = ({ agentHints }: Step): JsonMap =>
  Object.assign({}, ...Object.values(agentHints ?? {}).filter((hints: Json) => isJsonMap(hints)));

/** The keys of a map as names; those of a place of the answer are known when somebody names them. */
function partsOf(value: Known | undefined): Iterable<readonly [string, Known]> {
  return value?.kind === 'map' ? value.entries : [];
}

/** Nested steps; the items of a loop are those of its list. */
function followBody(step: Step, scope: UseScope): void {
  const inner =
    step.kind === 'for_each'
      ? innerScope(scope, [[step.detail.as, itemOf(followValue(step.detail.for_each, scope))]])
      : scope;
  for (const group of step.groups) {
    if (group.condition !== undefined) followCondition(group.condition, inner);
    for (const one of group.steps) followStep(one, inner);
  }
}
