import { AppError } from '../../../shared/errors.ts';

/** `tool.definition_invalid`: the spec cannot be used; the sentence says why. */
export function definitionInvalid(message: string, hint?: string, cause?: unknown): AppError {
  return new AppError('tool.definition_invalid', message, {
    hint: hint ?? 'Correct the OpenAPI file, or ask its author for one that follows OpenAPI 3.0 or 3.1.',
    cause,
  });
}
