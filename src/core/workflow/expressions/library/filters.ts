import { LIST_FILTERS } from './filters-list.ts';
import { MAP_FILTERS } from './filters-map.ts';
import { MARKUP_FILTERS } from './filters-markup.ts';
import { NUMBER_FILTERS } from './filters-number.ts';
import { ORDER_FILTERS } from './filters-order.ts';
import { TEXT_FILTERS } from './filters-text.ts';
import { VALUE_FILTERS } from './filters-value.ts';
import type { FilterTable, TestTable } from './library.ts';
import { TESTS } from './tests.ts';

/** All filters of SPEC 2.3 by name. */
export const FILTERS: FilterTable = new Map([
  ...TEXT_FILTERS,
  ...MARKUP_FILTERS,
  ...NUMBER_FILTERS,
  ...LIST_FILTERS,
  ...ORDER_FILTERS,
  ...MAP_FILTERS,
  ...VALUE_FILTERS,
]);

/** Everything that an expression can call by name. */
export const LIBRARY: { readonly filters: FilterTable; readonly tests: TestTable } = { filters: FILTERS, tests: TESTS };

/** Filters of Jinja that are refused on purpose, with the reason. */
export const REFUSED_FILTERS: ReadonlyMap<string, string> = new Map([
  ['random', "The filter 'random' is refused: a run must give the same result when it is replayed."],
]);
