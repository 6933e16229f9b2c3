import { AppError, type ErrorCode } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import type { BundleReading } from '../bundles/index.ts';
import type { ToolCatalog } from '../tools/index.ts';
import { coerceInputs, type InputContext, listUnsupported, toolsOfStart } from '../workflow/index.ts';

/** A reading that can run: no error, nothing unsupported. Throws the one clear error otherwise, before any row is written. */
export function requireRunnable(reading: BundleReading): Workflow {
  const errors = reading.diagnostics.filter((one) => one.severity === 'error');
  if (reading.reading === null)
    throw toStartError(
      'bundle.no_workflow',
      errors,
      errors[0]?.message ?? 'No workflow file found (expected workflow.md or *.md)',
    );
  const unreadable = errors.find((one) => one.code === 'workflow.invalid_yaml');
  if (unreadable !== undefined)
    throw toStartError('workflow.invalid_yaml', errors, `Failed to parse workflow: ${placed(unreadable)}`);
  if (errors.length > 0)
    throw toStartError('workflow.invalid', errors, `Validation failed: ${errors.map(placed).join('; ')}`);
  const unsupported = listUnsupported(reading.reading.workflow);
  if (unsupported[0] !== undefined)
    throw toStartError(unsupported[0].code as ErrorCode, unsupported, placed(unsupported[0]));
  return reading.reading.workflow;
}

/** What the inputs ask for is set up here, or one error that names everything that is not (SPEC §1.10). */
export function requireTools(workflow: Workflow, inputs: JsonMap, catalog: ToolCatalog): void {
  const problems = toolsOfStart(workflow, inputs)
    .filter(({ tool }) => catalog.get(tool) === undefined)
    .map(
      ({ tool, step }): Diagnostic => ({
        ...{ severity: 'error', code: 'tool.not_found', message: `Required tool not available: ${tool}` },
        ...{ ...step.place, step: step.id, missing: tool },
        fix: `Set up '${tool}' in .aiworkflow/tools/registry.yaml, or put its script into the tools folder of the bundle.`,
      }),
    );
  if (problems.length > 0)
    throw toStartError('workflow.invalid', problems, `Validation failed: ${problems.map(placed).join('; ')}`);
}

/** Coerced inputs, or one error that names every problem; `details.problems` puts each beside its field. */
export function requireInputs(workflow: Workflow, given: JsonMap, context: InputContext): JsonMap {
  const { values, problems } = coerceInputs(workflow.inputs, given, context);
  const first = problems[0];
  if (first === undefined) return values;
  throw new AppError(first.code, problems.map((one) => one.message).join('; '), {
    hint: problems.map((one) => one.fix).find((fix) => fix !== undefined) ?? 'Look at the inputs of the workflow.',
    details: { problems },
  });
}

/** What is wrong, with its line. */
export const placed = (one: Diagnostic): string =>
  one.line === undefined ? one.message : `${one.message} (line ${one.line})`;

/** Does checks of a workflow; what they find names the file that it stands in. */
export function inFile<T>(file: string, check: () => T): T {
  try {
    return check();
  } catch (thrown) {
    const problems: unknown = thrown instanceof AppError ? thrown.details?.problems : null;
    if (!(thrown instanceof AppError) || !Array.isArray(problems)) throw thrown;
    const { code, message, hint, details } = thrown;
    const named = (problems as readonly Diagnostic[]).map((one) => (one.file === undefined ? { ...one, file } : one));
    throw new AppError(code, message, { hint, details: { ...details, problems: named } });
  }
}

/** The one error of a start for all that is wrong with it. */
export function toStartError(code: ErrorCode, problems: readonly Diagnostic[], message: string): AppError {
  const first = problems[0];
  const hint =
    first?.fix ??
    (code === 'engine.unsupported'
      ? 'Change what is named, leave this step out, or use a newer version of the app.'
      : 'Mend the workflow file and try again.');
  return new AppError(code, message, { hint, details: { problems } });
}
