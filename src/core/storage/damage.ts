import { AppError } from '../../shared/errors.ts';

/** `store.corrupt` about a stored value that is not what was written. */
export const damaged = (message: string, cause?: unknown): AppError =>
  new AppError('store.corrupt', message, { hint: 'Restore the state folder from a backup.', cause });

/** A stored JSON text as its value; `store.corrupt` when it is none. */
export function parseStored(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw damaged('A stored record is damaged and cannot be read.', cause);
  }
}
