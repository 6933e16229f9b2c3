import type { Json } from '../../shared/json.ts';
import type { RunReport } from '../../shared/model/run-report.ts';

/** What stands above a report, name by name. */
export const factsOf = (report: RunReport): readonly (readonly [string, string])[] => [
  ['Run', report.run_id],
  ['Workflow', report.workflow_id],
  ['Version', `${report.version_label} ${report.version_hash}`],
  ['Started by', `${report.started_by} (${report.trigger})`],
  ['Agent', report.agent_name ?? 'default'],
  ['Started', report.started_at ?? ''],
  ['Completed', report.completed_at ?? ''],
  ['At work', report.duration_seconds === null ? '' : `${report.duration_seconds.toFixed(2)} s`],
  ['Cost', report.cost === null ? 'no price is known' : `${report.cost} USD`],
  ...(report.unpriced_requests === undefined
    ? []
    : [['Calls without a price', String(report.unpriced_requests)] as const]),
  ...(report.parent_run_id === null ? [] : [['Part of the run', report.parent_run_id] as const]),
  ...(report.linked_run_id === null ? [] : [['Follows the run', report.linked_run_id] as const]),
];

/** So much of the output of a step stands in a report that people read; a report in JSON has all of it. */
const MOST_CHARS = 20_000;

/** The value, or its beginning as a text where it is longer than people read. */
export function clipped(value: Json): Json {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= MOST_CHARS ? value : `${text.slice(0, MOST_CHARS)}… (${text.length} characters)`;
}
