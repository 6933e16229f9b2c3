export { metricsCsv, metricsJson } from './export.ts';
export { type Exposition, openPrometheus } from './exposition.ts';
export { MetricsBook } from './metrics-book.ts';
export { runMetrics } from './run-metrics.ts';
export { snapshotOf } from './statistics.ts';
