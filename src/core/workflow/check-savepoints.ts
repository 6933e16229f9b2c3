import type { StepKind } from '../../shared/model/workflow.ts';
import { nearestName } from './references/text-findings.ts';
import type { StepDraft } from './step-draft.ts';

/** Kinds in which steps run more than once, or beside others: no place in them is one that all of the transaction could go back to. */
const MANY: ReadonlySet<StepKind> = new Set<StepKind>(['for_each', 'while', 'parallel']);

/** The transaction around a step. */
interface Around {
  /** Its savepoints above the step. */
  readonly savepoints: Set<string>;
  /** What stands between them: a loop or lanes. */
  readonly many: StepKind | null;
}

/** `savepoint` and `rollback_to` stand inside a `transaction`, and a rollback goes to a savepoint above it (SPEC §1.4, §1.6). */
export function checkSavepoints(steps: readonly StepDraft[], around: Around | null = null): void {
  for (const draft of steps) {
    const { step } = draft;
    if (step.kind === 'savepoint' || step.kind === 'rollback_to')
      checkOne(draft, { kind: step.kind, name: step.detail.name }, around);
    for (const { rollbackTo } of step.onError)
      if (rollbackTo !== undefined) checkOne(draft, { kind: 'rollback_to', name: rollbackTo }, around);
    for (const group of draft.groups) checkSavepoints(group.steps, inside(step.kind, around));
  }
}

function inside(kind: StepKind, around: Around | null): Around | null {
  if (kind === 'transaction') return { savepoints: new Set(), many: null };
  return around !== null && MANY.has(kind) ? { ...around, many: kind } : around;
}

function checkOne(
  { report, step }: StepDraft,
  { kind, name }: { readonly kind: 'savepoint' | 'rollback_to'; readonly name: string },
  around: Around | null,
): void {
  const shown = name.slice(0, 80);
  if (around === null) {
    report.error('workflow.outside_transaction', `'${kind}' must stand inside a transaction`, step.place);
    return;
  }
  const { savepoints, many } = around;
  if (many !== null) {
    const message = `'${kind}' cannot stand in a ${many}, where steps run more than once or beside others`;
    report.error('workflow.misplaced_savepoint', message, step.place, 'Put a transaction of its own into it.');
  } else if (kind === 'savepoint' && savepoints.has(name)) {
    const message = `Savepoint '${shown}' is set twice in its transaction`;
    report.error('workflow.duplicate_savepoint', message, step.place, 'Give each of them a name of its own.');
  } else if (kind === 'savepoint') savepoints.add(name);
  else if (name !== '' && !savepoints.has(name))
    report.error(
      'workflow.unknown_savepoint',
      `Savepoint not found: ${shown}`,
      step.place,
      nearestName(name, savepoints),
    );
}
