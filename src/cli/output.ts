import pc from 'picocolors';
import { AppError } from '../shared/errors.ts';
import type { Diagnostic } from '../shared/model/diagnostic.ts';

/** The global options of every command (SPEC §13). */
export interface GlobalOptions {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  readonly project: string | undefined;
}

type Colors = ReturnType<typeof pc.createColors>;

/** Results go to stdout, as exactly one JSON value or as text; everything on the way goes to stderr. */
export class Output {
  readonly options: GlobalOptions;
  readonly colors: Colors;

  constructor(options: GlobalOptions) {
    this.options = options;
    this.colors = pc.createColors(options.color && !options.json && process.stdout.isTTY === true);
  }

  /** The one result of a command. */
  result(value: unknown, text: string): void {
    if (this.options.json) process.stdout.write(`${JSON.stringify(value)}\n`);
    else if (text !== '') process.stdout.write(`${text}\n`);
  }

  /** One value of a stream: JSONL or a line of text. */
  line(value: unknown, text: string): void {
    process.stdout.write(this.options.json ? `${JSON.stringify(value)}\n` : `${text}\n`);
  }

  /** Progress for a person; silent with `--json` and `--quiet`. */
  progress(text: string): void {
    if (!this.options.json && !this.options.quiet) process.stderr.write(`${text}\n`);
  }

  /** A failed command: `{error, code, suggestion?, details?}` or a sentence with a tip. */
  failure(error: AppError): void {
    if (this.options.json) {
      process.stdout.write(`${JSON.stringify(failureValue(error))}\n`);
      return;
    }
    const lines = [`${this.colors.red('Error:')} ${error.message}`, ...problemLines(error)];
    if (error.hint !== undefined) lines.push(`Tip: ${error.hint}`);
    lines.push(this.colors.dim(`Code: ${error.code}`));
    process.stderr.write(`${lines.join('\n')}\n`);
  }
}

/** SPEC §13 "Errors in JSON", with the two shapes that `run` has for a workflow that cannot start. */
export function failureValue(error: AppError): Record<string, unknown> {
  const problems = error.details?.problems;
  const suggestion = error.hint === undefined ? {} : { suggestion: error.hint };
  if (error.code === 'workflow.invalid')
    return { error: 'Validation failed', errors: problems ?? [], code: error.code, ...suggestion };
  return {
    error: error.message,
    code: error.code,
    ...suggestion,
    ...(error.details === undefined ? {} : { details: error.details }),
  };
}

function problemLines(error: AppError): readonly string[] {
  const problems = error.details?.problems;
  if (!Array.isArray(problems) || error.code.startsWith('input.')) return [];
  return (problems as readonly Diagnostic[]).map(diagnosticText);
}

/** `file:line:column step: message (fix)` as far as known. */
export function diagnosticText(one: Diagnostic): string {
  const place = [one.file, one.line, one.column].filter((part) => part !== undefined).join(':');
  const step = one.step === undefined ? '' : ` [${one.step}]`;
  const fix = one.fix === undefined ? '' : ` (${one.fix})`;
  return `  ${one.severity} ${place}${step}: ${one.message}${fix}`;
}

/** Anything thrown as an `AppError`; what is not one is a bug, and says so without its stack. */
export function asAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError(
    'internal.bug',
    `Something went wrong inside the app: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    {
      cause: thrown,
      hint: 'Run it again with --verbose and report the problem.',
    },
  );
}

export const usage = (message: string, hint?: string): AppError => new AppError('usage.invalid', message, { hint });

/** Rows as columns of text; the first row is the head. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `1.2 s`, `4 m 12 s`, `2 h 5 m`. */
export function durationText(seconds: number | null): string {
  if (seconds === null) return '–';
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} m`;
}
