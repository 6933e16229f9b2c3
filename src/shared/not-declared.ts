import { AppError } from './errors.ts';
import type { Declared } from './model/trust.ts';

/** Something that is used and that nobody said would be. */
export interface Undeclared {
  readonly kind: keyof Declared;
  readonly name: string;
  /** The step that asked for it, where that is known. */
  readonly step?: string;
}

const WORDS: Readonly<Record<keyof Declared, { readonly what: string; readonly fix: string }>> = {
  tools: {
    what: 'The workflow does not say that it uses the tool',
    fix: 'Name it under requirements.tools, then look at the workflow and trust it again.',
  },
  secrets: {
    what: 'The workflow does not say that it uses the secret',
    fix: 'Write {{ secrets.NAME }} where it is used, then look at the workflow and trust it again.',
  },
  hosts: {
    what: 'Nobody said that this reaches the host',
    fix: "If it may be reached, write it down: 'security.allowed_hosts' of the tool, or the base URL of the agent.",
  },
};

/** `trust.not_declared`: the one refusal of what is used and was not declared (SPEC §6.7). */
export function notDeclared({ kind, name, step }: Undeclared): AppError {
  const { what, fix } = WORDS[kind];
  const where = step === undefined ? '' : ` (step ${step})`;
  return new AppError('trust.not_declared', `${what} '${name}': it was kept back${where}.`, {
    hint: fix,
    details: { kind, name, ...(step === undefined ? {} : { step }) },
  });
}

/** The same refusal with the step that asked; any other error as it is. */
export function atAskingStep<E>(error: E, step: string): E | AppError {
  if (!(error instanceof AppError) || error.code !== 'trust.not_declared') return error;
  const { kind, name } = error.details as unknown as Undeclared;
  return notDeclared({ kind, name, step });
}
