import type { CostLimit } from '../../../shared/model/cost-limit.ts';
import type { Workflow } from '../../../shared/model/workflow.ts';
import { allSteps } from '../../workflow/index.ts';

/** Why only the control center that sent a workflow may run it, each by name: what a worker elsewhere cannot keep. */
export function whyOnlyHome(workflow: Workflow, limits: readonly CostLimit[]): readonly string[] {
  const held = limits.filter(
    ({ action_on_limit: action, scope, scope_id: id }) =>
      (action === 'block' || action === 'pause') && (scope !== 'workflow' || id === workflow.id),
  );
  return [...stepsOf(workflow), ...held.map(({ name }) => `the limit '${name}' is held here`)];
}

/** The same by the workflow alone. */
export function stepsOf(workflow: Workflow): readonly string[] {
  return allSteps(workflow).flatMap((step) => {
    if (step.kind === 'approval') return [`step '${step.name}' asks people of its control center`];
    if (step.kind === 'workflow') return [`step '${step.name}' runs a workflow that is not sent along`];
    if (step.kind === 'wait' && step.detail.mode === 'event') return [`step '${step.name}' waits for a webhook`];
    return [];
  });
}
