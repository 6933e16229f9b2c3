import type { ApprovalDetail, ListedApproval } from '../../shared/contract/index.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import { APPROVAL_STATUSES, type ApprovalSummary, type ApprovedStep } from '../../shared/model/approval.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { findingsText } from '../text/findings-text.ts';
import { oneLine, plainText } from '../text/plain-text.ts';
import { type GivingColumn, table } from '../text/table.ts';
import { isoTime, localTime } from '../text/time-text.ts';
import { choiceOption, integerOption } from '../values/option-values.ts';

interface ListFlags {
  readonly status?: readonly string[];
  readonly all?: boolean;
  readonly mine?: boolean;
  readonly limit: string;
}

/** `approvals list`. `--mine`: those that wait and that whoever asks may approve now. */
export async function listRequests(context: CliContext, flags: ListFlags): Promise<ExitCode> {
  const words = (flags.status ?? []).flatMap((text) => text.split(',')).filter((text) => text !== '');
  const chosen = words.map((text) => choiceOption('--status', text, APPROVAL_STATUSES));
  const status =
    chosen.length > 0 ? chosen : flags.all === true && flags.mine !== true ? undefined : (['pending'] as const);
  const limit = integerOption('--limit', flags.limit, { min: 1, max: 1000 });
  const approvals = await withClient(context, async (client) => {
    const found = await client.call('approvals.list', {
      limit,
      ...(status === undefined ? {} : { status: [...status] }),
    });
    return flags.mine === true ? found.approvals.filter(({ isForReader }) => isForReader) : found.approvals;
  });
  print(
    context,
    { approvals: approvals.map((one) => ({ ...summaryJson(one), unmet: one.unmet })), count: approvals.length },
    () => listText(approvals, context),
  );
  return EXIT.ok;
}

const GIVING: readonly GivingColumn[] = [
  { column: 1, least: 16 },
  { column: 2, least: 10 },
];

function listText(approvals: readonly ListedApproval[], { terminal }: CliContext): string {
  if (approvals.length === 0) return 'Nothing waits for a decision.';
  const rows = approvals.map((one) => [
    one.id.slice(0, ID_SHOWN),
    one.title,
    one.workflowName ?? '',
    one.unmet === null ? one.status : `${one.status}, cannot be met`,
    localTime(one.createdAt).slice(0, TO_THE_MINUTE),
    one.expiresAt === null ? '' : localTime(one.expiresAt).slice(0, TO_THE_MINUTE),
  ]);
  return table(['ID', 'TITLE', 'WORKFLOW', 'STATUS', 'ASKED', 'EXPIRES'], rows, {
    width: terminal.outWidth,
    giving: GIVING,
  });
}

const ID_SHOWN = 8;
const TO_THE_MINUTE = '2026-01-22 09:00'.length;

const summaryJson = (one: ApprovalSummary): Readonly<Record<string, unknown>> => ({
  id: one.id,
  type: one.type,
  kind: one.kind,
  workflow_id: one.workflowId,
  run_id: one.runId,
  step_id: one.stepPath,
  requester_id: one.requesterId,
  title: one.title,
  status: one.status,
  round: one.round,
  created_at: isoTime(one.createdAt),
  expires_at: isoTime(one.expiresAt),
  resolved_at: isoTime(one.resolvedAt),
});

const stepJson = (step: ApprovedStep): Readonly<Record<string, unknown>> => ({
  path: step.path,
  name: step.name,
  condition: step.condition,
  action: step.action,
  inputs: step.inputs,
  effect: step.effect,
  exact: step.isExact,
});

/** A request in the words of SPEC §12.2. */
export const detailJson = (detail: ApprovalDetail): Readonly<Record<string, unknown>> => ({
  ...summaryJson(detail),
  description: detail.description,
  required_approvers: detail.requiredApprovers,
  min_approvals: detail.minApprovals,
  approvals: detail.approvals,
  rejections: detail.rejections,
  delegations: detail.handedOver,
  steps: detail.steps.map(stepJson),
  proposal: detail.proposal,
  unmet: detail.unmet,
  on_reject: detail.onReject,
  on_expire: detail.onExpire,
  hash: detail.hash,
  run_status: detail.runStatus,
  ...(detail.act === null
    ? {}
    : {
        ...{ asked: detail.act.fields, findings: detail.act.findings },
        ...{ outcome: detail.act.outcome, problem: detail.act.problem },
      }),
});

/** `approvals show ID`. */
export async function showRequest(context: CliContext, id: string): Promise<ExitCode> {
  const detail = await withClient(context, (client) => readRequest(client, id));
  print(context, detailJson(detail), () => detailText(detail));
  return EXIT.ok;
}

/** The request whose id begins like this. `usage.invalid` when none or several do. */
export async function readRequest(client: OpenClient, start: string): Promise<ApprovalDetail> {
  if (!/^[0-9a-f]{4,32}$/.test(start))
    throw usageError(`'${start}' is not the id of a request`, "See 'aiworkflow approvals list'.");
  if (start.length === 32) return client.call('approvals.get', { id: start });
  const { approvals } = await client.call('approvals.list', { limit: 1000 });
  const [found, other] = approvals.filter(({ id }) => id.startsWith(start));
  if (found === undefined) throw usageError(`No request begins with '${start}'`, "See 'aiworkflow approvals list'.");
  if (other !== undefined) throw usageError(`Several requests begin with '${start}'`, 'Write more of the id.');
  return client.call('approvals.get', { id: found.id });
}

function detailText(detail: ApprovalDetail): string {
  const lines = [
    `${oneLine(detail.title)}  (${detail.status}${detail.round > 1 ? `, round ${detail.round}` : ''})`,
    ...(detail.description === '' ? [] : [plainText(detail.description)]),
    '',
    ...(detail.runId === null ? [] : [`Run:       ${detail.runId}`]),
    `Asked by:  ${oneLine(detail.requesterId)} at ${localTime(detail.createdAt)}`,
    ...(detail.expiresAt === null ? [] : [`Expires:   ${localTime(detail.expiresAt)}`]),
    ...(detail.requiredApprovers.length === 0
      ? []
      : [`Approvers: ${detail.requiredApprovers.map(oneLine).join(', ')}`]),
    ...(detail.reopened === null ? [] : [reopenedText(detail.reopened)]),
    ...proposalLines(detail),
    '',
    ...(detail.act === null
      ? [
          detail.steps.length === 0 ? 'Nothing follows in this list of steps.' : 'If it is approved:',
          ...detail.steps.flatMap(stepLines),
        ]
      : ['If it is approved, this is done:', ...fieldLines(detail.act.fields), ...findingLines(detail)]),
    '',
    REJECTED[detail.onReject],
    ...(detail.act?.problem == null ? [] : [`It could not be done: ${oneLine(detail.act.problem)}`]),
    ...(detail.status === 'pending' ? [`${detail.approvals.length} of ${detail.minApprovals} approved.`] : []),
    ...(detail.unmet === null ? [] : [detail.unmet]),
    ...detail.handedOver.map(
      (one) => `Handed over by ${oneLine(one.delegator_id)} to ${oneLine(one.delegate_id)}: ${oneLine(one.comment)}`,
    ),
    ...detail.approvals.map((one) => `Approved by ${oneLine(one.approver_id)}: ${oneLine(one.comment)}`),
    ...detail.rejections.map((one) => `Rejected by ${oneLine(one.rejector_id)}: ${oneLine(one.reason)}`),
  ];
  return lines.join('\n');
}

const REJECTED: Readonly<Record<ApprovalDetail['onReject'], string>> = {
  fail: 'If it is rejected, this step fails.',
  continue: 'If it is rejected, the run goes on with approved = false.',
  nothing: 'If it is rejected, nothing is done.',
};

const fieldLines = (fields: JsonMap): readonly string[] =>
  Object.entries(fields).flatMap(([name, value]) =>
    Array.isArray(value)
      ? [`  ${oneLine(name)}:`, ...value.map((one) => `    ${fieldText(one)}`)]
      : [`  ${oneLine(name)}: ${fieldText(value)}`],
  );
/** What has to be read of a bundle before it is approved. */
function findingLines({ id, act }: ApprovalDetail): readonly string[] {
  const findings = act?.findings ?? [];
  if (findings.length === 0) return [];
  const serious = findings.flatMap(({ severity }, at) => (severity === 'high' ? [at + 1] : []));
  const approve = `aiworkflow approvals approve ${id.slice(0, ID_SHOWN)} --read ${serious.join(',')}`;
  return ['', findingsText(findings), ...(serious.length === 0 ? [] : [`To approve it with these read: ${approve}`])];
}

const fieldText = (value: Json): string => oneLine(typeof value === 'string' ? value : JSON.stringify(value));

const reopenedText = ({ reason, comment }: NonNullable<ApprovalDetail['reopened']>): string =>
  reason === 'changed'
    ? `Asked again:  what would be done has changed since it was approved. ${oneLine(comment)}`.trimEnd()
    : `Asked again:  the proposal was sent back: ${oneLine(comment)}`;

function proposalLines({ proposal }: ApprovalDetail): readonly string[] {
  if (proposal === null) return [];
  const text = typeof proposal.output === 'string' ? proposal.output : JSON.stringify(proposal.output, null, 2);
  return ['', `Proposed by '${oneLine(proposal.name)}':`, indented(plainText(text))];
}

function stepLines(step: ApprovedStep): readonly string[] {
  const exact = step.isExact ? '' : '  (depends on steps before it)';
  return [
    `  ${oneLine(step.name)}: ${oneLine(step.action)}${exact}`,
    ...(step.condition === null ? [] : [`    only if: ${oneLine(step.condition)}`]),
    ...Object.entries(step.inputs).map(([name, value]) => `    ${oneLine(name)}: ${fieldText(value)}`),
  ];
}

const indented = (text: string): string => text.replace(/^/gm, '  ');
