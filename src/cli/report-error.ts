import { AppError, type ErrorRecord, toErrorRecord } from '../shared/errors.ts';
import type { Diagnostic } from '../shared/model/diagnostic.ts';
import type { CliContext } from './context.ts';
import { type ExitCode, exitCodeOfError } from './exit-codes.ts';
import { diagnosticText, placeText, problemsOf } from './text/diagnostic-text.ts';
import { oneLine, plainText } from './text/plain-text.ts';

type Reporting = Pick<CliContext, 'terminal' | 'colors'> & {
  readonly globals: { readonly json: boolean; readonly verbose: boolean };
};

/** A usage error: exit code 2. */
export const usageError = (message: string, hint?: string): AppError =>
  new AppError('usage.invalid', message, { hint });

/** The JSON form of an error (SPEC §13): `{error, code, suggestion?, details?}`. */
export function errorJson(error: ErrorRecord): Readonly<Record<string, unknown>> {
  const base = { code: error.code, ...(error.hint === undefined ? {} : { suggestion: error.hint }) };
  if (error.code === 'workflow.invalid')
    return { error: 'Validation failed', errors: problemsOf(error.details), ...base };
  return { error: error.message, ...base, ...(error.details === undefined ? {} : { details: error.details }) };
}

/** Prints an error in the form that was asked for and says with which code to end. */
export function reportError(thrown: unknown, context: Reporting): ExitCode {
  const error = toErrorRecord(thrown);
  if (context.globals.json) context.terminal.out(`${JSON.stringify(errorJson(error))}\n`);
  else context.terminal.err(errorText(error, context.colors.err));
  if (error.code === 'internal.bug' && context.globals.verbose && thrown instanceof Error) {
    context.terminal.err(`${thrown.stack ?? thrown.message}\n`);
  }
  return exitCodeOfError(error);
}

/** `Error: …`, each problem on its own line, and the tip. */
export function errorText(error: ErrorRecord, colors: CliContext['colors']['err']): string {
  const problems = error.code.split('.')[0] === 'input' ? [] : problemsOf(error.details);
  const isList = error.code === 'workflow.invalid' && problems.length > 0;
  const lines = [`${colors.red('Error:')} ${isList ? 'Validation failed' : plainText(error.message)}`];
  if (isList || problems.length > 1) lines.push(...problems.map((one) => `  ${diagnosticText(one)}`));
  else if (problems[0] !== undefined) lines.push(`  at ${whereText(problems[0], error)}`);
  if (error.hint !== undefined) lines.push(`${colors.cyan('Tip:')} ${plainText(error.hint)}`);
  lines.push(colors.dim(`Code: ${error.code}`));
  return `${lines.join('\n')}\n`;
}

/** The place of what is wrong: what the error has said is not said again. */
const whereText = (problem: Diagnostic, { message, hint }: ErrorRecord): string =>
  message.includes(problem.message) && (problem.fix === undefined || problem.fix === hint)
    ? oneLine(placeText(problem))
    : diagnosticText(problem);
