import type { ErrorRecord } from '../../shared/errors.ts';

/** Whether what an address names is not there: one that was typed wrong, cut short or far too long names nothing either. */
export const isMissing = (error: Pick<ErrorRecord, 'code'> | null, code: `${string}not_found`): boolean =>
  error !== null && (error.code === code || error.code === 'contract.invalid_input');
