import type { ErrorRecord } from '../../shared/errors.ts';
import { errorText } from './error-hint.ts';
import { worded } from './worded.ts';

interface FieldErrors {
  /** What is wrong with a field, in words; null = nothing. */
  readonly at: (field: string) => string | null;
  /** What is about none of the fields. */
  readonly other: ErrorRecord | null;
}

interface InputProblem {
  readonly name: string;
  readonly message: string;
}

const problemsOf = ({ code, details }: ErrorRecord): readonly InputProblem[] => {
  const problems = code === 'contract.invalid_input' ? (details as { readonly problems?: unknown })?.problems : null;
  return Array.isArray(problems) ? (problems as readonly InputProblem[]) : [];
};

/** Beside which field an error stands: by its code, or by the name that the contract found wrong. */
export function fieldErrors(error: ErrorRecord | null, codes: Readonly<Record<string, string>>): FieldErrors {
  if (error === null) return { at: () => null, other: null };
  const said = new Map<string, string>();
  const field = codes[error.code];
  if (field !== undefined) said.set(field, errorText(error));
  for (const { name, message } of problemsOf(error)) said.set(name.split('.')[0] ?? name, worded(message));
  return { at: (name) => said.get(name) ?? null, other: said.size === 0 ? error : null };
}
