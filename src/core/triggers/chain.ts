import type { RunCreated } from '../../shared/model/events.ts';
import type { ChainLink } from '../../shared/model/run.ts';

/** The chain of what a run causes: all that led to the run, then the run itself. `at` = when it was created, UTC ms. */
export function chainAfter(
  { runId, at }: { readonly runId: string; readonly at: number },
  { workflowId, trigger }: Pick<RunCreated, 'workflowId' | 'trigger'>,
): readonly ChainLink[] {
  return [...(trigger.chain ?? []), { workflowId, runId, triggerKey: trigger.key ?? null, at }];
}
