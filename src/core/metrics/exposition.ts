import type { MetricDefinition } from './definitions.ts';
import type { Series } from './series-table.ts';

/** A value with its labels, in the order of their names. */
export type Sample = Pick<Series, 'labels' | 'value'> & Partial<Pick<Series, 'buckets' | 'count'>>;

/** A metric with all that is to be shown of it. */
export interface MetricFamily {
  readonly definition: MetricDefinition;
  readonly samples: readonly Sample[];
}

/** One line of what is shown. */
export interface MetricLine {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Turns metrics into the text that a monitoring system reads. */
export interface Exposition {
  readonly contentType: string;
  render(families: readonly MetricFamily[]): Promise<string>;
}

/** The lines of a metric: of a histogram its buckets, each with all below it, then sum and count. */
export function metricLines({ definition, samples }: MetricFamily): readonly MetricLine[] {
  const { name, kind, labels: names, buckets: bounds = [], scale = 1 } = definition;
  return samples.flatMap(({ labels: values, value, buckets = [], count = 0 }) => {
    const labels = Object.fromEntries(names.map((label, at) => [label, values[at] ?? '']));
    if (kind !== 'histogram') return [{ name, labels, value: value / scale }];
    let below = 0;
    const lines = bounds.map((bound, at) => {
      below += buckets[at] ?? 0;
      return { name: `${name}_bucket`, labels: { ...labels, le: String(bound) }, value: below };
    });
    return [
      ...lines,
      { name: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
      { name: `${name}_sum`, labels, value },
      { name: `${name}_count`, labels, value: count },
    ];
  });
}

/** The text format 0.0.4 of Prometheus, by its own library; loaded with the first scrape. */
export async function openPrometheus(): Promise<Exposition> {
  const { AggregatorRegistry, prometheusContentType } = await import('prom-client');
  return {
    contentType: prometheusContentType,
    render: (families) =>
      AggregatorRegistry.aggregate([
        families.map((family) => ({
          name: family.definition.name,
          help: family.definition.help,
          type: family.definition.kind,
          aggregator: 'first',
          values: metricLines(family).map(({ name, ...line }) => ({ ...line, metricName: name })),
        })),
      ]).metrics(),
  };
}
