import type { ErrorRecord } from './errors.ts';

/** What differs from run to run in what is otherwise the same sentence: numbers, ids, what stands in quotes. */
const sameIn = (message: string): string =>
  message
    .toLowerCase()
    .replaceAll(/'[^']*'|"[^"]*"|“[^”]*”/g, '…')
    .replaceAll(/\b[0-9a-f]{8,}\b|\d+/g, '#');

/** What made a run fail, without what is another in each of them: runs of one cause say the same. */
export const failureCause = (error: Pick<ErrorRecord, 'code' | 'message'> | null): string =>
  error === null ? '' : `${error.code} ${sameIn(error.message)}`;
