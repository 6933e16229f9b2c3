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

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** A cell that every spreadsheet reads as the text that it is. */
function cell(value: unknown): string {
  const text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  const safe = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What stands above the events. */
export const headOfFile = (format: AuditFormat): string => (format === 'csv' ? `${COLUMNS.join(',')}\r\n` : '');

/** One event as a line of the file. */
export const lineOf = (event: AuditEvent, format: AuditFormat): string =>
  format === 'csv' ? `${COLUMNS.map((name) => cell(event[name])).join(',')}\r\n` : `${JSON.stringify(event)}\n`;
