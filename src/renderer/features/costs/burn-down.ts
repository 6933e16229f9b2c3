import i18next from 'i18next';
import type { BudgetBurnDown } from '../../../shared/model/cost-limit.ts';
import { formatMoney } from '../../ui/format.ts';
import type { Figures } from './figures.ts';
import { periodTick, periodWords, shortPeriod } from './period-words.ts';

const t = (key: string): string => i18next.t(key) as string;
const usdOf = (left: string): number => Math.max(0, Number(left));

/** What was left at the end of each day, and what will be; the forecast begins where today stands. */
export function burnDownFigures({ limit, days, coming }: BudgetBurnDown): Figures {
  const [, ...ahead] = coming;
  const all = [...days.map(({ day }) => day), ...ahead.map(({ day }) => day)];
  const left = [...days.map((one) => usdOf(one.left)), ...ahead.map(() => null)];
  const foreseen = [...days.slice(0, -1).map(() => null), ...coming.map((one) => usdOf(one.left))];
  return {
    chart: {
      points: all.map((day) => ({ tick: periodTick(day), words: periodWords(day) })),
      lines: [
        { label: t('costs:burnDown.wasLeft'), values: left, colour: 1 },
        ...(coming.length === 0
          ? []
          : [{ label: t('costs:burnDown.willBeLeft'), values: foreseen, colour: 5, isComing: true }]),
      ],
      say: (usd) => formatMoney(String(usd)),
      top: Number(limit.max_cost),
    },
    columns: [t('costs:burnDown.spent'), t('costs:burnDown.wasLeft')],
    rows: [
      ...days.map((one) => ({ key: shortPeriod(one.day), cells: [formatMoney(one.spent), formatMoney(one.left)] })),
      ...ahead.map((one) => ({
        key: `${shortPeriod(one.day)}, ${t('costs:burnDown.forecast')}`,
        cells: ['–', formatMoney(one.left)],
      })),
    ],
  };
}
