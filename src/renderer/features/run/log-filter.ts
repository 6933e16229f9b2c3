import type { LogLine } from '../../../shared/model/run.ts';

/** Which lines to show; `all` is no filter. */
export interface LogFilter {
  readonly path: string;
  readonly level: LogLine['level'] | 'all';
}
export const NO_FILTER: LogFilter = { path: 'all', level: 'all' };
export const isFiltering = (filter: LogFilter): boolean => filter.path !== 'all' || filter.level !== 'all';

/** The filter as the contract takes it. */
export const filterInput = ({ path, level }: LogFilter): { path?: string; level?: LogLine['level'] } => ({
  ...(path === 'all' ? {} : { path }),
  ...(level === 'all' ? {} : { level }),
});
