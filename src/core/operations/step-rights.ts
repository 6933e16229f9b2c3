import { AppError } from '../../shared/errors.ts';
import type { StepOrigin } from '../../shared/model/access.ts';
import { readLineage, type StepTrace } from '../processes/index.ts';
import type { Store } from '../storage/index.ts';

/** Whoever started the run of a process of a step, as the store names him; null = no attempt that is under way is known to have started it. */
export function starterOf(
  known: { readonly runner: { runOf(trace: StepTrace): string | null }; readonly runs: Pick<Store['runs'], 'find'> },
  step: StepOrigin,
): string | null {
  const runId = known.runner.runOf(step);
  return runId === null ? null : (known.runs.find(runId)?.actor ?? null);
}

/**
 * A process of a step works through whoever runs the step: on its own it would open the project as the user of the system. Throws
 * `access.denied`.
 */
export function refuseToSteps(stateDir: string): void {
  if (!readLineage(process.pid, { stateDir, holder: null }).isOfStep) return;
  throw new AppError('access.denied', 'A step of a run cannot open its own project.', {
    hint: 'While the app that runs the step is there, it answers with the rights of the run. Now it is gone.',
  });
}
