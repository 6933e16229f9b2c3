import { grouped } from '../../shared/grouped.ts';
import type { AuditEvent, AuditVerdict, ExportVerdict } from '../../shared/model/audit.ts';
import { oneLine } from './plain-text.ts';
import { type GivingColumn, table } from './table.ts';
import { localTime } from './time-text.ts';

const GIVING: readonly GivingColumn[] = [
  { column: 4, least: 16 },
  { column: 5, least: 10 },
];

/** Events as a table, newest first. */
export function eventsText(events: readonly AuditEvent[], total: number, width: number): string {
  if (events.length === 0) return 'Nothing in the audit matches.';
  const rows = events.map((one) => [
    String(one.seq),
    localTime(Date.parse(one.timestamp)),
    oneLine(one.user_id),
    one.success ? 'ok' : 'failed',
    oneLine(one.resource),
    oneLine(`${one.event_type} ${one.action}`),
  ]);
  const text = table(['SEQ', 'TIME', 'USER', 'RESULT', 'RESOURCE', 'EVENT'], rows, { width, giving: GIVING });
  return total > events.length ? `${text}${grouped(events.length)} of ${grouped(total)} events.\n` : text;
}

/** What a walk along the chain found, in lines. */
export function verdictText({
  valid,
  state,
  message,
  checked,
  head,
  first_bad_seq,
  signed_head,
}: AuditVerdict): string {
  const lines = [
    `${valid ? 'OK' : 'ERROR'} ${message}`,
    `State: ${state}, ${grouped(checked)} events checked`,
    ...(first_bad_seq === null ? [] : [`First bad event: ${first_bad_seq}`]),
    ...(head === null ? [] : [`Head: ${head.seq} ${head.hash}`]),
    ...(signed_head === null ? [] : [`Signed: ${signed_head.seq} on ${signed_head.signed_at}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** What the check of an exported file found. */
export function exportVerdictText({ valid, message, checked, first_bad_seq, signed_by }: ExportVerdict): string {
  const lines = [
    `${valid ? 'OK' : 'ERROR'} ${message}`,
    `${grouped(checked)} events checked`,
    ...(first_bad_seq === null ? [] : [`First bad event: ${first_bad_seq}`]),
    ...(signed_by === null ? [] : [`Signed with the key ${signed_by}`]),
  ];
  return `${lines.join('\n')}\n`;
}
