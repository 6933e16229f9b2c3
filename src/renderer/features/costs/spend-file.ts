import { csvCell } from '../../../shared/csv.ts';
import type { CostSpend } from '../../../shared/model/cost.ts';

/**
 * What the page shows as a table for a spreadsheet: a line for each period and each of its parts, none of them put together as "other". A
 * cost that is empty has no price; one is never written as 0.
 */
export function spendCsv({ zone, unit, by, periods }: CostSpend): string {
  const head = [unit, 'zone', by, 'cost_usd', 'requests', 'unpriced_requests', 'input_tokens', 'output_tokens'];
  const lines = periods.flatMap(({ period, parts }) =>
    parts.map((part) => [
      ...[period, zone, part.name, part.cost, part.requests],
      ...[part.unpriced_requests, part.input_tokens, part.output_tokens],
    ]),
  );
  return [head, ...lines].map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
}

/** `costs-2026-11-01-2026-11-30.csv`. */
export const spendFileName = ({ periods }: CostSpend): string =>
  `costs-${periods[0]?.period ?? ''}-${periods.at(-1)?.period ?? ''}.csv`;
