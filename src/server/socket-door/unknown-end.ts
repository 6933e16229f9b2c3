import { OPERATIONS, type OperationName } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';

const READING: ReadonlySet<string> = new Set(['workflow:read', 'tool:read', 'agent:read']);

/** Whether an operation only looks: it may be asked again when nobody answered it. */
export const isReading = (name: string): boolean =>
  Object.hasOwn(OPERATIONS, name) && READING.has(OPERATIONS[name as OperationName].permission);

/** What whoever asked hears when the holder went away before it answered: an operation that changes something is never repeated. */
export const unknownEnd = (name: string, cause: AppError): AppError =>
  new AppError(
    cause.code,
    `The app that held the project went away before it answered: whether '${name}' was carried out is not known.`,
    { cause, hint: 'Look whether it happened before you repeat it.', retryable: false, details: { operation: name } },
  );
