import { nearestName } from './references/text-findings.ts';
import type { StepDraft } from './step-draft.ts';

/** `savepoint` and `rollback_to` stand inside a `transaction`, and a rollback goes to a savepoint above it (SPEC §1.4). */
export function checkSavepoints(steps: readonly StepDraft[]): void {
  walk(steps, undefined);
}

function walk(steps: readonly StepDraft[], savepoints: Set<string> | undefined): void {
  for (const draft of steps) {
    const { step } = draft;
    if (step.kind === 'savepoint' || step.kind === 'rollback_to')
      checkOne(draft, step.kind, step.detail.name, savepoints);
    const inner = step.kind === 'transaction' ? new Set<string>() : savepoints;
    for (const group of draft.groups) walk(group.steps, inner);
  }
}

function checkOne(
  draft: StepDraft,
  kind: 'savepoint' | 'rollback_to',
  name: string,
  savepoints: Set<string> | undefined,
): void {
  const { report, step } = draft;
  if (savepoints === undefined) {
    report.error('workflow.outside_transaction', `'${kind}' must stand inside a transaction`, step.place);
  } else if (kind === 'savepoint') {
    savepoints.add(name);
  } else if (name !== '' && !savepoints.has(name)) {
    report.error(
      'workflow.unknown_savepoint',
      `Savepoint not found: ${name.slice(0, 80)}`,
      step.place,
      nearestName(name, savepoints),
    );
  }
}
