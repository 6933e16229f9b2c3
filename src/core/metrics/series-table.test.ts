import { describe, expect, it } from 'vitest';
import { COUNTED, type CountedMetric } from './definitions.ts';
import { metricLines, openPrometheus } from './exposition.ts';
import { MOST_SERIES, OTHER, SeriesTable } from './series-table.ts';

const METRICS = Object.keys(COUNTED) as CountedMetric[];
const familiesOf = (table: SeriesTable) =>
  METRICS.map((metric) => ({ definition: COUNTED[metric], samples: table.of(metric) }));

describe('counted series', () => {
  it('100,000 sets of random labels: no metric has more than 1,000 series, sums stay right, a scrape is below 1 MB', async () => {
    const table = new SeriesTable();
    // Numbers of a fixed generator: no two alike.
    let seed = 12_345;
    const random = (): string => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return `l${seed.toString(36)}-${'"\\\n'.repeat(3)}`;
    };
    for (let at = 0; at < 100_000; at += 1) {
      const metric = METRICS[at % METRICS.length] as CountedMetric;
      const { labels, kind, known } = COUNTED[metric] as (typeof COUNTED)['workflows'];
      const values = labels.map((_, place) =>
        known !== undefined && place === labels.length - 1 ? (known[0] ?? '') : random(),
      );
      if (kind === ('histogram' as string)) table.observe(metric, values, 0.2);
      else table.add(metric, values);
    }
    const lines = familiesOf(table).map((family) => metricLines(family));
    for (const one of lines) expect(one.length).toBeLessThanOrEqual(MOST_SERIES);
    for (const metric of METRICS) {
      const series = table.of(metric);
      const isTimed = COUNTED[metric].kind === 'histogram';
      const total = series.reduce((sum, { count, value }) => sum + (isTimed ? count : value), 0);
      expect(total).toBe(100_000 / METRICS.length);
      expect(series.some(({ labels }) => labels[0] === OTHER)).toBe(true);
    }
    const text = await (await openPrometheus()).render(familiesOf(table));
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
  });

  it('known statuses start at 0, and stay real where the rest is counted together', () => {
    const table = new SeriesTable();
    table.add('workflows', ['a', 'default', 'failure']);
    expect(table.of('workflows').map(({ labels, value }) => [labels[2], value])).toEqual([
      ['success', 0],
      ['failure', 1],
      ['cancelled', 0],
    ]);
    for (let at = 0; at < 1_000; at += 1) table.add('workflows', [`w${at}`, 'default', 'success']);
    const others = table.of('workflows').filter(({ labels }) => labels[0] === OTHER);
    expect(others.map(({ labels }) => labels[2])).toEqual(['success', 'failure', 'cancelled']);
    expect(others.map(({ value }) => value)).toEqual([1_000 - 331, 0, 0]);
  });

  it('a duration above all buckets counts in the sum alone; what ends makes room', () => {
    const table = new SeriesTable();
    for (const seconds of [0.05, 0.1, 700]) table.observe('workflowDuration', ['a', 'b', 'success'], seconds);
    const family = { definition: COUNTED.workflowDuration, samples: table.of('workflowDuration') };
    const lines = metricLines(family).map(({ labels, value }) => [labels.le, value]);
    expect(lines.slice(0, 2)).toEqual([
      ['0.1', 2],
      ['0.5', 2],
    ]);
    expect(lines.slice(-4)).toEqual([
      ['600', 2],
      ['+Inf', 3],
      [undefined, 700.15],
      [undefined, 3],
    ]);
    expect(table.end('a')).toHaveLength(1);
    expect(table.of('workflowDuration')).toEqual([]);
  });
});
