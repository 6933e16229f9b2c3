/**
 * What calls of models cost (SPEC §11): price files, the price of a model, exact amounts. Knows nothing of runs and stores.
 */
export { costOf } from './cost-of.ts';
export { type PriceReading, parsePrices } from './parse-prices.ts';
export { type CallPrice, PriceBook, type PricedCall } from './price-book.ts';
export { PriceFileNotice, priceProblemText } from './price-file-notice.ts';
export type { PriceRow } from './price-row.ts';
export { createPriceTable, type PriceTable } from './price-table.ts';
export { type PriceFiles, readPrices } from './read-prices.ts';
export { UnpricedNotice } from './unpriced-notice.ts';
