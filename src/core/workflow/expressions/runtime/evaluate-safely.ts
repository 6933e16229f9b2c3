import { AppError } from '../../../../shared/errors.ts';
import { excerpt, limitFailure } from './failures.ts';

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

/**
 * Runs one text; an error that does not say where it arose is told the place and the piece of the source there.
 * `placeOf` gives the offset of the tag that was being evaluated.
 */
export function evaluatePlaced<T>(source: string, placeOf: () => number, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof AppError) || typeof cause.details?.offset === 'number') throw cause;
    const offset = placeOf();
    const near = excerpt(source.slice(offset, offset + 80).split(/[}%]\}/)[0] ?? '');
    throw new AppError(cause.code, cause.message, {
      hint: cause.hint ?? `Look at: ${near}`,
      details: { ...cause.details, offset },
      cause,
    });
  }
}
