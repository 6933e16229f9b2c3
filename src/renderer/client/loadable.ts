import type { ErrorRecord } from '../../shared/errors.ts';
import { toErrorRecord } from '../../shared/errors.ts';

/** What a screen has of something it asked for. `value` stays while it is asked for again. */
export type Loadable<T> =
  | { readonly status: 'loading'; readonly value: T | null }
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'error'; readonly error: ErrorRecord; readonly value: T | null };

export const loading = <T>(value: T | null = null): Loadable<T> => ({ status: 'loading', value });
export const ready = <T>(value: T): Loadable<T> => ({ status: 'ready', value });
export const failed = <T>(thrown: unknown, value: T | null = null): Loadable<T> => ({
  status: 'error',
  error: toErrorRecord(thrown),
  value,
});
