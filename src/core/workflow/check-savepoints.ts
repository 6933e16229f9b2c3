import { didYouMean } from './references/text-findings.ts';
import type { StepDraft } from './step-draft.ts';

/** `savepoint` and `rollback_to` stand inside a `transaction`, and a rollback goes to a savepoint above it (SPEC §1.4). */
export function checkSavepoints(steps: readonly StepDraft[]): void {
  walk(steps, undefined);
}

function walk(steps: readonly StepDraft[], savepoints: Set<string> | undefined): void {
  for (const draft of steps) {
    const { kind, detail } = draft.step;
    const name = typeof detail.name === 'string' ? detail.name : '';
    if (kind === 'savepoint' || kind === 'rollback_to') checkOne(draft, kind, name, savepoints);
    const inner = kind === 'transaction' ? new Set<string>() : savepoints;
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
      didYouMean(name, savepoints),
    );
  }
}
