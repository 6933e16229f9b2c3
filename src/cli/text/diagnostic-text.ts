import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { oneLine } from './plain-text.ts';

/** `workflow.md:12:3 [step_x]` */
export function placeText(one: Diagnostic): string {
  const position = one.line === undefined ? '' : `:${one.line}${one.column === undefined ? '' : `:${one.column}`}`;
  const place = one.file === undefined ? (one.line === undefined ? '' : `line ${one.line}`) : `${one.file}${position}`;
  const step = one.step === undefined ? '' : `[${one.step}]`;
  return [place, step].filter((part) => part !== '').join(' ');
}

/** `workflow.md:12:3 [step_x] What is wrong. What to write.` */
export function diagnosticText(one: Diagnostic): string {
  const fix = one.fix === undefined ? '' : `(fix: ${one.fix})`;
  return oneLine([placeText(one), one.message, fix].filter((part) => part !== '').join(' '));
}

/** Diagnostics carried in the details of an error; anything else there is left out. */
export function problemsOf(details: Readonly<Record<string, unknown>> | undefined): readonly Diagnostic[] {
  const problems = details?.problems;
  if (!Array.isArray(problems)) return [];
  return problems.filter(
    (one): one is Diagnostic => isRecord(one) && typeof one.message === 'string' && 'severity' in one,
  );
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
