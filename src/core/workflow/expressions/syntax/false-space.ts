import { FALSE_SPACE_FIX, falseSpaceName } from '../../../../shared/false-space.ts';
import { syntaxFailure } from '../runtime/failures.ts';

/** Refuses a character that looks like a space, or like nothing at all, and is none (SPEC 1.10). */
export function checkFalseSpace(char: string, offset: number): void {
  const name = falseSpaceName(char);
  if (name === undefined) return;
  throw syntaxFailure(`${name} is no space here, it only looks like one.`, offset, { hint: FALSE_SPACE_FIX });
}
