import type { Json, JsonMap } from '../../../shared/json.ts';
import type { AuditType } from '../../../shared/model/audit.ts';
import type { RunEnded, RunEvent, StoredEvent } from '../../../shared/model/events.ts';
import { actorText, type RunCommit } from '../rows.ts';
import type { AuditDraft } from './audit-writer.ts';

interface Said {
  readonly type: AuditType;
  readonly action: string;
  readonly details?: JsonMap;
  /** Default: the workflow. */
  readonly resource?: { readonly type: string; readonly id: string };
  readonly error?: string;
}

type Sayings = {
  readonly [T in RunEvent['type']]?: (
    event: T extends RunEnded['type'] ? RunEnded : Extract<RunEvent, { readonly type: T }>,
    commit: RunCommit,
  ) => Said | null;
};

const counts = ({ run }: RunCommit): JsonMap => ({
  duration_seconds: run.workedMs / 1000,
  outcome: run.outcome,
  steps_succeeded: run.stepsSucceeded,
  steps_total: run.stepsTotal,
});

const approval = (id: string): NonNullable<Said['resource']> => ({ type: 'approval', id });

const DECIDED = {
  approve: { type: 'approval.approved', action: 'approve' },
  reject: { type: 'approval.rejected', action: 'reject' },
  cancel: { type: 'approval.cancelled', action: 'cancel' },
  revise: { type: 'approval.requested', action: 'revise' },
  delegate: { type: 'approval.requested', action: 'delegate' },
} as const;

/** An attempt of a tool whose call cannot simply be made again: what only reads, or may be repeated, stands in the journal alone. */
function toolEnd(commit: RunCommit, path: string, type: 'tool.executed' | 'tool.failed', more: JsonMap): Said | null {
  const action = commit.acts?.get(path);
  if (action === undefined) return null;
  return { type, action, resource: { type: 'tool', id: action }, details: { step: path, ...more } };
}

/** What of the journal is written down in the audit (SPEC §12.3); everything else is said by the events around it. */
const SAYINGS: Sayings = {
  'run.created': (event) => ({
    type: 'workflow.executed',
    action: 'execute',
    details: {
      inputs: event.inputs,
      trigger: event.trigger.type,
      version_hash: event.versionHash,
      ...(event.parentRunId === null ? {} : { parent_run_id: event.parentRunId }),
    },
  }),
  'run.completed': (_event, commit) => ({ type: 'workflow.completed', action: 'complete', details: counts(commit) }),
  'run.failed': ({ error }, commit) => ({
    type: 'workflow.failed',
    action: 'fail',
    details: { ...counts(commit), code: error?.code ?? null },
    error: error?.message ?? 'failed',
  }),
  'run.cancelled': (_event, commit) => ({ type: 'workflow.cancelled', action: 'end', details: counts(commit) }),
  'run.cancel_requested': () => ({ type: 'workflow.cancelled', action: 'cancel' }),
  'run.pause_requested': () => ({ type: 'workflow.updated', action: 'pause' }),
  'run.resumed': () => ({ type: 'workflow.resumed', action: 'resume' }),
  'rollback.started': ({ owner, by, to, steps }) =>
    owner === ''
      ? {
          type: 'workflow.updated',
          action: 'rollback',
          details: { by, steps: steps.length, ...(to === null ? {} : { to }) },
        }
      : null,
  'step.resolved': ({ path, as }) => ({ type: 'workflow.updated', action: 'resolve', details: { step: path, as } }),
  'waitpoint.opened': ({ path, approval: asked }) =>
    asked === undefined
      ? null
      : {
          type: 'approval.requested',
          action: 'request',
          resource: approval(asked.id),
          details: {
            step: path,
            title: asked.title,
            round: asked.round,
            hash: asked.hash,
            requester: asked.requester,
            required_approvers: asked.approvers as Json,
            min_approvals: asked.minApprovals,
          },
        },
  'approval.decided': ({ id, path, decision, comment, to }) => ({
    ...DECIDED[decision],
    resource: approval(id),
    details: { step: path, comment, ...(to === undefined ? {} : { to }) },
  }),
  'step.completed': ({ path, attempt }, commit) => toolEnd(commit, path, 'tool.executed', { attempt }),
  'step.failed': ({ path, attempt, error }, commit) => {
    const said = toolEnd(commit, path, 'tool.failed', { attempt, code: error.code });
    return said === null ? null : { ...said, error: error.message };
  },
};

/** What is written down of an event of a run, in the transaction of its commit; null = nothing. */
export function auditOfEvent({ event, actor }: StoredEvent<RunEvent>, commit: RunCommit): AuditDraft | null {
  const say = SAYINGS[event.type] as ((event: RunEvent, commit: RunCommit) => Said | null) | undefined;
  const said = say?.(event, commit) ?? null;
  if (said === null) return null;
  const { runId, workflowId } = commit.run;
  return {
    type: said.type,
    userId: actorText(actor),
    resourceType: said.resource?.type ?? 'workflow',
    resourceId: said.resource?.id ?? workflowId,
    action: said.action,
    details: { run_id: runId, ...(said.resource === undefined ? {} : { workflow_id: workflowId }), ...said.details },
    door: actor.door,
    success: said.error === undefined,
    error: said.error ?? null,
  };
}

/** A request that ends without a decision: by its time, or because its step or run has ended. */
export const auditOfClosedRequest = (
  id: string,
  status: 'expired' | 'cancelled',
  { actor }: StoredEvent<RunEvent>,
  { run }: RunCommit,
): AuditDraft => ({
  type: status === 'expired' ? 'approval.expired' : 'approval.cancelled',
  userId: actorText(actor),
  resourceType: 'approval',
  resourceId: id,
  action: status === 'expired' ? 'expire' : 'void',
  details: { run_id: run.runId, workflow_id: run.workflowId },
  door: actor.door,
});
