import type { StepDraft } from '../step-draft.ts';

/** The names that a step may read: variables with the step that sets them, and local names. */
export interface NameScope {
  /** In the order in which they were set; a name that is set again moves to the end. */
  readonly variables: Map<string, string>;
  readonly locals: ReadonlySet<string>;
}

/** A scope that begins as a copy, with more local names. */
export function innerScope(scope: NameScope, locals: Iterable<string> = []): NameScope {
  return { variables: new Map(scope.variables), locals: new Set([...scope.locals, ...locals]) };
}

/** Adds the variables that an inner scope has beyond those of `scope`. */
export function mergeScope(scope: NameScope, inner: NameScope): void {
  for (const [name, step] of inner.variables) if (!scope.variables.has(name)) scope.variables.set(name, step);
}

/** Records that a step sets a variable. */
export function setVariable(scope: NameScope, name: string, step: string): void {
  scope.variables.delete(name);
  scope.variables.set(name, step);
}

/** Variables that the step itself sets, without its nested steps. */
export function ownVariables(draft: StepDraft): readonly string[] {
  const { step } = draft;
  const names: string[] = [];
  if (step.outputVariable !== undefined) names.push(step.outputVariable);
  const errors = step.detail.errors_variable;
  if (typeof errors === 'string') names.push(errors);
  if (step.action === 'workflow.set') names.push(...Object.keys(step.inputs));
  return names;
}

/** Variables that the step and its nested steps leave behind for what follows it. */
export function publishedVariables(draft: StepDraft): readonly string[] {
  const inner =
    draft.step.kind === 'for_each' ? [] : draft.groups.flatMap((group) => group.steps.flatMap(publishedVariables));
  return [...inner, ...ownVariables(draft)];
}

/** Every variable that is set anywhere inside, loop bodies too. */
export function allVariables(drafts: readonly StepDraft[]): readonly string[] {
  return drafts.flatMap((draft) => [
    ...ownVariables(draft),
    ...draft.groups.flatMap((group) => allVariables(group.steps)),
  ]);
}

/** Loop variables and other local names anywhere inside. */
export function allLocals(drafts: readonly StepDraft[]): readonly string[] {
  return drafts.flatMap((draft) => [...loopNames(draft), ...draft.groups.flatMap((group) => allLocals(group.steps))]);
}

/** Local names in the body of a loop. */
export function loopNames(draft: StepDraft): readonly string[] {
  const { kind, detail } = draft.step;
  if (kind === 'while') return ['loop'];
  if (kind !== 'for_each') return [];
  const names = ['loop', String(detail.as ?? 'item')];
  return typeof detail.index_as === 'string' ? [...names, detail.index_as] : names;
}
