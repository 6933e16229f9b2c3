import type { PauseRules } from './pause-kind.ts';

/** `workflow`: another workflow as a run of its own (SPEC §1.4); the step rests until that run has ended. */
export const SUB_WORKFLOW: PauseRules<'workflow'> = {
  dueAt: () => null,
  look: () => ({ kind: 'wait', until: null }),
  end: ({ detail }, { resolved }) => {
    const child = resolved?.child;
    if (child === undefined) throw new Error('a run that was not awaited');
    if (child.status === 'completed')
      return {
        kind: 'end',
        output: child.outputs,
        ...(child.outcome === 'partial'
          ? {
              warning: {
                code: 'run.child_partial',
                message: `'${detail.workflow}' completed in part: run ${child.runId}`,
              },
            }
          : {}),
      };
    const why =
      child.status === 'cancelled' ? 'was cancelled' : `failed: ${child.error?.message ?? 'nobody knows why'}`;
    return {
      kind: 'fail',
      code: 'run.child_failed',
      message: `'${detail.workflow}' ${why}`,
      hint: child.error?.hint ?? 'Open its run and read why.',
      details: { run_id: child.runId, code: child.error?.code ?? null },
    };
  },
};
