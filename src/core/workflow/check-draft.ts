import type { ImpliedLoop, Workflow } from '../../shared/model/workflow.ts';
import { checkLooseTexts } from './check-loose-texts.ts';
import { checkDeclaredOutputs, checkDuplicateOutputs } from './check-outputs.ts';
import { checkSavepoints } from './check-savepoints.ts';
import { checkNeeds, type NeedsOrder } from './needs.ts';
import type { PlacedOutput } from './outputs.ts';
import type { ReadOptions } from './read-workflow.ts';
import type { NameContext } from './references/check-names.ts';
import { indexWords, type LoopGroup, noticeGroup } from './references/implied-iteration.ts';
import {
  allLocals,
  allVariables,
  emptyScope,
  ownVariables,
  publishedVariables,
  setVariable,
} from './references/name-scope.ts';
import { findReferences, flattenDrafts } from './references/text-findings.ts';
import { nextGroup, type WalkState, walkStep, walkSteps } from './references/walk-steps.ts';
import type { Reporter } from './reporter.ts';
import type { StepDraft, TextUse } from './step-draft.ts';

/** A workflow with the places that its checks need. */
export interface WorkflowDraft {
  readonly workflow: Workflow;
  readonly steps: readonly StepDraft[];
  readonly outputs: readonly PlacedOutput[];
  /** Texts of triggers and input defaults. */
  readonly texts: readonly TextUse[];
  readonly successTexts: readonly TextUse[];
  /** Reports into the frontmatter. */
  readonly report: Reporter;
  readonly onNames?: ReadOptions['onNames'] | undefined;
}

/** All checks over the whole workflow (SPEC §1.10) and what they find out about it. */
export function checkDraft(draft: WorkflowDraft): Pick<Workflow, 'usesSingleBraces' | 'impliedLoops'> {
  const { workflow, steps, report } = draft;
  if (steps.length === 0) {
    const fix = 'Add a heading such as ## Step 1: Name with a yaml block that has action: tool.operation.';
    report.error('workflow.no_steps', 'Workflow must have at least one step', { line: 1, column: 1 }, fix);
  }
  const all = flattenDrafts(steps);
  const ids = checkIds(all);
  const names = new Set([...allVariables(steps), ...allLocals(steps)]);
  const findings = findReferences(steps, [], report, names);
  const setters = new Map<string, string>();
  for (const one of all) for (const name of ownVariables(one)) if (!setters.has(name)) setters.set(name, one.step.id);
  const order = checkNeeds(steps);
  const inputs = new Set(workflow.inputs.map((input) => input.name));
  const words = indexWords(setters.keys());
  const { onNames } = draft;
  const context: NameContext = { findings, inputs, stepIds: ids, setters, words, hasNeeds: order.used, onNames };
  const state: WalkState = { context, groups: [] };
  walkTopLevel(steps, order, state);
  for (const group of state.groups) noticeGroup(group);
  checkLooseTexts(draft, names);
  checkDuplicateOutputs(steps, order);
  checkDeclaredOutputs(draft, names);
  checkSavepoints(steps);
  return {
    usesSingleBraces: findings.usesSingle,
    ...(state.groups.length === 0 ? {} : { impliedLoops: state.groups.map(toLoop) }),
  };
}

function toLoop(group: LoopGroup): ImpliedLoop {
  return { item: group.item, list: group.base, lists: group.bases, stepIds: group.steps.map((draft) => draft.step.id) };
}

function checkIds(all: readonly StepDraft[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const draft of all) {
    const { id, place } = draft.step;
    if (ids.has(id)) {
      const at = draft.keyAt('id');
      const fix =
        at === undefined
          ? 'Change the number in the heading, or give the step an id of its own.'
          : 'Give one of them another id.';
      draft.report.error('workflow.duplicate_id', `Duplicate step ID: ${id}`, at ?? place, fix);
    }
    ids.add(id);
  }
  return ids;
}

/** In file order a step sees all above it; with `needs` only what surely ran before it. */
function walkTopLevel(steps: readonly StepDraft[], order: NeedsOrder, state: WalkState): void {
  if (!order.used) {
    walkSteps(steps, emptyScope(), state);
    return;
  }
  const published = steps.map(publishedVariables);
  for (const [index, draft] of steps.entries()) {
    const own = emptyScope();
    for (const [at, names] of published.entries())
      if (order.isBefore(at, index)) for (const name of names) setVariable(own, name);
    walkStep(draft, own, nextGroup(draft, undefined, own, state), state);
  }
}
