import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { ChildAsked } from '../../shared/model/events.ts';
import type { StepOf } from '../../shared/model/workflow.ts';
import { renderValue } from '../workflow/index.ts';
import { keyPathOf } from './frame-paths.ts';
import type { PlacedStep } from './ports.ts';
import type { DecisionContext } from './render-attempt.ts';
import { makeRunId } from './run-id.ts';

/** The run that a `workflow` step asks for. Errors: `template.*`, `workflow.version_not_found`. */
export function askForRun(
  one: PlacedStep & { readonly step: StepOf<'workflow'> },
  { state, version, scope, now }: DecisionContext,
): ChildAsked {
  const ref = one.step.detail.workflow;
  const pin = state.created.pins?.find(({ from, ref: named }) => from === version.hash && named === ref);
  if (pin === undefined)
    throw new AppError('workflow.version_not_found', `'${ref}' was not pinned when this run was started.`, {
      hint: 'Start the workflow again.',
    });
  const startKey = `step:${state.runId}:${one.path}`;
  return {
    startKey,
    runId: makeRunId(pin.workflowId, now, startKey, () => ''),
    versionHash: pin.versionHash,
    workflowPath: pin.workflowPath,
    inputs: renderValue(one.step.inputs, scope, { now }).value as JsonMap,
    originRunId: `${state.created.originRunId}/${keyPathOf(state, one.frame, one.path)}`,
  };
}
