import { AppError } from '../../../shared/errors.ts';
import { limitFailure } from './failures.ts';

/**
 * Runs an evaluation. What the machine itself refuses (a stack or a text too large) is a `template.limit` like any other
 * cap, so that nothing but an `AppError` leaves the evaluator.
 */
export function evaluateSafely<T>(run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if (cause instanceof RangeError) throw limitFailure('The template is too large or nested too deeply.');
    throw cause;
  }
}
