import type { GroupDraft, StepDraft } from '../step-draft.ts';
import { checkNames, type NameContext } from './check-names.ts';
import { beginGroup, continuesGroup, joinGroup, type LoopGroup, rootsOf } from './implied-iteration.ts';
import {
  allVariables,
  hasName,
  innerScope,
  loopNames,
  mergeScope,
  type NameScope,
  ownVariables,
  publishedVariables,
  setVariable,
  visibleNames,
} from './name-scope.ts';

/** What the walk over all steps gathers. */
export interface WalkState {
  readonly context: NameContext;
  readonly groups: LoopGroup[];
}

/** Checks the names of a list of steps in order; `scope` gains what the steps set. */
export function walkSteps(drafts: readonly StepDraft[], scope: NameScope, state: WalkState): void {
  let group: LoopGroup | undefined;
  for (const draft of drafts) {
    group = nextGroup(draft, group, scope, state);
    walkStep(draft, scope, group, state);
  }
}

/** The implied loop that a step belongs to: the one above it, a new one or none. */
export function nextGroup(
  draft: StepDraft,
  current: LoopGroup | undefined,
  scope: NameScope,
  state: WalkState,
): LoopGroup | undefined {
  const roots = rootsOf(draft, state.context);
  let group = current !== undefined && continuesGroup(current, roots) ? current : undefined;
  if (group === undefined) {
    group = beginGroup(draft, roots, scope, state.context);
    if (group !== undefined) state.groups.push(group);
  }
  if (group !== undefined) joinGroup(group, draft);
  return group;
}

/** Checks one step with everything in it and adds what it sets to `scope`. */
export function walkStep(draft: StepDraft, scope: NameScope, group: LoopGroup | undefined, state: WalkState): void {
  const own = group === undefined ? scope : innerScope(scope, [group.item]);
  state.context.onNames?.(draft.step, visibleNames(own));
  const itemUses = draft.texts.filter((use) => use.role === 'item');
  checkNames(
    draft,
    itemUses.length === 0 ? draft.texts : draft.texts.filter((use) => use.role !== 'item'),
    own,
    state.context,
  );
  if (draft.groups.length > 0) walkGroups(draft, own, itemUses, state);
  if (own !== scope) mergeScope(scope, own);
  for (const name of ownVariables(draft)) setVariable(scope, name);
}

function walkGroups(draft: StepDraft, scope: NameScope, itemUses: StepDraft['texts'], state: WalkState): void {
  const { kind } = draft.step;
  if (kind === 'try') {
    walkTry(draft, scope, state);
    return;
  }
  if (kind === 'parallel') checkBranches(draft);
  const ends = draft.groups.map((group) => {
    const inner = innerScope(scope, loopNames(draft));
    if (kind === 'while')
      for (const name of allVariables(group.steps)) if (!hasName(inner, name)) setVariable(inner, name);
    walkSteps(group.steps, inner, state);
    if (kind === 'for_each') checkNames(draft, itemUses, inner, state.context);
    return inner;
  });
  if (kind !== 'for_each') for (const end of ends) mergeScope(scope, end);
}

/** `catch` sees what `try` may have set and the error; `finally` sees both. */
function walkTry(draft: StepDraft, scope: NameScope, state: WalkState): void {
  const tried = innerScope(scope);
  const run = (group: GroupDraft, inner: NameScope): void => {
    walkSteps(group.steps, inner, state);
    mergeScope(scope, inner);
  };
  for (const group of draft.groups) {
    if (group.name === 'try') run(group, tried);
    else if (group.name === 'finally') run(group, innerScope(scope));
    else run(group, innerScope(tried, ['error']));
  }
}

/** A variable that two branches of a `parallel` set has no defined value (SPEC §1.4). */
function checkBranches(draft: StepDraft): void {
  const writers = new Map<string, string>();
  for (const group of draft.groups) {
    for (const name of new Set(group.steps.flatMap(publishedVariables))) {
      const first = writers.get(name);
      if (first === undefined) writers.set(name, group.name);
      else {
        const message = `Variable '${name}' is set by two branches: ${shownBranch(first)} and ${shownBranch(group.name)}`;
        draft.report.error(
          'workflow.duplicate_output',
          message,
          draft.step.place,
          'Give one of them another output_variable.',
        );
      }
    }
  }
}

function shownBranch(name: string): string {
  return `'${name.slice('branch:'.length)}'`;
}
