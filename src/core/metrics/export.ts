import { csvCell } from '../../shared/csv.ts';
import type { MetricsStatistics } from '../../shared/model/metrics.ts';
import { type MetricFamily, metricLines } from './exposition.ts';

/** A table: one line for each series, its labels as text. */
export function metricsCsv(families: readonly MetricFamily[]): string {
  const rows = families.flatMap((family) =>
    metricLines(family).map(({ name, labels, value }) => [name, family.definition.kind, labelText(labels), value]),
  );
  return [['metric', 'kind', 'labels', 'value'], ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

const labelText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');

/** Statistics as a file of JSON. */
export const metricsJson = (statistics: MetricsStatistics): string => `${JSON.stringify(statistics, null, 2)}\n`;
