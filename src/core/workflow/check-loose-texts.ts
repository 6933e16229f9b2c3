import type { WorkflowDraft } from './check-draft.ts';
import { analyzeText, BUILT_IN_NAMES } from './expressions/index.ts';
import { nearestName, shownPath } from './references/text-findings.ts';
import { placeInScalar } from './references/text-place.ts';
import type { TextUse } from './step-draft.ts';

/** Names that only success conditions know (SPEC §1.9). */
const SUCCESS_NAMES: readonly string[] = [
  'outputs',
  'execution_time',
  'timeout',
  'steps_total',
  'steps_succeeded',
  'steps_failed',
  'steps_skipped',
  'errors_critical',
  'cost',
];

/** Checks texts outside of steps: success conditions, input defaults and trigger inputs. */
export function checkLooseTexts(draft: WorkflowDraft, variables: ReadonlySet<string>): void {
  const { workflow } = draft;
  const known = new Set([
    ...variables,
    ...SUCCESS_NAMES,
    ...workflow.inputs.map((i) => i.name),
    ...workflow.outputs.map((o) => o.name),
  ]);
  for (const use of draft.successTexts) checkText(draft, use, known, 'Success condition', 'warning');
  const none = new Set<string>();
  for (const use of draft.texts) checkText(draft, use, none, 'This text', 'error');
}

function checkText(
  { report }: WorkflowDraft,
  use: TextUse,
  known: ReadonlySet<string>,
  what: string,
  severity: 'error' | 'warning',
): void {
  const analysis = analyzeText(use.text, use.mode);
  for (const problem of analysis.problems) {
    const place = placeInScalar(use.node, problem.offset);
    report.report(severity, problem.code, problem.message, place, problem.fix);
  }
  if (use.role === 'open') return;
  for (const reference of analysis.references) {
    const { root } = reference;
    if (reference.guarded || known.has(root) || BUILT_IN_NAMES.has(root)) continue;
    if (reference.dialect === 'single' && use.mode === 'template') continue;
    const place = placeInScalar(use.node, reference.offset);
    const fix = nearestName(root, known, BUILT_IN_NAMES);
    report.report(
      severity,
      'workflow.undefined_variable',
      `${what} references undefined variable: ${shownPath(reference)}`,
      place,
      fix,
    );
  }
}
