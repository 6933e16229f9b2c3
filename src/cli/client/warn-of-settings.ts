import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { CliContext } from '../context.ts';
import { warnBeside } from '../print.ts';
import { diagnosticText } from '../text/diagnostic-text.ts';

const MOST = 3;

/** Says on stderr what is wrong with the settings of the project that a command works in, the worst first; also under `--json`. */
export function warnOfSettings(context: CliContext, problems: readonly Diagnostic[]): void {
  const worst = problems.toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
  for (const problem of worst.slice(0, MOST)) warnBeside(context, diagnosticText(problem));
  const more = worst.length - MOST;
  if (more > 0) warnBeside(context, `and ${more} more in the settings: 'aiworkflow doctor' lists them.`);
}
