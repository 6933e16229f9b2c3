import type { Json } from '../../shared/json.ts';
import { createRedactor, fieldSecrets } from '../redaction/index.ts';

/** A value that already names a secret instead of holding it. */
const NAMED = '[secret:';

/**
 * Takes out of values what stands in fields that are named like secrets, wherever else it stands (SPEC §12.4): what one step gave as a
 * token is the same word where the next one was given it. Values are noted first and cleaned then.
 */
export function createFieldCleaner(): { note(value: unknown): void; clean<T>(value: T): T } {
  const redactor = createRedactor();
  return {
    note: (value) => {
      for (const [name, secret] of fieldSecrets(value))
        if (!secret.startsWith(NAMED)) redactor.hold('', name, secret as Json);
    },
    clean: (value) => redactor.redact(value),
  };
}

/** The value without what stands in its own fields of that kind. */
export function cleanFields<T>(value: T): T {
  const cleaner = createFieldCleaner();
  cleaner.note(value);
  return cleaner.clean(value);
}
