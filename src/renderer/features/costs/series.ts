import type { CostSpend, SpendPart, SpendPeriod } from '../../../shared/model/cost.ts';

/** One colour of the chart and one column of its table. */
export interface Series {
  /** Null = everything beyond the first ones together. */
  readonly name: string | null;
  readonly usd: number;
  /** None of its calls has a price: it is no 0. */
  readonly isUnpriced: boolean;
  /** How many names it stands for. */
  readonly count: number;
}

/** Colours before the last one, which is "other". */
const NAMED = 5;

export const usdOf = ({ cost }: Pick<SpendPart, 'cost'>): number => Number(cost ?? 0);

/** The sum of some periods as decimal text; null = there were calls and none has a price. */
export function sumOf(periods: readonly SpendPeriod[]): string | null {
  const isUnpriced =
    periods.some(({ requests }) => requests > 0) && periods.every((one) => one.requests === one.unpriced_requests);
  return isUnpriced ? null : String(periods.reduce((total, one) => total + usdOf(one), 0));
}

/** The same with its parts by what workflows are called. */
export const calledBy = (spend: CostSpend, nameOf: (workflow: string) => string): CostSpend => ({
  ...spend,
  periods: spend.periods.map((period) => ({
    ...period,
    parts: period.parts.map((part) => ({ ...part, name: nameOf(part.name) })),
  })),
});

/** What the chart tells apart, the most expensive first; a sixth name stands for itself, more of them for "other". */
export function seriesOf({ periods }: Pick<CostSpend, 'periods'>): readonly Series[] {
  const byName = Map.groupBy(
    periods.flatMap(({ parts }) => parts),
    ({ name }) => name,
  );
  const all = [...byName]
    .map(([name, parts]) => ({
      name,
      usd: parts.reduce((sum, part) => sum + usdOf(part), 0),
      isUnpriced: parts.every(({ cost }) => cost === null),
      count: 1,
    }))
    .sort((one, other) => other.usd - one.usd);
  if (all.length <= NAMED + 1) return all;
  const rest = all.slice(NAMED);
  const usd = rest.reduce((sum, one) => sum + one.usd, 0);
  return [
    ...all.slice(0, NAMED),
    { name: null, usd, isUnpriced: rest.every((one) => one.isUnpriced), count: rest.length },
  ];
}

/** What each series cost in one period, in their order. */
export function amountsOf(parts: readonly SpendPart[], series: readonly Series[]): readonly number[] {
  const named = new Set(series.map(({ name }) => name));
  return series.map(({ name }) =>
    parts
      .filter((part) => (name === null ? !named.has(part.name) : part.name === name))
      .reduce((sum, part) => sum + usdOf(part), 0),
  );
}

/** The upper end of an axis and its steps: round numbers that hold the greatest value. */
export function axisOf(greatest: number): { readonly top: number; readonly step: number } {
  if (greatest <= 0) return { top: 1, step: 0.5 };
  const rough = greatest / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((by) => by * power).find((one) => one >= rough) ?? rough;
  return { top: step * Math.ceil(greatest / step), step };
}
