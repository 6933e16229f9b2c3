/**
 * What calls of models cost (SPEC §11): price files, the price of a model, exact amounts. Knows nothing of runs and stores.
 */
export { costOf } from './cost-of.ts';
export { type PlannedCalls, type PriceTokens, pastRange, planRange, USUAL_CALL } from './estimate.ts';
export { comingDays, type LimitToday, limitForecast } from './limit-forecast.ts';
export { type LimitProblem, limitAmount, limitProblem } from './limit-problem.ts';
export { parsePrices } from './parse-prices.ts';
export { PriceBook, type PricedCall } from './price-book.ts';
export { PriceFileNotice } from './price-file-notice.ts';
export type { PriceRow } from './price-row.ts';
export { createPriceTable } from './price-table.ts';
export { readPrices } from './read-prices.ts';
export { UnpricedNotice } from './unpriced-notice.ts';
export { type PastDay, usualDay } from './usual-day.ts';
