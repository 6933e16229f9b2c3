import { csvCell } from '../../../shared/csv.ts';
import type { AuditEvent } from '../../../shared/model/audit.ts';

/** How the audit leaves the project. */
export type AuditFormat = 'jsonl' | 'csv';

const COLUMNS = [
  'seq',
  'timestamp',
  'event_type',
  'user_id',
  'resource',
  'resource_type',
  'resource_id',
  'action',
  'success',
  'error_message',
  'details',
  'door',
  'source_ip',
  'user_agent',
  'id',
  'prev_hash',
  'hash',
] as const satisfies readonly (keyof AuditEvent)[];

/** What stands above the events. */
export const headOfFile = (format: AuditFormat): string => (format === 'csv' ? `${COLUMNS.join(',')}\r\n` : '');

/** One event as a line of the file. */
export const lineOf = (event: AuditEvent, format: AuditFormat): string =>
  format === 'csv' ? `${COLUMNS.map((name) => csvCell(event[name])).join(',')}\r\n` : `${JSON.stringify(event)}\n`;
