import type { StepDraft } from '../step-draft.ts';

/** The names that a step may read. A scope sees those of its parents, too. */
export interface NameScope {
  readonly parent: NameScope | undefined;
  /** Variables and when they were set: a higher number is later. */
  readonly variables: Map<string, number>;
  readonly locals: ReadonlySet<string>;
  readonly clock: { now: number };
}

/** A scope without any name. */
export function emptyScope(): NameScope {
  return { parent: undefined, variables: new Map(), locals: new Set(), clock: { now: 0 } };
}

/** A scope inside another one, with more local names. What is set in it stays in it until it is merged. */
export function innerScope(parent: NameScope, locals: Iterable<string> = []): NameScope {
  return { parent, variables: new Map(), locals: new Set(locals), clock: parent.clock };
}

/** Adds the variables that were set in an inner scope. */
export function mergeScope(scope: NameScope, inner: NameScope): void {
  for (const [name, at] of inner.variables) scope.variables.set(name, at);
}

/** Records that a variable is set now. */
export function setVariable(scope: NameScope, name: string): void {
  scope.clock.now += 1;
  scope.variables.set(name, scope.clock.now);
}

/** When a variable was set, undefined when it is not visible. */
export function variableSetAt(scope: NameScope, name: string): number | undefined {
  for (let at: NameScope | undefined = scope; at !== undefined; at = at.parent) {
    const found = at.variables.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a variable or a local name is visible. */
export function hasName(scope: NameScope, name: string): boolean {
  for (let at: NameScope | undefined = scope; at !== undefined; at = at.parent) {
    if (at.variables.has(name) || at.locals.has(name)) return true;
  }
  return false;
}

/** All visible names, the nearest first. */
export function* visibleNames(scope: NameScope): Generator<string, void> {
  for (let at: NameScope | undefined = scope; at !== undefined; at = at.parent) {
    yield* at.variables.keys();
    yield* at.locals;
  }
}

/** Variables that the step itself sets, without its nested steps. */
export function ownVariables(draft: StepDraft): readonly string[] {
  const { step } = draft;
  const names: string[] = [];
  if (step.outputVariable !== undefined) names.push(step.outputVariable);
  const errors = step.kind === 'for_each' ? step.detail.errors_variable : undefined;
  if (errors !== undefined) names.push(errors);
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
  const { step } = draft;
  if (step.kind === 'while') return ['loop'];
  if (step.kind !== 'for_each') return [];
  const names = ['loop', step.detail.as];
  return step.detail.index_as === undefined ? names : [...names, step.detail.index_as];
}
