import { isSortKey, type LibraryFilter, NO_FILTER, type Sort } from './library-rows.ts';

/** What of the library is shown; it lives in the address, so that it can be linked and Back finds it again. */
export interface LibraryView {
  readonly filter: LibraryFilter;
  readonly sort: Sort;
}

const FIRST_SORT: Sort = { key: 'result', isDescending: true };
const MOST_TAGS = 20;

/** The view out of an address; what is not one of ours is left out. */
export function readLibraryView(params: URLSearchParams): LibraryView {
  const [key = '', direction] = (params.get('sort') ?? '').split('.');
  return {
    filter: {
      text: (params.get('q') ?? '').slice(0, 200),
      tags: [...new Set(params.getAll('tag'))].slice(0, MOST_TAGS),
      needsAttention: params.get('attention') === '1',
    },
    sort: isSortKey(key) ? { key, isDescending: direction === 'desc' } : FIRST_SORT,
  };
}

/** The address of a view: only what is not as at first. */
export function writeLibraryView({ filter, sort }: LibraryView): URLSearchParams {
  const params = new URLSearchParams();
  if (filter.text !== NO_FILTER.text) params.set('q', filter.text);
  for (const tag of filter.tags) params.append('tag', tag);
  if (filter.needsAttention) params.set('attention', '1');
  if (sort.key !== FIRST_SORT.key || sort.isDescending !== FIRST_SORT.isDescending)
    params.set('sort', `${sort.key}.${sort.isDescending ? 'desc' : 'asc'}`);
  return params;
}

/** The sort after a press on the head of a column. */
export const toggleSort = (sort: Sort, key: Sort['key']): Sort => ({
  key,
  isDescending: sort.key === key ? !sort.isDescending : key !== 'name',
});
