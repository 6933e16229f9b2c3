import type { JsonMap } from '../../../shared/json.ts';
import type { StepOf } from '../../../shared/model/workflow.ts';
import type { ApprovalRecord, WaitpointRecord } from '../run-state.ts';
import type { PauseEnd, PauseRules } from './pause-kind.ts';

/** `approval`: rests until enough people have said yes, one has said no, or its time is over (SPEC §1.4, §12.2). */
export const APPROVAL: PauseRules<'approval'> = {
  dueAt: ({ detail }, { now }) => (detail.expires_in_ms === undefined ? null : now + detail.expires_in_ms),
  look: ({ detail }, { dueAt, request }, { now }) => {
    const { approvals = [], rejections = [], isCancelled = false } = request ?? {};
    if (isCancelled) return { kind: 'resolve', by: 'decision', status: 'cancelled' };
    if (rejections.length > 0) return { kind: 'resolve', by: 'decision', status: 'rejected' };
    if (approvals.length >= detail.min_approvals) return { kind: 'resolve', by: 'decision', status: 'approved' };
    return dueAt !== null && now >= dueAt
      ? { kind: 'resolve', by: 'time', status: 'expired' }
      : { kind: 'wait', until: dueAt };
  },
  end: (step, waitpoint) => {
    const { request, resolved } = waitpoint;
    const { on_reject: onReject, on_expire: onExpire } = step.detail;
    const goesOn =
      resolved?.status === 'approved' || (resolved?.status === 'expired' ? onExpire : onReject) === 'continue';
    return goesOn || request === null
      ? { kind: 'end', output: outputOf(waitpoint) }
      : refused(step, request, resolved?.status);
  },
};

const outputOf = ({ request, resolved }: WaitpointRecord): JsonMap => ({
  approved: resolved?.status === 'approved',
  status: resolved?.status ?? 'cancelled',
  approvals: (request?.approvals ?? []).map((one) => ({ ...one })),
  rejections: (request?.rejections ?? []).map((one) => ({ ...one })),
  decided_at: resolved === null ? null : new Date(resolved.at).toISOString(),
});

function refused(
  { name }: StepOf<'approval'>,
  { asked: { title }, rejections }: ApprovalRecord,
  status: string | undefined,
): PauseEnd {
  if (status === 'expired')
    return {
      kind: 'fail',
      code: 'approval.expired',
      message: `Approval expired: ${title}`,
      hint: `Nobody decided in time. Run '${name}' again, or give it a longer expires_in.`,
    };
  const [last] = rejections;
  if (status === 'rejected' && last !== undefined)
    return {
      kind: 'fail',
      code: 'approval.rejected',
      message: `Approval rejected: ${title} by ${last.rejector_id}`,
      hint: last.reason === '' ? 'No reason was given.' : `Reason: ${last.reason}`,
    };
  return {
    kind: 'fail',
    code: 'approval.cancelled',
    message: `Approval cancelled: ${title}`,
    hint: 'The request was taken back before anybody decided.',
  };
}
