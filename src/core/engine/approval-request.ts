import type { Availability } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { canonicalJson, type Json } from '../../shared/json.ts';
import type { ApprovalAsked, ApprovalDecision, ApprovalSubject, ApprovedStep } from '../../shared/model/approval.ts';
import type { Step, StepOf } from '../../shared/model/workflow.ts';
import { sha256Hex } from '../crypto/index.ts';
import { renderText } from '../workflow/index.ts';
import { resolveAction } from './attempt.ts';
import { pathIn } from './frame-paths.ts';
import { conditionText, namesRead, type RunPlanning, setNames } from './plan.ts';
import type { PlacedStep, PlannedStep } from './ports.ts';
import { type DecisionContext, mayChangeThings, renderAttempt } from './render-attempt.ts';
import type { RunState, StepRecord } from './run-state.ts';

/** A person's word about a request (SPEC §12.2). */
export interface ApprovalWord {
  readonly path: string;
  readonly id: string;
  readonly decision: ApprovalDecision;
  readonly comment: string;
  /** Of a delegation: id of the user who decides instead. */
  readonly to?: string;
}

/** Steps after a question that are shown with it. */
const MOST_SHOWN = 20;

/** Reading one of these reads what other steps have done meanwhile. */
const MOVING_NAMES: ReadonlySet<string> = new Set(['steps', 'variables', 'workflow_context', 'env']);

/** What a person is asked, with what follows as far as it is known now (SPEC §12.2). Errors: `template.*`. */
export function askFor(
  one: PlacedStep & { readonly step: StepOf<'approval'> },
  record: StepRecord | undefined,
  context: DecisionContext,
): ApprovalAsked {
  const { state, version, scope, now } = context;
  const { detail } = one.step;
  const text = (written: string): string =>
    written.includes('{') ? renderText(written, scope, { now }).text.trim() : written;
  const subject = subjectOf(one, context);
  const before = record?.waitpoint;
  const round = before?.isReopened ? (before.request?.asked.round ?? 0) + 1 : 1;
  const attempt = (record?.attempt ?? 0) + 1;
  return {
    id: sha256([state.runId, one.path, attempt]).slice(0, 32),
    title: text(detail.title) || one.step.name,
    description: text(detail.description),
    approvers: detail.approvers.map(text),
    minApprovals: detail.min_approvals,
    requester: state.actor,
    round,
    subject,
    hash: sha256([
      version.hash,
      subject.steps
        .filter(({ isExact }) => isExact)
        .map(({ path, action, inputs, tool }) => [path, action, inputs, ...(tool === undefined ? [] : [tool])]),
    ] as Json),
  };
}

const sha256 = (value: Json): string => sha256Hex(canonicalJson(value));

/** The steps of the same list up to the next question. */
function subjectOf(one: PlacedStep, context: DecisionContext): ApprovalSubject {
  const frame = context.state.frames.get(one.frame);
  const siblings = frame === undefined ? [] : context.planning.stepsOf(frame);
  const at = siblings.findIndex(({ step }) => step.id === one.step.id);
  const rest = siblings.slice(at + 1);
  const next = rest.findIndex(({ step }) => step.kind === 'approval');
  const after = (next < 0 ? rest : rest.slice(0, next)).slice(0, MOST_SHOWN);
  const steps: ApprovedStep[] = [];
  const unknown = new Set(setNames(one.step));
  for (const sibling of after) {
    if (frame !== undefined && sibling.step.enabled)
      steps.push(
        approvedStep({ ...sibling, path: pathIn(frame, sibling.step.id), frame: one.frame }, unknown, context),
      );
    for (const name of setNames(sibling.step)) unknown.add(name);
  }
  const proposal = siblings
    .slice(0, at)
    .map(({ step }) => (frame === undefined ? undefined : context.state.steps.get(pathIn(frame, step.id))))
    .findLast((record) => record?.status === 'completed' && record.output !== null);
  return { steps, proposalPath: proposal?.path ?? null, now: context.now };
}

function approvedStep(one: PlacedStep, unknown: ReadonlySet<string>, context: DecisionContext): ApprovedStep {
  const { step, path } = one;
  const shown = { path, name: step.name, condition: step.conditions.map(conditionText).join(' and ') || null };
  const asWritten = {
    ...shown,
    action: step.action ?? step.kind,
    inputs: step.inputs,
    effect: effectAsWritten(step, context),
    isExact: false,
  } as const;
  const isMoving = [...namesRead(step)].some((name) => unknown.has(name) || MOVING_NAMES.has(name));
  if (step.kind !== 'action' || isMoving) return asWritten;
  try {
    const { attempt, event } = renderAttempt(one, undefined, context);
    const tool = attempt.tool.describes?.(attempt.operation) ?? null;
    const { inputs, effect } = attempt;
    return { ...shown, action: event.action, inputs, effect, ...(tool === null ? {} : { tool }), isExact: true };
  } catch (error) {
    if (error instanceof AppError) return asWritten;
    throw error;
  }
}

/** What a step may change whose inputs are not known yet: an operation that is named says it of itself. */
function effectAsWritten(step: Step, { version, tools }: DecisionContext): ApprovedStep['effect'] {
  if (step.kind !== 'action' || step.action === undefined || step.action.includes('{')) return 'unknown';
  try {
    const { tool, operation } = resolveAction(step.action, version, tools);
    const { effect } = tool.traits(operation);
    if (tool.category === 'agent') return mayChangeThings(step) ? 'effect' : effect;
    return effect === 'effect' && step.idempotent === true ? 'idempotent' : effect;
  } catch (error) {
    if (error instanceof AppError) return 'unknown';
    throw error;
  }
}

/** What was approved before a step begins. */
export interface ApprovalGuard {
  /** That of the question. */
  readonly record: StepRecord;
  /** What was said to come of the step; not always to the letter. */
  readonly approved: ApprovedStep;
  /** The value of `now` in it. UTC ms. */
  readonly now: number;
}

/** The question whose answer a step follows; null = there is none, or the step is not what was asked about. */
export function approvalBefore(
  { step, path, frame }: Pick<PlacedStep, 'step' | 'path' | 'frame'>,
  { state, planning }: Pick<DecisionContext, 'state' | 'planning'>,
): ApprovalGuard | null {
  const guard = planning.questionBefore(step.id);
  const place = state.frames.get(frame);
  const record = guard === undefined || place === undefined ? undefined : state.steps.get(pathIn(place, guard));
  const subject = record?.waitpoint?.request?.asked.subject;
  if (record === undefined || subject === undefined || record.waitpoint?.resolved?.status !== 'approved') return null;
  const approved = subject.steps.find((one) => one.path === path);
  return approved === undefined ? null : { record, approved, now: subject.now };
}

/** Why what would be done now is not what was approved; null = it is. Empty: that shows in the step itself. */
export function changeSince(
  { approved }: ApprovalGuard,
  { action, inputs, tool }: { readonly action: string; readonly inputs: Json; readonly tool: string | null },
): string | null {
  if (!approved.isExact) return null;
  if (action !== approved.action || canonicalJson(inputs) !== canonicalJson(approved.inputs)) return '';
  const isOther = tool !== null && approved.tool !== undefined && tool !== approved.tool;
  return isOther ? `What '${action}' says of itself is not what it said when this was approved.` : null;
}

/** How a tool that describes itself differently differs, from the error that says so. */
export function toolChangeText({ message, details }: AppError): string {
  const names = (['added', 'removed', 'changed'] as const).flatMap((what) => {
    const list = details?.[what];
    return Array.isArray(list) && list.length > 0 ? [`${what}: ${list.join(', ')}`] : [];
  });
  return names.length === 0 ? message : `${message} ${names.join('; ')}`;
}

/**
 * The step that a proposal is sent back to: the nearest agent step of the same list before the question. Errors:
 * `approval.no_revision` when there is none, or when something between would have its effect twice.
 */
export function proposerOf(
  one: PlannedStep,
  record: StepRecord,
  { state, planning }: Pick<DecisionContext, 'state' | 'planning'>,
): string {
  const frame = state.frames.get(record.frame);
  const siblings = frame === undefined ? [] : planning.stepsOf(frame);
  const before = siblings.slice(
    0,
    siblings.findIndex(({ step }) => step.id === one.step.id),
  );
  for (const { step } of before.toReversed()) {
    const path = frame === undefined ? step.id : pathIn(frame, step.id);
    const done = state.steps.get(path);
    if (done === undefined || done.status === 'skipped') continue;
    if (done.effect === 'effect' || done.block !== null)
      throw noRevision(`Between the proposal and this question lies '${step.name}', which would be done twice.`);
    if (done.attempts.some(({ agent }) => agent !== null)) return path;
  }
  throw noRevision('No agent has made a proposal before this question.');
}

/** Whether the proposal of a question can be sent back; when not, why. */
export function canSendBack(state: RunState, planning: RunPlanning, path: string): Availability {
  const planned = planning.at(path);
  const record = state.steps.get(path);
  if (planned === undefined || record === undefined) return { enabled: false, reason: 'The question was never asked.' };
  try {
    proposerOf(planned, record, { state, planning });
    return { enabled: true };
  } catch (error) {
    if (error instanceof AppError) return { enabled: false, reason: error.message };
    throw error;
  }
}

const noRevision = (why: string): AppError =>
  new AppError('approval.no_revision', `${why} It cannot be sent back.`, { hint: 'Approve or reject it instead.' });
