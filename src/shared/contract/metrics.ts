import { z } from 'zod';
import type { MetricsServing, MetricsStatistics, WorkflowMetrics } from '../model/metrics.ts';
import { hostField, portField, runIdField } from './fields.ts';
import { operation } from './operation.ts';

/** What was counted, and whether a monitoring system can read it. */
export interface MetricsOverview {
  readonly statistics: MetricsStatistics;
  readonly serving: MetricsServing;
}

/** What can be done about metrics. */
export const metricsOperations = {
  'metrics.show': operation<MetricsOverview>()(z.strictObject({}), 'workflow:read'),
  /** One run. Errors: `run.not_found`. */
  'metrics.run': operation<WorkflowMetrics>()(z.strictObject({ runId: runIdField }), 'workflow:read'),
  /** All series as a file: `prometheus` is what a scrape reads. */
  'metrics.export': operation<{ readonly text: string }>()(
    z.strictObject({ format: z.enum(['json', 'csv', 'prometheus']) }),
    'workflow:read',
  ),
  /** Serves them there until the project is closed, whatever the settings say; answers once that is so, or not. */
  'metrics.listen': operation<MetricsServing>()(
    z.strictObject({ host: hostField.optional(), port: portField.optional() }),
    'config:manage',
    'config.changed',
  ),
} as const;
