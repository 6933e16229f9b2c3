import { AppError } from '../../../shared/errors.ts';

/** `tool.invalid_params` that names one parameter. */
export function invalidParameter(name: string, what: string, hint?: string): AppError {
  return new AppError('tool.invalid_params', `Parameter '${name}' ${what}.`, { hint, details: { parameter: name } });
}
