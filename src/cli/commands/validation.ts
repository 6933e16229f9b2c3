import type { ValidationReport } from '../../shared/contract/index.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { diagnosticText } from '../text/diagnostic-text.ts';
import { oneLine } from '../text/plain-text.ts';

/** Prints a validation: one line that all is well, or each problem once; exit 1 when it is not valid. */
export function printValidation(
  context: CliContext,
  report: ValidationReport,
  options: { readonly strict: boolean; readonly noun: 'Workflow' | 'Bundle' },
): ExitCode {
  const errors = once(report.errors);
  const warnings = once(report.warnings);
  const isValid = report.valid && !(options.strict && warnings.length > 0);
  const { missing } = report;
  const canRun = report.valid && missing.length === 0;
  print(context, { valid: isValid, can_run: canRun, missing, errors, warnings }, () => {
    const { colors } = context;
    const verdict = isValid
      ? `${options.noun} '${oneLine(report.name)}' is valid.`
      : `${options.noun} '${oneLine(report.name)}' is not valid.`;
    const line = (one: Diagnostic): string =>
      `${one.severity === 'error' ? colors.out.red('error') : colors.out.yellow(one.severity)} ${diagnosticText(one)}`;
    const cannot =
      missing.length === 0 ? [] : [`Cannot run here yet: ${missing.map(({ why }) => oneLine(why)).join(', ')}.`];
    return [...[...errors, ...warnings].map(line), verdict, ...cannot].join('\n');
  });
  return isValid ? EXIT.ok : EXIT.error;
}

/** Each problem once, by what it says and where. */
function once(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const byText = new Map(problems.map((one) => [`${one.code} ${diagnosticText(one)}`, one]));
  return [...byText.values()];
}
