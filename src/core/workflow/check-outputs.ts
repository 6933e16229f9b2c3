import type { WorkflowDraft } from './check-draft.ts';
import type { NeedsOrder } from './needs.ts';
import { publishedVariables } from './references/name-scope.ts';
import { flattenDrafts, nearestName } from './references/text-findings.ts';
import type { StepDraft } from './step-draft.ts';

/** Two steps that write the same variable: an error when their order is open, a warning when the second simply wins. */
export function checkDuplicateOutputs(steps: readonly StepDraft[], order: NeedsOrder): void {
  const writers = new Map<string, number>();
  for (const [index, draft] of steps.entries()) {
    for (const name of new Set(publishedVariables(draft))) {
      const first = writers.get(name);
      writers.set(name, index);
      const other = first === undefined ? undefined : steps[first];
      if (first === undefined || other === undefined) continue;
      const ordered = order.isBefore(first, index) || order.isBefore(index, first);
      const at = draft.keyAt('output_variable') ?? draft.step.place;
      if (!ordered) {
        const message = `Variable '${name}' is set by steps '${other.step.id}' and '${draft.step.id}', which may run at the same time`;
        draft.report.error('workflow.duplicate_output', message, at, 'Give one of them another output_variable.');
      } else if (isPlain(draft, name) && isPlain(other, name)) {
        const message = `Variable '${name}' was already set by step '${other.step.id}'`;
        draft.report.warning('workflow.duplicate_output', message, at, 'Give one of them another output_variable.');
      }
    }
  }
}

/** Sets the variable on every run, by its own `output_variable`. */
function isPlain(draft: StepDraft, name: string): boolean {
  return (
    draft.step.outputVariable === name && draft.step.conditions.length === 0 && draft.step.action !== 'workflow.set'
  );
}

/** Declared outputs that nothing sets (SPEC §1.9). */
export function checkDeclaredOutputs(draft: WorkflowDraft, variables: ReadonlySet<string>): void {
  const setters = flattenDrafts(draft.steps).filter((one) => one.step.action === 'workflow.set_outputs');
  const names = setters.length === 0 ? variables : new Set(setters.flatMap((one) => Object.keys(one.step.inputs)));
  if (draft.steps.length === 0 || draft.steps.some((one) => one.broken)) return;
  for (const { definition, at } of draft.outputs) {
    if (names.has(definition.name)) continue;
    const message = `Output '${definition.name}' is never set`;
    draft.report.warning(
      'workflow.output_never_set',
      message,
      at,
      nearestName(definition.name, names) ?? 'Set it with workflow.set_outputs.',
    );
  }
}
