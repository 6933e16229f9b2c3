import type { JsonMap } from '../../shared/json.ts';
import type { ApprovalSummary } from '../../shared/model/approval.ts';
import type { AuditEvent } from '../../shared/model/audit.ts';
import { toAuditEvent } from '../storage/index.ts';
import type { ChannelNotice } from './notice-channels.ts';
import type { ProjectSession } from './project-session.ts';

/** What of a request is told (SPEC §12.2), by the action that the audit knows it as. */
const TOLD = {
  request: 'requested',
  approve: 'approved',
  reject: 'rejected',
  expire: 'expired',
  cancel: 'cancelled',
  void: 'cancelled',
} as const;
type Told = (typeof TOLD)[keyof typeof TOLD];

const TEXTS: Readonly<Record<Told, (title: string, who: string) => string>> = {
  requested: (title, who) => `Approval requested: ${title} by ${who}`,
  approved: (title, who) => `Approval granted: ${title} by ${who}`,
  rejected: (title, who) => `Approval rejected: ${title} by ${who}`,
  expired: (title) => `Approval expired: ${title}`,
  cancelled: (title, who) => `Approval cancelled: ${title} by ${who}`,
};

/**
 * Tells every channel of `monitoring.alert_channels` what becomes of requests: as they stand in the audit, which is written in the very
 * transaction that asks or decides, so nothing is told that did not happen. What a process that dies had not told yet is not told.
 */
export class ApprovalNotices {
  readonly #session: ProjectSession;
  #seen: number;
  #isDue = false;

  constructor(session: ProjectSession) {
    this.#session = session;
    this.#seen = session.store.audit.height();
  }

  /** Something stands in the audit, or will in a moment. */
  noteWritten(): void {
    if (this.#isDue || this.#session.channels.listed.length === 0) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.flush();
    });
  }

  /** Tells at once what was not told yet. */
  flush(): void {
    if (this.#session.channels.listed.length === 0) return;
    const { audit, approvals } = this.#session.store;
    for (;;) {
      const rows = audit.after(this.#seen);
      if (rows.length === 0) return;
      for (const row of rows) {
        this.#seen = row.seq;
        if (row.resource_type !== 'approval' || !row.event_type.startsWith('approval.') || row.success !== 1) continue;
        const what = TOLD[row.action as keyof typeof TOLD] as Told | undefined;
        const request = approvals.find(row.resource_id);
        // Of several approvals only the last one grants it.
        if (what === undefined || request === null || (what === 'approved' && request.status !== 'approved')) continue;
        this.#tell(what, request, toAuditEvent(row));
      }
    }
  }

  #tell(what: Told, request: ApprovalSummary, event: AuditEvent): void {
    const { channels, host, store } = this.#session;
    const { id, title, kind, type, runId, stepPath, workflowId, workflowName, requesterId } = request;
    const who = what === 'requested' ? requesterId : event.user_id;
    const text = TEXTS[what](title, who);
    const { comment = null } = event.details;
    const body: JsonMap = {
      ...{ event: `approval.${what}`, id, type, kind, title, text, by: who, requester_id: requesterId, comment },
      ...{
        workflow_id: workflowId,
        workflow_name: workflowName,
        run_id: runId,
        step_id: stepPath,
        at: event.timestamp,
      },
    };
    const shown = { title: workflowName ?? title, text, path: `/approvals?id=${id}` };
    const notice: ChannelNotice = { ...host.redact({ ...shown, body }), kind: 'approval', isUrgent: true };
    const log = (line: string, level: 'info' | 'warning'): void => {
      if (runId !== null)
        store.logs.append(runId, {
          at: Date.parse(event.timestamp),
          path: stepPath ?? '',
          stream: 'log',
          level,
          text: host.redact(line),
        });
    };
    for (const channel of channels.listed)
      if (channel === 'log') log(text, 'info');
      else
        channels.send(channel, notice, (error) =>
          log(`The notice to '${channel}' could not be delivered: ${error.message}`, 'warning'),
        );
  }
}
