import type { WireAnswer } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';

/** The value of an answer, or its error thrown as an `AppError`. */
export function openAnswer<T>(answer: WireAnswer): T {
  if (!answer.ok) throw AppError.fromRecord(answer.error);
  return answer.value as T;
}
