import i18next from 'i18next';
import type { CostSpend } from '../../../shared/model/cost.ts';
import type { RunFigures, RunStatistics } from '../../../shared/model/run-statistics.ts';
import { formatCompact, formatCount, formatDuration, formatMoney } from '../../ui/format.ts';
import type { LineChartProps } from './line-chart.tsx';
import { periodTick, periodWords } from './period-words.ts';

/** A chart over time and its table. */
export interface Figures {
  readonly chart: Omit<LineChartProps, 'name'>;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly string[] }[];
}

const NONE = '–';
const t = (key: string, values: Record<string, string | number> = {}): string => i18next.t(key, values) as string;

const pointsOf = (periods: readonly { readonly period: string }[]): LineChartProps['points'] =>
  periods.map(({ period }) => ({ tick: periodTick(period), words: periodWords(period) }));

/** Tokens by day or month. */
export function tokenFigures({ periods }: CostSpend): Figures {
  const values = (of: 'input_tokens' | 'output_tokens'): readonly number[] => periods.map((one) => one[of]);
  return {
    chart: {
      points: pointsOf(periods),
      lines: [
        { label: t('costs:tokensIn'), values: values('input_tokens'), colour: 1 },
        { label: t('costs:tokensOut'), values: values('output_tokens'), colour: 2 },
      ],
      say: formatCompact,
    },
    columns: [t('costs:tokensIn'), t('costs:tokensOut'), t('costs:requests')],
    rows: periods.map((one) => ({
      key: one.period,
      cells: [one.input_tokens, one.output_tokens, one.requests].map((count) =>
        count === 0 ? NONE : formatCount(count),
      ),
    })),
  };
}

const percent = (value: number): string => t('costs:share', { value: Math.round(value * 10) / 10 });
const hasEnded = ({ completed, failed }: RunFigures): boolean => completed + failed > 0;
const rateText = (one: RunFigures): string => (hasEnded(one) ? percent(one.success_rate) : NONE);
const timeText = (seconds: number | null): string => (seconds === null ? NONE : formatDuration(seconds * 1000));
const countText = (count: number): string => (count === 0 ? NONE : formatCount(count));
const moneyText = (usd: string | null): string => (usd === null ? NONE : formatMoney(usd));

/** How many of those that ended well or badly completed. */
export function successFigures({ periods }: RunStatistics): Figures {
  return {
    chart: {
      points: pointsOf(periods),
      lines: [
        {
          label: t('costs:fares.rate'),
          values: periods.map((one) => (hasEnded(one) ? one.success_rate : null)),
          colour: 3,
        },
      ],
      say: percent,
      top: 100,
    },
    columns: [t('costs:fares.completed'), t('costs:fares.failed'), t('costs:fares.cancelled'), t('costs:fares.rate')],
    rows: periods.map((one) => ({
      key: one.period,
      cells: [countText(one.completed), countText(one.failed), countText(one.cancelled), rateText(one)],
    })),
  };
}

/** Seconds that are whole in the words of a clock: up to thirty days. */
const TIME_STEPS: readonly number[] = [
  ...[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30],
  ...[60, 120, 300, 600, 900, 1800],
  ...[3600, 7200, 14_400, 28_800, 86_400, 172_800, 432_000, 864_000, 2_592_000],
];

/** How long completed runs were at work. */
export function durationFigures({ periods }: RunStatistics): Figures {
  const values = (of: 'p50_seconds' | 'p95_seconds'): readonly (number | null)[] => periods.map((one) => one[of]);
  return {
    chart: {
      points: pointsOf(periods),
      lines: [
        { label: t('costs:fares.p50'), values: values('p50_seconds'), colour: 1 },
        { label: t('costs:fares.p95'), values: values('p95_seconds'), colour: 4 },
      ],
      say: (seconds) => formatDuration(seconds * 1000),
      steps: TIME_STEPS,
    },
    columns: [t('costs:fares.completed'), t('costs:fares.p50'), t('costs:fares.p95')],
    rows: periods.map((one) => ({
      key: one.period,
      cells: [countText(one.completed), timeText(one.p50_seconds), timeText(one.p95_seconds)],
    })),
  };
}

/** Runs by workflow or agent: how they came out, how long they took and what a completed one cost. */
export function namedFigures(statistics: RunStatistics, by: 'workflow' | 'agent'): Omit<Figures, 'chart'> {
  return {
    columns: [
      ...[t('costs:fares.completed'), t('costs:fares.rate'), t('costs:fares.p50'), t('costs:fares.p95')],
      ...[t('costs:compare.cost'), t('costs:perRun')],
    ],
    rows: statistics[`by_${by}`].map((one) => ({
      key: one.name,
      cells: [
        t('costs:compare.ofRuns', {
          completed: formatCount(one.completed),
          runs: formatCount(one.completed + one.failed + one.cancelled),
        }),
        ...[rateText(one), timeText(one.p50_seconds), timeText(one.p95_seconds)],
        ...[moneyText(one.cost), moneyText(one.cost_per_completed)],
      ],
    })),
  };
}
